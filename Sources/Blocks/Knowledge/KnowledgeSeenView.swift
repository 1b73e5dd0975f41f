import Analyses
import Books
import Charts
import Diagnostics
import Directives
import JSONText
import Markup

/// `<<knowledge seen corpus=atlas>>`: whether facts that a corpus states more often are known better or held by more neurons.
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
    /// Spearman's rank correlations with the number of texts; null where one of the two does not vary.
    struct Correlation: Codable, Sendable {
      @Field("of the probability") var probability: Double? = nil
      @Field("of the number of neurons") var neurons: Double? = nil
      @Field("of the change, over facts with neurons") var change: Double? = nil
    }
    /// Facts that are stated about as often.
    struct Third: Codable, Sendable {
      @Field("facts") var facts = 0
      @Field("texts that state a fact, mean over facts") var texts = 0.0
      @Field("probability, mean over facts") var probability = 0.0
      @Field("neurons of a fact, mean over facts") var neurons = 0.0
      @Field("change of the probability with neurons at zero, mean over facts with neurons") var change: Double? = nil
    }

    @Field("every fact") var facts: [Entry] = []
    @Field("thirds of the facts, those of fewest texts first") var thirds: [Third] = []
    @Field("rank correlations with the number of texts") var correlation = Correlation()
    @Field("the size a rank correlation of so many facts exceeds by chance one time in twenty") var chance = 0.0
    @Field("texts of the corpus") var texts = 0
    @Field("facts that were left out") var omitted: [OmittedFact] = []
  }

  static let corpus = Key<[String]>.datasets("corpus", "the texts in which facts are counted")

  let keywords = [ViewKeyword("seen", "whether facts that a corpus states more often are known better")]
  let keys: [any KeyDeclaration] = [Self.corpus] + KnowledgeKeys.refining
  let names = KnowledgeName.nothing

  var isTable: Bool { true }

  func faults(of bound: BoundDirective) -> [Diagnostic] {
    bound[Self.corpus].count == 1
      ? []
      : KnowledgeKeys.fault(
        bound, "'knowledge seen' needs one corpus, found \(bound[Self.corpus].count)", "for example corpus=atlas")
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
    let entry = try bench.datasetEntries(question[Self.corpus], for: question.bound.name)[0]
    let texts = try bench.dataset(entry).texts.map(WordSet.init)
    var entries: [Seen.Entry] = []
    for relation in found.relations {
      for (place, fact) in relation.facts.enumerated() {
        let units = relation.knowledge.facts[place].neurons
        let pairs = try fact.prompts.map { prompt -> (before: Double, after: Double) in
          let p = try found.model.probabilities(of: prompt, under: [.init([], factor: 1), .init(units, factor: 0)])
          return (p[0], p[1])
        }
        entries.append(
          Seen.Entry(
            fact: fact.fact.id, texts: texts.count { $0.has(fact.fact.subject) && $0.has(fact.fact.answer) },
            probability: pairs.mean ?? 0, neurons: units.count, change: units.isEmpty ? nil : pairs.change))
      }
    }
    return Answer(
      result: Seen(
        facts: entries, thirds: Self.thirds(entries), correlation: Self.correlation(entries),
        chance: 1.96 / Double(max(1, entries.count - 1)).squareRoot(), texts: texts.count,
        omitted: found.sample.omitted), facts: found.sample.facts())
  }

  private static func correlation(_ entries: [Seen.Entry]) -> Seen.Correlation {
    let changed = entries.filter { $0.change != nil }
    return Seen.Correlation(
      probability: rankCorrelation(entries.map { Double($0.texts) }, entries.map(\.probability)),
      neurons: rankCorrelation(entries.map { Double($0.texts) }, entries.map { Double($0.neurons) }),
      change: rankCorrelation(changed.map { Double($0.texts) }, changed.compactMap(\.change)))
  }

  private static func thirds(_ entries: [Seen.Entry]) -> [Seen.Third] {
    let order = entries.enumerated().sorted { ($0.element.texts, $0.offset) < ($1.element.texts, $1.offset) }.map(
      \.element)
    return (0..<3).compactMap { third in
      let part = order[order.count * third / 3..<order.count * (third + 1) / 3]
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
          "Facts by how many of \(NumberText.integer(shown.texts)) texts state them: how well they are known, how many neurons they have and what the answer loses without these.",
          "\(NumberText.integer(shown.texts)) 件のテキストで述べられる回数で分けた事実の、確率・ニューロン数・抑制による変化。")),
      notes: Exhibit.Notes(
        [
          say(
            "A text states a fact where it names subject and answer. Rank correlation with the number of texts: probability \(text(r.probability)), neurons \(text(r.neurons)), change \(text(r.change)); by chance one in twenty exceeds \(format.text(shown.chance)).",
            "主語と答えの両方を含むテキストを数える。テキスト数との順位相関：確率 \(text(r.probability))、ニューロン数 \(text(r.neurons))、変化 \(text(r.change))。偶然に \(format.text(shown.chance)) を超えるのは 20 回に 1 回。"
          ),
          KnowledgeWords.refining(shown[KnowledgeKeys.threshold], say),
        ] + KnowledgeWords.omitted(shown.omitted, say)))
  }
}

/// The words of a text, to look names up in.
struct WordSet {
  private let text: String

  init(_ text: String) { self.text = Self.words(text) }

  /// Whether a name stands in the text, its words next to each other and whole.
  func has(_ name: String) -> Bool { text.contains(Self.words(name)) }

  /// A text with a space in place of all that is part of no word, and one at either end.
  private static func words(_ text: String) -> String {
    " " + String(text.map { $0.isLetter || $0.isNumber || $0 == "-" || $0 == "'" ? $0 : " " }) + " "
  }
}
