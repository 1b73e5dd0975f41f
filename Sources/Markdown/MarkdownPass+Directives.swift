import Diagnostics
import Directives
import Markup

extension MarkdownPass {
  // MARK: - Running text

  /// Puts results, footnote references and literal text in the place of a text node's placeholders.
  func fillText(_ visit: CMarkDocument.Visit) {
    let literal = visit.node.literal
    guard TextPieces.hasPlaceholder(literal) else { return }
    for piece in TextPieces.split(literal) {
      switch piece {
      case .text(let text):
        visit.node.insertBefore(.text(text))
      case .mark(let index):
        visit.node.insertBefore(content(ofMark: index, isPlain: visit.isInImage || visit.isInLink))
      case .syntax(let index):
        visit.node.insertBefore(syntax(index, isPlain: visit.isInImage || visit.isInLink))
      }
    }
    visit.node.remove()
  }

  /// What is printed for a footnote mark, a formula, a citation or a `~~`.
  func syntax(_ index: Int, isPlain: Bool) -> InlinePiece {
    guard syntax.marks.indices.contains(index) else { return .text("") }
    let mark = syntax.marks[index]
    switch mark.kind {
    case .footnote: return reference(index, isPlain: isPlain)
    case .formula(let formula): return self.formula(formula, mark, isPlain: isPlain)
    case .citation(let citation): return cite(citation, mark, isPlain: isPlain)
    case .strike: return isPlain ? .text("") : strikes[index].map { .markup($0) } ?? .text(mark.source)
    }
  }

  /// What is printed for a mark in running text.
  func content(ofMark index: Int, isPlain: Bool) -> InlinePiece {
    guard scan.marks.indices.contains(index) else { return .text("") }
    let mark = scan.marks[index]
    switch mark.kind {
    case .literal(let text):
      settle(index, .literal)
      return .text(text)
    case .unclosed(let reason):
      if settle(index, .notRun(.unclosed)) {
        // A known name was surely meant; `a <<b` may be a shift or a here document.
        report(
          inlineness[index] == nil ? .warning : .error, at: mark.span, "'\(mark.source)' is not a directive: \(reason)",
          hints: ["write '\\\(mark.source)' for literal text"])
      }
      return .text(mark.source)
    case .directive(let directive):
      if placements[index] == .medium { return media[index].map { isPlain ? .text("") : .markup($0) } ?? .text("") }
      if inlineness[index] == false {
        if settle(index, .notRun(.misplaced)) {
          report(.error, at: mark.span, "block directive '\(directive.name)' must stand alone in its paragraph")
        }
        return .text(mark.source)
      }
      settle(index, .inline)
      guard placements[index] == .inline, let fill else { return .text(mark.source) }
      guard let content = fill.inlines[index] else { return isPlain ? .text(mark.source) : missing([index]) }
      return isPlain ? .text(content.plainText) : .markup(content.html.html)
    }
  }

  /// Decides where a mark stands, unless that is decided; whether it was decided now.
  @discardableResult func settle(_ index: Int, _ placement: DirectivePlacement) -> Bool {
    guard placements[index] == nil else { return false }
    placements[index] = placement
    return true
  }

  private func missing(_ indices: [Int]) -> InlinePiece {
    let source = indices.map { scan.marks[$0].source }.joined(separator: " ")
    return .markup(MarkupWriter.make { $0.element("code", ["class": "directive-error"], text: source) }.html)
  }

  // MARK: - Blocks

  /// Replaces a paragraph that holds nothing but block directives.
  func group(_ paragraph: MarkdownNode) {
    guard let marks = marksAlone(in: paragraph) else { return }
    let directives = marks.filter { scan.marks[$0].directive != nil }
    guard directives.count == marks.count, marks.allSatisfy({ inlineness[$0] != true && placements[$0] == nil }) else {
      return
    }
    let number = groups.count
    groups.append(marks)
    items.append(.group(number))
    for mark in marks { settle(mark, .block(group: number)) }
    if let markup = fill?.blocks[number] {
      paragraph.replaceBlock(withMarkup: markup.html)
    } else if case .markup(let html) = missing(marks) {
      paragraph.replaceBlock(withMarkup: "<p>" + html + "</p>")
    }
  }

  /// The marks of a paragraph that holds marks and blanks only; nil where it holds anything else.
  private func marksAlone(in paragraph: MarkdownNode) -> [Int]? {
    var marks: [Int] = []
    for child in paragraph.children {
      switch child.kind {
      case .softBreak, .lineBreak: continue
      case .text:
        for piece in TextPieces.split(child.literal) {
          switch piece {
          case .mark(let index) where scan.marks.indices.contains(index): marks.append(index)
          case .text(let text) where text.unicodeScalars.allSatisfy { $0 == " " || $0 == "\t" }: continue
          default: return nil
          }
        }
      default: return nil
      }
    }
    return marks.isEmpty ? nil : marks
  }

  // MARK: - Where directives are not run

  /// Puts the source back in the place of placeholders.
  ///
  /// - Parameter reason: why directives do not run here.
  func restore(_ text: String, _ reason: NotRunReason) -> String {
    guard TextPieces.hasPlaceholder(text) else { return text }
    return TextPieces.split(text).map { piece in
      switch piece {
      case .text(let text): return text
      case .syntax(let index): return syntax.marks.indices.contains(index) ? syntax.marks[index].source : ""
      case .mark(let index):
        guard scan.marks.indices.contains(index) else { return "" }
        settle(index, .notRun(reason))
        return scan.marks[index].source
      }
    }.joined()
  }

  /// The directives whose placeholders stand in a text and that are not settled yet.
  func unsettledDirectives(in text: String) -> [ScannedMark] {
    guard TextPieces.hasPlaceholder(text) else { return [] }
    return TextPieces.split(text).compactMap { piece in
      guard case .mark(let index) = piece, scan.marks.indices.contains(index), placements[index] == nil else {
        return nil
      }
      return scan.marks[index].directive == nil ? nil : scan.marks[index]
    }
  }

  /// Refuses directives in the target and title of a link, and leads links to templates to their pages.
  func checkTarget(_ node: MarkdownNode, _ context: Context) {
    for mark in unsettledDirectives(in: node.address) + unsettledDirectives(in: node.title) {
      report(.error, at: mark.span, "a directive is not allowed in a link target or title")
    }
    let address = node.address
    let title = node.title
    if TextPieces.hasPlaceholder(address) { node.address = restore(address, .linkTarget) }
    if TextPieces.hasPlaceholder(title) { node.title = restore(title, .linkTarget) }
    noteAnchor(node, context)
    linkToPage(node, context)
  }

  /// Notes a link to a place of this page or of another template's, to be looked up once all anchors are known.
  private func noteAnchor(_ node: MarkdownNode, _ context: Context) {
    let address = node.address
    guard let sign = address.firstIndex(of: "#"), case let target = address[sign...].dropFirst(),
      !target.isEmpty, target != "top", case let path = address[..<sign], path.isEmpty || Self.namesTemplate(path)
    else { return }
    let line = max(fileLine(blockLine(node), context), fileLine(node.firstLine, context))
    // A wall of links is no text, and each is looked for in the source.
    let start = links.count < 1_000 ? find("](" + address, fromLine: line) : nil
    let span = start.map { SourceSpan(lower: $0 + 2, upper: $0 + 2 + address.utf8.count) } ?? trimmedSpan(ofLine: line)
    links.append(
      AnchorLink(target: String(target), template: path.isEmpty ? nil : String(path), file: scan.file, span: span))
  }

  /// Whether the path of a link is one of a template.
  private static func namesTemplate(_ path: Substring) -> Bool {
    path.hasSuffix(".md") && !path.contains(":") && !path.hasPrefix("//")
  }

  /// Makes `[x](other.md#part)` a link to the page of that template.
  private func linkToPage(_ node: MarkdownNode, _ context: Context) {
    let address = node.address
    let path = address.prefix { $0 != "#" }
    guard Self.namesTemplate(path) else { return }
    guard let refusal = surroundings.template(String(path)) else {
      node.address = path.dropLast(3) + ".html" + address[path.endIndex...]
      return
    }
    let line = fileLine(blockLine(node), context)
    if let start = find("](" + address, fromLine: line) {
      let span = SourceSpan(lower: start + 2, upper: start + 2 + path.utf8.count)
      report(.error, at: span, refusal.message, hints: refusal.hints)
    } else {
      report(.error, line: line, refusal.message, hints: refusal.hints)
    }
  }

  /// Every mark must have been met; what was not stands in a link reference definition.
  func conserve() {
    for (index, mark) in scan.marks.enumerated() where placements[index] == nil {
      placements[index] = .notRun(.noEffect)
      guard let directive = mark.directive else { continue }
      report(
        .error, at: mark.span,
        "directive '\(directive.name)' has no effect here: it stands in a link reference definition")
    }
  }
}
