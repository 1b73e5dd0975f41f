import Blocks
import Books
import Directives
import Foundation
import Reports
import Results

/// Runs the directives of a manifest again, without any stored result, with the models and datasets of a book.
struct Reproduction {
  let options: BookOptions
  let book: Book

  /// Compares results with those computed now, and a page with the one they give.
  func compare(
    _ old: ResultSet, manifest: PageManifest, page: [UInt8]
  ) throws -> (diff: ResultDiff, reprint: PageReprint, again: RenderedPage?) {
    // A store of its own: nothing computed earlier is trusted, and directives still share their states.
    let directory = NSTemporaryDirectory() + "layerbook-reproduce-\(ProcessInfo.processInfo.processIdentifier)"
    defer { try? FileManager.default.removeItem(atPath: directory) }
    var options = options
    options.store = directory
    let evaluator = Evaluator(bench: options.bench(book))
    evaluator.bench.templateFolder = TemplateList.folder(of: manifest, options: self.options)
    // What a clock said cannot come out the same again.
    for entry in manifest.entries { evaluator.measured[entry.key.hex] = entry.result }
    let binder = DirectiveBinder(schemas: evaluator.registry.schemas, scope: ReportScope.scope(of: book, FrontMatter()))
    var entries: [ResultSet.Entry] = []
    for entry in manifest.entries {
      let (directive, problems) = DirectiveParser.parse(directive: entry.directive)
      try Faults.stop(problems)
      guard let directive else { continue }
      let (meaning, faults) = binder.bind(directive)
      try Faults.stop(faults)
      guard let meaning else { continue }
      do {
        let answer = try evaluator.evaluate(meaning.source)
        entries.append(
          ResultSet.Entry(
            id: entry.id, directive: entry.directive, inputs: answer.key.inputs, result: answer.stored.value,
            valueDigest: answer.stored.valueDigest.hex, tolerance: entry.tolerance.flatMap { Tolerance($0) } ?? .exact))
      } catch { throw Faults.failure(error) }
    }
    ProgressLine.shared.clear()
    let (reprint, again) = PageReprint.compare(page, manifest: manifest, book: book, evaluator: evaluator)
    let now = ResultSet(label: "computed now", entries: entries, prose: manifest.template)
    return (ResultDiff(old: old, new: now), reprint, again)
  }
}
