import Blocks
import Books
import Directives
import TestSupport
import Testing

/// Answers directives of the embedded models in this process.
struct Asker {
  let evaluator: Evaluator
  let book: Book

  init(store: String? = nil, isFrozen: Bool = false, bert: String = ProjectRoot.asset("models/atlas-bert")) {
    book = Book(
      models: [
        ModelEntry(name: "bert", source: .path(bert)),
        ModelEntry(name: "causal", source: .path(ProjectRoot.asset("models/atlas-llama"))),
        ModelEntry(name: "gone", source: .path("/nowhere/at/all")),
        ModelEntry(name: "hub", source: .hub(name: "org/no-such-model", revision: "v2")),
      ],
      datasets: [
        DatasetEntry(name: "atlas", path: ProjectRoot.asset("texts/atlas.txt")),
        DatasetEntry(name: "facts", path: ProjectRoot.asset("texts/facts.jsonl"), take: 3),
      ])
    evaluator = Evaluator(bench: Workbench(book: book, storeDirectory: store, isFrozen: isFrozen))
  }

  func bind(_ text: String) throws -> Bound {
    let scope = BindingScope(
      models: book.models.map(\.name), datasets: book.datasets.map(\.name), model: "bert", dataset: "atlas", seed: 42)
    let directive = try #require(DirectiveParser.parse(directive: text).0)
    let (bound, faults) = DirectiveBinder(schemas: Registry.standard.schemas, scope: scope).bind(directive)
    #expect(faults.map(\.message) == [])
    return try #require(bound)
  }

  func ask(_ text: String) throws -> Evaluation { try evaluator.evaluate(bind(text).source) }

  func failure(_ text: String) throws -> EngineError? {
    do { _ = try ask(text) } catch let error as EngineError { return error }
    return nil
  }

  func value(_ text: String) throws -> Double? {
    guard case .quantity(let quantity) = try bind(text) else { return nil }
    return try QuantityLookup.value(of: quantity, in: evaluator.evaluate(quantity.source))
  }
}
