import Analyses
import Books
import Diagnostics
import Directives
import JSONText
import Tensors
import Transformers

/// `<<knowledge update "capital/France" "Rome">>`: a fact's neurons rewritten so that another answer comes.
struct KnowledgeUpdateView: KnowledgeView {
  /// The result.
  struct Update: Codable, Sendable {
    /// What the model says.
    struct Measures: Codable, Sendable {
      @Field("share of the fact's prompts with the new answer first") var success = 0.0
      @Field("share of them with the new answer among the first five") var successFive = 0.0
      @Field("share of them with another answer first than the old one") var changed = 0.0
      @Field("probability of the new answer after the first prompt") var probability = 0.0
      @Field("its rank there") var rank = 0
      @Field("probability of the old answer there") var probabilityOld = 0.0
      @Field("exp of the mean of −ln p of the answers of five facts of the same relation") var perplexitySame: Double? =
        nil
      @Field("the same for five facts of other relations") var perplexityOther: Double? = nil
    }

    @Field("the old answer") var old = ""
    @Field("the new answer") var new = ""
    @Field("whether the model gives the old answer to the first prompt before") var isKnown = false
    @Field("the neurons that are rewritten: the fact's that few other facts of its relation have") var neurons:
      [String] = []
    @Field("as many drawn by chance, rewritten likewise") var randomNeurons: [String] = []
    @Field("before") var before = Measures()
    @Field("after") var after = Measures()
    @Field("after rewriting neurons drawn by chance") var random = Measures()
    @Field("prompts of the fact") var prompts = 0
    @Field("facts of the same relation that are measured") var same: [String] = []
    @Field("facts of other relations that are measured") var other: [String] = []
  }

  let keywords = [ViewKeyword("update", "a fact's neurons rewritten so that another answer comes")]
  let keys: [any KeyDeclaration] = [KnowledgeKeys.fact, KnowledgeKeys.target] + KnowledgeKeys.refining
  let names = KnowledgeName.fact

  var isTable: Bool { true }

  func idleKeys(of _: BoundDirective) -> [String] { [] }

  func faults(of bound: BoundDirective) -> [Diagnostic] {
    let example = "<<knowledge update \"capital/France\" \"Rome\">>"
    let missing = KnowledgeKeys.missing(bound, "a fact", example)
    guard missing.isEmpty, bound[KnowledgeKeys.target] == nil else { return missing }
    return KnowledgeKeys.fault(
      bound, "'knowledge update' needs the new answer after the fact", "for example \(example)")
  }

  func example(_: BoundDirective) -> Update {
    let before = Update.Measures(
      success: 0, successFive: 0, changed: 0, probability: 1e-5, rank: 68, probabilityOld: 0.93, perplexitySame: 1.03,
      perplexityOther: 1.001)
    let after = Update.Measures(
      success: 1, successFive: 1, changed: 1, probability: 0.77, rank: 1, probabilityOld: 0.01, perplexitySame: 1.07,
      perplexityOther: 1.03)
    return Update(
      old: "Paris", new: "Rome", isKnown: true, neurons: ["L1.N3"], randomNeurons: ["L0.N2"], before: before,
      after: after, random: before, prompts: 7, same: ["capital/Italy"], other: ["currency/France"])
  }

  func answer(_ question: Question, on bench: Workbench) throws -> Answer<Update> {
    let fact = try bench.fact(of: question)
    let edit = try FactEdit(updating: fact, to: question[KnowledgeKeys.target] ?? "", question, on: bench)
    var stream = RandomStream(seed: question[.seed], stream: "knowledge.random")
    let drawn = stream.neurons(edit.units.count, of: edit.model)
    let sample = try FactSample(question, on: bench)
    func some(_ relations: [FactSample.Relation]) -> [FactAsker.Asked] {
      let all = relations.flatMap(\.facts).filter { $0.fact.id != fact.id }
      return stream.sample(min(5, all.count), below: all.count).map { all[$0] }
    }
    let same = some(sample.relations.filter { $0.name == fact.relation })
    let other = some(sample.relations.filter { $0.name != fact.relation })
    let parameters = edit.parameters
    func measured() throws -> Update.Measures {
      let own = try parameters.readings(of: edit.fact.prompts, tokens: [edit.update.new])
      return Update.Measures(
        own, edit.update, same: try parameters.readings(of: same.flatMap(\.prompts)).perplexity,
        other: try parameters.readings(of: other.flatMap(\.prompts)).perplexity)
    }
    let before = try measured()
    let known = try parameters.readings(of: Array(edit.fact.prompts.prefix(1)))
    let after = try parameters.with(edit.columns(of: edit.units)) { try measured() }
    let random = try parameters.with(edit.columns(of: drawn)) { try measured() }
    return Answer(
      result: Update(
        old: fact.answer, new: edit.answer, isKnown: known[0].isFirst, neurons: edit.units.map(\.description),
        randomNeurons: drawn.map(\.description), before: before, after: after, random: random,
        prompts: edit.fact.prompts.count, same: same.map(\.fact.id), other: other.map(\.fact.id)),
      facts: sample.facts(prompts: edit.fact.prompts.count))
  }

  func exhibit(_ shown: Shown<Update>, in say: Language) -> Exhibit {
    let rows = [
      (say("before", "変更前"), shown.before), (say("after", "変更後"), shown.after),
      (say("neurons by chance", "無作為なニューロン"), shown.random),
    ]
    let count = shown.neurons.count
    return Exhibit(
      chart: nil,
      table: Table(
        rows,
        [
          .text(say("weights", "重み"), \.0), .percent(say("new answer first", "新しい答えが 1 位"), \.1.success, decimals: 0),
          .percent(say("another first", "元以外が 1 位"), \.1.changed, decimals: 0),
          .percent(say("p(\(shown.new))", "p(\(shown.new))"), \.1.probability), .count(say("its rank", "順位"), \.1.rank),
          .percent(say("p(\(shown.old))", "p(\(shown.old))"), \.1.probabilityOld),
          .number(say("perplexity, same relation", "同じ関係の PPL"), \.1.perplexitySame),
          .number(say("others", "別の関係"), \.1.perplexityOther),
        ]),
      caption: Exhibit.Caption(
        say(
          "\(shown[KnowledgeKeys.fact] ?? "") rewritten from “\(shown.old)” to “\(shown.new)” in \(count) neuron\(count == 1 ? "" : "s"): \(shown.neurons.joined(separator: ", ")).",
          "\(shown[KnowledgeKeys.fact] ?? "") の答えを「\(shown.old)」から「\(shown.new)」へ、\(count) 個のニューロン（\(shown.neurons.joined(separator: ", "))）で書き換える。"
        )),
      notes: Exhibit.Notes(
        [
          say(
            "Each neuron's column v becomes v + sign(m)(−|v| e/|e| + 8|v| e′/|e′|), m its activation after the first prompt, e and e′ the unembedding of the old and the new answer; the weights are put back afterwards. Chance: \(shown.randomNeurons.joined(separator: ", ")).",
            "各ニューロンの列 v を v + sign(m)(−|v| e/|e| + 8|v| e′/|e′|) とする（m は最初のプロンプトでの活性、e と e′ は旧・新の答えの unembedding）。測定後に重みを戻す。無作為：\(shown.randomNeurons.joined(separator: ", "))。"
          ),
          say(
            "Shares over the fact's \(shown.prompts) prompts; probabilities and rank after the first. Perplexity of the right answers of \(shown.same.count) facts of the same relation and \(shown.other.count) of others.",
            "割合は \(shown.prompts) 個のプロンプト、確率と順位は最初のプロンプトによる。PPL は同じ関係の事実 \(shown.same.count) 件と別の関係 \(shown.other.count) 件の正答による。"
          ),
        ]
          + (shown.isKnown
            ? []
            : [
              say(
                "The model does not give the old answer to the first prompt to begin with.", "モデルは元々最初のプロンプトに旧い答えを返さない。"
              )
            ])))
  }
}

extension KnowledgeUpdateView.Update.Measures {
  fileprivate init(_ own: [AnswerReading], _ update: FactUpdate, same: Double?, other: Double?) {
    func share(_ test: (AnswerReading) -> Bool) -> Double { Double(own.count(where: test)) / Double(max(1, own.count)) }
    self.init(
      success: share { $0.top == update.new }, successFive: share { $0.ranks[0] <= 5 },
      changed: share { $0.top != update.old }, probability: own[0].probability(ofOther: 0), rank: own[0].ranks[0],
      probabilityOld: own[0].probability, perplexitySame: same, perplexityOther: other)
  }
}
