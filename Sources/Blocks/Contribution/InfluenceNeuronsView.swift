import Analyses
import Charts
import Diagnostics
import Directives
import JSONText

/// `<<influence neurons "prompt">>`: the query neurons, which feed the attention neurons of a prediction.
struct InfluenceNeuronsView: PromptView {
  /// The result.
  struct Queries: Codable, Sendable {
    /// A neuron with its score.
    struct Neuron: Codable, Sendable {
      @Field("the unit") var unit = ""
      @Field("its score, in nats of the target's log-probability") var score = 0.0
      @Field("tokens that its vector, with the sign of its coefficient at the last position, raises most")
      var promoted: [String] = []
    }

    @Field("the token whose prediction is taken apart") var target = ""
    @Field("the query neurons with the largest scores, in falling order") var neurons: [Neuron] = []
    @Field("the attention neurons that they were scored by, with their contributions") var sources: [Neuron] = []
    @Field("how many of the query neurons lie in each block, [L]") var byLayer: [Int] = []
  }

  static let sources = Key.int(
    "sources", in: 1...1000, standard: 30, "neurons: how many attention neurons they are scored by")

  let keywords = [ViewKeyword("neurons", "neurons below that make up the values of the best attention neurons")]
  let keys: [any KeyDeclaration] = [
    TextKeys.required, PredictionKeys.target, sources, PredictionKeys.top, PredictionKeys.words,
  ]
  let engine = EngineIdentity("influence", version: 1)

  func faults(of bound: BoundDirective) -> [Diagnostic] { TextKeys.faults(of: bound) }

  func example(_: BoundDirective) -> Queries {
    let neuron = Queries.Neuron(unit: "L0.N129", score: 0.5, promoted: [" France", " Paris"])
    return Queries(
      target: " Paris", neurons: [neuron],
      sources: [.init(unit: "L1.H1.D8@4", score: 0.25, promoted: [" Paris"])], byLayer: [1, 0])
  }

  func answer(_ question: Question, on bench: Workbench) throws -> Answer<Queries> {
    let asked = try bench.prediction(of: question)
    let found = try asked.parts.queryNeurons(sources: question[Self.sources], top: question[PredictionKeys.top])
    func neurons(_ units: [ScoredUnit]) throws -> [Queries.Neuron] {
      zip(units, try asked.vocabulary(of: units, count: question[PredictionKeys.words])).map { unit, words in
        .init(unit: unit.unit.description, score: unit.score, promoted: words.promoted.map(\.token))
      }
    }
    var byLayer = [Int](repeating: 0, count: asked.facts.blocks)
    for unit in found.best { byLayer[unit.unit.block] += 1 }
    return Answer(
      result: Queries(
        target: asked.target, neurons: try neurons(found.best), sources: try neurons(found.sources), byLayer: byLayer),
      facts: asked.facts)
  }

  func exhibit(_ shown: Shown<Queries>, in say: Language) -> Exhibit {
    let score = say("score, nats", "スコア（ナット）")
    let prediction = PredictionWords.prediction(shown[TextKeys.required], shown.target, nil, say)
    return Exhibit(
      chart: BarChart(
        title: say("Query neurons", "クエリニューロン"), categories: shown.neurons.map(\.unit),
        categoryTitle: say("neuron", "ニューロン"), value: Axis(score),
        series: [BarSeries(score, values: shown.neurons.map(\.score))], isHorizontal: true),
      table: Table(
        shown.neurons,
        [
          .text(say("neuron", "ニューロン"), \.unit), .number(score, \.score),
          .text(say("promoted", "促進")) { TokenValue.list($0.promoted) },
        ]),
      caption: Exhibit.Caption(
        say(
          "Neurons that feed the \(shown.sources.count) best attention neurons of \(prediction).",
          "\(prediction)の予測に最も寄与する注意ニューロン \(shown.sources.count) 個に入力するニューロン。")),
      notes: Exhibit.Notes([
        say(
          "A score is the contribution of each attention neuron times the share of its value that the neuron makes up at its source position, summed.",
          "スコアは、各注意ニューロンの寄与に、その入力位置の値に占める割合を掛けた総和。")
      ]))
  }
}
