/// How much a vector counts for a prediction.
///
/// With w the target, x the state that v is added to and m its coefficient, where it is m times something:
public enum ContributionMethod: String, Sendable, CaseIterable {
  /// ln p(w | x + v) − ln p(w | x).
  case logprobIncrease = "logprob-increase"
  /// ln p(w | v) of the vector alone.
  case logprob
  /// p(w | x + v) − p(w | x).
  case probIncrease = "prob-increase"
  /// The length of what is multiplied by m: of v itself where there is no coefficient.
  case norm
  /// |m|.
  case coef
  /// 1 / rank of w under the before-softmax values of v.
  case rank
  /// |m| times that length.
  case coefNorm = "coef-norm"
  /// |m| / rank.
  case coefRank = "coef-rank"

  /// Whether it asks for a coefficient, which layers and heads do not have.
  public var needsCoefficient: Bool { [.coef, .coefNorm, .coefRank].contains(self) }
  /// Whether a second token can be set against the target.
  public var takesContrast: Bool { [.logprobIncrease, .logprob, .probIncrease].contains(self) }
  /// Whether the parts' scores can be set beside the whole's.
  public var isIncrease: Bool { [.logprobIncrease, .probIncrease].contains(self) }
  /// Whether the target's rank decides.
  var ranksTarget: Bool { [.rank, .coefRank].contains(self) }
  /// Whether the head is asked at all.
  var readsHead: Bool { ![.norm, .coef, .coefNorm].contains(self) }
}

/// The token whose prediction is taken apart, and one it may be set against.
public struct PredictionTarget: Hashable, Sendable {
  /// w.
  public var token: Int
  /// The other token: scores are then differences between the two.
  public var contrast: Int?

  public init(token: Int, contrast: Int? = nil) { (self.token, self.contrast) = (token, contrast) }
}
