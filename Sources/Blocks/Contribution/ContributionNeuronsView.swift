import Analyses
import Charts
import Diagnostics
import Directives
import JSONText
import Markup

/// `<<contribution neurons "prompt">>` and `attn-neurons`: the single units that count most, with what they say.
struct ContributionNeuronsView: PromptView {
  /// One unit.
  struct Neuron: Codable, Sendable {
    @Field("the unit: L28.N29, or L4.H2.D8@4 for dimension 8 of a head's value at position 4") var unit = ""
    @Field("what its vector is multiplied by: the activation, or attention weight times value") var coefficient = 0.0
    @Field("its score") var contribution = 0.0
    @Field("tokens that its vector, with the sign of the coefficient, raises most") var promoted: [String] = []
    @Field("tokens that it lowers most") var suppressed: [String] = []
  }

  /// The result.
  struct Neurons: Codable, Sendable {
    @Field("the token whose prediction is taken apart") var target = ""
    @OptionalField("the token it is set against; where contrast= names one") var contrast: String? = nil
    @Field("the units with the largest scores, in falling order") var neurons: [Neuron] = []
    @Field("the sum of all units' scores in each block, [L]; null where not all were scored, or scores do not add up")
    var sum: [Double?] = []
    @Field("score of the output's bias, [L]; null where a block has none") var bias: [Double?] = []
    @Field("units and bias together less the whole branch, [L]; null where the sum is") var remainder: [Double?] = []
    @Field("units that were scored; the others are certain to score less than those named") var scored = 0
    @Field("all units") var total = 0
  }

  let keywords = [
    ViewKeyword("neurons", "single neurons of the feed-forward networks, with the tokens their values promote"),
    ViewKeyword("attn-neurons", "single dimensions of the heads' values, by source position, with their tokens"),
  ]
  let keys: [any KeyDeclaration] =
    PredictionKeys.prediction + [PredictionKeys.method, PredictionKeys.top, PredictionKeys.words]
  let engine = EngineIdentity("contribution", version: 1)

  func faults(of bound: BoundDirective) -> [Diagnostic] { PredictionKeys.faults(of: bound) }

  func example(_ bound: BoundDirective) -> Neurons {
    let isIncrease = bound[PredictionKeys.method].isIncrease
    return Neurons(
      target: " Paris", contrast: bound[PredictionKeys.contrast],
      neurons: [
        Neuron(
          unit: "L1.N340", coefficient: -19, contribution: 1.25, promoted: [" Paris", " Rome"], suppressed: ["\n"]),
        Neuron(unit: "L0.N3", coefficient: 2, contribution: 0.5, promoted: [" the"], suppressed: ["東"]),
      ], sum: isIncrease ? [1, 4] : [nil, nil], bias: [0.125, nil], remainder: isIncrease ? [0.01, -0.5] : [nil, nil],
      scored: 16, total: 16)
  }

  func answer(_ question: Question, on bench: Workbench) throws -> Answer<Neurons> {
    let asked = try bench.prediction(of: question)
    let (method, top) = (question[PredictionKeys.method], question[PredictionKeys.top])
    let progress = bench.scoring(question)
    let found =
      question.bound.view.last == "attn-neurons"
      ? try asked.parts.attentionNeurons(method, top: top, progress: progress)
      : try asked.parts.neurons(method, top: top, progress: progress)
    let words = try asked.vocabulary(of: found.best, count: question[PredictionKeys.words])
    return Answer(
      result: Neurons(
        target: asked.target, contrast: asked.contrast,
        neurons: zip(found.best, words).map { unit, words in
          Neuron(
            unit: unit.unit.description, coefficient: unit.coefficient, contribution: unit.score,
            promoted: words.promoted.map(\.token), suppressed: words.suppressed.map(\.token))
        }, sum: found.sums, bias: found.bias, remainder: found.remainder, scored: found.scored, total: found.total),
      facts: asked.facts)
  }

  func exhibit(_ shown: Shown<Neurons>, in say: Language) -> Exhibit {
    let method = shown[PredictionKeys.method]
    let prediction = PredictionWords.prediction(shown[TextKeys.required], shown.target, shown.contrast, say)
    let noun =
      shown.keyword == "neurons"
      ? say("neurons of the feed-forward networks", "FFN ニューロン")
      : say("dimensions of the heads' values (L.H.D@position)", "注意ニューロン（L.H.D@位置）")
    return Exhibit(
      chart: BarChart(
        title: say("Contributions by neuron", "ニューロンごとの寄与"), categories: shown.neurons.map(\.unit),
        categoryTitle: say("unit", "ユニット"), value: Axis(PredictionWords.score(method, say)),
        series: [BarSeries(PredictionWords.score(method, say), values: shown.neurons.map(\.contribution))],
        isHorizontal: true),
      table: table(shown, method, say),
      caption: Exhibit.Caption(
        say(
          "The \(noun) that add most to \(prediction): \(PredictionWords.score(method, say)).",
          "\(prediction)の予測に最も寄与する\(noun)。値は\(PredictionWords.score(method, say))。")),
      notes: Exhibit.Notes(
        chart: [PredictionWords.frozen(say), counted(shown, say)], table: [signs(say), counted(shown, say)]))
  }

  private func signs(_ say: Language) -> String {
    say(
      "Promoted and suppressed tokens are those whose before-softmax values the unit raises and lowers most, its coefficient's sign included.",
      "促進・抑制トークンは、係数の符号も含めて、ユニットがソフトマックス前の値を最も上げる・下げるもの。")
  }

  private func counted(_ shown: Shown<Neurons>, _ say: Language) -> String {
    let (scored, total) = (NumberText.integer(shown.scored), NumberText.integer(shown.total))
    if shown.scored == shown.total {
      return say("All \(total) units were scored.", "全 \(total) ユニットを評価した。")
    }
    return say(
      "\(scored) of \(total) units were scored; a bound says that no other scores more than those named, so their sum is not known.",
      "\(total) ユニット中 \(scored) を評価。他のユニットが挙げたものを上回らないことは上界が保証するが、総和は求めていない。")
  }

  private func table(_ shown: Shown<Neurons>, _ method: ContributionMethod, _ say: Language) -> Table {
    typealias Row = (name: String, coefficient: TableFigure.Cell, score: Double?, words: [String])
    var rows: [Row] = shown.neurons.map {
      (
        $0.unit, .number($0.coefficient), $0.contribution,
        [TokenValue.list($0.promoted), TokenValue.list($0.suppressed)]
      )
    }
    if method.isIncrease {
      let all = shown.sum.compactMap { $0 }
      let isWhole = all.count == shown.sum.count
      let rest = isWhole ? all.reduce(0, +) - shown.neurons.reduce(0) { $0 + $1.contribution } : nil
      rows.append((say("all others", "その他すべて"), .text(""), rest, ["", ""]))
      let bias = shown.bias.compactMap { $0 }
      if !bias.isEmpty {
        rows.append(
          (say(PredictionWords.bias.0, PredictionWords.bias.1), .text(""), bias.reduce(0, +), ["", ""]))
      }
      let remainder = isWhole ? shown.remainder.compactMap { $0 }.reduce(0, +) : nil
      rows.append(
        (say(PredictionWords.remainder.0, PredictionWords.remainder.1), .text(""), remainder, ["", ""]))
    }
    return Table(
      rows,
      [
        .text(say("unit", "ユニット"), \.name), .cell(.init(say("coefficient", "係数"))) { $0.coefficient },
        .number(PredictionWords.score(method, say), \.score), .text(say("promoted", "促進")) { $0.words[0] },
        .text(say("suppressed", "抑制")) { $0.words[1] },
      ])
  }
}
