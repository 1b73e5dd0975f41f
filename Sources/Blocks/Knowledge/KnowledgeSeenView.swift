import Analyses
import Books
import Charts
import Diagnostics
import Directives
import JSONText
import Markup

/// `<<knowledge seen corpus=atlas>>`: whether facts that a corpus states more often are known better or held by more neurons.
///
/// Facts are compared with those of their relation: relations differ in how often they are stated and in how well they are
/// known, and over all facts together that would pass for an answer.
struct KnowledgeSeenView: KnowledgeView {
  /// The result.
  struct Seen: Codable, Sendable {
    /// One fact.
    struct Entry: Codable, Sendable {
      @Field("the fact") var fact = ""
      @Field("texts that name its subject and its answer") var texts = 0
      @Field("probability of its answer, mean over prompts") var probability = 0.0
      @Field("its neurons") var neurons = 0
      @Field("change of that probability with its neurons at zero; null without neurons") var change: Double? = nil
    }
    /// Spearman's rank correlations with the number of texts within relations; null where one of the two does not vary.
    struct Correlation: Codable, Sendable {
      @Field("of the probability") var probability: Double? = nil
      @Field("of the number of neurons") var neurons: Double? = nil
      @Field("of the change, over facts with neurons") var change: Double? = nil
    }
    /// Facts of all relations that are stated about as often as others of their relation.
    struct Third: Codable, Sendable {
      @Field("facts") var facts = 0
      @Field("texts that state a fact, mean over facts") var texts = 0.0
      @Field("probability, mean over facts") var probability = 0.0
      @Field("neurons of a fact, mean over facts") var neurons = 0.0
      @Field("change of the probability with neurons at zero, mean over facts with neurons") var change: Double? = nil
    }

    @Field("every fact") var facts: [Entry] = []
    @Field("thirds of every relation's facts, those of fewest texts first") var thirds: [Third] = []
    @Field("rank correlations with the number of texts, within relations") var correlation = Correlation()
    @Field("the size a rank correlation of so many facts exceeds by chance one time in twenty; null of too few facts")
    var chance: Double? = nil
    @Field("texts of the corpus; null where a file says how many state a fact") var texts: Int? = nil
    @Field("facts that were left out") var omitted: [OmittedFact] = []
  }

  static let corpus = Key<[String]>.datasets("corpus", "the texts in which facts are counted")
  static let counts: Key<[String]> = Key(
    SettingKey(
      "counts", .file,
      "in place of a corpus, a table of how many texts state each fact: columns fact, its id, and texts"), standard: []
  ) { if case .words(let names) = $0 { names } else { nil } }

  let keywords = [ViewKeyword("seen", "whether facts that a corpus states more often are known better")]
  let keys: [any KeyDeclaration] = [Self.corpus, Self.counts] + KnowledgeKeys.refining
  let names = KnowledgeName.nothing

  var isTable: Bool { true }

  func faults(of bound: BoundDirective) -> [Diagnostic] {
    let named = bound[Self.corpus].count + bound[Self.counts].count
    let amiss =
      named == 1
      ? []
      : KnowledgeKeys.fault(
        bound, "'knowledge seen' needs one corpus or one table of counts, found \(named)",
        "for example corpus=atlas, or counts=facts-seen.csv")
    return amiss + OwnTable.faults(of: Self.counts, in: bound)
  }

  func requireFiles(of bound: BoundDirective, on bench: Workbench) throws {
    do { _ = try FactCounts(named: bound, on: bench) } catch {
      throw Misfit(error.message, hint: error.hint, at: .setting(Self.counts.name))
    }
  }

  func example(_: BoundDirective) -> Seen {
    Seen(
      facts: [.init(fact: "capital/France", texts: 12, probability: 0.9, neurons: 5, change: -0.4)],
      thirds: [.init(facts: 13, texts: 6, probability: 0.9, neurons: 4, change: -0.25)],
      correlation: .init(probability: 0.25, neurons: -0.125, change: 0), chance: 0.31, texts: 2000,
      omitted: [.init(fact: "capital/Mexico", reason: FactAsker.Refusal.tokens.rawValue)])
  }

  func answer(_ question: Question, on bench: Workbench) throws -> Answer<Seen> {
    let found = try bench.knowledge(of: question)
    let counts = try FactCounts(of: question, on: bench)
    var entries: [Seen.Entry] = []
    var relations: [String] = []
    for relation in found.relations {
      for (place, fact) in relation.facts.enumerated() {
        let units = relation.knowledge.facts[place].neurons
        let pairs = try fact.prompts.map { prompt -> (before: Double, after: Double) in
          let p = try found.model.probabilities(of: prompt, under: [.init([], factor: 1), .init(units, factor: 0)])
          return (p[0], p[1])
        }
        relations.append(fact.fact.relation)
        entries.append(
          Seen.Entry(
            fact: fact.fact.id, texts: try counts.texts(stating: fact.fact), probability: pairs.mean ?? 0,
            neurons: units.count, change: units.isEmpty ? nil : pairs.change))
      }
    }
    return Answer(
      result: Seen(
        facts: entries, thirds: Self.thirds(entries, relations), correlation: Self.correlation(entries, relations),
        chance: Self.chance(facts: entries.count, relations: Set(relations).count), texts: counts.texts,
        omitted: found.sample.omitted), facts: found.sample.facts())
  }

  private static func correlation(_ entries: [Seen.Entry], _ relations: [String]) -> Seen.Correlation {
    let texts = entries.map { Double($0.texts) }
    let changed = entries.indices.filter { entries[$0].change != nil }
    return Seen.Correlation(
      probability: rankCorrelation(texts, entries.map(\.probability), within: relations),
      neurons: rankCorrelation(texts, entries.map { Double($0.neurons) }, within: relations),
      change: rankCorrelation(
        changed.map { texts[$0] }, changed.compactMap { entries[$0].change }, within: changed.map { relations[$0] }))
  }

  /// 1.96 standard deviations of a rank correlation within groups where there is none; none is as large as 1 of so few facts
  /// that it would be.
  private static func chance(facts: Int, relations: Int) -> Double? {
    let size = 1.96 / Double(max(1, facts - relations)).squareRoot()
    return size < 1 ? size : nil
  }

  private static func thirds(_ entries: [Seen.Entry], _ relations: [String]) -> [Seen.Third] {
    var parts: [[Seen.Entry]] = [[], [], []]
    for places in Dictionary(grouping: entries.indices, by: { relations[$0] }).values.sorted(by: { $0[0] < $1[0] }) {
      let order = places.sorted { (entries[$0].texts, $0) < (entries[$1].texts, $1) }
      for (rank, place) in order.enumerated() { parts[rank * 3 / order.count].append(entries[place]) }
    }
    return parts.compactMap { part in
      guard !part.isEmpty else { return nil }
      func mean(_ number: (Seen.Entry) -> Double) -> Double { part.reduce(0) { $0 + number($1) } / Double(part.count) }
      let changes = part.compactMap(\.change)
      return Seen.Third(
        facts: part.count, texts: mean { Double($0.texts) }, probability: mean(\.probability),
        neurons: mean { Double($0.neurons) },
        change: changes.isEmpty ? nil : changes.reduce(0, +) / Double(changes.count))
    }
  }

  func exhibit(_ shown: Shown<Seen>, in say: Language) -> Exhibit {
    typealias Row = (name: String, third: Seen.Third)
    let names = [say("fewest texts", "少ない 1/3"), say("middle", "中間"), say("most texts", "多い 1/3")]
    let rows: [Row] = zip(names, shown.thirds).map { ($0, $1) }
    let format = NumberFormat.fixed(2)
    func text(_ value: Double?) -> String { value.map { format.text($0) } ?? Terms.undefined(say) }
    let r = shown.correlation
    let numbers = shown.result.facts.map(\.texts)
    let range = NumberText.range(numbers.min() ?? 0, numbers.max() ?? 0)
    let counted = shown.texts.map { NumberText.integer($0) }
    return Exhibit(
      chart: nil,
      table: Table(
        rows,
        [
          .text(say("facts with", "事実の区分"), \.name), .count(say("facts", "事実"), \.third.facts),
          .number(say("texts that state one", "述べるテキスト数"), \.third.texts, decimals: 1),
          .percent(say("probability", "確率"), \.third.probability),
          .number(say("neurons of a fact", "事実あたりのニューロン数"), \.third.neurons, decimals: 2),
          .percent(say("change without them", "抑制による変化"), \.third.change),
        ]),
      caption: Exhibit.Caption(
        say(
          "The facts of every relation by how many \(counted.map { "of \($0) " } ?? "")texts state them: how well they are known, how many neurons they have and what the answer loses without these.",
          "\(counted.map { "\($0) 件の" } ?? "")テキストで述べられる回数で関係ごとに分けた事実の、確率・ニューロン数・抑制による変化。")),
      notes: Exhibit.Notes(
        [
          say(
            "A text states a fact where it names subject and answer; \(range) \(range == "1" ? "does" : "do"). Rank correlation with the number of texts within relations: probability \(text(r.probability)), neurons \(text(r.neurons)), change \(text(r.change)); by chance one in twenty exceeds \(text(shown.chance)).",
            "主語と答えの両方を含むテキストを数える（事実ごとに \(range) 件）。関係内でのテキスト数との順位相関：確率 \(text(r.probability))、ニューロン数 \(text(r.neurons))、変化 \(text(r.change))。偶然に \(text(shown.chance)) を超えるのは 20 回に 1 回。"
          ),
          KnowledgeWords.refining(shown[KnowledgeKeys.threshold], say),
        ] + KnowledgeWords.omitted(shown.omitted, say)))
  }
}
