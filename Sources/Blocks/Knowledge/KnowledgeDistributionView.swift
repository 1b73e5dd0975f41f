import Analyses
import Charts
import Directives
import JSONText

/// `<<knowledge distribution>>`: in which blocks facts' neurons lie.
struct KnowledgeDistributionView: KnowledgeView {
  /// The result.
  struct Distribution: Codable, Sendable {
    @Field("the share of facts' neurons that lies in each block, [L]") var knowledge: [Double?] = []
    @Field("the same by activation alone, [L]") var baseline: [Double?] = []
    @Field("neurons, each counted once for every fact that has it") var neurons = 0
    @Field("facts") var facts = 0
    @Field("their prompts") var prompts = 0
    @Field("facts that were left out") var omitted: [OmittedFact] = []
  }

  let keywords = [ViewKeyword("distribution", "in which blocks facts' neurons lie")]
  let keys: [any KeyDeclaration] = KnowledgeKeys.refining
  let names = KnowledgeName.nothing

  func example(_: BoundDirective) -> Distribution {
    Distribution(
      knowledge: [0.25, 0.75], baseline: [0.5, 0.5], neurons: 80, facts: 20, prompts: 140,
      omitted: [.init(fact: "capital/Mexico", reason: FactAsker.Refusal.tokens.rawValue)])
  }

  func answer(_ question: Question, on bench: Workbench) throws -> Answer<Distribution> {
    let found = try bench.knowledge(of: question)
    let blocks = found.model.configuration.blocks
    func shares(_ path: KeyPath<KnowledgeNeurons.Relation, RefinedRelation>) -> (shares: [Double?], count: Int) {
      let units = found.relations.flatMap { $0[keyPath: path].facts }.flatMap(\.neurons)
      return (
        (0..<blocks).map { block in
          units.isEmpty ? nil : Double(units.count { $0.block == block }) / Double(units.count)
        }, units.count
      )
    }
    let (knowledge, count) = shares(\.knowledge)
    return Answer(
      result: Distribution(
        knowledge: knowledge, baseline: shares(\.baseline).shares, neurons: count,
        facts: found.relations.reduce(0) { $0 + $1.facts.count }, prompts: found.sample.promptCount,
        omitted: found.sample.omitted),
      facts: found.sample.facts())
  }

  func exhibit(_ shown: Shown<Distribution>, in say: Language) -> Exhibit {
    func percent(_ values: [Double?]) -> [Double?] { values.map { $0.map { 100 * $0 } } }
    let (own, base) = (KnowledgeWords.knowledge(say), KnowledgeWords.baseline(say))
    return Exhibit(
      chart: BarChart(
        title: say("Facts' neurons by block", "ブロックごとの事実のニューロン"),
        categories: shown.knowledge.indices.map(String.init), categoryTitle: Terms.block(say),
        value: Axis(say("share of the neurons (%)", "ニューロンの割合 (%)")),
        series: [BarSeries(own, values: percent(shown.knowledge)), BarSeries(base, values: percent(shown.baseline))]),
      table: Table(
        shown.knowledge.indices,
        [
          .text(Terms.block(say)) { "\($0)" }, .percent(own, { shown.knowledge[$0] }),
          .percent(base, { shown.baseline[$0] }),
        ]),
      caption: Exhibit.Caption(
        say(
          "Where the neurons of facts lie: the share of each block, by attribution and by activation alone.",
          "事実のニューロンが位置するブロックの割合（寄与による場合と活性のみによる場合）。")),
      notes: Exhibit.Notes(
        [
          say(
            "\(shown.neurons) neurons by attribution, each counted once for every fact that has it.",
            "寄与によるニューロン延べ \(shown.neurons) 個（共有する事実ごとに数える）。"),
          KnowledgeWords.refining(shown[KnowledgeKeys.threshold], say),
        ] + KnowledgeWords.sample(shown.result.facts, shown.prompts, shown.omitted, say)))
  }
}
