import Analyses
import Charts
import Directives
import JSONText

extension Block {
  /// `<<neurons value|query|overlap>>`: in which layers the neurons lie that predictions rest on.
  static let neurons = Block(
    "neurons", "in which layers the neurons lie that predict the answers of a dataset, or that feed those that do",
    views: [NeuronLayersView(), NeuronOverlapView()],
    examples: [
      "<<neurons value dataset=facts>>", "<<neurons query dataset=facts>>", "<<neurons overlap dataset=facts>>",
    ])
}

/// `<<neurons value>>` and `<<neurons query>>`: how many of the best lie in each block.
struct NeuronLayersView: View {
  /// The result.
  struct Layers: Codable, Sendable {
    @Field("how many of the best neurons lie in each block, mean over prompts, [L]") var byLayer: [Double] = []
    @OptionalField("the same for dimensions of heads' values; for value neurons") var attention: [Double]? = nil
    @Field("how many neurons are taken of each prompt") var top = 0
    @Field("prompts that were looked at") var seen = 0
  }

  static let top = Key.int("top", in: 1...100_000, standard: 300, "how many neurons of each prompt")

  let keywords = [
    ViewKeyword("value", "neurons that add most to the answer"),
    ViewKeyword("query", "neurons that feed the attention neurons that add most"),
  ]
  let keys: [any KeyDeclaration] = [AnsweredKeys.prompts, top]
  let engine = EngineIdentity("neurons", version: 1)
  let constants: JSONObject = ["norm": "frozen"]

  func idleKeys(of bound: BoundDirective) -> [String] { [Key.seed.name] }

  func needs(_: BoundDirective) -> ModelNeeds { [.head, .sum] }
  var readsPrompts: Bool { true }

  func example(_ bound: BoundDirective) -> Layers {
    Layers(byLayer: [100, 200], attention: bound.view.last == "value" ? [250, 50] : nil, top: 300, seen: 50)
  }

  func answer(_ question: Question, on bench: Workbench) throws -> Answer<Layers> {
    let prompts = try AnsweredPrompts(question)
    let top = question[Self.top]
    let blocks = try question.subject.model().configuration.blocks
    var (ffn, attention) = ([Int](repeating: 0, count: blocks), [Int](repeating: 0, count: blocks))
    let isValue = question.bound.view.last == "value"
    let (used, counts) = try prompts.forEach(question[AnsweredKeys.prompts], progress: bench.scoring(question)) {
      _, parts in
      if isValue {
        for unit in try parts.neurons(top: top, scoresAll: false).best { ffn[unit.unit.block] += 1 }
        for unit in try parts.attentionNeurons(top: top, scoresAll: false).best { attention[unit.unit.block] += 1 }
      } else {
        for unit in try parts.queryNeurons(top: top).best { ffn[unit.unit.block] += 1 }
      }
    }
    func means(_ counts: [Int]) -> [Double] { counts.map { Double($0) / Double(used) } }
    return Answer(
      result: Layers(
        byLayer: means(ffn), attention: isValue ? means(attention) : nil, top: top, seen: counts.seen),
      facts: prompts.facts(used))
  }

  func exhibit(_ shown: Shown<Layers>, in say: Language) -> Exhibit {
    let isValue = shown.attention != nil
    let name = isValue ? say("value neurons", "値ニューロン") : say("query neurons", "クエリニューロン")
    let (ffn, heads) = (say("feed-forward neurons", "FFN ニューロン"), say("attention neurons", "注意ニューロン"))
    var series = [BarSeries(isValue ? ffn : name, values: shown.byLayer)]
    if let attention = shown.attention { series.append(BarSeries(heads, values: attention, color: 1)) }
    return Exhibit(
      chart: BarChart(
        title: say("Neurons by layer", "層ごとのニューロン数"), categories: shown.byLayer.indices.map(String.init),
        categoryTitle: Terms.block(say), value: Axis(say("neurons of a prompt", "一文あたりのニューロン数")), series: series),
      table: Table(
        shown.byLayer.indices,
        [
          .text(Terms.block(say)) { "\($0)" },
          .number(isValue ? ffn : name, { shown.byLayer[$0] }, decimals: 1),
        ] + (shown.attention.map { attention in [.number(heads, { attention[$0] }, decimals: 1)] } ?? [])),
      caption: Exhibit.Caption(
        say(
          "Where the \(shown.top) best \(name) of a prompt lie, mean over prompts.",
          "各文の上位 \(shown.top) \(name)が位置するブロック（文にわたる平均）。")),
      notes: Exhibit.Notes([AnsweredPrompts.sample(shown.facts.texts ?? 0, of: shown.seen, say)]))
  }
}
