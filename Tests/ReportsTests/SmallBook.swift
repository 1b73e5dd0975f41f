import Blocks
import Books
import Diagnostics
import Foundation
import Reports
import TestSupport

/// Renders templates over the embedded models without a store.
final class SmallBook {
  private let folder: TemporaryDirectory
  let book: Book

  init() throws {
    folder = try TemporaryDirectory()
    book = Book(
      directory: folder.path,
      models: [
        ModelEntry(name: "gpt", source: .path(ProjectRoot.asset("models/atlas-gpt2"))),
        ModelEntry(name: "bert", source: .path(ProjectRoot.asset("models/atlas-bert"))),
      ],
      datasets: [DatasetEntry(name: "atlas", path: ProjectRoot.asset("texts/atlas.txt"))],
      defaultModel: "bert", defaultDataset: "atlas")
  }

  /// The page of a template and everything said of it.
  func render(_ text: String, settings: [(key: String, value: String)] = []) throws -> (String, [Diagnostic]) {
    let path = folder.path + "/t.md"
    try Data(text.utf8).write(to: URL(fileURLWithPath: path))
    let (template, faults) = ReportTemplate.read(path: path, book: book, settings: settings)
    guard let template else { return ("", faults) }
    let evaluator = Evaluator(bench: Workbench(book: book, storeDirectory: nil))
    let (page, problems) = ReportRenderer(evaluator: evaluator, version: "test").render(template)
    return (String(decoding: page?.bytes ?? [], as: UTF8.self), faults + problems)
  }
}
