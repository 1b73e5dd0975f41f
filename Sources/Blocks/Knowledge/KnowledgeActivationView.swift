import Analyses
import Charts
import Directives
import JSONText
import Tensors

/// `<<knowledge activation>>`: how strongly facts' neurons answer to prompts of several kinds.
struct KnowledgeActivationView: KnowledgeView {
  /// The result.
  struct Activation: Codable, Sendable {
    /// Means over facts.
    struct Kinds: Codable, Sendable {
      @Field("prompts of the fact itself") var own: Double? = nil
      @Field("prompts about the same subject, of other relations") var subject: Double? = nil
      @Field("prompts of the same relation, about other subjects") var relation: Double? = nil
      @Field("prompts of other relations about other subjects") var other: Double? = nil
    }

    @Field("the facts' own neurons") var knowledge = Kinds()
    @Field("as many neurons drawn by chance") var random = Kinds()
    @Field("facts that have neurons") var facts = 0
    @Field("prompts that were run") var prompts = 0
    @Field("facts that were left out") var omitted: [OmittedFact] = []
  }

  let keywords = [ViewKeyword("activation", "how strongly facts' neurons answer to prompts of several kinds")]
  let keys: [any KeyDeclaration] = KnowledgeKeys.refining
  let names = KnowledgeName.nothing

  func idleKeys(of _: BoundDirective) -> [String] { [] }

  func example(_: BoundDirective) -> Activation {
    Activation(
      knowledge: .init(own: 4, subject: 0.5, relation: 2, other: 0.25),
      random: .init(own: 0.5, subject: 0.25, relation: 0.25, other: 0.125), facts: 20, prompts: 140,
      omitted: [.init(fact: "capital/Mexico", reason: FactAsker.Refusal.tokens.rawValue)])
  }

  func answer(_ question: Question, on bench: Workbench) throws -> Answer<Activation> {
    let found = try bench.knowledge(of: question)
    var stream = RandomStream(seed: question[.seed], stream: "knowledge.random")
    let facts = found.relations.flatMap { relation in
      zip(relation.facts, relation.knowledge.facts).filter { !$1.neurons.isEmpty }.map { fact, refined in
        (fact, refined.neurons, stream.neurons(refined.neurons.count, of: found.model))
      }
    }
    let pool = PromptPool(try everyFact(found, facts.map(\.0), question, on: bench))
    let table = try ActivationTable(
      found.model, units: facts.flatMap { $0.1 + $0.2 }, prompts: pool.entries.map(\.prompt))
    var (knowledge, random): ([Activation.Kinds], [Activation.Kinds]) = ([], [])
    for (fact, units, drawn) in facts {
      knowledge.append(Self.kinds(fact, units, pool, table))
      random.append(Self.kinds(fact, drawn, pool, table))
    }
    return Answer(
      result: Activation(
        knowledge: Self.mean(knowledge), random: Self.mean(random), facts: facts.count, prompts: pool.entries.count,
        omitted: found.sample.omitted), facts: found.sample.facts(prompts: pool.entries.count))
  }

  /// The facts of the sample, and all others about their subjects.
  private func everyFact(
    _ found: KnowledgeNeurons, _ facts: [FactAsker.Asked], _ question: Question, on bench: Workbench
  ) throws -> [FactAsker.Asked] {
    let subjects = Set(facts.map(\.fact.subject))
    let known = found.relations.flatMap(\.facts)
    let ids = Set(known.map(\.fact.id))
    return known
      + (try bench.facts(of: question).facts.compactMap { fact in
        guard subjects.contains(fact.subject), !ids.contains(fact.id) else { return nil }
        return try? found.sample.asker.asked(fact).get()
      })
  }

  private static func kinds(
    _ fact: FactAsker.Asked, _ units: [StreamUnit], _ pool: PromptPool, _ table: ActivationTable
  ) -> Activation.Kinds {
    let (relation, subject) = (fact.fact.relation, fact.fact.subject)
    func places(sameRelation: Bool, sameSubject: Bool) -> [Int] {
      pool.places { ($0.fact.relation == relation) == sameRelation && ($0.fact.subject == subject) == sameSubject }
    }
    let own = pool.places { $0.fact.id == fact.fact.id }
    let aligned = table.aligned(units, own: own)
    return Activation.Kinds(
      own: table.mean(aligned, over: own),
      subject: table.mean(aligned, over: places(sameRelation: false, sameSubject: true)),
      relation: table.mean(aligned, over: places(sameRelation: true, sameSubject: false)),
      other: table.mean(aligned, over: places(sameRelation: false, sameSubject: false)))
  }

  private static func mean(_ all: [Activation.Kinds]) -> Activation.Kinds {
    func mean(_ path: KeyPath<Activation.Kinds, Double?>) -> Double? {
      let values = all.compactMap { $0[keyPath: path] }
      return values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
    }
    return Activation.Kinds(
      own: mean(\.own), subject: mean(\.subject), relation: mean(\.relation), other: mean(\.other))
  }

  func exhibit(_ shown: Shown<Activation>, in say: Language) -> Exhibit {
    let names = [
      say("the fact itself", "その事実"), say("its subject only", "主語のみ同じ"),
      say("its relation only", "関係のみ同じ"), say("neither", "いずれも異なる"),
    ]
    let paths: [KeyPath<Activation.Kinds, Double?>] = [\.own, \.subject, \.relation, \.other]
    let (own, chance) = (say("the fact's neurons", "その事実のニューロン"), KnowledgeWords.random(say))
    let axis = say("mean activation", "平均活性")
    return Exhibit(
      chart: BarChart(
        title: say("Activation by kind of prompt", "プロンプトの種類ごとの活性"), categories: names,
        categoryTitle: say("prompts about", "プロンプトの内容"), value: Axis(axis),
        series: [
          BarSeries(own, values: paths.map { shown.knowledge[keyPath: $0] }),
          BarSeries(chance, values: paths.map { shown.random[keyPath: $0] }),
        ], isHorizontal: true),
      table: Table(
        paths.indices,
        [
          .text(say("prompts about", "プロンプトの内容")) { names[$0] },
          .number(own, { shown.knowledge[keyPath: paths[$0]] }), .number(chance, { shown.random[keyPath: paths[$0]] }),
        ]),
      caption: Exhibit.Caption(
        say(
          "How strongly the neurons of a fact answer to prompts of four kinds, mean over \(shown.result.facts) facts.",
          "事実のニューロンが 4 種類のプロンプトに示す活性（事実 \(shown.result.facts) 件の平均）。")),
      notes: Exhibit.Notes(
        [
          say(
            "Activation where the answer is predicted, mean over a fact's neurons, each with the sign it has on the fact's own prompts; those drawn by chance likewise.",
            "答えを予測する位置での活性をニューロン平均したもの。符号は自身のプロンプトでの符号に揃え、無作為なものも同様に扱う。"),
          KnowledgeWords.refining(shown[KnowledgeKeys.threshold], say),
        ] + KnowledgeWords.sample(shown.result.facts, shown.prompts, shown.omitted, say)))
  }
}
