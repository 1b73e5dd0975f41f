import Transformers

/// Running some blocks and jumping over the next ones, again and again.
public struct AlternationSchedule: Sendable, Hashable {
  /// Blocks run before each jump, a.
  public var run: Int
  /// Blocks jumped over at a time, b.
  public var jump: Int

  public init(run: Int, jump: Int) {
    precondition(run >= 0 && jump >= 1, "runs blocks and jumps at least one")
    (self.run, self.jump) = (run, jump)
  }

  /// The jumps in a model of so many blocks, each from one state to a later one; the last may be shorter.
  public func jumps(blocks: Int) -> [Range<Int>] {
    stride(from: run, to: blocks, by: run + jump).map { $0..<min($0 + jump, blocks) }
  }

  /// Blocks that are still run.
  public func executed(blocks: Int) -> Int { blocks - jumps(blocks: blocks).reduce(0) { $0 + $1.count } }

  /// The taps that make the jumps, at every position.
  ///
  /// - Parameter maps: the map of each jump, by its range of blocks.
  public func taps(blocks: Int, maps: [Range<Int>: AffineMap]) -> [Tap] {
    jumps(blocks: blocks).flatMap { jump -> [Tap] in
      guard let map = maps[jump] else { preconditionFailure("no map for blocks \(jump)") }
      return [
        .replace(.block, blocks: [jump.lowerBound]) { _, states in map.apply(states) },
        .skip(blocks: Set(jump.dropFirst())),
      ]
    }
  }
}
