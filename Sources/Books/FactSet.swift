import JSONText
import Tensors

/// A fact in several wordings.
public struct Fact: Hashable, Sendable {
  /// Its name in the file, such as `capital/France`.
  public var id: String
  /// What kind of fact it is, such as `capital`.
  public var relation: String
  /// What it is about.
  public var subject: String
  /// The answer, without a space before it.
  public var answer: String
  /// Texts that the answer belongs after, or in the place of a `[MASK]` they hold.
  public var prompts: [String]
}

/// Facts from a file of one JSON object a line: `id`, `relation`, `subject`, `answer` and `prompts`.
public struct FactSet: Sendable {
  /// In the order of the entry: shuffled and cut as it says.
  public let facts: [Fact]

  /// A line as it should be.
  public static let example = """
    {"id": "capital/France", "relation": "capital", "subject": "France", "answer": "Paris", \
    "prompts": ["The capital of France is", "The government of France sits in"]}
    """

  /// Reads a dataset's file.
  ///
  /// - Throws: `BookError` naming the file, and the line that lacks a member or names a fact a second time.
  public init(reading entry: DatasetEntry) throws(BookError) {
    var facts: [Fact] = []
    var lines: [String: Int] = [:]
    for (number, value) in try entry.jsonLines(of: "facts", example: Self.example) {
      let fact = try Fact(value, entry, number)
      if let first = lines[fact.id] {
        throw BookError(
          "dataset '\(entry.name)': line \(number) of '\(entry.path)' names the fact '\(fact.id)' a second time, after line \(first)",
          hint: "give each fact an id of its own, and all of its prompts in one line")
      }
      lines[fact.id] = number
      facts.append(fact)
    }
    if let seed = entry.shuffle {
      var stream = RandomStream(seed: seed, stream: "dataset.shuffle")
      stream.shuffle(&facts)
    }
    self.facts = entry.take.map { Array(facts.prefix($0)) } ?? facts
  }

  /// The fact of an id.
  public subscript(id: String) -> Fact? { facts.first { $0.id == id } }

  /// Every relation, in the order in which the file's order first names them.
  public var relations: [String] {
    var seen: Set<String> = []
    return facts.map(\.relation).filter { seen.insert($0).inserted }
  }
}

extension Fact {
  fileprivate init(_ value: JSONValue, _ entry: DatasetEntry, _ line: Int) throws(BookError) {
    func missing(_ what: String) -> BookError {
      BookError(
        "dataset '\(entry.name)': line \(line) of '\(entry.path)' has no \(what)", hint: "each line: " + FactSet.example
      )
    }
    func text(_ name: String) throws(BookError) -> String {
      guard let text = value[name]?.stringValue, !text.isEmpty else { throw missing("'\(name)' with a text") }
      return text
    }
    (id, relation, subject, answer) = (try text("id"), try text("relation"), try text("subject"), try text("answer"))
    guard let prompts = value["prompts"]?.arrayValue, !prompts.isEmpty else {
      throw missing("'prompts' with a list of texts")
    }
    self.prompts = prompts.compactMap(\.stringValue).filter { !$0.isEmpty }
    guard self.prompts.count == prompts.count else { throw missing("'prompts' that are texts, all of them") }
  }
}
