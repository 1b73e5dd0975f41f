import Analyses
import Charts
import Directives
import JSONText

/// `<<memory active>>`: over how many neurons a block's output is spread.
struct MemoryActiveView: MemorySampleView {
  /// The result.
  struct Active: Codable, Sendable {
    @Field(
      "lower quartile, median and upper quartile of the effective number of neurons, (Σ c)² / Σ c² with c = |m||v|, [L][3]"
    )
    var quartiles: [[Double?]] = []
    @Field("mean effective number, [L]") var mean: [Double?] = []
    @Field("quartiles of the share of neurons with c above 1% of the largest, [L][3]")
    var activeQuartiles: [[Double?]] = []
    @Field("mean of that share, [L]") var active: [Double?] = []
    @Field("quartiles of the share of neurons with m > 0, [L][3]") var positiveQuartiles: [[Double?]] = []
    @Field("mean of that share, [L]") var positive: [Double?] = []
  }

  let keywords = [ViewKeyword("active", "over how many neurons the output of each block is spread")]
  /// No vector meets the vocabulary here.
  let keys: [any KeyDeclaration] = [MemoryKeys.texts, MemoryKeys.position, SampleKeys.maxTokens]
  let engine = EngineIdentity("memory-active", version: 1)

  func example(_: BoundDirective) -> Active {
    Active(
      quartiles: [[40, 52.5, 60], [80, 90, 110]], mean: [51, 92],
      activeQuartiles: [[0.5, 0.6, 0.7], [0.8, 0.85, 0.9]],
      active: [0.6, 0.85], positiveQuartiles: [[0.45, 0.5, 0.55], [0.48, 0.5, 0.52]], positive: [0.5, 0.5])
  }

  func result(_ summary: MemorySummary, _: ProjectionNorm, _: ProjectionNorm, _: BoundDirective) -> Active {
    Active(
      quartiles: summary.effective.quartiles, mean: summary.effective.mean,
      activeQuartiles: summary.active.quartiles, active: summary.active.mean,
      positiveQuartiles: summary.positive.quartiles, positive: summary.positive.mean)
  }

  func exhibit(_ shown: Shown<Active>, in say: Language) -> Exhibit {
    let name = say("effective number of neurons", "実効ニューロン数")
    return Exhibit(
      chart: MemoryWords.lines(
        say("Active memories", "活性な記憶"), Axis(name),
        [
          MemoryWords.medians(name, shown.quartiles, LineStyle(color: shown.color))
        ], say),
      table: Table(
        shown.quartiles.indices,
        [.text(Terms.block(say)) { "\($0)" }] + MemoryWords.quartiles(shown.quartiles, decimals: 1, say) + [
          .percent(say("above 1% of the largest", "最大の 1% 超"), { shown.active[$0] }),
          .percent(say("m > 0", "m > 0"), { shown.positive[$0] }),
        ]),
      caption: Exhibit.Caption(
        say(
          "The effective number of neurons, (Σ*c*)² / Σ*c*² with *c* = |*m*||*v*|, over which the output of each block is spread at a position.",
          "各位置でブロックの出力が分散する実効ニューロン数 (Σ*c*)² / Σ*c*²（*c* = |*m*||*v*|）。"),
        chart: MemoryWords.middleHalf(say)),
      notes: Exhibit.Notes([
        say(
          "GELU and gated networks have hardly a coefficient of exactly 0: counting *m* > 0, as for ReLU, or *c* above 1% of the largest says little, and the table gives both.",
          "GELU やゲート付きのネットワークでは係数が厳密に 0 になることはほぼない。ReLU のように *m* > 0 を、あるいは *c* が最大の 1% を超えるものを数えても得るところは少なく、表に両方を示す。"
        )
      ]), explanations: [MemoryWords.definitions(say)])
  }
}
