import Analyses
import Charts
import Diagnostics
import Directives
import JSONText
import Markup

/// `<<memory value L11.N88>>`: the distribution that a value alone gives the vocabulary.
struct MemoryValueView: MemoryView {
  /// One token of a value.
  struct Said: Codable, Sendable {
    @Field("the token as text") var token = ""
    @Field("its entry of the value's product with the unembedding") var value = 0.0
    @Field("its probability under the softmax of all of them") var probability: Double? = nil
  }

  /// The result.
  struct Value: Codable, Sendable {
    @Field("the tokens given most, from the largest down") var promoted: [Said] = []
    @Field("the tokens given least, from the smallest up; given most where the coefficient is negative")
    var suppressed: [Said] = []
    @Field("the length of the value") var length = 0.0
    @Field("tokens of the vocabulary") var vocabulary = 0
  }

  static let standard = 10

  let keywords = [ViewKeyword("value", "the tokens that a neuron's value promotes, with their probabilities")]
  let keys: [any KeyDeclaration] = [PredictionKeys.unit, MemoryKeys.top]
  let engine = EngineIdentity("memory-value", version: 1)
  let constants: JSONObject = ["norm": "none"]

  func readsDataset(_: BoundDirective) -> Bool { false }
  func needs(_: BoundDirective) -> ModelNeeds { [.head, .sum] }
  func idleKeys(of _: BoundDirective) -> [String] { ["n", Key.seed.name] }
  func faults(of bound: BoundDirective) -> [Diagnostic] { MemoryKeys.faults(ofUnitIn: bound) }

  func example(_: BoundDirective) -> Value {
    Value(
      promoted: [
        Said(token: " she", value: 0.75, probability: 0.002), Said(token: " he", value: 0.5, probability: 0.001),
      ],
      suppressed: [
        Said(token: ".", value: -0.5, probability: 0.0015), Said(token: "東", value: -0.25, probability: nil),
      ],
      length: 1.5, vocabulary: 2048)
  }

  func answer(_ question: Question, on bench: Workbench) throws -> Answer<Value> {
    try question.requireTexts()
    let (block, neuron) = try question.neuron()
    let model = try question.subject.model()
    let found = try model.valueDistribution(block: block, neuron: neuron)
    let tokenizer = try question.subject.tokenizer()
    let count = question[MemoryKeys.top] ?? Self.standard
    let ends = TokenValue.extremes(of: found.values, count: count, tokenizer)
    func said(_ tokens: [TokenValue], sign: Int) -> [Said] {
      tokens.map { Said(token: $0.token, value: $0.value, probability: found.probability($0.value, sign: sign)) }
    }
    let c = model.configuration
    return Answer(
      result: Value(
        promoted: said(ends.promoted, sign: 1), suppressed: said(ends.suppressed, sign: -1), length: found.length,
        vocabulary: found.values.count),
      facts: Facts(
        blocks: c.blocks, width: c.width, family: question.subject.family, texts: 0, positions: 0, position: "none"))
  }

  func exhibit(_ shown: Shown<Value>, in say: Language) -> Exhibit {
    typealias Row = (up: Said?, down: Said?)
    let rows: [Row] = (0..<max(shown.promoted.count, shown.suppressed.count)).map { place in
      (
        shown.promoted.indices.contains(place) ? shown.promoted[place] : nil,
        shown.suppressed.indices.contains(place) ? shown.suppressed[place] : nil
      )
    }
    let unit = shown[PredictionKeys.unit].map { "\($0)" } ?? ""
    let probability = say("times chance", "一様の何倍")
    let chance = Double(shown.vocabulary)
    func times(_ said: Said?) -> Double? { said?.probability.map { $0 * chance } }
    let sides = [(say("m > 0", "m > 0"), shown.promoted), (say("m < 0", "m < 0"), shown.suppressed)]
    return Exhibit(
      chart: BarChart(
        title: say("Tokens of a value", "値のトークン"),
        categories: sides.flatMap { side in side.1.map { "\(TokenMarks.shown($0.token)) (\(side.0))" } },
        categoryTitle: say("token", "トークン"), value: Axis(probability),
        series: [BarSeries(probability, values: sides.flatMap { $0.1.map { times($0) } })], isHorizontal: true,
        format: .significant(3)),
      table: Table(
        rows,
        [
          .text(say("promoted", "促進")) { TokenMarks.shown($0.up?.token ?? "") },
          .number(probability, { times($0.up) }, decimals: 2),
          .text(say("promoted where m < 0", "m < 0 で促進")) { TokenMarks.shown($0.down?.token ?? "") },
          .number(probability, { times($0.down) }, decimals: 2),
        ]),
      caption: Exhibit.Caption(
        say(
          "The tokens that the value of \(unit) gives most, with a coefficient of 1 and of −1: probability under the softmax over the value alone, as a multiple of 1/\(shown.vocabulary).",
          "\(unit) の値が最も高くするトークン（係数 1 および −1）。値のみのソフトマックスによる確率を 1/\(shown.vocabulary) の倍数で示す。")),
      notes: Exhibit.Notes([MemoryWords.norm(.none, say)]), explanations: [MemoryWords.definitions(say)])
  }
}
