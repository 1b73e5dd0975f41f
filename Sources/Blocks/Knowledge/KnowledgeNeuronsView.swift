import Analyses
import Directives
import JSONText
import Markup

/// `<<knowledge neurons "capital/France">>`: the neurons that the prompts of a fact have in common.
struct KnowledgeNeuronsView: KnowledgeView {
  /// The result.
  struct Neurons: Codable, Sendable {
    /// One neuron.
    struct Neuron: Codable, Sendable {
      @Field("its block and number") var unit = ""
      @Field("the share of the fact's prompts that name it") var share = 0.0
      @Field("its attribution, mean over these prompts") var attribution: Double? = nil
      @Field("facts of the relation that have it, this one included") var facts = 0
    }

    @Field("the fact's relation") var relation = ""
    @Field("the answer") var answer = ""
    @Field("the neurons, named by most prompts first") var neurons: [Neuron] = []
    @Field("the neurons that activation alone would name") var baseline: [String] = []
    @Field("the share of prompts that must name a neuron") var shareThreshold = 0.0
    @Field("the same for activation alone") var baselineThreshold = 0.0
    @Field("whether that share brought the relation's mean number of neurons between two and five")
    var isSettled = false
    @Field("prompts of the fact") var prompts = 0
    @Field("the probability of the answer after each prompt") var probability: [Double] = []
    @Field("facts of the relation that the share rests on") var facts = 0
    @Field("facts that were left out") var omitted: [OmittedFact] = []
  }

  let keywords = [ViewKeyword("neurons", "the neurons that the prompts of a fact have in common")]
  let keys: [any KeyDeclaration] = [KnowledgeKeys.fact] + KnowledgeKeys.refining
  let names = KnowledgeName.fact

  var isTable: Bool { true }

  func example(_: BoundDirective) -> Neurons {
    Neurons(
      relation: "capital", answer: "Paris",
      neurons: [
        .init(unit: "L1.N3", share: 1, attribution: 0.5, facts: 1),
        .init(unit: "L0.N1", share: 0.75, attribution: 0.1, facts: 4),
      ], baseline: ["L1.N3"], shareThreshold: 0.7, baselineThreshold: 0.7, isSettled: true, prompts: 4,
      probability: [0.9, 0.8, 0.95, 0.7], facts: 10,
      omitted: [.init(fact: "capital/Mexico", reason: FactAsker.Refusal.tokens.rawValue)])
  }

  func answer(_ question: Question, on bench: Workbench) throws -> Answer<Neurons> {
    let fact = try bench.fact(of: question)
    let found = try bench.knowledge(of: question, only: (fact.relation, fact))
    let relation = found.relations[0]
    guard let place = relation.facts.firstIndex(where: { $0.fact.id == fact.id }) else {
      throw EngineError("'\(fact.id)' cannot be put to '\(question.subject.entry.name)'")
    }
    let (own, counts) = (relation.knowledge.facts[place], relation.knowledge.counts)
    let neurons = zip(own.neurons, own.shares).map { unit, share in
      Neurons.Neuron(
        unit: unit.description, share: share, attribution: relation.attributed[place].meanAttribution(of: unit),
        facts: counts[unit] ?? 0)
    }
    let sorted = neurons.enumerated().sorted { a, b in
      (b.element.share, b.element.attribution ?? 0, a.offset) < (a.element.share, a.element.attribution ?? 0, b.offset)
    }
    return Answer(
      result: Neurons(
        relation: fact.relation, answer: fact.answer, neurons: sorted.map(\.element),
        baseline: relation.baseline.facts[place].neurons.map(\.description),
        shareThreshold: Double(relation.knowledge.percent) / 100,
        baselineThreshold: Double(relation.baseline.percent) / 100, isSettled: relation.knowledge.isSettled,
        prompts: relation.facts[place].prompts.count,
        probability: relation.attributed[place].prompts.map(\.probability), facts: relation.facts.count,
        omitted: found.sample.omitted),
      facts: found.sample.facts(prompts: relation.facts[place].prompts.count))
  }

  func exhibit(_ shown: Shown<Neurons>, in say: Language) -> Exhibit {
    let id = shown[KnowledgeKeys.fact] ?? ""
    let percent = NumberText.shortest(100 * shown.shareThreshold)
    return Exhibit(
      chart: nil,
      table: Table(
        shown.neurons,
        [
          .text(say("neuron", "ニューロン"), \.unit),
          .percent(say("of the prompts", "プロンプトの割合"), \.share, decimals: 0),
          .number(say("mean attribution", "平均寄与"), \.attribution),
          .count(say("facts that have it", "共有する事実数"), \.facts),
        ]),
      caption: Exhibit.Caption(
        say(
          "The neurons of \(id) (“\(shown.answer)”): those that at least \(percent)% of its \(shown.prompts) prompts name.",
          "\(id)（「\(shown.answer)」）のニューロン：\(shown.prompts) 個のプロンプトの \(percent)% 以上が挙げるもの。")
          + (shown.neurons.isEmpty ? say(" There are none.", "該当なし。") : "")),
      notes: Exhibit.Notes(
        [
          KnowledgeWords.refining(shown[KnowledgeKeys.threshold], say),
          say(
            "The share is the one that brings the mean over \(shown.result.facts) facts of '\(shown.relation)' between two and five.",
            "割合は「\(shown.relation)」の事実 \(shown.result.facts) 件の平均ニューロン数が 2〜5 になるよう定める。"),
          say("By activation alone: ", "活性のみによる場合：")
            + (shown.baseline.isEmpty ? say("none", "なし") : shown.baseline.joined(separator: ", ")) + say(".", "。"),
        ]
          + KnowledgeWords.unsettled(shown.isSettled ? [] : [shown.relation], say)
          + (shown.result.facts == 1
            ? [say("The relation has one fact, so the share rests on it alone.", "この関係の事実は一つだけで、割合はそれのみに基づく。")] : [])
          + KnowledgeWords.omitted(shown.omitted, say)))
  }
}
