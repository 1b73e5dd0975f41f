import Analyses
import JSONText

/// The answers of a dataset, untouched and after zeroing.
struct InterveneResult: Codable, Sendable {
  /// Means over prompts.
  struct Outcome: Codable, Sendable {
    @Field("mean of 1 / rank of the answer") var mrr = 0.0
    @Field("mean probability of the answer") var probability = 0.0
  }

  @Field("nothing zeroed") var original = Outcome()
  @Field("as many units, drawn by chance") var random = Outcome()
  @OptionalField("chosen by the increase in log-probability") var logprobIncrease: Outcome? = nil
  @OptionalField("chosen by the log-probability that the unit alone gives") var logprob: Outcome? = nil
  @OptionalField("chosen by the increase in probability") var probIncrease: Outcome? = nil
  @OptionalField("chosen by the length of the vector") var norm: Outcome? = nil
  @OptionalField("chosen by the size of the coefficient") var coef: Outcome? = nil
  @OptionalField("chosen by the rank of the answer in what the unit promotes") var rank: Outcome? = nil
  @OptionalField("chosen by coefficient times length") var coefNorm: Outcome? = nil
  @OptionalField("chosen by coefficient over rank") var coefRank: Outcome? = nil
  @Field("prompts that count") var prompts = 0
  @Field("prompts that were looked at") var seen = 0

  /// Members of methods are called as the methods are.
  private enum CodingKeys: String, CodingKey {
    case original, random
    case logprobIncrease = "logprob-increase"
    case logprob
    case probIncrease = "prob-increase"
    case norm, coef, rank
    case coefNorm = "coef-norm"
    case coefRank = "coef-rank"
    case prompts, seen
  }

  subscript(method: ContributionMethod) -> Outcome? {
    get { self[keyPath: Self.path(method)] }
    set { self[keyPath: Self.path(method)] = newValue }
  }

  private static func path(_ method: ContributionMethod) -> WritableKeyPath<InterveneResult, Outcome?> {
    switch method {
    case .logprobIncrease: \.logprobIncrease
    case .logprob: \.logprob
    case .probIncrease: \.probIncrease
    case .norm: \.norm
    case .coef: \.coef
    case .rank: \.rank
    case .coefNorm: \.coefNorm
    case .coefRank: \.coefRank
    }
  }
}
