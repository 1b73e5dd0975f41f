import JSONText

/// What leaving out one span costs.
struct BypassResult: Codable, Sendable {
  /// A number of the full model and of the one without the blocks.
  struct Pair: Codable, Sendable {
    @Field("of the full model") var full: Double? = nil
    @Field("of the model without the blocks") var bypassed: Double? = nil
  }

  @Field("what stands in for the blocks: map, sparse or skip") var by = ""
  @Field("the depths between which blocks are left out") var span: [Int] = []
  @Field("blocks left out") var layersSkipped = 0
  @Field("perplexity on the judging texts") var perplexity = Pair()
  @Field("share of predicting positions whose most likely token is the full model's") var agreement: Double? = nil
  @Field("share of texts of whose last word every token is the most likely one; null where no text has one")
  var lastWord = Pair()
  @Field("multiply-adds of a token: weights that multiply, without attention's own sums") var cost = Pair()
  @Field("multiply-adds of the full model over those of the one without the blocks") var speedup: Double? = nil
  @Field("tokens per second on one machine, alternately in one run; null unless measure=time")
  var measured: Pair? = nil
  @Field("tokens that were predicted") var tokens = 0
  @Field("texts whose last word was predicted") var lastWords = 0
  @Field("weights of the map that are not 0") var weights = 0

  static let example = BypassResult(
    by: "map", span: [0, 1], layersSkipped: 1, perplexity: Pair(full: 2.5, bypassed: 3), agreement: 0.9,
    lastWord: Pair(full: 0.5, bypassed: 0.25), cost: Pair(full: 1000, bypassed: 600), speedup: 5.0 / 3,
    measured: nil, tokens: 40, lastWords: 8, weights: 4)
}
