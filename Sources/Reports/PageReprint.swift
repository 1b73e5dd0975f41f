import Blocks
import Books
import Diagnostics
import JSONText
import Results

/// A page made once more from the template it carries: pages are deterministic, so that it must come out the same.
public enum PageReprint: Equatable {
  /// Byte by byte the same.
  case same
  /// Another page: what stands where they begin to differ.
  case differs(String)
  /// The page cannot be made here, and why.
  case impossible(String)

  /// Makes the page of a manifest again and compares.
  ///
  /// - Parameters:
  ///   - evaluator: answers the directives; a frozen one uses stored results only.
  /// - Returns: what came of it, and the page as it was made again.
  public static func compare(
    _ page: [UInt8], manifest: PageManifest, book: Book, evaluator: Evaluator
  ) -> (reprint: PageReprint, again: RenderedPage?) {
    let (again, reason) = render(manifest, page, book, ReportRenderer(evaluator: evaluator, version: manifest.version))
    guard let again else { return (.impossible(reason), nil) }
    return (again.bytes == page ? .same : .differs(difference(page, again.bytes)), again)
  }

  /// Makes a page again from its own record, where neither models nor a store need be at hand.
  ///
  /// It shows whether tables, figures, captions and numbers are those of the results that the page carries, and whether
  /// all around them is what its template gives. What its manifest says beside the results is not compared.
  ///
  /// - Parameter kept: results by id that the page has the digest of only, from elsewhere.
  /// - Returns: what came of it, the ids of exhibits that were taken as they stand, for want of their results, and the
  ///   page as it was made again.
  public static func fromRecord(
    _ page: [UInt8], manifest: PageManifest, book: Book, kept: [String: JSONValue] = [:]
  ) -> (reprint: PageReprint, taken: [String], again: RenderedPage?) {
    let record = AnswerRecord(manifest, book: book, kept: kept)
    let renderer = ReportRenderer(evaluator: Evaluator(record: record), version: manifest.version)
    renderer.original = PageText(page)
    let (again, reason) = render(manifest, page, record.book, renderer)
    do throws(ManifestError) {
      guard let again else { return (.impossible(reason), [], nil) }
      let (old, new) = (try PageManifest.surroundings(of: page), try PageManifest.surroundings(of: again.bytes))
      return (old == new ? .same : .differs(difference(old, new)), renderer.taken, again)
    } catch {
      return (.impossible("\(error)"), [], nil)
    }
  }

  /// The page of a manifest's template under the version it names, or why there is none.
  private static func render(
    _ manifest: PageManifest, _ page: [UInt8], _ book: Book, _ renderer: ReportRenderer
  ) -> (page: RenderedPage?, reason: String) {
    let file = SourceFile(path: manifest.report + ".md", bytes: Array(manifest.template.utf8))
    let settings = manifest.settings.map { (key: $0.key, value: $0.value) }
    let (template, faults) = ReportTemplate.read(
      file, beside: TemplateFiles(manifest.attachments, page: page), book: book, settings: settings,
      registry: renderer.evaluator.registry)
    guard let template else { return (nil, reason(faults)) }
    renderer.site = manifest.site
    let (again, problems) = renderer.render(template)
    return (again, reason(problems))
  }

  private static func reason(_ faults: [Diagnostic]) -> String {
    faults.first { $0.severity == .error }?.message ?? "unknown reason"
  }

  /// The first place where two pages differ, with a little of what stands there in each.
  private static func difference(_ page: [UInt8], _ again: [UInt8]) -> String {
    let place =
      zip(page, again).enumerated().first { $0.element.0 != $0.element.1 }?.offset ?? min(page.count, again.count)
    func excerpt(_ bytes: [UInt8]) -> String {
      let part = bytes[max(0, place - 20)..<min(bytes.count, place + 30)]
      return String(decoding: part, as: UTF8.self).split(whereSeparator: \.isNewline).joined(separator: " ")
    }
    return "from byte \(place) on: '\(excerpt(page))', its template gives '\(excerpt(again))'"
  }
}
