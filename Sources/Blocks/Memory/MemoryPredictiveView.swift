import Analyses
import Charts
import Directives
import JSONText
import Markup

/// `<<memory predictive top=100>>`: the values that are surest of a token, and whether it follows their triggers.
struct MemoryPredictiveView: MemorySearchView {
  /// One value.
  struct Value: Codable, Sendable {
    @Field("the neuron") var unit = ""
    @Field("whether its strongest coefficient is negative, and so the value turned round") var negative = false
    @Field("the token promoted most") var token = ""
    @Field("its probability under the softmax of the value alone") var probability = 0.0
    @Field("share of the neuron's triggers that it follows") var precision = 0.0
  }

  /// The result.
  struct Predictive: Codable, Sendable {
    @Field("the surest values first") var values: [Value] = []
    @Field("how many of them lie in each block, [L]") var byLayer: [Double] = []
    @Field("how many of them have at least one trigger that their token follows") var agreeing = 0
    @Field("how many would, of as many neurons drawn by chance from all: the expectation") var random = 0.0
    @Field("triggers of each neuron that count") var triggers = 0
    @Field("the probability of chance, 1 over the vocabulary") var chance = 0.0
  }

  static let standard = 100
  /// Rows of the table; all of them stand in its data.
  static let rows = 20

  let keywords = [ViewKeyword("predictive", "the values surest of a token, and how often it follows their triggers")]
  let keys: [any KeyDeclaration] = [MemoryKeys.top, MemoryKeys.triggers, MemoryKeys.sign] + MemoryKeys.search
  let engine = EngineIdentity("memory-predictive", version: 1)
  let constants: JSONObject = ["norm": "none"]
  func idleKeys(of _: BoundDirective) -> [String] { [Key.seed.name] }

  func example(_: BoundDirective) -> Predictive {
    Predictive(
      values: [
        Value(unit: "L1.N274", negative: false, token: " she", probability: 0.001, precision: 1),
        Value(unit: "L0.N3", negative: true, token: ",", probability: 0.0009, precision: 0),
      ], byLayer: [1, 1], agreeing: 1, random: 0.5, triggers: 25, chance: 0.00048828125)
  }

  func wanted(by question: Question) -> Int { question[MemoryKeys.triggers] }

  func answer(_ question: Question, on bench: Workbench) throws -> Answer<Predictive> {
    let found = try bench.memoryTriggers(of: question, wanted: wanted(by: question))
    let ranking = PredictiveValue.ranking(
      found[question[MemoryKeys.sign]], try bench.memoryValues(of: question, .none),
      count: question[MemoryKeys.triggers])
    let best = ranking.prefix(question[MemoryKeys.top] ?? Self.standard)
    let tokenizer = try question.subject.tokenizer()
    let c = try question.subject.model().configuration
    var byLayer = [Double](repeating: 0, count: c.blocks)
    for value in best { byLayer[value.block] += 1 }
    let share =
      ranking.isEmpty ? 0 : Double(ranking.count { $0.precision > 0 }) / Double(ranking.count)
    return Answer(
      result: Predictive(
        values: best.map {
          Value(
            unit: "\(StreamUnit.neuron(block: $0.block, $0.neuron))", negative: $0.sign < 0,
            token: TokenMarks.text($0.token, tokenizer), probability: $0.probability, precision: $0.precision)
        }, byLayer: byLayer, agreeing: best.count { $0.precision > 0 }, random: Double(best.count) * share,
        triggers: question[MemoryKeys.triggers], chance: 1 / Double(c.vocabulary)),
      facts: try question.facts(of: found))
  }

  func exhibit(_ shown: Shown<Predictive>, in say: Language) -> Exhibit {
    let columns: [TableColumn<Value>] = [
      .text(say("value", "値")) { "\($0.unit)\($0.negative ? " (m < 0)" : "")" },
      .text(say("token", "トークン")) { TokenMarks.shown($0.token) },
      .number(say("probability, times chance", "確率（一様の何倍）"), { $0.probability / shown.chance }, decimals: 2),
      .percent(say("of its triggers", "トリガーでの的中"), \.precision, decimals: 0),
    ]
    let count = shown.values.count
    var exhibit = Exhibit(
      chart: BarChart(
        title: say("Where the surest values lie", "確率の高い値の位置"), categories: shown.byLayer.indices.map(String.init),
        categoryTitle: Terms.block(say), value: Axis(say("values", "値の数")),
        series: [BarSeries(say("values", "値の数"), values: shown.byLayer, color: shown.color)]),
      table: Table(shown.values.prefix(Self.rows), columns),
      caption: Exhibit.Caption(
        chart: say(
          "In which blocks the \(count) values with the largest probability of a token lie.",
          "トークンの確率が最も高い値 \(count) 件が位置するブロック。"),
        table: say(
          "The \(min(count, Self.rows)) values with the largest probability of a token, and how often that token follows the neuron's triggers.",
          "トークンの確率が最も高い値 \(min(count, Self.rows)) 件と、そのトークンがトリガーに続く割合。")),
      notes: Exhibit.Notes([
        say(
          "\(shown.agreeing) of the \(count) have at least one of their \(shown.triggers) triggers followed by their token; of as many neurons drawn by chance it would be \(NumberFormat.fixed(1).text(shown.random)).",
          "\(count) 件のうち \(shown.agreeing) 件では、\(shown.triggers) 個のトリガーの少なくとも一つにそのトークンが続く。同数を無作為に選べば \(NumberFormat.fixed(1).text(shown.random)) 件。"
        ), MemoryWords.norm(.none, say),
      ]), explanations: [MemoryWords.definitions(say), MemoryWords.triggers(shown[MemoryKeys.sign], say)])
    if count > Self.rows { exhibit.rest = Table(shown.values, columns) }
    return exhibit
  }
}
