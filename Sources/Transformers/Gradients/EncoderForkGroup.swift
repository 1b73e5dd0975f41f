import Tensors

/// Forks that one thread takes through the blocks of an encoder, in parts that stay in the cache of its core.
final class EncoderForkGroup {
  private struct Part {
    var forks: Range<Int>
    /// Whether they left the trunk in the block below.
    var isFresh: Bool
  }

  /// Where the states of the group begin among those of all forks.
  private(set) var first = 0
  /// The first block that each fork runs through, ascending.
  private var levels: [Int] = []
  private let sizes: BlockSizes
  private let blocks: Int
  /// One tape for every part, block by block.
  private var tapes: [[EncoderForkTape]]
  private var parts: [[Part]]
  private let scratch = EncoderForkTape.Scratch()

  /// Rows of a part: two tiles of the products.
  static let rows = 28
  /// Forks of a part in the last block, where most products have one row of each: a tile.
  private static let topForks = 14

  init(_ sizes: BlockSizes, blocks: Int) {
    (self.sizes, self.blocks) = (sizes, blocks)
    tapes = Array(repeating: [], count: blocks)
    parts = Array(repeating: [], count: blocks)
  }

  /// Takes other forks.
  ///
  /// - Parameters:
  ///   - levels: The first block that each runs through, ascending; behind the last block, those that run through none.
  ///   - first: Where their states begin among those of all forks.
  func take(_ levels: [Int], first: Int) { (self.levels, self.first) = (levels, first) }

  /// Whether any fork runs through a block.
  func reaches(_ level: Int) -> Bool { levels.first.map { $0 <= level } ?? false }

  /// Runs through a block those that have come through the one below and those that begin here.
  ///
  /// - Parameter h: The states of the group that enter, [forks, length, d]; those that leave take their place.
  func forward(
    _ level: Int, _ h: UnsafeMutablePointer<Float>, _ block: TapedBlock<Float>, _ panels: ForkPanels,
    of trunk: ForkTrunk, _ projections: [Float]
  ) {
    let (length, isTop) = (trunk.ids.count, level == blocks - 1)
    let most = isTop ? Self.topForks : max(1, Self.rows / length)
    let (whole, all) = (levels.prefix { $0 < level }.count, levels.prefix { $0 <= level }.count)
    parts[level] = Self.parts(0..<whole, of: most, isFresh: false) + Self.parts(whole..<all, of: most, isFresh: true)
    while tapes[level].count < parts[level].count { tapes[level].append(.init(sizes, scratch)) }
    for (part, tape) in zip(parts[level], tapes[level]) {
      let shape = EncoderForkTape.Shape(
        whole: part.isFresh ? 0 : part.forks.count, fresh: part.isFresh ? part.forks.count : 0, length: length,
        position: trunk.position, isTop: isTop)
      tape.forward(h + part.forks.lowerBound * length * sizes.width, block, panels, trunk: projections, shape)
    }
  }

  /// Goes back through a block that was run.
  ///
  /// - Parameter h: On entry the gradients of the states of the group that left; on return those of the states that enter,
  ///   of a fork that began here at its position alone.
  func backward(
    _ level: Int, _ h: UnsafeMutablePointer<Float>, _ block: TapedBlock<Float>, _ panels: ForkPanels, length: Int
  ) {
    for (part, tape) in zip(parts[level], tapes[level]) {
      tape.backward(h + part.forks.lowerBound * length * sizes.width, block, panels)
    }
  }

  /// Cuts forks into parts of about as many each, `most` at most.
  private static func parts(_ forks: Range<Int>, of most: Int, isFresh: Bool) -> [Part] {
    let count = (forks.count + most - 1) / most
    return (0..<count).map { place in
      let (first, last) = (forks.count * place / count, forks.count * (place + 1) / count)
      return Part(forks: forks.lowerBound + first..<forks.lowerBound + last, isFresh: isFresh)
    }
  }
}
