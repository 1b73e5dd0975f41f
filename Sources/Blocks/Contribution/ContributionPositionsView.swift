import Analyses
import Charts
import Diagnostics
import Directives
import JSONText
import Markup

/// `<<contribution positions "prompt" L21.H19>>`: what each token of the text brings through attention.
struct ContributionPositionsView: PromptView {
  /// The result.
  struct Positions: Codable, Sendable {
    @Field("the token whose prediction is taken apart") var target = ""
    @OptionalField("the token it is set against; where contrast= names one") var contrast: String? = nil
    @Field("the tokens of the text, special ones included") var tokens: [String] = []
    @Field("score of what each position brings to the last one, [T]; summed over the blocks in question")
    var contribution: [Double] = []
    @Field("attention weight of each position, [T], meaned over the heads in question") var attention: [Double] = []
    @Field("score of the outputs' biases where whole branches are taken apart; null where there is none")
    var bias: Double? = nil
    @Field("positions and bias together less the whole; null where scores are no differences") var remainder: Double? =
      nil
  }

  static let unit = Key.unit(
    "unit", "positions: a head such as L4.H3, or a block such as L4; all heads of all blocks where not given"
  ).bare

  let keywords = [ViewKeyword("positions", "what each token of the text brings to the last one through attention")]
  let keys: [any KeyDeclaration] = PredictionKeys.prediction + [unit, PredictionKeys.method]
  let engine = EngineIdentity("contribution", version: 1)

  func faults(of bound: BoundDirective) -> [Diagnostic] {
    var faults = PredictionKeys.faults(of: bound)
    switch bound[Self.unit]?.part {
    case .neuron?, .headDimension?:
      faults.append(
        PredictionKeys.fault(bound, "such a unit reads one position only", "name a head such as L4.H3, or a block"))
    default: break
    }
    if bound[PredictionKeys.method].needsCoefficient, !isHead(bound) {
      faults.append(
        PredictionKeys.fault(
          bound, "method=\(bound[PredictionKeys.method].rawValue) takes the attention weight of one head",
          "name a head such as L4.H3"))
    }
    return faults
  }

  private func isHead(_ bound: BoundDirective) -> Bool {
    if case .head? = bound[Self.unit]?.part { true } else { false }
  }

  func example(_ bound: BoundDirective) -> Positions {
    Positions(
      target: " Paris", contrast: bound[PredictionKeys.contrast], tokens: ["The", " capital", " of", " France"],
      contribution: [-0.25, 0, 0.5, 2], attention: [0.1, 0.1, 0.2, 0.6], bias: isHead(bound) ? nil : 0.125,
      remainder: bound[PredictionKeys.method].isIncrease ? 0.01 : nil)
  }

  func answer(_ question: Question, on bench: Workbench) throws -> Answer<Positions> {
    let asked = try bench.prediction(of: question)
    let (unit, method) = (question[Self.unit], question[PredictionKeys.method])
    let stream = try unit?.streamUnit(in: asked.parts.trace.model.configuration)
    var head: Int?
    if case .head(_, let index)? = stream { head = index }
    let blocks = unit.map { $0.layer..<$0.layer + 1 } ?? 0..<asked.facts.blocks
    let found = try asked.parts.positions(blocks, head: head, method)
    return Answer(
      result: Positions(
        target: asked.target, contrast: asked.contrast, tokens: asked.tokens, contribution: found.contribution,
        attention: found.attention, bias: found.bias, remainder: found.remainder), facts: asked.facts)
  }

  func exhibit(_ shown: Shown<Positions>, in say: Language) -> Exhibit {
    let method = shown[PredictionKeys.method]
    let prediction = PredictionWords.prediction(shown[TextKeys.required], shown.target, shown.contrast, say)
    let through = shown[Self.unit].map { say("through \($0)", "（\($0)）") } ?? say("through all heads", "（全ヘッド）")
    let tokens = shown.tokens.map(TokenMarks.shown)
    return Exhibit(
      chart: HeatmapChart.row(
        title: say("Contributions by position", "位置ごとの寄与"), name: say("score", "寄与"), values: shown.contribution,
        columns: CellAxis(say("token", "トークン"), labels: tokens, showsAll: true),
        scale: ColorScale(PredictionWords.score(method, say), palette: method.isSigned ? .puOr : .viridis)),
      table: table(shown, tokens, method, say),
      caption: Exhibit.Caption(
        say(
          "What each token brings to \(prediction) \(through): \(PredictionWords.score(method, say)).",
          "\(prediction)の予測に各トークンが注意\(through)を通じて加えるもの。\(PredictionWords.score(method, say))。")),
      notes: Exhibit.Notes(rest(shown, say)))
  }

  private func rest(_ shown: Shown<Positions>, _ say: Language) -> [String] {
    guard let remainder = shown.remainder else { return [] }
    let text = NumberText.fixed(remainder, decimals: 3)
    return [
      say(
        "Positions and bias together less the whole: \(text).",
        "位置とバイアスの和から全体を引いた値は \(text)。")
    ]
  }

  private func table(
    _ shown: Shown<Positions>, _ tokens: [String], _ method: ContributionMethod, _ say: Language
  ) -> Table {
    typealias Row = (place: TableFigure.Cell, token: String, score: Double?, weight: TableFigure.Cell)
    var rows: [Row] = tokens.indices.map {
      (.number(Double($0)), tokens[$0], shown.contribution[$0], .number(shown.attention[$0]))
    }
    if let bias = shown.bias {
      rows.append((.text(""), say(PredictionWords.bias.0, PredictionWords.bias.1), bias, .text("")))
    }
    if method.isIncrease {
      rows.append(
        (.text(""), say(PredictionWords.remainder.0, PredictionWords.remainder.1), shown.remainder, .text("")))
    }
    return Table(
      rows,
      [
        .text(say("token", "トークン"), \.token), .cell(.init(say("position", "位置"), format: .integer)) { $0.place },
        .number(PredictionWords.score(method, say), \.score),
        .cell(.init(say("attention weight", "注意の重み"))) { $0.weight },
      ])
  }
}
