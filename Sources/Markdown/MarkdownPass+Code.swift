import Diagnostics
import Directives
import Equations
import Markup

extension MarkdownPass {
  // MARK: - Formulas

  /// Turns `` $`…`$ `` into MathML.
  func formula(_ code: MarkdownNode, _ context: Context) {
    guard let before = code.previous, before.kind == .text, before.literal.utf8.last == 0x24,
      let after = code.next, after.kind == .text, after.literal.utf8.first == 0x24
    else { return }
    let tex = restore(code.literal, .code)
    let equation = Equation(tex: tex)
    let line = fileLine(blockLine(code), context)
    let start = find("`" + tex, fromLine: line).map { $0 + 1 }
    for fault in equation.faults {
      if let start {
        diagnostics.append(fault.diagnostic(in: scan.file, startingAt: start))
      } else {
        report(.error, line: line, fault.message, hints: fault.hints)
      }
    }
    before.literal = String(before.literal.unicodeScalars.dropLast())
    after.literal = String(after.literal.unicodeScalars.dropFirst())
    code.insertBefore(.markup(equation.markup.html))
    code.remove()
  }

  private func displayedFormula(_ node: MarkdownNode, _ context: Context) {
    let literal = restore(node.literal, .code)
    let equation = Equation(tex: MarkdownPass.trimmingLineEnds(literal), isDisplay: true)
    let line = fileLine(node.firstLine, context) + 1
    for fault in equation.faults {
      diagnostics.append(diagnostic(fault, in: literal, startingAtLine: line))
    }
    node.replaceBlock(
      withMarkup: MarkupWriter.make { out in
        out.element("div", ["class": "equation", "tabindex": "0"]) { out in
          out.markup(equation.markup)
          if let tag = equation.tag { out.element("span", ["class": "equation-tag"], text: "(\(tag))") }
        }
      }.html)
  }

  /// A fault of a displayed formula at its place: its line may be indented or quoted in the file.
  private func diagnostic(_ fault: EquationFault, in literal: String, startingAtLine line: Int) -> Diagnostic {
    let bytes = Array(literal.utf8)
    let lower = min(fault.span.lower, bytes.count)
    let row = bytes[..<lower].count { $0 == 0x0A }
    let start = bytes[..<lower].lastIndex(of: 0x0A).map { $0 + 1 } ?? 0
    let end = bytes[start...].firstIndex(of: 0x0A) ?? bytes.count
    let text = String(decoding: bytes[start..<end], as: UTF8.self)
    let place = find(text, fromLine: line + row) ?? scan.file.span(ofLine: line + row).lower
    let local = EquationFault.moved(fault, by: -start)
    return local.diagnostic(in: scan.file, startingAt: place)
  }

  private static func trimmingLineEnds(_ text: String) -> String {
    var scalars = Substring(text).unicodeScalars
    while let last = scalars.last, last == "\n" || last == "\r" || last == " " { scalars.removeLast() }
    return String(scalars)
  }

  // MARK: - Code

  /// Formulas and tables have fences of their own; other code is printed as it was written.
  func codeBlock(_ node: MarkdownNode, _ context: Context) {
    let info = node.fenceInfo
    let word = info.prefix { $0 != " " && $0 != "\t" }
    if word == "math" { return displayedFormula(node, context) }
    if word == "table" { return fencedTable(node, context) }
    let line = fileLine(node.firstLine, context)
    let source = scan.file.lineText(line)
    if !source.contains("```"), !source.contains("~~~"), let mark = unsettledDirectives(in: node.literal).first {
      report(
        .warning, at: mark.span, "not run: the line is indented so far that it is code",
        hints: ["indent it by less than four columns, or put it in a fence"])
    }
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
