import Transformers

/// A text with tokens to be scored: at each position, how likely the token is that follows there.
public struct ScoredText: Sendable, Equatable {
  /// What the model is given.
  public var ids: [Int]
  /// Positions in `ids` at which it is read, rising.
  public var positions: [Int]
  /// The wanted token after each of these positions.
  public var targets: [Int]

  public init(ids: [Int], positions: [Int], targets: [Int]) {
    precondition(positions.count == targets.count, "\(targets.count) targets for \(positions.count) positions")
    (self.ids, self.positions, self.targets) = (ids, positions, targets)
  }
}

/// What every depth makes of some scored texts.
public struct DepthScores: Sendable, Equatable {
  /// Sum of the targets' log-probabilities in nats, by depth and text, [L + 1][texts].
  public var logLikelihood: [[Double]]
  /// Whether every target has the largest logit, by depth and text, [L + 1][texts].
  public var isHit: [[Bool]]

  public init(logLikelihood: [[Double]], isHit: [[Bool]]) {
    (self.logLikelihood, self.isHit) = (logLikelihood, isHit)
  }
}

extension Model {
  /// Scores texts at every depth: each state is read by the final norm, its statistics taken anew, and the head.
  ///
  /// States are scored as the blocks give them, so that none but those of one depth and one group of texts are held.
  ///
  /// - Returns: the scores of h_0 … h_L, texts in their order.
  /// - Throws: `ModelError`.
  public func scoreDepths(
    _ texts: [ScoredText], options: CaptureOptions = CaptureOptions()
  ) throws(ModelError) -> DepthScores {
    let depths = configuration.blocks + 1
    let owners = texts.indices.flatMap { text in texts[text].targets.map { _ in text } }
    let targets = texts.flatMap(\.targets)
    var scores = DepthScores(
      logLikelihood: Array(repeating: Array(repeating: 0, count: texts.count), count: depths),
      isHit: Array(repeating: Array(repeating: true, count: texts.count), count: depths))
    let requests = texts.map { CaptureRequest(ids: $0.ids, positions: $0.positions) }
    try capture(requests, options: options) { (depth, first, states) throws(ModelError) in
      let rows = first..<first + states.rows
      for (row, score) in zip(rows, try scoreTokens(Array(targets[rows]), at: states)) {
        scores.logLikelihood[depth][owners[row]] += score.logProbability
        if !score.isTop { scores.isHit[depth][owners[row]] = false }
      }
    }
    return scores
  }
}
