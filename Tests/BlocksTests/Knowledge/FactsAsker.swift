import Blocks
import Books
import Directives
import Files
import JSONText
import TestSupport
import Testing

/// Answers directives about facts of one file in this process.
struct FactsAsker {
  private let folder: TemporaryDirectory
  private let evaluator: Evaluator

  init(model: String, lines: [String]) throws {
    folder = try TemporaryDirectory()
    let path = folder.path + "/facts.jsonl"
    try AtomicFile.write(Array((lines.joined(separator: "\n") + "\n").utf8), to: path, durable: false)
    let book = Book(
      models: [ModelEntry(name: "model", source: .path(model))], datasets: [DatasetEntry(name: "facts", path: path)])
    evaluator = Evaluator(bench: Workbench(book: book, storeDirectory: folder.path + "/store"))
  }

  private func bind(_ text: String) throws -> BoundDirective {
    let scope = BindingScope(models: ["model"], datasets: ["facts"], model: "model", dataset: "facts", seed: 42)
    let directive = try #require(DirectiveParser.parse(directive: text).0)
    let (bound, faults) = DirectiveBinder(schemas: Registry.standard.schemas, scope: scope).bind(directive)
    #expect(faults.map(\.message) == [])
    return try #require(bound).source
  }

  /// The result of a directive.
  func result(_ text: String) throws -> JSONValue { .object(try evaluator.evaluate(bind(text)).result) }

  /// What is wrong with a directive before anything runs; nil for nothing.
  func misfit(_ text: String) throws -> Misfit? {
    do { try evaluator.resolve(bind(text)) } catch let error as Misfit { return error }
    return nil
  }

  /// Why a directive cannot be answered.
  func failure(_ text: String) throws -> EngineError? {
    do { _ = try evaluator.evaluate(bind(text)) } catch let error as EngineError { return error }
    return nil
  }
}
