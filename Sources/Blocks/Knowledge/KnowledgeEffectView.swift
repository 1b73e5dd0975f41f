import Analyses
import Charts
import Directives
import JSONText

/// `<<knowledge suppress>>` and `<<knowledge amplify>>`: what the answers lose or gain with their neurons at 0 or doubled.
struct KnowledgeEffectView: KnowledgeView {
  /// The result.
  struct Effect: Codable, Sendable {
    /// Ratios of means, mean(p' − p) / mean(p) over prompts.
    struct Change: Codable, Sendable {
      @Field("prompts it rests on") var prompts = 0
      @Field("change of the answers' probability, of the facts' own neurons") var change: Double? = nil
      @Field("of the neurons that activation alone names, on their facts' prompts") var baseline: Double? = nil
      @Field("of as many neurons drawn by chance") var random: Double? = nil
      @Field("of the facts' neurons, on prompts of a fact of another relation") var unrelated: Double? = nil
    }
    /// One relation.
    struct Relation: Codable, Sendable {
      @Field("its name") var relation = ""
      @Field("its facts that have neurons") var facts = 0
      @Field("prompts of these facts") var prompts = 0
      @Field("probability of the answers, mean over prompts") var probability: Double? = nil
      @Field("change of the answers' probability, mean(p' − p) / mean(p)") var change: Double? = nil
      @Field("the same for the neurons that activation alone names") var baseline: Double? = nil
      @Field("the same for as many neurons drawn by chance") var random: Double? = nil
      @Field("the same for the facts' neurons on prompts of a fact of another relation") var unrelated: Double? = nil
    }

    @Field("by relation") var relations: [Relation] = []
    @Field("over all relations") var all = Change()
    @Field("facts without neurons") var without = 0
    @Field("facts that were left out") var omitted: [OmittedFact] = []
  }

  let keywords = [
    ViewKeyword("suppress", "the answers with the neurons of their facts at zero"),
    ViewKeyword("amplify", "the answers with the neurons of their facts doubled"),
  ]
  let keys: [any KeyDeclaration] = KnowledgeKeys.refining
  let names = KnowledgeName.nothing

  func idleKeys(of _: BoundDirective) -> [String] { [] }

  func example(_: BoundDirective) -> Effect {
    Effect(
      relations: [
        .init(
          relation: "capital", facts: 10, prompts: 70, probability: 0.9, change: -0.28, baseline: -0.07,
          random: -0.001, unrelated: -0.003)
      ],
      all: .init(prompts: 70, change: -0.28, baseline: -0.07, random: -0.001, unrelated: -0.003), without: 1,
      omitted: [.init(fact: "capital/Mexico", reason: FactAsker.Refusal.tokens.rawValue)])
  }

  func answer(_ question: Question, on bench: Workbench) throws -> Answer<Effect> {
    let found = try bench.knowledge(of: question)
    let isSuppressed = question.bound.view.last == "suppress"
    var measure = EffectMeasure(found, factor: isSuppressed ? 0 : 2, seed: question[.seed])
    let relations = try found.relations.indices.map { place in
      bench.monitor.progress("changing neurons of \(question.subject.entry.name)", place + 1, found.relations.count)
      return try measure.relation(place)
    }
    return Answer(
      result: Effect(
        relations: zip(found.relations, relations).map { relation, sums in
          Effect.Relation(
            relation: relation.name, facts: relation.knowledge.facts.count { !$0.neurons.isEmpty },
            prompts: sums.own.count, probability: sums.own.mean, change: sums.own.change,
            baseline: sums.baseline.change, random: sums.random.change, unrelated: sums.unrelated.change)
        },
        all: Effect.Change(
          prompts: relations.map(\.own).joined().count, change: relations.map(\.own).joined().change,
          baseline: relations.map(\.baseline).joined().change, random: relations.map(\.random).joined().change,
          unrelated: relations.map(\.unrelated).joined().change),
        without: found.relations.reduce(0) { $0 + $1.knowledge.facts.count { $0.neurons.isEmpty } },
        omitted: found.sample.omitted),
      facts: found.sample.facts())
  }

  func exhibit(_ shown: Shown<Effect>, in say: Language) -> Exhibit {
    let names = [
      say("the facts' neurons", "その事実のニューロン"), KnowledgeWords.baseline(say), KnowledgeWords.random(say),
      say("facts of another relation", "別の関係の事実"),
    ]
    let paths: [KeyPath<Effect.Relation, Double?>] = [\.change, \.baseline, \.random, \.unrelated]
    let isSuppressed = shown.keyword == "suppress"
    let done = isSuppressed ? say("at zero", "ゼロにした") : say("doubled", "2 倍にした")
    let title = say("change of the probability", "確率の変化")
    return Exhibit(
      chart: BarChart(
        title: say("The answers with neurons \(done)", "ニューロンを\(done)ときの答え"),
        categories: shown.relations.map(\.relation), categoryTitle: KnowledgeWords.relation(say),
        value: Axis(title + " (%)"),
        series: zip(names, paths).map { name, path in
          BarSeries(name, values: shown.relations.map { $0[keyPath: path].map { 100 * $0 } })
        }),
      table: Table(
        shown.relations,
        [
          .text(KnowledgeWords.relation(say), \.relation), .count(say("prompts", "プロンプト"), \.prompts),
          .percent(say("probability", "確率"), \.probability),
        ]
          + zip(names, paths).map { name, path in .percent(name, { $0[keyPath: path] }, decimals: 2) }),
      caption: Exhibit.Caption(
        say(
          "How the probability of the answers changes with the neurons of their facts \(done) where the answer is predicted, and with others for comparison.",
          "答えを予測する位置で事実のニューロンを\(done)ときの答えの確率の変化。比較のため他のニューロンの場合も示す。")),
      notes: Exhibit.Notes(
        [
          say(
            "Ratio of means over prompts, mean(p′ − p) / mean(p). The last group: the facts' neurons, measured on prompts of a fact of another relation drawn by chance.",
            "プロンプトにわたる平均の比 mean(p′ − p) / mean(p)。最後の群は、無作為に選んだ別の関係の事実のプロンプトで測ったもの。"),
          KnowledgeWords.refining(shown[KnowledgeKeys.threshold], say),
        ]
          + (shown.without == 0
            ? []
            : [
              say(
                "\(shown.without) facts have no neurons and are not measured.", "ニューロンのない事実 \(shown.without) 件は測定しない。")
            ])
          + KnowledgeWords.omitted(shown.omitted, say)))
  }
}
