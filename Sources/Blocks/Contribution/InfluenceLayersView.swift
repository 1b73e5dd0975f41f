import Analyses
import Charts
import Diagnostics
import Directives
import JSONText
import Markup

/// `<<influence layers L28.N29 "prompt">>`: a pre-activation, split exactly.
struct InfluenceLayersView: PromptView {
  /// How shares are given.
  enum Normalization: String, CaseIterable { case none, sum }

  /// The result.
  struct Shares: Codable, Sendable {
    @Field("the neuron's coefficient: its activation after the nonlinearity, the product where it is gated")
    var activation = 0.0
    @Field("the share of the embedding, h_0") var embedding = 0.0
    @Field(
      "shares of the attention outputs below and of its own block, [l + 1]; null where the neuron does not read it")
    var attention: [Double?] = []
    @Field("shares of the feed-forward outputs below, [l]") var ffn: [Double] = []
    @Field("what does not depend on the text: the norm's bias through the key, and the neuron's own") var bias = 0.0
    @Field("the sum of all: what enters the nonlinearity, or its linear part with key=grad") var total = 0.0
  }

  static let key = Key<NeuronKey>.choice(
    "key", standard: .grad,
    "of a gated network: how the product moves with both factors (grad), or the gate or the up product alone")
  static let normalization = Key<Normalization>.choice(
    "normalize", standard: .none,
    "sum: shares of their sum, without centring, scale and biases, as the study's notebooks have them")

  let keywords = [ViewKeyword("layers", "a neuron's pre-activation, split over all that wrote into what it reads")]
  let keys: [any KeyDeclaration] = [VocabularyView.unit, TextKeys.required, key, normalization]
  let engine = EngineIdentity("influence", version: 1)

  func faults(of bound: BoundDirective) -> [Diagnostic] {
    switch bound[VocabularyView.unit]?.part {
    case .head?, .headDimension?, .block?:
      TextKeys.faults(of: bound) + [
        PredictionKeys.fault(bound, "only a neuron has one key", "name a neuron such as L11.N340")
      ]
    default: TextKeys.faults(of: bound)
    }
  }

  func example(_: BoundDirective) -> Shares {
    Shares(activation: -19, embedding: 0.25, attention: [0.5, 5], ffn: [-0.25], bias: 0.125, total: 5.625)
  }

  func answer(_ question: Question, on bench: Workbench) throws -> Answer<Shares> {
    let asked = try bench.prediction(of: question)
    guard let unit = try question[VocabularyView.unit]?.streamUnit(in: asked.parts.trace.model.configuration) else {
      throw EngineError("no unit was named")
    }
    let isShare = question[Self.normalization] == .sum
    var found = try asked.parts.influence(on: unit, key: question[Self.key], isPlain: isShare)
    if isShare {
      let (sum, size) = (found.total, found.parts.reduce(0) { $0 + abs($1) })
      guard abs(sum) >= 1e-3 * size else {
        throw EngineError(
          "\(unit): the parts add up to less than a thousandth of their sizes, and shares of next to nothing say nothing",
          hint: "leave normalize= out")
      }
      found = found.divided(by: sum)
    }
    return Answer(
      result: Shares(
        activation: asked.parts.coefficient(of: unit), embedding: found.embedding, attention: found.attention,
        ffn: found.ffn, bias: found.constant, total: found.total), facts: asked.facts)
  }

  func exhibit(_ shown: Shown<Shares>, in say: Language) -> Exhibit {
    let unit = shown[VocabularyView.unit].map { "\($0)" } ?? ""
    let blocks = shown.attention.count
    let embedding = say("embedding", "埋め込み")
    let axis =
      shown[Self.normalization] == .sum
      ? say("share of the sum", "和に占める割合") : say("share of the pre-activation", "活性化前の値への寄与")
    let (attention, ffn) = (say("attention", "注意"), say("feed-forward", "FFN"))
    return Exhibit(
      chart: BarChart(
        title: say("What feeds the neuron", "ニューロンへの入力の内訳"),
        categories: [say("emb.", "埋込")] + (0..<blocks).map(String.init),
        categoryTitle: Terms.block(say), value: Axis(axis),
        series: [
          BarSeries(attention, values: [shown.embedding] + shown.attention.map { $0 ?? 0 }),
          BarSeries(ffn, values: [0] + shown.ffn + Array(repeating: 0, count: max(0, blocks - shown.ffn.count))),
        ]),
      table: Table(
        Self.rows(shown.result, embedding, say),
        [
          .text(say("part", "成分"), \.name), .number(axis, \.value),
          .percent(say("of all sizes", "絶対値の和に占める割合"), \.share),
        ]),
      caption: Exhibit.Caption(
        say(
          "What feeds \(unit) after “\(shown[TextKeys.required] ?? "")”: its input as the sum of all that was written below.",
          "「\(shown[TextKeys.required] ?? "")」の末尾で \(unit) に入力されるもの。下位の全成分の和としての内訳。"),
        chart: say(
          " The embedding stands on the left, in the colour of attention.", "左端は埋め込み（注意と同じ色）。")),
      notes: Exhibit.Notes([Self.whole(shown, say)]))
  }

  private typealias Row = (name: String, value: Double?, share: Double?)

  private static func rows(_ found: Shares, _ embedding: String, _ say: Language) -> [Row] {
    var parts: [(String, Double?)] = [(embedding, found.embedding)]
    for block in found.attention.indices {
      parts.append((say("attention \(block)", "注意 \(block)"), found.attention[block]))
      if found.ffn.indices.contains(block) { parts.append(("FFN \(block)", found.ffn[block])) }
    }
    let size = parts.reduce(0) { $0 + abs($1.1 ?? 0) }
    return parts.map { ($0.0, $0.1, size == 0 ? nil : $0.1.map { $0 / size }) }
      + [
        (say("bias", "バイアス"), found.bias, nil),
        (say("sum of all", "総和"), found.total, nil),
      ]
  }

  private static func whole(_ shown: Shown<Shares>, _ say: Language) -> String {
    func text(_ number: Double) -> String { NumberFormat.significant(4).text(number) }
    let isLast = shown.attention.last.map { $0 == nil } ?? false
    let parallel =
      isLast
      ? say(
        " In a parallel block the neuron does not read its own block's attention.",
        "並列ブロックでは、同じブロックの注意出力は読まれない。") : ""
    if shown[Self.normalization] == .sum {
      return say("Shares of the sum; they may exceed 1 or be negative.", "和に占める割合。1 を超える、または負になることがある。") + parallel
    }
    return say(
      "The parts and the bias, \(text(shown.bias)), add up to \(text(shown.total)) (key: \(shown[key].rawValue)); the neuron's coefficient is \(text(shown.activation)).",
      "成分とバイアス \(text(shown.bias)) の和は \(text(shown.total))（key: \(shown[key].rawValue)）。ニューロンの係数は \(text(shown.activation))。"
    ) + parallel
  }
}
