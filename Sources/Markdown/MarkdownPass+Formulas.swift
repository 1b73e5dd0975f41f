import Diagnostics
import Equations
import Markup

/// A displayed formula of the author's.
public struct AuthorEquation: Sendable, Hashable {
  /// The anchor; nil where none was given.
  public var id: String?
  /// The text of `\tag{…}`, which stands in the place of a number.
  public var tag: String?

  /// Whether it counts: it has an anchor to be called by, and no tag of its own.
  public var isNumbered: Bool { id != nil && tag == nil }
}

extension MarkdownPass {
  // MARK: - Running text

  /// What is printed for `$…$`.
  func formula(_ formula: AuthorFormula, _ mark: SyntaxMark, isPlain: Bool) -> InlinePiece {
    if formula.isDisplay {
      report(
        .error, at: mark.span, "a displayed formula stands in a paragraph, not in a heading, a table or a caption",
        hints: ["write $…$"])
      return .text(mark.source)
    }
    let equation = Equation(tex: formula.tex)
    for fault in equation.faults { diagnostics.append(fault.diagnostic(in: scan.file, startingAt: formula.start)) }
    return isPlain ? .text(formula.tex) : .markup(equation.markup.html)
  }

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

  // MARK: - Displayed

  /// Replaces a paragraph that is a displayed formula; whether it is one.
  func displayedFormula(_ paragraph: MarkdownNode) -> Bool {
    guard let index = markAlone(in: paragraph), case .formula(let formula) = syntax.marks[index].kind,
      formula.isDisplay
    else { return false }
    let equation = Equation(tex: formula.tex, isDisplay: true)
    for fault in equation.faults { diagnostics.append(fault.diagnostic(in: scan.file, startingAt: formula.start)) }
    let span = syntax.marks[index].span
    for child in paragraph.children { handled.insert(child.key) }
    paragraph.replaceBlock(
      withMarkup: displayed(equation, id: formula.id) { self.report(.error, at: span, $0) })
    return true
  }

  /// The only mark of a paragraph that holds nothing else.
  private func markAlone(in paragraph: MarkdownNode) -> Int? {
    guard paragraph.children.count == 1, let child = paragraph.children.first, child.kind == .text,
      TextPieces.hasPlaceholder(child.literal)
    else { return nil }
    let pieces = TextPieces.split(child.literal).filter { piece in
      if case .text(let text) = piece { !text.allSatisfy { $0 == " " || $0 == "\t" } } else { true }
    }
    guard pieces.count == 1, case .syntax(let index) = pieces[0], syntax.marks.indices.contains(index) else {
      return nil
    }
    return index
  }

  /// A fence of the kind ```` ```math id=eq-x ````.
  func fencedFormula(_ node: MarkdownNode, _ context: Context) {
    let literal = restore(node.literal, .code)
    let equation = Equation(tex: MarkdownPass.trimmingLineEnds(literal), isDisplay: true)
    let line = fileLine(node.firstLine, context)
    for fault in equation.faults {
      diagnostics.append(diagnostic(fault, in: literal, startingAtLine: line + 1))
    }
    var id: String?
    for word in restore(node.fenceInfo, .code).split(separator: " ").dropFirst() {
      if word.hasPrefix("id=") {
        id = String(word.dropFirst(3))
      } else {
        report(.error, line: line, "a formula takes id=…, found '\(word)'")
      }
    }
    node.replaceBlock(withMarkup: displayed(equation, id: id) { self.report(.error, line: line, $0) })
  }

  /// The markup of a displayed formula, which is counted here.
  private func displayed(_ equation: Equation, id: String?, fault: (String) -> Void) -> String {
    if let id {
      if !HeadingAnchors.isValid(id) {
        fault("'\(id)' is not an anchor; expected letters, digits, '-', '_', '.' and ':'")
      } else if !anchors.take(id) {
        fault("the anchor '\(id)' is given twice")
      }
    }
    let index = equations.count
    equations.append(AuthorEquation(id: id, tag: equation.tag))
    items.append(.equation(index))
    return MarkupWriter.make { out in
      // It scrolls where the page is narrow, by keyboard, too.
      out.element("div", ["class": "equation", "id": id, "tabindex": "0"]) { out in
        out.markup(equation.markup)
        if let tag = equation.tag {
          out.element("span", ["class": "equation-tag"], text: "(\(tag))")
        } else if let number = fill?.labels.equations[index] {
          out.element("span", ["class": "number"], text: "(\(number))")
        }
      }
    }.html
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
}
