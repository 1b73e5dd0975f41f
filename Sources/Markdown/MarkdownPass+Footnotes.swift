import Diagnostics
import Markup

/// The footnotes of a document.
struct Footnotes {
  /// One note the author wrote.
  struct Definition {
    var id: String
    var mark: Int
    var paragraph: MarkdownNode
  }

  /// The notes in the order they were written.
  var definitions: [Definition] = []
  /// Ids in the order they are first referred to.
  var order: [String] = []
  /// How often each id was referred to so far.
  var counts: [String: Int] = [:]
}

extension MarkdownPass {
  /// Takes the notes out of a paragraph: each begins with `[^id]:` at the start of a line.
  func define(_ paragraph: MarkdownNode) {
    var parts: [(mark: Int?, nodes: [MarkdownNode])] = []
    var atLineStart = true
    for child in paragraph.children {
      let mark = atLineStart ? definitionMark(child) : nil
      // The line end before a note belongs to nothing.
      if mark != nil, !parts.isEmpty { parts[parts.count - 1].nodes.removeLast() }
      if mark != nil || parts.isEmpty { parts.append((mark, [])) }
      parts[parts.count - 1].nodes.append(child)
      atLineStart = child.kind == .softBreak || child.kind == .lineBreak
    }
    guard parts.contains(where: { $0.mark != nil }) else { return }
    for part in parts {
      paragraph.insertParagraphBefore(part.nodes)
      guard let mark = part.mark, let first = part.nodes.first, let made = paragraph.previous else { continue }
      first.literal = afterColon(first.literal)
      footnotes.definitions.append(
        Footnotes.Definition(id: syntax.marks[mark].footnoteID ?? "", mark: mark, paragraph: made))
    }
    paragraph.remove()
  }

  private func definitionMark(_ node: MarkdownNode) -> Int? {
    guard node.kind == .text else { return nil }
    let pieces = TextPieces.split(node.literal)
    guard pieces.count >= 2, case .syntax(let mark) = pieces[0], case .text(let text) = pieces[1],
      text.utf8.first == 0x3A, syntax.marks.indices.contains(mark), syntax.marks[mark].footnoteID != nil
    else { return nil }
    return mark
  }

  /// The text of a note's first node behind `[^id]:`.
  private func afterColon(_ literal: String) -> String {
    var scalars = Substring(literal).unicodeScalars
    while let scalar = scalars.popFirst(), scalar != ":" {}
    while let first = scalars.first, first == " " || first == "\t" { scalars.removeFirst() }
    return String(scalars)
  }

  /// What is printed for a reference to a note.
  func reference(_ index: Int, isPlain: Bool) -> InlinePiece {
    let mark = syntax.marks[index]
    let id = mark.footnoteID ?? ""
    guard footnotes.definitions.contains(where: { $0.id == id }) else {
      report(
        .error, at: mark.span, "footnote '\(id)' is not defined",
        hints: Spelling.hints(for: id, in: footnotes.definitions.map(\.id), noun: "footnotes")
          + ["write '\\[^' for literal text"])
      return .text(mark.source)
    }
    if isPlain { return .text("") }
    if !footnotes.order.contains(id) { footnotes.order.append(id) }
    let number = (footnotes.order.firstIndex(of: id) ?? 0) + 1
    let count = footnotes.counts[id, default: 0] + 1
    footnotes.counts[id] = count
    return .markup(
      MarkupWriter.make { out in
        out.element("sup", ["class": "footnote-reference"]) { out in
          out.element(
            "a",
            ["id": MarkdownPass.backAnchor(number, count), "href": "#footnote-\(number)", "role": "doc-noteref"],
            text: String(number))
        }
      }.html)
  }

  private static func backAnchor(_ number: Int, _ count: Int) -> String {
    count == 1 ? "footnote-\(number)-back" : "footnote-\(number)-back-\(count)"
  }

  /// Takes the notes out of the text and prints them at its end, in the order they are referred to.
  func finishFootnotes() -> String {
    var html: [String: String] = [:]
    for definition in footnotes.definitions {
      let mark = syntax.marks[definition.mark]
      if html[definition.id] != nil { report(.error, at: mark.span, "footnote '\(definition.id)' is defined twice") }
      if footnotes.counts[definition.id] == nil {
        report(.error, at: mark.span, "footnote '\(definition.id)' is never referred to")
      }
      html[definition.id] = definition.paragraph.renderInlines(definition.paragraph.children)
      definition.paragraph.remove()
    }
    guard !footnotes.order.isEmpty else { return "" }
    return MarkupWriter.make { out in
      out.element("section", ["class": "footnotes", "role": "doc-endnotes"]) { out in
        out.element("ol") { out in
          for (index, id) in footnotes.order.enumerated() { self.note(index + 1, id, html[id] ?? "", &out) }
        }
      }
      out.newLine()
    }.html
  }

  private func note(_ number: Int, _ id: String, _ html: String, _ out: inout MarkupWriter) {
    out.element("li", ["id": "footnote-\(number)"]) { out in
      out.element("p") { out in
        out.markup(TrustedMarkup(verbatim: html))
        for count in 1...max(1, footnotes.counts[id] ?? 1) {
          out.text(" ")
          out.element(
            "a",
            [
              "href": "#" + MarkdownPass.backAnchor(number, count), "role": "doc-backlink",
              "aria-label": options.words.backToText,
            ], text: "↩")
        }
      }
    }
  }
}
