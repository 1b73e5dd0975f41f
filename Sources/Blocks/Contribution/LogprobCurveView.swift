import Analyses
import Charts
import Diagnostics
import Directives
import JSONText
import Markup

/// `<<logprob curve "prompt" unit>>`.
struct LogprobCurveView: PromptView {
  /// The result.
  struct Curve: Codable, Sendable {
    @Field("the token whose probability is read") var target = ""
    @Field("how much of the vector is added, from 0 to 1") var steps: [Double] = []
    @Field("p(target | x + s v) at each step") var probability: [Double] = []
    @Field("ln p(target | x + s v) at each step") var logprob: [Double] = []
  }

  static let unit = Key.unit(
    "unit",
    "a neuron or a head for curve, a block for additivity; where not given all that the blocks add, or the best block"
  ).bare
  static let steps = Key.int("steps", in: 1...1000, standard: 10, "curve: how many equal steps")

  let keywords = [ViewKeyword("curve", "probability and log-probability of the target along x + s · v")]
  let keys: [any KeyDeclaration] = [TextKeys.required, unit, PredictionKeys.target, steps]
  let engine = EngineIdentity("logprob", version: 1)

  func faults(of bound: BoundDirective) -> [Diagnostic] {
    guard case .block? = bound[Self.unit]?.part else { return TextKeys.faults(of: bound) }
    return TextKeys.faults(of: bound) + [
      PredictionKeys.fault(
        bound, "a block adds two vectors at two states", "name a neuron or a head, or leave the unit out for all blocks"
      )
    ]
  }

  func example(_: BoundDirective) -> Curve {
    Curve(target: " Paris", steps: [0, 0.5, 1], probability: [0.001, 0.03, 0.9], logprob: [-7, -3.5, -0.1])
  }

  func answer(_ question: Question, on bench: Workbench) throws -> Answer<Curve> {
    let asked = try bench.prediction(of: question)
    let unit = try question[Self.unit]?.streamUnit(in: asked.parts.trace.model.configuration)
    let found = try asked.parts.curve(unit, steps: question[Self.steps])
    return Answer(
      result: Curve(
        target: asked.target, steps: found.steps, probability: found.probability, logprob: found.logProbability),
      facts: asked.facts)
  }

  func exhibit(_ shown: Shown<Curve>, in say: Language) -> Exhibit {
    let what =
      shown[Self.unit].map { "\($0)" } ?? say("all that the blocks add", "全ブロックの加算分")
    let (probability, logprob) = (say("probability", "確率"), say("log-probability", "対数確率"))
    func shares(_ values: [Double]) -> [LineSeries.Point] {
      let (first, last) = (values.first ?? 0, values.last ?? 0)
      return zip(shown.steps, values).map { step, value in
        .init(
          x: step, y: last == first ? nil : (value - first) / (last - first),
          note: "s = \(NumberFormat.significant(3).text(step)): \(NumberFormat.significant(4).text(value))")
      }
    }
    return Exhibit(
      chart: LineChart(
        title: say("Probability and log-probability along the way", "加算に沿った確率と対数確率"),
        x: Axis(say("share of the vector added, s", "加えたベクトルの割合 s"), range: 0...1),
        y: Axis(say("share of the whole change", "全変化に占める割合")),
        series: [
          LineSeries(probability, points: shares(shown.probability)),
          LineSeries(logprob, points: shares(shown.logprob)),
          LineSeries(
            say("in proportion", "比例"), points: [.init(x: 0, y: 0), .init(x: 1, y: 1)],
            style: LineStyle(color: 4, weight: .thin, showsMarkers: false)),
        ]),
      table: Table(
        shown.steps.indices,
        [
          .number("s", { shown.steps[$0] }, decimals: 2), .number(probability, { shown.probability[$0] }, decimals: 4),
          .number(logprob, { shown.logprob[$0] }, unit: say("nats", "ナット")),
        ]),
      caption: Exhibit.Caption(
        say(
          "\(PredictionWords.prediction(shown[TextKeys.required], shown.target, nil, say)): probability and log-probability while \(what) is added step by step.",
          "\(PredictionWords.prediction(shown[TextKeys.required], shown.target, nil, say))：\(what)を少しずつ加えたときの確率と対数確率。")),
      notes: Exhibit.Notes([
        say(
          "The probability stays behind while the log-probability is already on its way: increases in probability credit the last parts with what all of them do.",
          "対数確率が既に進んでいる間、確率は遅れている。確率の増加で測ると、全成分の働きが最後の成分だけのものになる。")
      ]))
  }
}
