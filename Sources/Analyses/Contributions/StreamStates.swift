import Synchronization
import Tensors

/// The states of the stream on the way to one prediction, with what the head says of them.
///
/// The two ends are read at once. Those between them are read together when the first is asked for, so that the
/// unembedding is gone through once, and not at all where no score rests on a state.
final class StreamStates: Sendable {
  private let trace: PromptTrace
  private let head: FrozenHead
  private let target: PredictionTarget
  private let first: ScoredState
  private let last: ScoredState
  private let between = Mutex<[ScoredState]?>(nil)

  /// - Parameters:
  ///   - ends: logits of h_0 and of h_L, [2, V].
  init(_ trace: PromptTrace, _ head: FrozenHead, _ target: PredictionTarget, ends: Matrix) {
    (self.trace, self.head, self.target) = (trace, head, target)
    first = ScoredState(ends.row(0), head, target)
    last = ScoredState(ends.row(1), head, target)
  }

  private var blocks: Int { trace.blocks.count }

  /// h_level.
  func entering(_ level: Int) throws -> ScoredState {
    if level == 0 { return first }
    return level == blocks ? last : try read()[level - 1]
  }

  /// The state between the branches of a block.
  func middle(_ block: Int) throws -> ScoredState { try read()[blocks - 1 + block] }

  /// h_1 … h_{L−1}, then the states between the branches.
  private func read() throws -> [ScoredState] {
    try between.withLock { known in
      if let known { return known }
      let logits = try head.logits(
        of: Matrix.vertical([trace.states.rows(1..<blocks)] + trace.blocks.map(\.middle)))
      let states = Compute.parallelMap(count: logits.rows) { ScoredState(logits.row($0), head, target) }
      known = states
      return states
    }
  }
}
