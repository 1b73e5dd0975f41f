import Tensors
import Transformers

/// One prediction of a model, taken apart: the last position of one text, a target token, and the states of the stream on
/// the way to it, all read through the head frozen to the last one.
///
/// Contributions are scored where the vector is added: attention at h_l, the feed-forward network at the state between the
/// branches. Source: Yu & Ananiadou, "Exploring the residual stream of Transformers" (arXiv 2312.12141).
public struct PredictionParts: Sendable {
  /// The run.
  public let trace: PromptTrace
  /// The frozen head.
  public let head: FrozenHead
  /// What is predicted.
  public let target: PredictionTarget
  /// The direction along which the target's value grows, less the contrast's, [d].
  let direction: [Double]
  private let states: StreamStates
  /// No state at all: the head's constant.
  let nothing: ScoredState

  /// Reads a run's states.
  ///
  /// - Parameter target: nil for the model's own most likely token.
  /// - Throws: `ModelError` with code `noHead` where the checkpoint has no head.
  public init(_ trace: PromptTrace, target wanted: PredictionTarget? = nil) throws {
    let blocks = trace.blocks.count
    let model = trace.model
    let final = trace.states.rows(blocks..<blocks + 1)
    let head = try FrozenHead(model, final: final)
    let ends = try head.logits(of: Matrix.vertical([trace.states.rows(0..<1), final]))
    let best = ends.row(1).enumerated().max { ($0.element, $1.offset) < ($1.element, $0.offset) }?.offset ?? 0
    let target = wanted ?? PredictionTarget(token: best)
    (self.trace, self.head, self.target, direction) = (trace, head, target, try head.direction(to: target))
    states = StreamStates(trace, head, target, ends: ends)
    nothing = ScoredState(head.base, head, target)
  }

  var model: Model { trace.model }

  /// h_level, and what the head says of it.
  func entering(_ level: Int) throws -> ScoredState { try states.entering(level) }

  /// The state between the branches of a block, and what the head says of it.
  func middle(_ block: Int) throws -> ScoredState { try states.middle(block) }
}

extension PredictionParts {
  /// Scores vectors that are added to a state.
  ///
  /// - Parameters:
  ///   - requests: rows of `vectors` with what they are multiplied by.
  ///   - vectors: [n, d].
  func scores(
    _ method: ContributionMethod, of requests: [ScoredState.Request], _ vectors: Matrix, at state: ScoredState
  ) throws -> [Double] {
    let parts = ScoredParts(self, requests, vectors, at: state)
    return try parts.scores(method)
  }

  /// Scores of whole vectors, none multiplied by anything.
  func scores(_ method: ContributionMethod, of vectors: Matrix, at state: ScoredState) throws -> [Double] {
    try scores(method, of: (0..<vectors.rows).map { ($0, 1) }, vectors, at: state)
  }

  /// What the whole of a branch changes: between the states before and after it, read where the method asks for them.
  func change(
    _ method: ContributionMethod, from before: @autoclosure () throws -> ScoredState,
    to after: @autoclosure () throws -> ScoredState
  ) rethrows -> Double? {
    switch method {
    case .logprobIncrease: try after().own.difference - before().own.difference
    case .probIncrease: try after().own.probability - before().own.probability
    default: nil
    }
  }

  /// A state where the method scores against one; else no state, which is not read.
  func scored(_ method: ContributionMethod, _ state: @autoclosure () throws -> ScoredState) rethrows -> ScoredState {
    method.isIncrease ? try state() : nothing
  }

  /// Before-softmax values of the target, less those of its contrast, of vectors [n, d].
  ///
  /// Along the one direction that is asked for: no vector meets the whole vocabulary.
  func logits(of vectors: Matrix) -> [Double] {
    (0..<vectors.rows).map { row in zip(vectors.row(row), direction).reduce(0) { $0 + Double($1.0) * $1.1 } }
  }
}

extension DenseMatrix where Element == Float {
  /// The Euclidean length of every row.
  var lengths: [Double] {
    (0..<rows).map { row in self.row(row).reduce(0) { $0 + Double($1) * Double($1) }.squareRoot() }
  }
}
