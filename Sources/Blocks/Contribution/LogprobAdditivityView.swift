import Analyses
import Charts
import Diagnostics
import Directives
import JSONText

/// `<<logprob additivity "prompt">>`.
struct LogprobAdditivityView: PromptView {
  /// The result.
  struct Additivity: Codable, Sendable {
    @Field("the token whose log-probability is read") var target = ""
    @Field("the block whose neurons are added") var block = 0
    @Field("how many neurons, the largest scores first") var counts: [Int] = []
    @Field("the sum of their scores") var sum: [Double] = []
    @Field("the score of their vectors' sum") var together: [Double] = []
  }

  let keywords = [ViewKeyword("additivity", "sums of single neurons' scores against the score of their sum")]
  let keys: [any KeyDeclaration] = [TextKeys.required, LogprobCurveView.unit, PredictionKeys.target]
  let engine = EngineIdentity("logprob", version: 1)

  func faults(of bound: BoundDirective) -> [Diagnostic] {
    switch bound[LogprobCurveView.unit]?.part {
    case .neuron?, .head?, .headDimension?:
      TextKeys.faults(of: bound) + [
        PredictionKeys.fault(bound, "the neurons of a whole block are added", "name a block such as L11")
      ]
    default: TextKeys.faults(of: bound)
    }
  }

  func example(_: BoundDirective) -> Additivity {
    Additivity(target: " Paris", block: 1, counts: [1, 2, 5, 8], sum: [1, 1.5, 2, 1], together: [1, 1.25, 1.5, 0.75])
  }

  func answer(_ question: Question, on bench: Workbench) throws -> Answer<Additivity> {
    let asked = try bench.prediction(of: question)
    _ = try question[LogprobCurveView.unit]?.streamUnit(in: asked.parts.trace.model.configuration)
    let counts = [1, 2, 3, 5, 7, 10, 15, 20, 30, 50, 70, 100, 150, 200, 300, 500, 700, 1000, 2000, 5000]
    let found = try asked.parts.additivity(question[LogprobCurveView.unit]?.layer, counts: counts)
    return Answer(
      result: Additivity(
        target: asked.target, block: found.block, counts: found.counts, sum: found.sum, together: found.together),
      facts: asked.facts)
  }

  func exhibit(_ shown: Shown<Additivity>, in say: Language) -> Exhibit {
    let (sum, together) = (say("sum of the parts' scores", "個別スコアの和"), say("score of the sum", "和のスコア"))
    let ends = shown.sum + shown.together
    let (low, high) = (min(0, ends.min() ?? 0), max(0, ends.max() ?? 1))
    return Exhibit(
      chart: LineChart(
        title: say("Sums of scores and scores of sums", "スコアの和と和のスコア"),
        x: Axis(sum + say(", nats", "（ナット）")), y: Axis(together + say(", nats", "（ナット）")),
        series: [
          LineSeries(
            say("the best n neurons", "上位 n ニューロン"),
            points: shown.counts.indices.map { place in
              .init(x: shown.sum[place], y: shown.together[place], note: "n = \(shown.counts[place])")
            }, style: LineStyle(showsMarkers: true, joins: false)),
          LineSeries(
            say("equal", "等しい"), points: [.init(x: low, y: low), .init(x: high, y: high)],
            style: LineStyle(color: 4, weight: .thin, showsMarkers: false)),
        ]),
      table: Table(
        shown.counts.indices,
        [
          .count(say("neurons", "ニューロン数")) { shown.counts[$0] },
          .number(sum, { shown.sum[$0] }, unit: say("nats", "ナット")),
          .number(together, { shown.together[$0] }, unit: say("nats", "ナット")),
          .number(say("difference", "差"), { shown.sum[$0] - shown.together[$0] }),
        ]),
      caption: Exhibit.Caption(
        say(
          "Block \(shown.block), its neurons added one after another, the largest scores first: the sum of their single scores beside the score of their sum, for \(PredictionWords.prediction(shown[TextKeys.required], shown.target, nil, say)).",
          "ブロック \(shown.block) のニューロンをスコアの大きい順に加えたときの、個別スコアの和と和のスコア。\(PredictionWords.prediction(shown[TextKeys.required], shown.target, nil, say))。"
        )),
      notes: Exhibit.Notes([
        say(
          "On the line, scores of single neurons would add up. Below it they overstate what the neurons do together.",
          "線上では個別スコアが加法的である。線より下では個別スコアの和が全体の効果を過大に見積もる。")
      ]))
  }
}
