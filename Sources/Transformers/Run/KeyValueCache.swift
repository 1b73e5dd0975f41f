/// The keys and values of positions that were run, so that what follows them need not run them again.
///
/// One text; a run that continues it may share it among several. It grows as runs extend it: 8 · blocks · H_kv · d_h
/// bytes to a position. Not to be shared between threads while a run extends it.
public final class KeyValueCache {
  /// Positions it holds.
  public private(set) var length = 0
  let model: Model
  private let width: Int
  private var capacity = 0
  private var blocks: [(keys: FloatBuffer, values: FloatBuffer)]

  /// An empty cache.
  ///
  /// - Throws: `ModelError` with code `unsupported` for a model whose positions see later ones.
  public init(_ model: Model) throws(ModelError) {
    guard !model.configuration.isBidirectional else {
      throw .run(
        .unsupported, model.directory,
        "\(model.configuration.family.name) lets every position see later ones, so nothing of it can be kept")
    }
    self.model = model
    width = model.configuration.keyWidth
    blocks = (0..<model.configuration.blocks).map { _ in (FloatBuffer(count: 0), FloatBuffer(count: 0)) }
  }

  /// Forgets the positions from `length` on.
  public func truncate(to length: Int) {
    precondition(length >= 0 && length <= self.length, "cannot cut \(self.length) positions to \(length)")
    self.length = length
  }

  /// Makes room for so many positions.
  func reserve(_ positions: Int) {
    guard positions > capacity else { return }
    let wanted = max(positions, capacity + capacity / 2, 64)
    for index in blocks.indices {
      blocks[index] = (grown(blocks[index].keys, to: wanted), grown(blocks[index].values, to: wanted))
    }
    capacity = wanted
  }

  private func grown(_ buffer: FloatBuffer, to positions: Int) -> FloatBuffer {
    let larger = FloatBuffer(count: positions * width)
    larger.pointer.update(from: buffer.pointer, count: length * width)
    // A block that a replacement left out leaves zeros, not whatever the memory held.
    (larger.pointer + length * width).update(repeating: 0, count: (positions - length) * width)
    return larger
  }

  func extend(by count: Int) { length += count }

  /// What a run after `count` positions finds in one block.
  func past(_ block: Int, count: Int, growingBy joined: Int?) -> PastKeys {
    precondition(count == length, "the cache changed under a run that continues it")
    return PastKeys(
      keys: blocks[block].keys, values: blocks[block].values, width: width, count: count, growingBy: joined)
  }
}
