import Diagnostics
import Directives
import Markdown

/// A text of the front matter in which directives are looked for: the finding and the abstract.
///
/// Its marks are numbered after those of the body, so that a document has one numbering. Only what stands in running
/// text has a place in it.
public struct FrontText: Sendable {
  private let body: MarkdownBody
  /// The number that its first mark has in the document.
  private let firstMark: Int
  /// The number after its last mark.
  let nextMark: Int
  /// Its directives with their marks, at their places in the template.
  let directives: [(mark: Int, directive: Directive)]
  /// Its links to anchors, at the place of the text.
  let links: [AnchorLink]
  /// What is wrong with the text itself.
  let faults: [Diagnostic]

  /// Reads a text.
  ///
  /// - Parameters:
  ///   - name: the key of the front matter.
  ///   - firstMark: how many marks the document has before it.
  ///   - works: those that it may cite.
  init(
    _ text: Spanned<String>, name: String, firstMark: Int, citing works: CitedWorks?,
    isInline: (_ name: String) -> Bool?
  ) {
    let scan = Self.scan(text.value, name: name)
    body = MarkdownBody.parse(scan, surroundings: .beside(works), isInline: isInline)
    self.firstMark = firstMark
    nextMark = firstMark + scan.marks.count
    var place = FrontPlace(text)
    var directives: [(mark: Int, directive: Directive)] = []
    var faults = body.diagnostics.map { place.moved($0) }
    for (index, directive) in body.directivesToRun {
      let moved = place.moved(directive)
      guard body.placements[index] == .inline else {
        faults.append(
          moved.diagnostic(
            at: moved.span, "<<\(directive.name)>> is a figure or a table: the \(name) takes words and numbers",
            hints: ["move it into the text"]))
        continue
      }
      directives.append((firstMark + index, moved))
    }
    (self.directives, self.faults) = (directives, faults)
    links = body.links.map {
      AnchorLink(target: $0.target, template: $0.template, file: text.file, span: text.span)
    }
  }

  /// A text with its directives found.
  static func scan(_ text: String, name: String = "") -> ScanResult {
    DirectiveParser.scan(SourceFile(path: "--set \(name)", text: text))
  }

  /// Prints it with what its directives give, by the document's marks.
  func render(_ inlines: [Int: InlineContent]) -> RenderedMarkdown {
    body.render(
      inlines: Dictionary(
        uniqueKeysWithValues: body.placements.indices.compactMap { index in
          inlines[firstMark + index].map { (index, $0) }
        }))
  }
}

/// Finds the places that parts of a front-matter text have in the template: YAML folds lines and resolves escapes.
private struct FrontPlace {
  private let text: Spanned<String>
  /// Where the search goes on.
  private var cursor: Int

  init(_ text: Spanned<String>) { (self.text, cursor) = (text, text.span.lower) }

  /// A directive at its place in the template; at the whole text where it does not stand there as it was read.
  mutating func moved(_ directive: Directive) -> Directive {
    guard let file = text.file else { return directive }
    let source = Array(directive.source.utf8)
    let limit = file.whole(text.span).upper
    var start = cursor
    while start + source.count <= limit, !file.bytes[start..<start + source.count].elementsEqual(source) { start += 1 }
    guard start + source.count <= limit else { return moved(directive, file) { _ in text.span } }
    cursor = start + source.count
    let shift = start - directive.span.lower
    return moved(directive, file) { SourceSpan(lower: $0.lower + shift, upper: $0.upper + shift) }
  }

  /// A fault of the text at the whole of it.
  func moved(_ fault: Diagnostic) -> Diagnostic {
    guard let file = text.file else { return fault }
    return Diagnostic(fault.severity, file: file, span: text.span, message: fault.message, hints: fault.hints)
  }

  private func moved(_ directive: Directive, _ file: SourceFile, by move: (SourceSpan) -> SourceSpan) -> Directive {
    var moved = directive
    moved.file = file
    moved.span = move(directive.span)
    moved.nameSpan = move(directive.nameSpan)
    moved.arguments = directive.arguments.map { argument in
      var argument = argument
      argument.span = move(argument.span)
      argument.valueSpan = move(argument.valueSpan)
      argument.keySpan = argument.keySpan.map(move)
      return argument
    }
    moved.faults = directive.faults.map { fault in
      Diagnostic(fault.severity, file: file, span: fault.span.map(move), message: fault.message, hints: fault.hints)
    }
    return moved
  }
}

extension SourceFile {
  /// The span of a YAML value with the indented lines that follow: of a folded text the span is its mark alone.
  func whole(_ span: SourceSpan) -> SourceSpan {
    var end = span.upper
    while let lineEnd = bytes[end...].firstIndex(of: 0x0A), lineEnd + 1 < bytes.count {
      guard [0x20, 0x0A, 0x0D].contains(bytes[lineEnd + 1]) else { break }
      end = lineEnd + 1
    }
    return SourceSpan(lower: span.lower, upper: max(end, bytes[end...].firstIndex(of: 0x0A) ?? bytes.count))
  }
}
