import Analyses
import Charts
import Directives
import JSONText
import Tensors
import Transformers

/// `<<knowledge erase "capital">>`: what is lost when the neurons that most facts of a relation share write nothing.
struct KnowledgeEraseView: KnowledgeView {
  /// The result.
  struct Erasure: Codable, Sendable {
    /// What the model says, over all prompts.
    struct Measures: Codable, Sendable {
      @Field("share of the relation's prompts whose answer comes first") var success: Double? = nil
      @Field("probability of the answers of the relation, mean over prompts") var probability: Double? = nil
      @Field("their rank, mean over prompts; of an answer of several tokens that of the first") var rank: Double? = nil
      @Field("exp of the mean of −ln p of the answers of the relation") var perplexitySame: Double? = nil
      @Field("the same for all other relations") var perplexityOther: Double? = nil
      @Field("share of their prompts whose answer comes first") var successOther: Double? = nil
    }

    @Field("the neurons whose columns are set to zero, those of most facts first") var neurons: [String] = []
    @Field("as many drawn by chance") var randomNeurons: [String] = []
    @Field("before") var before = Measures()
    @Field("after") var after = Measures()
    @Field("after erasing neurons drawn by chance") var random = Measures()
    @Field("prompts of the relation") var prompts = 0
    @Field("prompts of the others") var otherPrompts = 0
    @Field("facts that were left out") var omitted: [OmittedFact] = []
  }

  static let top = Key.int(
    "erased", in: 1...10_000, standard: 20, "how many neurons are erased: those that most facts of the relation have")

  let keywords = [ViewKeyword("erase", "a relation without the neurons that most of its facts share")]
  let keys: [any KeyDeclaration] = [KnowledgeKeys.fact, Self.top] + KnowledgeKeys.refining
  let names = KnowledgeName.relation

  var isTable: Bool { true }

  func idleKeys(of _: BoundDirective) -> [String] { [] }

  func example(_: BoundDirective) -> Erasure {
    let before = Erasure.Measures(
      success: 1, probability: 0.97, rank: 1, perplexitySame: 1.03, perplexityOther: 1.01, successOther: 1)
    let after = Erasure.Measures(
      success: 0.75, probability: 0.6, rank: 3.5, perplexitySame: 2.1, perplexityOther: 1.02, successOther: 1)
    return Erasure(
      neurons: ["L1.N3", "L0.N1"], randomNeurons: ["L0.N2", "L1.N0"], before: before, after: after, random: before,
      prompts: 70, otherPrompts: 200,
      omitted: [.init(fact: "capital/Mexico", reason: FactAsker.Refusal.tokens.rawValue)])
  }

  func answer(_ question: Question, on bench: Workbench) throws -> Answer<Erasure> {
    let name = question[KnowledgeKeys.fact] ?? ""
    let units = try bench.relationNeurons(of: question, relation: name, count: question[Self.top])
    let sample = try FactSample(question, on: bench)
    let model = sample.asker.model
    var stream = RandomStream(seed: question[.seed], stream: "knowledge.random")
    let drawn = stream.neurons(units.count, of: model)
    let own = sample.relations.filter { $0.name == name }.flatMap(\.facts).flatMap(\.prompts)
    let other = sample.relations.filter { $0.name != name }.flatMap(\.facts).flatMap(\.prompts)
    let parameters = try ParameterList(model)
    func measured() throws -> Erasure.Measures {
      Erasure.Measures(try parameters.readings(of: own), try parameters.readings(of: other))
    }
    let before = try measured()
    let after = try parameters.with(parameters.emptied(units)) { try measured() }
    let random = try parameters.with(parameters.emptied(drawn)) { try measured() }
    return Answer(
      result: Erasure(
        neurons: units.map(\.description), randomNeurons: drawn.map(\.description), before: before, after: after,
        random: random, prompts: own.count, otherPrompts: other.count, omitted: sample.omitted),
      facts: sample.facts(prompts: own.count + other.count))
  }

  func exhibit(_ shown: Shown<Erasure>, in say: Language) -> Exhibit {
    let rows = [
      (say("before", "変更前"), shown.before), (say("erased", "消去後"), shown.after),
      (say("neurons by chance", "無作為なニューロン"), shown.random),
    ]
    let relation = shown[KnowledgeKeys.fact] ?? ""
    return Exhibit(
      chart: nil,
      table: Table(
        rows,
        [
          .text(say("weights", "重み"), \.0), .percent(say("right", "正答"), \.1.success),
          .percent(say("probability", "確率"), \.1.probability), .number(say("perplexity", "PPL"), \.1.perplexitySame),
          .number(say("perplexity, other relations", "別の関係の PPL"), \.1.perplexityOther),
          .percent(say("right there", "別の関係の正答"), \.1.successOther),
        ]),
      caption: Exhibit.Caption(
        say(
          "“\(relation)” without the \(shown.neurons.count) neurons that most of its facts have.",
          "「\(relation)」の事実の多くが共有する \(shown.neurons.count) 個のニューロンを除いた場合。")),
      notes: Exhibit.Notes(
        [
          say(
            "Their columns of the output product are set to zero, at every position, and put back afterwards: \(shown.neurons.joined(separator: ", ")).",
            "出力積の列を全位置でゼロにし、測定後に戻す：\(shown.neurons.joined(separator: ", "))。"),
          say(
            "Over \(shown.prompts) prompts of the relation and \(shown.otherPrompts) of the others; perplexity is exp of the mean of −ln p of the answers.",
            "この関係のプロンプト \(shown.prompts) 件と別の関係 \(shown.otherPrompts) 件。PPL は答えの −ln p の平均の exp。"),
        ] + KnowledgeWords.omitted(shown.omitted, say)))
  }
}

extension KnowledgeEraseView.Erasure.Measures {
  fileprivate init(_ own: [AnswerReading], _ other: [AnswerReading]) {
    self.init(
      success: own.accuracy, probability: own.isEmpty ? nil : own.reduce(0) { $0 + $1.probability } / Double(own.count),
      rank: own.isEmpty ? nil : own.reduce(0) { $0 + Double($1.rank) } / Double(own.count),
      perplexitySame: own.perplexity, perplexityOther: other.perplexity, successOther: other.accuracy)
  }
}

extension Workbench {
  /// The neurons that most facts of a relation have.
  ///
  /// - Throws: `EngineError` where its facts have none.
  func relationNeurons(of question: Question, relation: String, count: Int) throws -> [StreamUnit] {
    let units = try knowledge(of: question, only: (relation, nil)).relations[0].knowledge.mostCommon(count)
    guard !units.isEmpty else {
      throw EngineError("no fact of '\(relation)' has neurons", hint: "take more facts with n=, or lower threshold=")
    }
    return units
  }
}
