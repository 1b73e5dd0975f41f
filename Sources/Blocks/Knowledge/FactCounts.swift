import Books
import Directives

/// How many texts state a fact: counted in a corpus, or out of a table where the corpus is not at hand.
struct FactCounts {
  private enum Source {
    case corpus([WordSet])
    case table([String: Int], file: String)
  }

  private let source: Source

  /// Texts of the corpus; nil where there is a table.
  var texts: Int? { if case .corpus(let texts) = source { texts.count } else { nil } }

  /// What a question names.
  ///
  /// - Throws: `EngineError` where the corpus or the table cannot be read.
  init(of question: Question, on bench: Workbench) throws {
    if let named = try FactCounts(named: question.bound, on: bench) {
      self = named
    } else {
      let entry = try bench.datasetEntries(question[KnowledgeSeenView.corpus], for: question.bound.name)[0]
      source = .corpus(try bench.dataset(entry).texts.map(WordSet.init))
    }
  }

  /// The table that a directive names, with the columns `fact` and `texts`; nil where it names none.
  ///
  /// - Throws: `EngineError` with file and line.
  init?(named bound: BoundDirective, on bench: Workbench) throws(EngineError) {
    guard let file = bound[KnowledgeSeenView.counts].first else { return nil }
    let table = try OwnTable(file, of: bound, on: bench)
    let (facts, numbers) = (try table.column("fact").texts, try table.numbers("texts"))
    var counts: [String: Int] = [:]
    for (row, fact) in facts.enumerated() {
      guard let number = numbers[row].flatMap({ Int(exactly: $0) }), number >= 0 else {
        throw EngineError("'\(file)', \(table.place(row)): 'texts' is no whole number from 0")
      }
      guard counts.updateValue(number, forKey: fact) == nil else {
        throw EngineError("'\(file)', \(table.place(row)): the fact stands here twice")
      }
    }
    source = .table(counts, file: file)
  }

  /// How many texts state a fact.
  ///
  /// - Throws: `EngineError` where the table does not have it.
  func texts(stating fact: Fact) throws(EngineError) -> Int {
    switch source {
    case .corpus(let texts): return texts.count { $0.has(fact.subject) && $0.has(fact.answer) }
    case .table(let counts, let file):
      guard let count = counts[fact.id] else { throw EngineError("'\(file)' has no row for '\(fact.id)'") }
      return count
    }
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
