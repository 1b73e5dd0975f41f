import Analyses
import Charts
import Directives
import JSONText
import Markup

/// `<<knowledge stats>>`: how many neurons facts have, and how many they share.
struct KnowledgeStatsView: KnowledgeView {
  /// The result.
  struct Stats: Codable, Sendable {
    /// One number by attribution, and what activation alone gives.
    struct Pair: Codable, Sendable {
      @Field("by attribution") var knowledge: Double? = nil
      @Field("by activation alone") var baseline: Double? = nil
    }
    /// One relation.
    struct Relation: Codable, Sendable {
      @Field("its name") var relation = ""
      @Field("its facts") var facts = 0
      @Field("their prompts") var prompts = 0
      @Field("probability of the answer, mean over prompts") var probability = 0.0
      @Field("neurons of a fact, mean over facts") var perFact = Pair()
      @Field("neurons that two of its facts share, mean over pairs; null for a single fact") var shared = Pair()
      @Field("the share of prompts that must name a neuron") var shareThreshold = Pair()
      @Field("whether that share brought the mean between two and five, by attribution") var isSettled = false
    }

    @Field("neurons of a fact, mean over facts") var perFact = Pair()
    @Field("neurons that two facts of one relation share, mean over pairs") var sharedWithin = Pair()
    @Field("neurons that two facts of different relations share, mean over pairs") var sharedAcross = Pair()
    @Field("the same by relation") var relations: [Relation] = []
    @Field("blocks of prompts whose attributions miss their sum by more than 1%") var missed = 0
    @Field("blocks of prompts, all together") var integrals = 0
    @Field("facts that were left out") var omitted: [OmittedFact] = []
  }

  let keywords = [ViewKeyword("stats", "how many neurons facts have, and how many they share")]
  let keys: [any KeyDeclaration] = KnowledgeKeys.refining
  let names = KnowledgeName.nothing

  var isTable: Bool { true }

  func example(_: BoundDirective) -> Stats {
    Stats(
      perFact: .init(knowledge: 4, baseline: 4.5), sharedWithin: .init(knowledge: 1.25, baseline: 3),
      sharedAcross: .init(knowledge: 0.125, baseline: 2),
      relations: [
        .init(
          relation: "capital", facts: 10, prompts: 70, probability: 0.9, perFact: .init(knowledge: 4, baseline: 4.5),
          shared: .init(knowledge: 1.25, baseline: 3), shareThreshold: .init(knowledge: 0.7, baseline: 0.75),
          isSettled: true)
      ], missed: 1, integrals: 800, omitted: [.init(fact: "capital/Mexico", reason: FactAsker.Refusal.tokens.rawValue)])
  }

  func answer(_ question: Question, on bench: Workbench) throws -> Answer<Stats> {
    let found = try bench.knowledge(of: question)
    let all = found.relations.flatMap(\.attributed).flatMap(\.prompts)
    func pair(_ number: ([RefinedRelation]) -> Double?) -> Stats.Pair {
      .init(knowledge: number(found.relations.map(\.knowledge)), baseline: number(found.relations.map(\.baseline)))
    }
    let relations = found.relations.map { relation in
      let prompts = relation.attributed.flatMap(\.prompts)
      return Stats.Relation(
        relation: relation.name, facts: relation.facts.count, prompts: prompts.count,
        probability: prompts.reduce(0) { $0 + $1.probability } / Double(prompts.count),
        perFact: .init(knowledge: relation.knowledge.meanCount, baseline: relation.baseline.meanCount),
        shared: .init(knowledge: relation.knowledge.sharedWithin, baseline: relation.baseline.sharedWithin),
        shareThreshold: .init(
          knowledge: Double(relation.knowledge.percent) / 100, baseline: Double(relation.baseline.percent) / 100),
        isSettled: relation.knowledge.isSettled)
    }
    return Answer(
      result: Stats(
        perFact: pair { $0.meanCountOfFacts }, sharedWithin: pair { $0.sharedWithin },
        sharedAcross: pair { $0.sharedAcross }, relations: relations,
        missed: all.reduce(0) { $0 + $1.gap.count { abs($0) > 0.01 } },
        integrals: all.reduce(0) { $0 + $1.gap.count }, omitted: found.sample.omitted),
      facts: found.sample.facts())
  }

  func exhibit(_ shown: Shown<Stats>, in say: Language) -> Exhibit {
    typealias Row = (name: String, facts: Int, per: Stats.Pair, shared: Stats.Pair, threshold: Stats.Pair)
    let rows: [Row] =
      shown.relations.map { ($0.relation, $0.facts, $0.perFact, $0.shared, $0.shareThreshold) }
      + [
        (
          say("all", "全体"), shown.relations.reduce(0) { $0 + $1.facts }, shown.perFact, shown.sharedWithin,
          Stats.Pair()
        )
      ]
    let across = NumberFormat.fixed(2)
    func text(_ value: Double?) -> String { value.map { across.text($0) } ?? Terms.undefined(say) }
    let (own, base) = (KnowledgeWords.knowledge(say), KnowledgeWords.baseline(say))
    return Exhibit(
      chart: nil,
      table: Table(
        rows,
        [
          .text(KnowledgeWords.relation(say), \.name), .count(say("facts", "事実"), \.facts),
          .number(say("neurons of a fact", "事実あたりのニューロン数"), \.per.knowledge, decimals: 2),
          .number(base, \.per.baseline, decimals: 2),
          .number(say("shared by two facts", "二つの事実の共有数"), \.shared.knowledge, decimals: 2),
          .number(base, \.shared.baseline, decimals: 2),
          .cell(.init(say("share of prompts", "プロンプトの割合"), unit: "%", format: .fixed(0))) { row in
            row.threshold.knowledge.map { .number(100 * $0) } ?? .text("")
          },
        ]),
      caption: Exhibit.Caption(
        say(
          "Neurons of facts, and how many two facts of one relation share, \(own) and \(base) alone.",
          "事実のニューロン数と、同じ関係の二つの事実が共有する数（\(own)場合と\(base)場合）。")),
      notes: Exhibit.Notes(
        [
          say(
            "Facts of different relations share \(text(shown.sharedAcross.knowledge)), by activation \(text(shown.sharedAcross.baseline)), mean over pairs.",
            "異なる関係の事実が共有する数は平均 \(text(shown.sharedAcross.knowledge))、活性による場合 \(text(shown.sharedAcross.baseline))。"),
          KnowledgeWords.refining(shown[KnowledgeKeys.threshold], say),
          say(
            "\(shown.missed) of \(shown.integrals) integrals (blocks of prompts) miss their sum by more than 1% after up to \(shown[KnowledgeKeys.most]) steps.",
            "\(shown.integrals) 個の積分（プロンプト×ブロック）のうち \(shown.missed) 個は最大 \(shown[KnowledgeKeys.most]) 分割でも和が 1% 以上ずれる。"),
        ] + KnowledgeWords.unsettled(shown.relations.filter { !$0.isSettled }.map(\.relation), say)
          + KnowledgeWords.sample(
            shown.relations.reduce(0) { $0 + $1.facts }, shown.relations.reduce(0) { $0 + $1.prompts }, shown.omitted,
            say)))
  }
}
