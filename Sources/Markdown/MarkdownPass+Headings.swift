import Directives
import Markup

/// A heading that waits for the results in it.
struct PendingHeading {
  var node: MarkdownNode
  var index: Int
}

extension MarkdownPass {
  /// Gives every heading its anchor and number.
  func findHeadings(_ visits: [CMarkDocument.Visit], _ isDone: [Bool], _ context: Context) -> [PendingHeading] {
    var found: [PendingHeading] = []
    var chosen: [Int: String] = [:]
    // Anchors that were chosen go before anchors that are made.
    for (index, visit) in visits.enumerated() where visit.kind == .heading {
      chosen[index] = explicitID(visit.node, fileLine(visit.node.firstLine, context))
    }
    for (index, visit) in visits.enumerated() where visit.kind == .heading {
      var inner = index + 1
      var anchorText = ""
      var text = ""
      while inner < visits.count, visits[inner].depth > visit.depth {
        addText(visits[inner], &anchorText, &text)
        inner += 1
      }
      let level = min(6, max(1, visit.node.headingLevel + options.headingShift))
      found.append(PendingHeading(node: visit.node, index: headings.count))
      headings.append(
        Heading(
          level: level, number: nil, id: chosen[index] ?? anchors.anchor(for: anchorText),
          text: MarkdownPass.trimmed(text)))
    }
    if options.numbersSections { numberSections() }
    return found
  }

  /// Prints a heading once the results in it are there.
  func finish(_ pending: PendingHeading) {
    let heading = headings[pending.index]
    let html = pending.node.renderInlines(pending.node.children)
    pending.node.replaceBlock(
      withMarkup: MarkupWriter.make { out in
        out.element("h\(heading.level)", ["id": heading.id]) { out in
          if let number = heading.number {
            out.element("span", ["class": "section-number"], text: number)
            out.text(" ")
          }
          out.markup(TrustedMarkup(verbatim: html))
        }
      }.html)
  }

  /// Takes `{#id}` off the end of a heading.
  private func explicitID(_ node: MarkdownNode, _ line: Int) -> String? {
    guard let last = node.children.last, last.kind == .text else { return nil }
    let literal = last.literal
    guard literal.hasSuffix("}"), let start = literal.lastIndex(of: "{") else { return nil }
    let id = literal[literal.index(after: start)...].dropLast()
    guard id.hasPrefix("#") else { return nil }
    let name = String(id.dropFirst())
    last.literal = MarkdownPass.trimmed(String(literal[..<start]), start: false)
    guard HeadingAnchors.isValid(name) else {
      report(.error, line: line, "'\(name)' is not an anchor; expected letters, digits, '-', '_', '.' and ':'")
      return nil
    }
    guard anchors.take(name) else {
      report(.error, line: line, "the anchor '\(name)' is given twice")
      return nil
    }
    return name
  }

  /// Adds the text of a node: an anchor must not change with a number, so results are no part of it.
  private func addText(_ visit: CMarkDocument.Visit, _ anchorText: inout String, _ text: inout String) {
    switch visit.kind {
    case .code:
      let code = restore(visit.node.literal, .code)
      anchorText += code
      text += code
    case .softBreak, .lineBreak:
      anchorText += " "
      text += " "
    case .text:
      for piece in TextPieces.split(visit.node.literal) {
        switch piece {
        case .text(let words):
          anchorText += words
          text += words
        case .mark(let index):
          guard scan.marks.indices.contains(index) else { continue }
          if case .literal(let words) = scan.marks[index].kind { anchorText += words }
          text += fill?.inlines[index]?.plainText ?? scan.marks[index].source
        case .syntax(let index):
          guard syntax.marks.indices.contains(index), case .formula(let formula) = syntax.marks[index].kind else {
            continue
          }
          anchorText += formula.tex
          text += formula.tex
        }
      }
    default: break
    }
  }

  /// Numbers the sections, counting from the highest level that occurs.
  private func numberSections() {
    let top = headings.map(\.level).min() ?? 1
    var counters: [Int] = []
    for index in headings.indices {
      let depth = headings[index].level - top + 1
      while counters.count > depth { counters.removeLast() }
      while counters.count < depth { counters.append(0) }
      counters[depth - 1] += 1
      headings[index].number = counters.map(String.init).joined(separator: ".")
    }
  }

  private static func trimmed(_ text: String, start: Bool = true) -> String {
    var scalars = Substring(text).unicodeScalars
    while start, let first = scalars.first, first.properties.isWhitespace { scalars.removeFirst() }
    while let last = scalars.last, last.properties.isWhitespace { scalars.removeLast() }
    return String(scalars)
  }
}
