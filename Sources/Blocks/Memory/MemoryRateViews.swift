import Analyses
import Charts
import Directives
import JSONText

/// A share of positions in each block, beside what chance gives.
struct MemoryRate: Codable, Sendable {
  @Field("share of the positions, by block, [L]") var rate: [Double?] = []
  @Field("the same by chance: with the token of another position, mean over blocks") var random: Double? = nil
  @Field("the same by block: the mean over all other positions, [L]") var randomByBlock: [Double?] = []
  @Field("what stands between vectors and the vocabulary") var norm = ""

  init(rate: [Double?], chance: [Double?], norm: String) {
    (self.rate, randomByBlock, self.norm) = (rate, chance, norm)
    random = Self.mean(chance)
  }

  /// The mean of what is defined.
  static func mean(_ values: [Double?]) -> Double? {
    let defined = values.compactMap { $0 }
    return defined.isEmpty ? nil : defined.reduce(0, +) / Double(defined.count)
  }

  static let example = MemoryRate(rate: [0.75, 0.5], chance: [0.9, nil], norm: "frozen")

  /// Lines of every model with its own chance.
  static func exhibit(
    _ shown: Shown<MemoryRate>, title: String, caption: String, notes: [String], _ say: Language
  ) -> Exhibit {
    let (rate, random) = (say("share of positions", "位置の割合"), say("token of another position", "他の位置のトークン"))
    let series = MemoryWords.besideChance(shown, (rate, { $0.rate }), (random, { $0.randomByBlock }))
    return Exhibit(
      chart: MemoryWords.lines(title, Axis(rate, range: 0...1), series, say),
      table: Table(
        shown.rate.indices,
        [
          .text(Terms.block(say)) { "\($0)" }, .percent(rate, { shown.rate[$0] }),
          .percent(random, { shown.randomByBlock[$0] }),
        ]),
      caption: Exhibit.Caption(caption),
      notes: Exhibit.Notes(
        notes + [
          MemoryWords.norm(ProjectionNorm(rawValue: shown.norm) ?? .frozen, say),
          say(
            "The control is the mean over all other positions of the sample, not a draw.",
            "対照は抽出ではなく、標本の他の全位置にわたる平均。"),
        ]), explanations: [MemoryWords.definitions(say)])
  }
}

/// `<<memory composition>>`: how often no single memory says what the block's network says.
struct MemoryCompositionView: MemorySampleView {
  let keywords = [
    ViewKeyword("composition", "how often no active neuron promotes the token that the network's output gives most")
  ]
  let engine = EngineIdentity("memory-composition", version: 1)
  func overlays(_ bound: BoundDirective) -> Bool { bound.form != .table }
  func example(_: BoundDirective) -> MemoryRate { .example }

  func result(
    _ summary: MemorySummary, _ norm: ProjectionNorm, _: ProjectionNorm, _: BoundDirective
  ) -> MemoryRate {
    MemoryRate(rate: summary.composition, chance: summary.compositionChance, norm: norm.rawValue)
  }

  func exhibit(_ shown: Shown<MemoryRate>, in say: Language) -> Exhibit {
    MemoryRate.exhibit(
      shown, title: say("Outputs that no memory says", "どの記憶も言わない出力"),
      caption: say(
        "Share of positions at which no active neuron promotes the token that the network's output gives most: the output is a composition.",
        "ネットワークの出力が最も高くするトークンを、活性なニューロンのどれも促進しない位置の割合（出力は合成である）。"),
      notes: [
        say(
          "Active: |*m*||*v*| above 1% of the largest of the block at that position; a neuron with a negative *m* promotes the top token of −*v*.",
          "活性：|*m*||*v*| がその位置のブロック内最大の 1% を超えること。*m* が負のニューロンは −*v* の最上位トークンを促進する。")
      ], say)
  }
}

/// `<<memory residual>>`: how often the stream already says what the model says in the end.
struct MemoryResidualView: MemorySampleView {
  let keywords = [
    ViewKeyword("residual", "how often the stream before a block's network already gives most to the final token")
  ]
  let engine = EngineIdentity("memory-residual", version: 1)
  func overlays(_ bound: BoundDirective) -> Bool { bound.form != .table }
  func example(_: BoundDirective) -> MemoryRate { .example }

  func result(
    _ summary: MemorySummary, _: ProjectionNorm, _ whole: ProjectionNorm, _: BoundDirective
  ) -> MemoryRate {
    MemoryRate(rate: summary.residual, chance: summary.residualChance, norm: whole.rawValue)
  }

  func exhibit(_ shown: Shown<MemoryRate>, in say: Language) -> Exhibit {
    MemoryRate.exhibit(
      shown, title: say("The final token in the stream", "ストリームにおける最終トークン"),
      caption: say(
        "Share of positions at which the stream before the feed-forward network of a block gives most to the token that the model says in the end.",
        "ブロックの FFN に入る前のストリームが、モデルが最終的に言うトークンを最も高くしている位置の割合。"),
      notes: [], say)
  }
}

/// `<<memory confidence>>`: how probable the final token is under the stream before each network.
struct MemoryConfidenceView: MemorySampleView {
  /// The result.
  struct Confidence: Codable, Sendable {
    @Field("lower quartile, median and upper quartile of the final token's probability, [L][3]")
    var quartiles: [[Double?]] = []
    @Field("mean probability, [L]") var mean: [Double?] = []
    @Field("what stands between the stream and the vocabulary") var norm = ""
  }

  let keywords = [ViewKeyword("confidence", "the final token's probability under the stream before each network")]
  let engine = EngineIdentity("memory-confidence", version: 1)

  func example(_: BoundDirective) -> Confidence {
    Confidence(quartiles: [[0, 0.001, 0.01], [0.5, 0.9, 0.99]], mean: [0.01, 0.75], norm: "recompute")
  }

  func result(
    _ summary: MemorySummary, _: ProjectionNorm, _ whole: ProjectionNorm, _: BoundDirective
  ) -> Confidence {
    Confidence(quartiles: summary.confidence.quartiles, mean: summary.confidence.mean, norm: whole.rawValue)
  }

  func exhibit(_ shown: Shown<Confidence>, in say: Language) -> Exhibit {
    let name = say("probability of the final token", "最終トークンの確率")
    return Exhibit(
      chart: MemoryWords.lines(
        say("The final token under the stream", "ストリームの下での最終トークン"), Axis(name, range: 0...1),
        [MemoryWords.medians(name, shown.quartiles, LineStyle(color: shown.color))], say),
      table: Table(
        shown.quartiles.indices,
        [.text(Terms.block(say)) { "\($0)" }] + MemoryWords.quartiles(shown.quartiles, decimals: 4, say)
          + [.number(say("mean", "平均"), { shown.mean[$0] })]),
      caption: Exhibit.Caption(
        say(
          "Probability of the token that the model says in the end, under the stream before the feed-forward network of each block.",
          "モデルが最終的に言うトークンの、各ブロックの FFN に入る前のストリームの下での確率。"),
        chart: MemoryWords.middleHalf(say)),
      notes: Exhibit.Notes([MemoryWords.norm(ProjectionNorm(rawValue: shown.norm) ?? .recompute, say)]))
  }
}
