import JSONText

/// What leaving out any span costs, and the longest one within a budget.
struct BypassSearch: Codable, Sendable {
  /// A span and what is left without it.
  struct Point: Codable, Sendable {
    @Field("the depths between which blocks are left out") var span: [Int] = []
    @Field("blocks left out") var layersSkipped = 0
    @Field("perplexity on the texts that chose") var perplexity = 0.0
    @Field("share of predicting positions whose most likely token is the full model's") var agreement = 0.0
  }

  @Field("the spans that no other beats in blocks left out and perplexity, rising in blocks; the first leaves none out")
  var frontier: [Point] = []
  @Field("the one of them that leaves out most blocks within the budget") var chosen = Point()
  @Field("the chosen span on texts that neither fitted nor chose anything; where nothing is left out, the full model")
  var confirmed = BypassResult()
  @Field("perplexity that the budget allows, on the texts that chose") var allowed = 0.0
  @Field("every span that was tried") var spans: [Point] = []

  static var example: BypassSearch {
    let full = Point(span: [0, 0], layersSkipped: 0, perplexity: 2.5, agreement: 1)
    let one = Point(span: [1, 2], layersSkipped: 1, perplexity: 2.6, agreement: 0.95)
    let two = Point(span: [0, 2], layersSkipped: 2, perplexity: 9, agreement: 0.4)
    return BypassSearch(
      frontier: [full, one, two], chosen: one, confirmed: .example, allowed: 2.75,
      spans: [Point(span: [0, 1], layersSkipped: 1, perplexity: 3, agreement: 0.8), two, one])
  }
}

extension BypassSearch {
  /// The points that no other one beats, rising in blocks left out.
  static func frontier(full: Point, _ spans: [Point]) -> [Point] {
    var frontier: [Point] = []
    var best = Double.infinity
    // From the most blocks down: a point stands if it has a lower perplexity than all that leave out as many or more.
    for point in spans.sorted(by: {
      ($1.layersSkipped, $0.perplexity, $0.span[0]) < ($0.layersSkipped, $1.perplexity, $1.span[0])
    }) where point.perplexity < best {
      frontier.append(point)
      best = point.perplexity
    }
    return [full] + frontier.reversed()
  }
}
