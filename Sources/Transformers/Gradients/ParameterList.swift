import Checkpoints

/// All weights of a model in one list of numbers, or all of their gradients.
///
/// Weights are converted to `Float` as the checkpoint stores them; a tied unembedding is the embedding, so its gradients
/// are one sum. Numbers that belong to no tensor (between two of them) are 0 and stay 0.
public final class ParameterList {
  /// The model whose tensors these are.
  public let model: Model
  /// How many numbers the list has, those between tensors included.
  public var count: Int { memory.count }

  let layout: ParameterLayout
  let memory: NumberBuffer<Float>

  /// Reads all weights of a model.
  ///
  /// - Throws: `ModelError` for weights that are NaN or infinite, and for shortened checkpoints.
  public init(_ model: Model) throws(ModelError) {
    try model.requireWhole()
    self.model = model
    layout = try ParameterLayout(model)
    memory = try layout.loader.load()
    clearGaps()
  }

  private init(like other: ParameterList) {
    (model, layout) = (other.model, other.layout)
    memory = NumberBuffer(count: other.memory.count)
    memory.clear()
  }

  /// A list of zeros of the same shape, for gradients to be added to.
  public func zeros() -> ParameterList { ParameterList(like: self) }

  /// A list of its own with the same numbers.
  public func copy() -> ParameterList {
    let result = ParameterList(like: self)
    result.memory.pointer.update(from: memory.pointer, count: memory.count)
    return result
  }

  /// Sets every number to 0.
  public func clear() { memory.clear() }

  private func clearGaps() {
    var end = 0
    for piece in layout.loader.pieces.sorted(by: { $0.offset < $1.offset }) {
      if piece.offset > end { (memory.pointer + end).update(repeating: 0, count: piece.offset - end) }
      end = piece.offset + piece.elements.count
    }
    if count > end { (memory.pointer + end).update(repeating: 0, count: count - end) }
  }

  /// The names of the tensors in the checkpoint, in the order of the list.
  public var names: [String] {
    var seen: Set<String> = []
    return layout.loader.pieces.map(\.name).filter { seen.insert($0).inserted }
  }

  /// The shape of a tensor in the checkpoint.
  ///
  /// - Throws: `ModelError` for a name the checkpoint does not have.
  public func shape(of name: String) throws(ModelError) -> [Int] {
    do throws(CheckpointError) { return try model.checkpoint.shape(of: name) } catch { throw ModelError(error) }
  }

  /// The numbers of a tensor, in the layout it has in the checkpoint, row after row; nil for a name that is not listed.
  public func values(of name: String) -> [Float]? {
    let pieces = layout.loader.pieces.filter { $0.name == name }
    guard !pieces.isEmpty else { return nil }
    var values = [Float](repeating: 0, count: pieces.map(\.elements.upperBound).max() ?? 0)
    for piece in pieces {
      for index in 0..<piece.elements.count {
        values[piece.elements.lowerBound + index] = memory.pointer[piece.offset + index]
      }
    }
    return values
  }

  /// Lends all numbers, for an optimizer to change or a norm to sum.
  public func withNumbers<R, E: Error>(_ body: (inout MutableSpan<Float>) throws(E) -> R) throws(E) -> R {
    var span = MutableSpan(_unsafeElements: UnsafeMutableBufferPointer(start: memory.pointer, count: memory.count))
    return try body(&span)
  }

  var base: UnsafeMutablePointer<Float> { memory.pointer }
}
