import Blocks
import Books
import Directives
import Foundation
import JSONText
import TestSupport
import Testing

/// Every example of the documentation, over few texts, beside what was recorded before results were declared as types;
/// early exit since its curve is exact.
///
/// Numbers are recorded with six digits; other processors round the last of them differently, and regressions are
/// certified to a thousandth of R².
@Suite struct RecordedResultTests {
  @Test func everyExampleGivesWhatItGave() throws {
    let text = try String(contentsOfFile: ProjectRoot.fixture("examples/results.jsonl"), encoding: .utf8)
    let lines = try text.split(separator: "\n").map { try JSON.parse(String($0)) }
    let asker = try Examples()
    let recorded = try lines.map { try #require($0["directive"]?.stringValue) }
    #expect(recorded == Examples.texts, "an example was added or went: record it")
    for (line, example) in zip(lines, recorded) {
      let result = try asker.answer(example)
      let (old, new) = (Leaves(line["result"] ?? .null), Leaves(result))
      #expect(old.places == new.places, "\(example) holds other members")
      // Ranks swap where two values are equal to the last digits.
      let allowed = example.contains("paths") || example.contains("redundancy") ? old.count / 20 : 0
      // One of a few hundred positions may go the other way.
      let isCounted = example.contains("bypass") || example.contains("generate")
      let isFine = ["heatmap r2 both", "earlyexit", "convergence"].contains { example.contains($0) }
      let tolerance = isCounted ? 5e-3 : isFine ? 2e-5 : 1e-3
      let differences = old.differences(from: new, tolerance)
      #expect(differences.count <= allowed, "\(example): \(differences.first ?? "")")
    }
  }
}

/// The examples of the documentation, asked of a book whose dataset ends after 150 texts.
private struct Examples {
  static let texts: [String] = Registry.standard.blocks.flatMap { block in
    block.schema.examples.flatMap {
      $0.replacing(">> <<", with: ">>\u{0}<<").split(separator: "\u{0}").map(String.init)
    }
  }.filter { text in !unrecorded.contains { text.hasPrefix("<<" + $0) } }.map { text in
    // Maps fitted to about as many texts as there are dimensions magnify the last bit of a state.
    let fitsMaps = lensed.contains { text.contains($0) }
    let few = text.replacing(/n=[0-9]+/, with: fitsMaps ? "n=60" : "n=150")
    return fitsMaps && !few.contains("n=") ? few.replacing(">>", with: " n=60>>") : few
  }

  /// What shows a file of the author's, of which there is none here; what takes long and is held to references of its own.
  private static let unrecorded = ["plot", "table", "knowledge", "distill train"]

  /// What fits maps.
  private static let lensed = [
    "both", "earlyexit", "precision", "surprisal", "submodules", "alternation", "transfer", "predictions",
  ]

  let evaluator: Evaluator
  private let folder: TemporaryDirectory

  init() throws {
    folder = try TemporaryDirectory()
    let book = Book(
      models: ["atlas-llama", "atlas-gpt2"].map {
        ModelEntry(name: $0, source: .path(ProjectRoot.asset("models/" + $0)))
      },
      datasets: [
        DatasetEntry(name: "atlas", path: ProjectRoot.asset("texts/atlas.txt"), take: 150),
        DatasetEntry(name: "last-word", path: ProjectRoot.asset("texts/last-word.jsonl"), take: 150),
        DatasetEntry(name: "facts", path: ProjectRoot.asset("texts/facts.jsonl"), take: 12),
      ])
    evaluator = Evaluator(bench: Workbench(book: book, storeDirectory: folder.path + "/store"))
  }

  func answer(_ text: String) throws -> JSONValue {
    let scope = BindingScope(
      models: ["atlas-llama", "atlas-gpt2"], datasets: ["atlas", "last-word", "facts"], model: "atlas-llama",
      dataset: "atlas",
      seed: 42)
    let directive = try #require(DirectiveParser.parse(directive: text).0)
    let (bound, faults) = DirectiveBinder(schemas: Registry.standard.schemas, scope: scope).bind(directive)
    #expect(faults.isEmpty, "\(text)")
    return .object(try evaluator.evaluate(try #require(bound).source).result)
  }
}

/// The values of a result without its structure, each with its place; list entries share one.
private struct Leaves {
  private var values: [String: [JSONValue]] = [:]

  init(_ value: JSONValue) { collect(value, "") }

  private mutating func collect(_ value: JSONValue, _ place: String) {
    // Of an exact curve the number and the order of points hang on the last bit of a confidence.
    if place.hasSuffix(".curve[]") || place.hasSuffix(".points") { return }
    if let object = value.objectValue {
      for (name, member) in object { collect(member, place + "." + name) }
    } else if let entries = value.arrayValue {
      for entry in entries { collect(entry, place + "[]") }
    } else {
      values[place, default: []].append(value)
    }
  }

  var places: [String] { values.keys.sorted() }
  var count: Int { values.values.reduce(0) { $0 + $1.count } }

  func differences(from other: Leaves, _ tolerance: Double) -> [String] {
    pairs(other).filter { !Self.isSame($0.old, $0.new, tolerance) }.map { "\($0.place) was \($0.old), is \($0.new)" }
  }

  private func pairs(_ other: Leaves) -> [(place: String, old: JSONValue, new: JSONValue)] {
    places.flatMap { place -> [(place: String, old: JSONValue, new: JSONValue)] in
      let (old, new) = (values[place] ?? [], other.values[place] ?? [])
      return (0..<max(old.count, new.count)).map { index in
        (place, old.indices.contains(index) ? old[index] : "none", new.indices.contains(index) ? new[index] : "none")
      }
    }
  }

  private static func isSame(_ old: JSONValue, _ new: JSONValue, _ tolerance: Double) -> Bool {
    guard let a = old.doubleValue, let b = new.doubleValue else { return old == new }
    return abs(a - b) <= tolerance * max(1, abs(a))
  }
}
