import Blocks
import Books
import Diagnostics
import Files
import Reports
import TestSupport

/// A book of one embedded model and a few texts in a folder of its own, and pages made of it.
final class PageBook {
  let directory: TemporaryDirectory
  let book: Book

  init() throws {
    directory = try TemporaryDirectory()
    let model = ProjectRoot.asset("models/atlas-gpt2")
    let texts = (0..<12).map { "The river number \($0) runs through the city and the old town to the sea." }
    try AtomicFile.write(Array(texts.joined(separator: "\n").utf8), to: directory.path + "/texts.txt")
    book = Book(
      directory: directory.path, models: [ModelEntry(name: "small", source: .path(model))],
      datasets: [DatasetEntry(name: "texts", path: directory.path + "/texts.txt")], defaultModel: "small",
      defaultDataset: "texts")
  }

  func evaluator(isFrozen: Bool = false) -> Evaluator {
    Evaluator(bench: Workbench(book: book, storeDirectory: directory.path + "/store", isFrozen: isFrozen))
  }

  /// Reads a template as far as it goes.
  func template(_ text: String) throws -> (ReportTemplate, [Diagnostic]) {
    let path = directory.path + "/page.md"
    try AtomicFile.write(Array(text.utf8), to: path)
    let (template, faults) = ReportTemplate.readDespiteFaults(path: path, book: book, settings: [])
    guard let template else { throw NoTemplate() }
    return (template, faults)
  }

  struct NoTemplate: Error {}

  func render(_ text: String, isFrozen: Bool = false) throws -> (RenderedPage?, [Diagnostic]) {
    let (template, faults) = try template(text)
    if faults.hasErrors { return (nil, faults) }
    return ReportRenderer(evaluator: evaluator(isFrozen: isFrozen), version: "test").render(template)
  }

  func preview(_ text: String) throws -> String {
    let renderer = ReportRenderer(evaluator: evaluator(), version: "test")
    let (template, faults) = try template(text)
    let all = faults.hasErrors ? faults : renderer.render(template).1
    return renderer.preview(of: template, all).html()
  }
}
