import Tensors

/// The forks of a short text on their way through an encoder's blocks, forwards and back.
///
/// They are cut into parts of a few forks, which run at the same time, each on one thread: what passes between the products
/// of a part stays in the cache of one core. The length of the text alone decides where cuts are, and no part has an effect
/// on the bits of another.
final class EncoderForks {
  private struct Part {
    var forks: Range<Int>
    /// Whether they left the trunk in the block below.
    var isFresh: Bool
  }

  private let sizes: BlockSizes
  private let blocks: Int
  /// One tape for every part, block by block.
  private var tapes: [[EncoderForkTape]]
  private var scratches: [EncoderForkTape.Scratch] = []
  private var parts: [[Part]]

  /// Weights as the products read them: kept from text to text where those of all blocks together are not large.
  private var panels: [ForkPanels.Way: [Int: ForkPanels]] = [:]
  private let keepsPanels: Bool

  /// Rows of a part: two tiles of the products.
  ///
  /// More would leave threads waiting for the last part of a block.
  private static let rows = 28
  /// Forks of a part in the last block, where most products have one row of each: a tile.
  private static let topForks = 14
  /// Bytes of weights that are laid out once and not for every text.
  private static let keptBytes = 64 << 20

  /// Forks of texts of one model, whose weights stay as they are.
  init(_ configuration: ModelConfiguration) {
    (sizes, blocks) = (BlockSizes(configuration), configuration.blocks)
    keepsPanels = blocks * ForkPanels.bytes(sizes) * ForkPanels.Way.allCases.count <= Self.keptBytes
    tapes = Array(repeating: [], count: configuration.blocks)
    parts = Array(repeating: [], count: configuration.blocks)
  }

  /// Runs forks through a block: `whole` ones that have come through the one below, then `fresh` ones that begin here.
  ///
  /// - Parameter h: The states that enter, [forks, length, d]; those that leave take their place.
  func forward(
    _ level: Int, _ h: UnsafeMutablePointer<Float>, _ block: TapedBlock<Float>, of trunk: ForkTrunk, whole: Int,
    fresh: Int
  ) {
    guard let projections = trunk.projections else { preconditionFailure("a trunk that keeps no projections") }
    let (length, isTop) = (trunk.ids.count, level == blocks - 1)
    let most = isTop ? Self.topForks : max(1, Self.rows / length)
    let all =
      Self.parts(0..<whole, of: most, isFresh: false) + Self.parts(whole..<whole + fresh, of: most, isFresh: true)
    parts[level] = all
    while scratches.count < all.count { scratches.append(.init()) }
    while tapes[level].count < all.count { tapes[level].append(.init(sizes, scratches[tapes[level].count])) }
    let (panels, own, d) = (panels(.forward, level, block), tapes[level], sizes.width)
    Compute.parallelFor(count: all.count, multiplies: false) { place in
      let part = all[place]
      let shape = EncoderForkTape.Shape(
        whole: part.isFresh ? 0 : part.forks.count, fresh: part.isFresh ? part.forks.count : 0, length: length,
        position: trunk.position, isTop: isTop)
      own[place].forward(h + part.forks.lowerBound * length * d, block, panels, trunk: projections[level], shape)
    }
  }

  /// Goes back through a block that was run.
  ///
  /// - Parameter h: On entry the gradients of the states that left; on return those of the states that enter, of a fresh
  ///   fork at its position alone.
  func backward(_ level: Int, _ h: UnsafeMutablePointer<Float>, _ block: TapedBlock<Float>, length: Int) {
    let (panels, own, all, d) = (panels(.backward, level, block), tapes[level], parts[level], sizes.width)
    Compute.parallelFor(count: all.count, multiplies: false) { place in
      own[place].backward(h + all[place].forks.lowerBound * length * d, block, panels)
    }
  }

  private func panels(_ way: ForkPanels.Way, _ level: Int, _ block: TapedBlock<Float>) -> ForkPanels {
    if let known = panels[way]?[level] { return known }
    let made = ForkPanels(way, block.weights, sizes)
    if keepsPanels { panels[way, default: [:]][level] = made }
    return made
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
