import JSONText

/// The most likely token at every depth and position of a text.
struct LogitLensResult: Codable, Sendable {
  /// One token's way through the depths.
  struct Line: Codable, Sendable {
    @Field("the token") var token = ""
    @Field("the first depth at which it ranks first") var first = 0
    @Field("its probability at every depth, [L + 1]") var probability: [Double?] = []
  }

  /// What is said between the two branches of a block.
  struct Middle: Codable, Sendable {
    @Field("the most likely token after the attention of each block, [L][columns]") var top: [[String]] = []
    @Field("its probability, [L][columns]") var probability: [[Double?]] = []
    @Field("the ten most likely tokens, [L][columns][10]") var top10: [[[RankedToken]]] = []
  }

  @Field("the tokens read, one a column") var tokens: [String] = []
  @Field("their positions in the text") var positions: [Int] = []
  @Field("the most likely token at every depth, [L + 1][columns]; bytes that form no character as \\xHH")
  var top: [[String]] = []
  @Field("its probability, [L + 1][columns]") var probability: [[Double?]] = []
  @Field("the ten most likely tokens, [L + 1][columns][10]") var top10: [[[RankedToken]]] = []
  @Field("at the last column: every token that ranks first at some depth, in that order") var lines: [Line] = []
  @OptionalField("the same after the attention of each block; where mid=on asks for it") var mid: Middle? = nil
}

extension LogitLensResult {
  /// A result of the usual shape.
  static func example(middles: Bool) -> LogitLensResult {
    let row = [[RankedToken(token: " at", probability: 0.5), RankedToken(token: "\n", probability: 0.25)]]
    return LogitLensResult(
      tokens: [" is"], positions: [4], top: [[" at"], [" at"], ["東"]], probability: [[0.5], [0.25], [0.75]],
      top10: [row, row, row],
      lines: [
        Line(token: " at", first: 0, probability: [0.5, 0.25, 0.1]),
        Line(token: "東", first: 2, probability: [0, 0.1, 0.75]),
      ], mid: middles ? Middle(top: [[" at"], ["\\xE3"]], probability: [[0.5], [0.5]], top10: [row, row]) : nil)
  }
}
