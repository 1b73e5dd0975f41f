import Blocks
import Books
import Diagnostics
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
  ///   - version: this program's version; another one may set a page otherwise.
  public static func compare(
    _ page: [UInt8], manifest: PageManifest, book: Book, evaluator: Evaluator, version: String
  ) -> PageReprint {
    guard manifest.version == version else {
      return .impossible("it was made by layerbook \(manifest.version), and this is \(version)")
    }
    let file = SourceFile(path: manifest.report + ".md", bytes: Array(manifest.template.utf8))
    let settings = manifest.settings.map { (key: $0.key, value: $0.value) }
    let (template, faults) = ReportTemplate.read(file, book: book, settings: settings, registry: evaluator.registry)
    guard let template else { return .impossible(reason(faults)) }
    let (again, problems) = ReportRenderer(evaluator: evaluator, version: version).render(template)
    guard let again else { return .impossible(reason(problems)) }
    return again.bytes == page ? .same : .differs(difference(page, again.bytes))
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
