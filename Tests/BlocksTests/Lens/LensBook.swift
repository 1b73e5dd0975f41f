import Blocks
import Books
import Diagnostics
import Directives
import Files
import JSONText
import TestSupport
import Testing

/// A book for tests of lenses: the embedded models, and where the shared material is present a published one.
struct LensBook {
  /// Reference values beside a model of the book.
  struct Reference: CustomTestStringConvertible, Sendable {
    var model: String
    var path: String
    var testDescription: String { model }
    func values() throws -> JSONValue { try JSON.parse(try readFile(path)) }
  }

  /// The committed values, and the larger files of the shared material.
  static let references: [Reference] =
    [Reference(model: "atlas-llama", path: ProjectRoot.fixture("lens/atlas-llama.json"))]
    + (SharedMaterial.isPresent
      ? ["atlas-llama", "atlas-gpt2", "stories260K"].map {
        Reference(model: $0, path: SharedMaterial.path("reference/\($0)/lens.json"))
      } : [])

  let evaluator: Evaluator
  private let book: Book
  private let folder: TemporaryDirectory

  init() throws {
    folder = try TemporaryDirectory()
    var models = ["atlas-llama", "atlas-gpt2", "atlas-bert"].map {
      ModelEntry(name: $0, source: .path(ProjectRoot.asset("models/" + $0)))
    }
    var datasets = [
      DatasetEntry(name: "atlas", path: ProjectRoot.asset("texts/atlas.txt")),
      DatasetEntry(name: "last-word", path: ProjectRoot.asset("texts/last-word.jsonl")),
      DatasetEntry(name: "facts", path: ProjectRoot.asset("texts/facts.jsonl"), shuffle: 42),
    ]
    if SharedMaterial.isPresent {
      models.append(
        ModelEntry(name: "stories260K", source: .path(SharedMaterial.path("models/stories260K"))))
      datasets += [
        DatasetEntry(
          name: "stories", path: SharedMaterial.path("data/tinystories-wikitext-snippets/tinystories_1000.json")),
        DatasetEntry(name: "lambada", path: SharedMaterial.path("data/lambada/lambada_test.jsonl")),
        DatasetEntry(name: "wikitext", path: SharedMaterial.path("data/wikitext-2/test.txt")),
      ]
    }
    book = Book(models: models, datasets: datasets)
    evaluator = Evaluator(bench: Workbench(book: book, storeDirectory: folder.path + "/store"))
  }

  /// What is wrong with a directive.
  func faults(_ text: String) throws -> [String] {
    let (bound, faults) = try bind(text)
    return (faults + (bound.map { Registry.standard.faults(of: $0) } ?? [])).map(\.message)
  }

  private func bind(_ text: String) throws -> (Bound?, [Diagnostic]) {
    let scope = BindingScope(
      models: book.models.map(\.name), datasets: book.datasets.map(\.name), model: "atlas-llama", dataset: "atlas",
      seed: 42)
    let directive = try #require(DirectiveParser.parse(directive: text).0)
    return DirectiveBinder(schemas: Registry.standard.schemas, scope: scope).bind(directive)
  }

  func ask(_ text: String) throws -> Evaluation {
    #expect(try faults(text) == [])
    return try evaluator.evaluate(try #require(try bind(text).0).source)
  }

  func result(_ text: String) throws -> JSONValue { .object(try ask(text).result) }

  func failure(_ text: String) throws -> EngineError? {
    do { _ = try ask(text) } catch let error as EngineError { return error }
    return nil
  }

  /// A token as results show it.
  func text(of id: Int, _ model: String) throws -> String { try evaluator.bench.subject(model).tokenizer().display(id) }
}

/// Numbers of nested lists, nil for null.
func numbers(_ value: JSONValue?) -> [Double?] { value?.arrayValue?.map(\.doubleValue) ?? [] }

/// The words of a list.
func words(_ value: JSONValue?) -> [String] { (value?.arrayValue ?? []).compactMap { $0.stringValue } }

/// The largest distance between two lists, of two that are defined alike; infinite where they are not.
func distance(_ mine: [Double?], _ theirs: [Double?], relative: Bool = false) -> Double {
  guard mine.count == theirs.count, !mine.isEmpty else { return .infinity }
  return zip(mine, theirs).map { pair -> Double in
    guard let a = pair.0, let b = pair.1 else { return (pair.0 == nil) == (pair.1 == nil) ? 0 : .infinity }
    return abs(a - b) / (relative ? max(abs(b), 1e-300) : 1)
  }.max() ?? .infinity
}
