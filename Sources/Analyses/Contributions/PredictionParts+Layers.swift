import Tensors

/// What each layer contributes to a prediction.
public struct LayerContributions: Sendable {
  /// ln p of the target at h_0 and at h_L; differences to the contrast's where there is one.
  public var start: Double
  public var end: Double
  /// Scores of what attention adds, [L].
  public var attention: [Double]
  /// Scores of what the feed-forward network adds, [L].
  public var ffn: [Double]
  /// All that is between start and end less the scores' sum; nil for methods whose scores are no differences.
  public var remainder: Double?
  /// The target's logit in parts that add up exactly, before any cap.
  public var logits: LogitParts
}

/// A logit as the sum it is: frozen before-softmax values of the embedding and of every branch, and a constant.
public struct LogitParts: Sendable {
  /// h_0.
  public var embedding: Double
  /// Attention's outputs, [L].
  public var attention: [Double]
  /// The feed-forward networks' outputs, [L].
  public var ffn: [Double]
  /// The norm's bias through the unembedding, and the head's own.
  public var constant: Double
  /// The logit of h_L.
  public var total: Double
}

extension PredictionParts {
  /// Scores every branch's output at the state it is added to.
  ///
  /// Increases telescope: their sum is what lies between h_0 and h_L.
  public func layers(_ method: ContributionMethod = .logprobIncrease) throws -> LayerContributions {
    precondition(!method.needsCoefficient, "a layer has no coefficient")
    let (blocks, last) = (trace.blocks.indices, trace.last)
    let vectors = Matrix.vertical(
      trace.blocks.flatMap { [$0.attention.rows(last..<last + 1), $0.ffn.rows(last..<last + 1)] })
    let scores: [Double]
    if method.isIncrease {
      scores = try blocks.flatMap { block in
        [
          try change(method, from: entering(block), to: middle(block)),
          try change(method, from: middle(block), to: entering(block + 1)),
        ].compactMap { $0 }
      }
    } else {
      // None of the other methods asks for the state.
      scores = try self.scores(method, of: vectors, at: nothing)
    }
    let whole = try change(method, from: entering(0), to: entering(blocks.count))
    return LayerContributions(
      start: try entering(0).own.difference, end: try entering(blocks.count).own.difference,
      attention: blocks.map { scores[2 * $0] }, ffn: blocks.map { scores[2 * $0 + 1] },
      remainder: whole.map { $0 - scores.reduce(0, +) }, logits: logitParts(vectors))
  }

  private func logitParts(_ vectors: Matrix) -> LogitParts {
    let (blocks, count) = (trace.blocks.indices, trace.blocks.count)
    let all = logits(
      of: Matrix.vertical([trace.states.rows(0..<1), trace.states.rows(count..<count + 1), vectors]))
    let constant = Double(head.base[target.token]) - (target.contrast.map { Double(head.base[$0]) } ?? 0)
    return LogitParts(
      embedding: all[0], attention: blocks.map { all[2 + 2 * $0] }, ffn: blocks.map { all[3 + 2 * $0] },
      constant: constant, total: all[1] + constant)
  }
}
