import JSONText

/// A text decoded with early exit.
struct GenerateResult: Codable, Sendable {
  /// A number of full decoding and of decoding with early exit.
  struct Pair: Codable, Sendable {
    @Field("of full decoding") var full = 0.0
    @Field("of decoding with early exit") var exit = 0.0
  }

  @Field("the text that was continued") var prompt = ""
  @Field("what was decoded") var text = ""
  @Field("its tokens") var tokens: [String] = []
  @Field("blocks run for each token, [tokens]") var exitLayer: [Int] = []
  @Field("share of tokens that the full model would have chosen after the same tokens") var agreement: Double? = nil
  @Field("mean of the blocks run") var meanLayers: Double? = nil
  @Field("what full decoding continues the prompt with") var fullText = ""
  @Field("leading tokens that are those of full decoding") var common = 0
  @Field("multiply-adds of a token: weights that multiply; keys of skipped blocks and exit tests charged")
  var cost = Pair()

  static let example = GenerateResult(
    prompt: "Once", text: " upon a time", tokens: [" upon", " a", " time"], exitLayer: [1, 2, 1], agreement: 2.0 / 3,
    meanLayers: 4.0 / 3, fullText: " upon the time", common: 1, cost: Pair(full: 1000, exit: 900))
}
