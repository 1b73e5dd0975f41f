import Citations
import Directives

/// The works that one page cites, wherever on it: they are told apart and listed together.
public struct CitedWorks: Sendable {
  /// All that may be cited.
  let bibliography: Bibliography
  /// The keys that some text of the page cites, known or not.
  let keys: Set<String>
  /// How they are printed.
  let style: CitationStyle

  /// The works of a page.
  ///
  /// - Parameters:
  ///   - scans: texts with directives in them, such as the body and the finding.
  ///   - texts: texts without, such as captions.
  public init(_ bibliography: Bibliography, in scans: [ScanResult], _ texts: [String]) {
    self.bibliography = bibliography
    let plain = texts.filter { $0.utf8.contains(0x40) }.map { MarkdownText.scan($0) }
    keys = Set((scans + plain).flatMap { Self.keys(in: $0, of: bibliography) })
    style = CitationStyle(bibliography, citing: keys)
  }

  /// The anchors of the list of the works.
  public var listAnchors: [String] { style.listAnchors }

  /// Whether no work is cited that there is.
  var isEmpty: Bool { !keys.contains { bibliography[$0] != nil } }

  /// Whether `@key` in a sentence cites a work, known or not: a key that is not there and looks like one is a slip.
  func mayCite(_ key: String) -> Bool { bibliography[key] != nil || CitationScan.looksLikeKey(key) }

  private static func keys(in scan: ScanResult, of bibliography: Bibliography) -> [String] {
    guard scan.text.utf8.contains(0x40) else { return [] }
    let syntax = SyntaxMarks(scan, isInline: true) { bibliography[$0] != nil }
    return syntax.marks.flatMap { mark -> [String] in
      if case .citation(let citation) = mark.kind { citation.items.map(\.key) } else { [] }
    }
  }
}
