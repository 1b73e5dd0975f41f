import Analyses
import Charts
import Directives
import JSONText
import Markup

/// `<<knowledge prompts "capital/France">>`: which prompts a fact's neurons answer to most and least.
struct KnowledgePromptsView: KnowledgeView {
  /// The result.
  struct Prompts: Codable, Sendable {
    /// One prompt.
    struct Prompt: Codable, Sendable {
      @Field("the prompt") var prompt = ""
      @Field("the fact it asks for") var fact = ""
      @Field("activation of the neurons, mean over them") var activation = 0.0
      @Field("its place among all prompts, 1 for the largest activation") var rank = 0
    }

    @Field("the neurons") var neurons: [String] = []
    @Field("the prompts of largest activation, the largest first") var most: [Prompt] = []
    @Field("the prompts of smallest activation, the smallest last") var least: [Prompt] = []
    @Field("the best place of a prompt of the fact itself") var bestOwnRank = 0
    @Field("the mean place of the fact's own prompts") var meanOwnRank = 0.0
    @Field("how many prompts of the fact itself there are") var own = 0
    @Field("prompts that were run") var prompts = 0
  }

  static let top = Key.int("top", in: 1...100, standard: 6, "how many of the most and of the least activating prompts")

  let keywords = [ViewKeyword("prompts", "the prompts that a fact's neurons answer to most and least")]
  let keys: [any KeyDeclaration] = [KnowledgeKeys.fact, Self.top] + KnowledgeKeys.refining
  let names = KnowledgeName.fact

  var isTable: Bool { true }

  func example(_: BoundDirective) -> Prompts {
    Prompts(
      neurons: ["L0.N1", "L1.N3"],
      most: [.init(prompt: "The capital of France is", fact: "capital/France", activation: 4, rank: 1)],
      least: [.init(prompt: "In Peru, shops take", fact: "currency/Peru", activation: -1, rank: 200)], bestOwnRank: 1,
      meanOwnRank: 12.5, own: 7, prompts: 200)
  }

  func answer(_ question: Question, on bench: Workbench) throws -> Answer<Prompts> {
    let fact = try bench.fact(of: question)
    let relation = try bench.knowledge(of: question, only: (fact.relation, fact)).relations[0]
    guard let place = relation.facts.firstIndex(where: { $0.fact.id == fact.id }),
      case let units = relation.knowledge.facts[place].neurons, !units.isEmpty
    else {
      throw EngineError(
        "no neuron is named by enough prompts of '\(fact.id)'",
        hint: "lower threshold=, or see what `<<knowledge neurons \"\(fact.id)\">>` says")
    }
    let sample = try FactSample(question, on: bench)
    let others = sample.relations.flatMap(\.facts).filter { $0.fact.id != fact.id }
    let pool = PromptPool([relation.facts[place]] + others)
    let table = try ActivationTable(sample.asker.model, units: units, prompts: pool.entries.map(\.prompt))
    let own = pool.places { $0.fact.id == fact.id }
    let aligned = table.aligned(units, own: own)
    let values = pool.entries.indices.map { aligned.mean(table.activations(of: units, in: $0)) ?? 0 }
    let order = values.indices.sorted { (values[$1], $0) < (values[$0], $1) }
    let ranks = Dictionary(uniqueKeysWithValues: order.enumerated().map { ($1, $0 + 1) })
    func prompt(_ place: Int) -> Prompts.Prompt {
      .init(
        prompt: pool.entries[place].text, fact: pool.entries[place].fact.fact.id, activation: values[place],
        rank: ranks[place] ?? 0)
    }
    let ownRanks = own.compactMap { ranks[$0] }
    let top = question[Self.top]
    return Answer(
      result: Prompts(
        neurons: units.map(\.description), most: order.prefix(top).map(prompt),
        least: order.dropFirst(top).suffix(top).map(prompt), bestOwnRank: ownRanks.min() ?? 0,
        meanOwnRank: Double(ownRanks.reduce(0, +)) / Double(max(1, ownRanks.count)), own: own.count,
        prompts: values.count),
      facts: sample.facts(prompts: values.count))
  }

  func exhibit(_ shown: Shown<Prompts>, in say: Language) -> Exhibit {
    let id = shown[KnowledgeKeys.fact] ?? ""
    let mean = NumberFormat.fixed(1).text(shown.meanOwnRank)
    return Exhibit(
      chart: nil,
      table: Table(
        shown.most + shown.least,
        [
          .count(say("place", "順位"), \.rank), .text(say("prompt", "プロンプト"), \.prompt),
          .text(say("fact", "事実"), \.fact), .number(say("activation", "活性"), \.activation),
        ]),
      caption: Exhibit.Caption(
        say(
          "The prompts that the neurons of \(id) answer to most and least, of \(shown.prompts): \(shown.neurons.joined(separator: ", ")).",
          "\(id) のニューロン（\(shown.neurons.joined(separator: ", "))）の活性が最も大きい・小さいプロンプト（全 \(shown.prompts) 件中）。")),
      notes: Exhibit.Notes([
        say(
          "The fact's own \(shown.own) prompts take places from \(shown.bestOwnRank) on, \(mean) in the mean. Activation where the answer is predicted, mean over the neurons, each with the sign it has on the fact's own prompts.",
          "この事実自身の \(shown.own) 個のプロンプトの順位は最高 \(shown.bestOwnRank)、平均 \(mean)。活性は答えを予測する位置でのニューロン平均（符号は自身のプロンプトでの符号に揃える）。"
        )
      ]))
  }
}
