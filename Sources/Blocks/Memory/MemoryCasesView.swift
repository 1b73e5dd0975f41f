import Analyses
import Charts
import Directives
import JSONText

/// `<<memory cases>>`: who decides the token that leaves each block.
struct MemoryCasesView: MemorySampleView {
  /// The result.
  struct Cases: Codable, Sendable {
    @Field("share of positions whose token is the stream's, not the network's, [L]") var residual: [Double?] = []
    @Field("share at which both say it, [L]") var agreement: [Double?] = []
    @Field("share at which neither does, [L]") var composition: [Double?] = []
    @Field("share at which it is the network's, not the stream's, [L]") var ffn: [Double?] = []
    @Field("share at which both say another one, [L]") var veto: [Double?] = []
    @Field("what stands between vectors and the vocabulary") var norm = ""
  }

  let keywords = [ViewKeyword("cases", "who decides the token that leaves each block: stream, network, both, neither")]
  let engine = EngineIdentity("memory-cases", version: 1)

  func example(_: BoundDirective) -> Cases {
    Cases(
      residual: [0.5, 0.375], agreement: [0.25, 0.5], composition: [0.125, 0.0625], ffn: [0.125, 0.0625], veto: [0, 0],
      norm: "frozen")
  }

  func result(_ summary: MemorySummary, _ norm: ProjectionNorm, _: ProjectionNorm, _: BoundDirective) -> Cases {
    func shares(_ kind: MemoryCase) -> [Double?] { summary.cases[kind.rawValue] ?? [] }
    return Cases(
      residual: shares(.residual), agreement: shares(.agreement), composition: shares(.composition),
      ffn: shares(.ffn), veto: shares(.veto), norm: norm.rawValue)
  }

  func exhibit(_ shown: Shown<Cases>, in say: Language) -> Exhibit {
    let all: [(name: String, values: [Double?])] = [
      (say("residual", "残差"), shown.residual), (say("agreement", "一致"), shown.agreement),
      (say("composition", "合成"), shown.composition), (say("ffn", "FFN"), shown.ffn), (say("veto", "拒否"), shown.veto),
    ]
    return Exhibit(
      chart: StackedBars(
        title: say("Who decides the token of a block", "ブロックのトークンを決めるもの"),
        categories: shown.residual.indices.map(String.init), categoryTitle: Terms.block(say),
        value: Axis(say("share of positions", "位置の割合"), range: 0...1, format: .percent(0)),
        parts: all.map { BarSeries($0.name, values: $0.values) }),
      table: Table(
        shown.residual.indices,
        [.text(Terms.block(say)) { "\($0)" }] + all.map { part in .percent(part.name, { part.values[$0] }) }),
      caption: Exhibit.Caption(
        say(
          "Who decides the token that leaves each block, in shares of the positions: the stream before the network (residual), the network (ffn), both (agreement) or neither (composition).",
          "各ブロックを出るトークンを決めるもの（位置の割合）：ネットワーク前のストリーム（残差）、ネットワーク（FFN）、両方（一致）、どちらでもない（合成）。")),
      notes: Exhibit.Notes([
        MemoryWords.norm(ProjectionNorm(rawValue: shown.norm) ?? .frozen, say),
        say(
          "Veto: both say one token and another one leaves. Only the bias of a norm or of the head can do that: of a linear projection it is 0.",
          "拒否：両者が同じトークンを言い、別のトークンが出る場合。正規化またはヘッドのバイアスのみが引き起こし、線形な射影では 0 となる。"),
      ]), explanations: [MemoryWords.definitions(say)])
  }
}

/// `<<memory dominant>>`: whether single memories matter, and when one says what the network says.
struct MemoryDominantView: MemorySampleView {
  /// A share where some memory agrees with the network's output, and everywhere.
  struct Breakdown: Codable, Sendable {
    @Field("share where an active memory promotes the token that the network's output gives most")
    var agreeing: Double? = nil
    @Field("share of all positions of all blocks") var all: Double? = nil
  }

  /// The result.
  struct Dominant: Codable, Sendable {
    @Field("share of positions at which the stream is longer than what any neuron of the block adds, [L]")
    var share: [Double?] = []
    @Field("median of 1 + the number of neurons that add something longer than the stream, [L]")
    var medianRank: [Double?] = []
    @Field("outputs whose top token is among the commonest, which make up half of the corpus")
    var common = Breakdown()
    @Field("prefixes of fewer than five tokens") var short = Breakdown()
  }

  let keywords = [
    ViewKeyword("dominant", "whether single neurons outweigh the stream, and when one says what the network says")
  ]
  let engine = EngineIdentity("memory-dominant", version: 1)

  func example(_: BoundDirective) -> Dominant {
    Dominant(
      share: [0.004, 0.994], medianRank: [6, 1], common: .init(agreeing: 0.75, all: 0.5),
      short: .init(agreeing: 0.25, all: 0.125))
  }

  func result(_ summary: MemorySummary, _: ProjectionNorm, _: ProjectionNorm, _: BoundDirective) -> Dominant {
    func breakdown(_ shares: [Double?]) -> Breakdown {
      shares.count == 2 ? Breakdown(agreeing: shares[0], all: shares[1]) : Breakdown()
    }
    return Dominant(
      share: summary.dominates, medianRank: summary.residualRank, common: breakdown(summary.common),
      short: breakdown(summary.short))
  }

  func exhibit(_ shown: Shown<Dominant>, in say: Language) -> Exhibit {
    let name = say("the stream is longest", "ストリームが最長")
    return Exhibit(
      chart: MemoryWords.lines(
        say("Stream against single memories", "ストリームと個々の記憶"),
        Axis(say("share of positions", "位置の割合"), range: 0...1),
        [LineSeries(name, values: shown.share, style: LineStyle(color: shown.color))], say),
      table: Table(
        shown.share.indices,
        [
          .text(Terms.block(say)) { "\($0)" }, .percent(name, { shown.share[$0] }),
          .number(say("median rank of its length", "長さの順位の中央値"), { shown.medianRank[$0] }, decimals: 1),
        ]),
      caption: Exhibit.Caption(
        say(
          "Share of positions at which the stream before the network is longer than what any single neuron adds, |*m*||*v*|.",
          "ネットワーク前のストリームの長さが、どの単一ニューロンの寄与 |*m*||*v*| よりも大きい位置の割合。")),
      notes: Exhibit.Notes([
        say(
          "Where some active memory promotes what the network's output gives most, that token is one of the commonest in \(MemoryWords.percent(shown.common.agreeing, say)) (\(MemoryWords.percent(shown.common.all, say)) everywhere), and the prefix has fewer than five tokens in \(MemoryWords.percent(shown.short.agreeing, say)) (\(MemoryWords.percent(shown.short.all, say)) everywhere). The commonest tokens are the fewest that make up half of the corpus.",
          "活性な記憶のいずれかがネットワークの出力の最上位トークンを促進する場合、そのトークンが最頻のものである割合は \(MemoryWords.percent(shown.common.agreeing, say))（全体では \(MemoryWords.percent(shown.common.all, say))）、接頭辞が 5 トークン未満の割合は \(MemoryWords.percent(shown.short.agreeing, say))（全体では \(MemoryWords.percent(shown.short.all, say))）。最頻とは、コーパスの半分を占める最少のトークン群をいう。"
        )
      ]), explanations: [MemoryWords.definitions(say)])
  }
}
