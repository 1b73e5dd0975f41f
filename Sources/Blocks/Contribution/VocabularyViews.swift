import Analyses
import Charts
import Diagnostics
import Directives
import JSONText
import Markup
import Transformers

extension Block {
  /// `<<vocab L28.N29>>`: the tokens that a neuron's value promotes and suppresses.
  static let vocab = Block(
    "vocab", "the tokens that a unit's vector promotes and suppresses", views: [VocabularyView(isCurve: false)],
    takesDataset: false, bringsText: true,
    examples: ["<<vocab L11.N340>>", "<<vocab L11.N340 \"The capital of France is\" k=5>>"])

  /// `<<bsvalues L28.N29>>`: before-softmax values over the whole vocabulary.
  static let bsvalues = Block(
    "bsvalues", "a unit's before-softmax values over the whole vocabulary", views: [VocabularyView(isCurve: true)],
    takesDataset: false, bringsText: true, examples: ["<<bsvalues L11.N340>>"])
}

/// What a unit's vector gives every token: the ends of the list, or the curve of all.
struct VocabularyView: View {
  /// The result.
  struct Vocabulary: Codable, Sendable {
    @Field("the tokens that are raised most, from the largest down") var promoted: [TokenValue] = []
    @Field("the tokens that are lowered most, from the smallest up") var suppressed: [TokenValue] = []
    @OptionalField("what the vector is multiplied by in the text; where there is one") var coefficient: Double? = nil
    @Field("values of all tokens in falling order, at 101 evenly spaced places from the first to the last")
    var quantiles: [Double] = []
    @Field("tokens of the vocabulary") var vocabulary = 0
  }

  static let unit: Key<ModelUnit?> = {
    var key = PredictionKeys.unit
    key.setting.isRequired = true
    return key
  }()
  static let text = Key.text(
    "text",
    "a text in which the unit is looked at: its coefficient and the final scale are then those of the last position"
  ).bare

  /// Whether all values are drawn, not the ends listed.
  let isCurve: Bool
  let keys: [any KeyDeclaration] = [unit, text, PredictionKeys.words]
  let engine = EngineIdentity("vocabulary", version: 1)
  let constants: JSONObject = ["norm": "frozen"]

  var isTable: Bool { !isCurve }

  func readsDataset(_: BoundDirective) -> Bool { false }
  func idleKeys(of bound: BoundDirective) -> [String] { ["n", Key.seed.name] }

  func faults(of bound: BoundDirective) -> [Diagnostic] {
    switch bound[Self.unit]?.part {
    case .block?: [PredictionKeys.fault(bound, "a block has no vector of its own", "name a neuron such as L11.N340")]
    case .head? where bound[Self.text] == nil:
      [
        PredictionKeys.fault(
          bound, "a head's output hangs on the text", "give a text, for example <<\(bound.name) L4.H3 \"…\">>")
      ]
    default: []
    }
  }

  func needs(_: BoundDirective) -> ModelNeeds { [.head, .sum] }

  func example(_ bound: BoundDirective) -> Vocabulary {
    Vocabulary(
      promoted: [.init(token: " Paris", value: 0.5), .init(token: " Rome", value: 0.25)],
      suppressed: [.init(token: "\n", value: -0.5), .init(token: "東", value: -0.25)],
      coefficient: bound[Self.text] == nil ? nil : -19, quantiles: [0.5, 0.25, 0, -0.25, -0.5], vocabulary: 5)
  }

  func answer(_ question: Question, on bench: Workbench) throws -> Answer<Vocabulary> {
    try question.requireTexts()
    let model = try question.subject.model()
    guard let unit = try question[Self.unit]?.streamUnit(in: model.configuration) else {
      throw EngineError("no unit was named")
    }
    let tokenizer = try question.subject.tokenizer()
    var coefficient: Double?
    var values: [Float]
    var texts = 0
    if question[Self.text] == nil {
      values = try model.staticValues(of: unit)
    } else {
      let parts = try bench.prediction(of: question).parts
      let m = parts.coefficient(of: unit)
      values = try parts.head.values(of: parts.vectors(of: [unit])).row(0).map { Float(m) * $0 }
      (coefficient, texts) = (m, 1)
    }
    let ends = TokenValue.extremes(of: values, count: question[PredictionKeys.words], tokenizer)
    let sorted = values.sorted(by: >)
    let c = model.configuration
    return Answer(
      result: Vocabulary(
        promoted: ends.promoted, suppressed: ends.suppressed, coefficient: coefficient,
        quantiles: (0...100).map { Double(sorted[$0 * (sorted.count - 1) / 100]) }, vocabulary: sorted.count),
      facts: Facts(
        blocks: c.blocks, width: c.width, family: question.subject.family, texts: texts, positions: texts,
        position: texts == 0 ? "none" : "last"))
  }

  func exhibit(_ shown: Shown<Vocabulary>, in say: Language) -> Exhibit {
    typealias Row = (up: TokenValue?, down: TokenValue?)
    let rows: [Row] = (0..<max(shown.promoted.count, shown.suppressed.count)).map { place in
      (
        shown.promoted.indices.contains(place) ? shown.promoted[place] : nil,
        shown.suppressed.indices.contains(place) ? shown.suppressed[place] : nil
      )
    }
    let unit = shown[Self.unit].map { "\($0)" } ?? ""
    let title = say("Before-softmax values", "ソフトマックス前の値")
    let value = say("before-softmax value", "ソフトマックス前の値")
    return Exhibit(
      chart: LineChart(
        title: title, x: Axis(say("share of the vocabulary, %", "語彙の割合（%）"), range: 0...100), y: Axis(value),
        series: [
          LineSeries(
            unit,
            points: shown.quantiles.enumerated().map { place, value in
              .init(x: 100 * Double(place) / Double(max(1, shown.quantiles.count - 1)), y: value)
            }, style: LineStyle(showsMarkers: false))
        ], references: [ReferenceLine(.horizontal, at: 0)]),
      table: Table(
        rows,
        [
          .text(say("promoted", "促進")) { TokenMarks.shown($0.up?.token ?? "") },
          .number(value, { $0.up?.value }), .text(say("suppressed", "抑制")) { TokenMarks.shown($0.down?.token ?? "") },
          .number(value, { $0.down?.value }),
        ]),
      caption: Exhibit.Caption(
        chart: say(
          "What \(unit)\(place(shown, say)) adds to the logits of all \(shown.vocabulary) tokens, in falling order.",
          "\(unit)\(place(shown, say))が全 \(shown.vocabulary) トークンのロジットに加える値（降順）。"),
        table: say(
          "The tokens whose logits \(unit)\(place(shown, say)) raises most and lowers most.",
          "\(unit)\(place(shown, say))がロジットを最も上げる・下げるトークン。")),
      notes: Exhibit.Notes([scaled(shown, say)]))
  }

  private func place(_ shown: Shown<Vocabulary>, _ say: Language) -> String {
    shown[Self.text].map { say(" after “\($0)”", "（「\($0)」の末尾）") } ?? ""
  }

  private func scaled(_ shown: Shown<Vocabulary>, _ say: Language) -> String {
    if let coefficient = shown.coefficient {
      let number = NumberFormat.significant(3).text(coefficient)
      return say(
        "Its coefficient there, \(number), and the last state's scale are in the values.",
        "値にはその係数 \(number) と最終状態の尺度が含まれる。")
    }
    return say(
      "Without a text: one unit of a positive coefficient, and the final norm's gain without any scale; a negative coefficient turns the two sides round.",
      "テキストなし：正の係数 1 単位あたり、最終正規化は利得のみ（尺度なし）。係数が負のときは左右が入れ替わる。")
  }
}
