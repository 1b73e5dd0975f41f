import Checkpoints
import Tensors

/// h_0: the token's embedding, scaled (Gemma), plus learned positions (GPT-2, BERT), the first segment and a norm (BERT).
struct Embedding {
  private let model: Model
  private let configuration: ModelConfiguration

  init(_ model: Model) {
    self.model = model
    configuration = model.configuration
  }

  /// Writes h_0 of every position.
  ///
  /// - Parameters:
  ///   - ids: The tokens of each text.
  ///   - texts: The rows of each text.
  ///   - firstPosition: The position of each text's first token.
  ///   - states: [rows, d].
  func apply(
    _ ids: [[Int]], texts: [Range<Int>], firstPosition: Int = 0, to states: UnsafeMutablePointer<Float>
  ) throws(ModelError) {
    let d = configuration.width
    let longest = ids.map(\.count).max() ?? 0
    let plan = configuration.embedding
    let first = firstPosition + (plan.positionOffset ?? 0)
    // The row before the first is that of tokens without a position.
    let lead = plan.unplacedToken == nil ? 0 : 1
    let positions = try table(model.tensors.positions, rows: first - lead..<first + longest)
    let segment = try table(model.tensors.tokenTypes, rows: 0..<1)
    let norm = try embeddingNorm()
    var failures = [CheckpointError?](repeating: nil, count: ids.count)
    failures.withUnsafeMutableBufferPointer { failures in
      nonisolated(unsafe) let slots = failures
      Compute.parallelFor(count: ids.count) { index in
        var placed = lead
        for (position, id) in ids[index].enumerated() {
          let isPlaced = id != plan.unplacedToken
          let place = isPlaced ? placed : 0
          if isPlaced { placed += 1 }
          let row = states + (texts[index].lowerBound + position) * d
          do throws(CheckpointError) {
            try model.checkpoint.readFiniteFloats(
              model.tensors.embedding, elements: id * d..<(id + 1) * d,
              into: UnsafeMutableBufferPointer(start: row, count: d))
          } catch { slots[index] = error }
          if let scale = plan.scale { Kernels.scale(row, by: scale, count: d) }
          // transformers adds the segment before the position; the order decides the last bit.
          if let segment { Kernels.add(segment.pointer, to: row, count: d) }
          if let positions { Kernels.add(positions.pointer + place * d, to: row, count: d) }
          norm?.weights.apply(row, to: row)
        }
      }
    }
    if let failure = failures.lazy.compactMap({ $0 }).first { throw ModelError(failure) }
  }

  private func table(_ name: String?, rows: Range<Int>) throws(ModelError) -> FloatBuffer? {
    guard let name else { return nil }
    let d = configuration.width
    return try model.floats(name, elements: rows.lowerBound * d..<rows.upperBound * d)
  }

  private func embeddingNorm() throws(ModelError) -> OwnedNorm? {
    guard let norm = model.tensors.embeddingNorm, let plan = configuration.embedding.norm else { return nil }
    return try OwnedNorm(norm, plan, model)
  }
}

extension Model {
  /// Some values of a tensor, checked, in memory of their own.
  func floats(_ name: String, elements: Range<Int>) throws(ModelError) -> FloatBuffer {
    let buffer = FloatBuffer(count: elements.count)
    do throws(CheckpointError) {
      try checkpoint.readFiniteFloats(
        name, elements: elements, into: UnsafeMutableBufferPointer(start: buffer.pointer, count: elements.count))
    } catch { throw ModelError(error) }
    return buffer
  }
}
