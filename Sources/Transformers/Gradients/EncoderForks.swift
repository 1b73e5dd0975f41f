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

  /// Rows of a part: two tiles of the products.
  ///
  /// More would leave threads waiting for the last part of a block.
  private static let rows = 28

  init(_ configuration: ModelConfiguration) {
    (sizes, blocks) = (BlockSizes(configuration), configuration.blocks)
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
    let length = trunk.ids.count
    let all =
      Self.parts(0..<whole, length: length, isFresh: false)
      + Self.parts(whole..<whole + fresh, length: length, isFresh: true)
    parts[level] = all
    while scratches.count < all.count { scratches.append(.init()) }
    while tapes[level].count < all.count { tapes[level].append(.init(sizes, scratches[tapes[level].count])) }
    let (panels, own, d) = (ForkPanels(.forward, block.weights, sizes), tapes[level], sizes.width)
    Compute.parallelFor(count: all.count, multiplies: false) { place in
      let part = all[place]
      let shape = EncoderForkTape.Shape(
        whole: part.isFresh ? 0 : part.forks.count, fresh: part.isFresh ? part.forks.count : 0, length: length,
        position: trunk.position, isTop: level == blocks - 1)
      own[place].forward(h + part.forks.lowerBound * length * d, block, panels, trunk: projections[level], shape)
    }
  }

  /// Goes back through a block that was run.
  ///
  /// - Parameter h: On entry the gradients of the states that left; on return those of the states that enter, of a fresh
  ///   fork at its position alone.
  func backward(_ level: Int, _ h: UnsafeMutablePointer<Float>, _ block: TapedBlock<Float>, length: Int) {
    let (panels, own, all, d) = (ForkPanels(.backward, block.weights, sizes), tapes[level], parts[level], sizes.width)
    Compute.parallelFor(count: all.count, multiplies: false) { place in
      own[place].backward(h + all[place].forks.lowerBound * length * d, block, panels)
    }
  }

  /// Cuts forks into parts of about as many each.
  private static func parts(_ forks: Range<Int>, length: Int, isFresh: Bool) -> [Part] {
    let most = max(1, rows / length)
    let count = (forks.count + most - 1) / most
    return (0..<count).map { place in
      let (first, last) = (forks.count * place / count, forks.count * (place + 1) / count)
      return Part(forks: forks.lowerBound + first..<forks.lowerBound + last, isFresh: isFresh)
    }
  }
}
