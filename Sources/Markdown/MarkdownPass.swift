import Diagnostics
import Directives

/// One pass over a body: reads it, decides where every mark stands, edits the tree, prints it.
///
/// Reading and printing are the same pass, without and with results, so that they can never disagree.
final class MarkdownPass {
  let scan: ScanResult
  let options: MarkdownOptions
  let inlineness: [Bool?]
  let fill: MarkdownFill?
  let surroundings: MarkdownSurroundings

  var placements: [DirectivePlacement?]
  var groups: [[Int]] = []
  var headings: [Heading] = []
  var tables: [AuthorTable] = []
  var equations: [AuthorEquation] = []
  var images: [AuthorImage] = []
  /// The links to places of this page and of others.
  var links: [AnchorLink] = []
  /// What of the author's stands on the page that needs a style of its own.
  var features: Set<MarkdownFeature> = []
  var items: [BodyItem] = []
  var diagnostics: [Diagnostic] = []
  let syntax: SyntaxMarks
  var footnotes = Footnotes()
  /// The tags that stand for marks of text for one medium.
  var media: [Int: String] = [:]
  /// The tags that stand for `~~`, by mark.
  var strikes: [Int: String] = [:]
  /// How often another tool's notation was met.
  var foreign = 0
  /// Where another tool's notation was met last and ends, by the line of its block and its text.
  var notationEnds: [String: Int] = [:]
  /// How many images of an address were met, by the line of their block and the address.
  var imagesOfBlocks: [String: Int] = [:]
  /// Nodes that were replaced together with their paragraph.
  var handled: Set<Int> = []
  var anchors: HeadingAnchors
  /// The lines of the text that is parsed, for tables.
  let lines: [Substring.UTF8View.SubSequence]
  private let text: String

  static let deepest = 100

  init(
    _ scan: ScanResult, options: MarkdownOptions, inlineness: [Bool?], fill: MarkdownFill?,
    surroundings: MarkdownSurroundings = .none, isInline: Bool = false
  ) {
    self.scan = scan
    self.options = options
    self.inlineness = inlineness
    self.fill = fill
    placements = scan.marks.map { _ in nil }
    self.surroundings = surroundings
    syntax = SyntaxMarks(scan, isInline: isInline) {
      (surroundings.works?.mayCite($0) ?? CitationScan.looksLikeKey($0)) || CitationScan.isCrossReference($0)
    }
    anchors = HeadingAnchors(reserved: options.reservedIDs.union(surroundings.works?.style.listAnchors ?? []))
    text = syntax.text
    lines = MarkdownPass.split(syntax.text)
  }

  /// Where a document stands in the file.
  struct Context {
    /// The 1-based line of the file on which the document starts.
    var firstLine: Int
    /// Whether it is one cell of a table, where no block can stand.
    var isCell = false
    /// Whether it is the body, of which lines may have been taken out.
    var isBody = false
  }

  /// Reads and prints the whole body.
  func run() -> String {
    reportEscapedFormulas()
    let document = CMarkDocument(text)
    process(document, Context(firstLine: scan.firstLine, isBody: true))
    let notes = finishFootnotes()
    conserve()
    return MarkdownPass.allowed(document.html() + references() + notes)
  }

  /// Reads and prints text that stands alone on its line, such as a caption.
  func runInline() -> String {
    reportEscapedFormulas()
    return MarkdownPass.allowed(inlineHTML(text, Context(firstLine: scan.firstLine, isCell: true)))
  }

  var finalPlacements: [DirectivePlacement] { placements.map { $0 ?? .notRun(.noEffect) } }

  // MARK: - One document

  /// Edits all nodes of a document: results in the place of placeholders, formulas, tables, headings.
  func process(_ document: CMarkDocument, _ context: Context) {
    let visits = document.visits()
    if let deep = visits.first(where: { $0.depth > MarkdownPass.deepest }) {
      let line = context.firstLine + max(blockLine(deep.node), 1) - 1
      report(.error, line: line, "nested more than \(MarkdownPass.deepest) deep")
    }
    var isDone = visits.map { _ in false }
    pairStrikes(visits)
    separateMedia(visits)
    let written = context.isCell ? [:] : findTables(visits, &isDone, context)
    for (index, visit) in visits.enumerated() where visit.kind == .code && !isDone[index] && !visit.isInImage {
      formula(visit.node, context)
    }
    var titles: [PendingHeading] = []
    if !context.isCell {
      titles = findHeadings(visits, isDone, context)
      for (index, visit) in visits.enumerated()
      where visit.kind == .paragraph && !isDone[index] && written[index] == nil {
        define(visit.node)
      }
    }
    for (index, visit) in visits.enumerated() {
      if let rows = written[index] {
        let line = fileLine(visit.node.firstLine, context)
        visit.node.replaceBlock(withMarkup: table(rows.rows, rows.attributes, line))
      } else if !isDone[index], !handled.contains(visit.node.key) {
        edit(visit, context)
      }
    }
    for title in titles { finish(title) }
  }

  private func edit(_ visit: CMarkDocument.Visit, _ context: Context) {
    switch visit.kind {
    case .text:
      if fill == nil { reportForeign(visit.node, context) }
      fillText(visit)
    case .code:
      reportBraces(ofCode: visit.node, context)
      visit.node.literal = restore(visit.node.literal, .code)
    case .codeBlock: codeBlock(visit.node, context)
    case .htmlBlock: htmlBlock(visit.node, context)
    case .htmlInline: htmlInline(visit, context)
    case .image: inlineImage(visit.node, context)
    case .link: checkTarget(visit.node, context)
    case .blockQuote: callout(visit.node, context)
    case .listItem: task(visit.node)
    case .paragraph where !context.isCell:
      if !displayedFormula(visit.node), !figure(visit.node, context) { group(visit.node) }
    default: break
    }
  }

  // MARK: - Places

  /// The line of the file for a line of a document.
  func fileLine(_ line: Int, _ context: Context) -> Int {
    context.firstLine + max(line, 1) - 1 + (context.isBody ? syntax.shift(ofLine: line) : 0)
  }

  /// The line, in its document, of the block a node stands in.
  func blockLine(_ node: MarkdownNode) -> Int {
    var current: MarkdownNode? = node
    while let found = current {
      switch found.kind {
      case .paragraph, .heading, .codeBlock, .htmlBlock, .blockQuote, .listItem, .otherBlock, .document:
        return found.firstLine
      default: current = found.parent
      }
    }
    return 1
  }

  func report(
    _ severity: Diagnostic.Severity, line: Int, _ message: String, hints: [String] = []
  ) {
    let span = trimmedSpan(ofLine: line)
    diagnostics.append(Diagnostic(severity, file: scan.file, span: span, message: message, hints: hints))
  }

  func report(
    _ severity: Diagnostic.Severity, at span: SourceSpan, _ message: String, hints: [String] = []
  ) {
    diagnostics.append(Diagnostic(severity, file: scan.file, span: span, message: message, hints: hints))
  }

  /// A line without its indentation.
  func trimmedSpan(ofLine line: Int) -> SourceSpan {
    var span = scan.file.span(ofLine: line)
    while span.lower < span.upper, scan.file.bytes[span.lower] == 0x20 || scan.file.bytes[span.lower] == 0x09 {
      span.lower += 1
    }
    return span
  }

  /// Where a text first stands in the file at or after a line; nil where it does not.
  func find(_ text: String, fromLine line: Int) -> Int? {
    find(text, from: scan.file.span(ofLine: line).lower)
  }

  /// Where a text first stands in the file at or after an offset; nil where it does not.
  func find(_ text: String, from start: Int) -> Int? {
    let needle = Array(text.utf8)
    let bytes = scan.file.bytes
    guard let first = needle.first, needle.count <= bytes.count else { return nil }
    // A paragraph is looked through, not the rest of a large file.
    let end = min(bytes.count - needle.count, start + 65_536)
    guard start <= end else { return nil }
    return (start...end).first { bytes[$0] == first && bytes[$0..<($0 + needle.count)].elementsEqual(needle) }
  }

  // MARK: - Text

  /// Lines of a text by LF, CR LF or CR, as CommonMark counts them.
  private static func split(_ text: String) -> [Substring.UTF8View.SubSequence] {
    var lines: [Substring.UTF8View.SubSequence] = []
    let bytes = text[...].utf8
    var start = bytes.startIndex
    var index = start
    while index < bytes.endIndex {
      let byte = bytes[index]
      let next = bytes.index(after: index)
      if byte == 0x0A || byte == 0x0D {
        lines.append(bytes[start..<index])
        start = next
        if byte == 0x0D, next < bytes.endIndex, bytes[next] == 0x0A { start = bytes.index(after: next) }
        index = start
      } else {
        index = next
      }
    }
    lines.append(bytes[start..<bytes.endIndex])
    return lines
  }

  /// Replaces what XML does not allow: a character reference such as `&#8;` can put it into the text.
  private static func allowed(_ html: String) -> String {
    func isForbidden(_ scalar: Unicode.Scalar) -> Bool {
      switch scalar.value {
      case 0x9, 0xA, 0xD, 0x20...0xD7FF, 0xE000...0xFFFD, 0x10000...0x10FFFF: false
      default: true
      }
    }
    guard html.unicodeScalars.contains(where: isForbidden) else { return html }
    var result = ""
    for scalar in html.unicodeScalars { result.unicodeScalars.append(isForbidden(scalar) ? "\u{FFFD}" : scalar) }
    return result
  }
}
