import Diagnostics
import Directives
import Markup

extension MarkdownPass {
  // MARK: - Code

  /// Formulas and tables have fences of their own; other code is printed as it was written.
  func codeBlock(_ node: MarkdownNode, _ context: Context) {
    let info = node.fenceInfo
    let word = info.prefix { $0 != " " && $0 != "\t" }
    if word == "math" { return fencedFormula(node, context) }
    if word == "table" { return fencedTable(node, context) }
    let line = fileLine(node.firstLine, context)
    let source = scan.file.lineText(line)
    if !source.contains("```"), !source.contains("~~~"), let mark = unsettledDirectives(in: node.literal).first {
      report(
        .warning, at: mark.span, "not run: the line is indented so far that it is code",
        hints: ["indent it by less than four columns, or put it in a fence"])
    }
    reportBraces(ofFence: info, line: line)
    if TextPieces.hasPlaceholder(info) { node.fenceInfo = restore(info, .code) }
    let literal = node.literal
    if TextPieces.hasPlaceholder(literal) { node.literal = restore(literal, .code) }
  }

  // MARK: - Raw HTML

  /// Comments vanish; any other HTML is shown as text, because it is never passed through.
  func htmlBlock(_ node: MarkdownNode, _ context: Context) {
    let line = fileLine(node.firstLine, context)
    switch MarkdownPass.withoutComments(node.literal) {
    case .nothing:
      _ = restore(node.literal, .comment)
      node.remove()
    case .openComment:
      _ = restore(node.literal, .comment)
      report(.error, line: line, "comment is not closed: everything after it is lost", hints: ["close it with -->"])
      node.remove()
    case .markup:
      for mark in unsettledDirectives(in: node.literal) { reportInsideHTML(mark) }
      report(.warning, line: line, "raw HTML is shown as text", hints: ["use Markdown, or a directive"])
      let text = restore(node.literal, .rawHTML)
      node.replaceBlock(
        withMarkup: MarkupWriter.make { out in
          out.element("pre", ["class": "raw-html"]) { $0.element("code", text: text) }
        }.html)
    }
  }

  func htmlInline(_ visit: CMarkDocument.Visit, _ context: Context) {
    let node = visit.node
    let literal = node.literal
    if literal.hasPrefix("<!--") {
      _ = restore(literal, .comment)
      node.remove()
      return
    }
    for mark in unsettledDirectives(in: literal) { reportInsideHTML(mark) }
    let text = restore(literal, .rawHTML)
    if !text.hasPrefix("</") {
      let line = fileLine(blockLine(node), context)
      let hints = ["use Markdown, or write \\< for a literal <"]
      if let start = find(text, fromLine: line) {
        let span = SourceSpan(lower: start, upper: start + text.utf8.count)
        report(.warning, at: span, "raw HTML is shown as text", hints: hints)
      } else {
        report(.warning, line: line, "raw HTML is shown as text", hints: hints)
      }
    }
    node.insertBefore(.text(text))
    node.remove()
  }

  private func reportInsideHTML(_ mark: ScannedMark) {
    report(.warning, at: mark.span, "not run: it stands inside raw HTML", hints: ["leave a blank line around it"])
  }

  private enum HTMLContent {
    case nothing
    case openComment
    case markup
  }

  /// What is left of raw HTML without its comments.
  private static func withoutComments(_ html: String) -> HTMLContent {
    var rest = Array(html.utf8)[...]
    let opening = Array("<!--".utf8)
    let closing = Array("-->".utf8)
    while let byte = rest.first {
      if rest.starts(with: opening) {
        // `<!-->` and `<!--->` are comments of their own in HTML.
        var index = rest.startIndex + 2
        while index < rest.endIndex, !rest[index...].starts(with: closing) { index += 1 }
        guard index < rest.endIndex else { return .openComment }
        rest = rest[(index + closing.count)...]
      } else if byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D {
        rest.removeFirst()
      } else {
        return .markup
      }
    }
    return .nothing
  }
}
