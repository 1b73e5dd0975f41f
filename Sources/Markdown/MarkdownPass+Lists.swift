import Diagnostics
import Markup

extension MarkdownPass {
  /// Turns `[ ]` and `[x]` at the start of a list's entry into boxes.
  func task(_ item: MarkdownNode) {
    guard let paragraph = item.children.first, paragraph.kind == .paragraph, let text = paragraph.children.first,
      text.kind == .text
    else { return }
    let literal = text.literal
    let isDone = literal.hasPrefix("[x] ") || literal.hasPrefix("[X] ")
    guard isDone || literal.hasPrefix("[ ] ") else { return }
    features.insert(.task)
    text.literal = String(literal.dropFirst(3))
    let words = options.words
    text.insertBefore(
      .markup(
        MarkupWriter.make {
          $0.element(
            "span", ["class": "task", "role": "img", "aria-label": isDone ? words.done : words.open],
            text: isDone ? "☑" : "☐")
        }.html))
  }

  /// Turns a quote that begins with `[!NOTE]` into a callout.
  func callout(_ quote: MarkdownNode, _ context: Context) {
    guard let paragraph = quote.children.first, paragraph.kind == .paragraph, let text = paragraph.children.first,
      text.kind == .text, text.literal.hasPrefix("[!"), let end = text.literal.firstIndex(of: "]")
    else { return }
    let literal = text.literal
    let word = String(literal[literal.index(literal.startIndex, offsetBy: 2)..<end])
    guard !word.isEmpty, word.utf8.allSatisfy({ (0x61...0x7A).contains($0 | 0x20) }) else { return }
    let kinds = options.words.callouts
    guard let name = kinds[word.lowercased()] else {
      let names = kinds.keys.sorted().map { $0.uppercased() }
      return report(
        .error, line: fileLine(quote.firstLine, context), "unknown callout '\(word)'",
        hints: Spelling.hints(for: word, in: names, noun: "callouts"))
    }
    features.insert(.callout)
    let rest = literal[literal.index(after: end)...].drop { $0 == " " }
    text.literal = String(rest)
    let title = takeFirstLine(of: paragraph)
    let box = quote.replaceBlock(
      enter: "<div class=\"callout \(word.lowercased())\" role=\"note\">\n", exit: "</div>\n")
    let heading = box.insertBlock(enter: "<p class=\"callout-title\">", exit: "</p>\n")
    if title.contains(where: { $0.kind != .text || !$0.literal.isEmpty }) {
      heading.append(title)
    } else {
      heading.append(text: name)
    }
    if paragraph.children.isEmpty { paragraph.remove() }
  }

  /// Takes what stands before the first line end out of a paragraph.
  private func takeFirstLine(of paragraph: MarkdownNode) -> [MarkdownNode] {
    let children = paragraph.children
    let line = children.prefix { $0.kind != .softBreak && $0.kind != .lineBreak }
    for node in children.prefix(line.count + 1) { node.unlink() }
    return Array(line)
  }

  /// Which `~~` of a document begin and end what is struck out, by mark; the others are text.
  func pairStrikes(_ visits: [CMarkDocument.Visit]) {
    guard syntax.marks.contains(where: { if case .strike = $0.kind { true } else { false } }) else { return }
    var open: [Int: Int] = [:]
    for visit in visits where visit.kind == .text && !visit.isInImage {
      guard TextPieces.hasPlaceholder(visit.node.literal), let parent = visit.node.parent?.key else { continue }
      for case .syntax(let index) in TextPieces.split(visit.node.literal) {
        guard case .strike(let opens, let closes) = syntax.marks[index].kind else { continue }
        if closes, let start = open.removeValue(forKey: parent) {
          (strikes[start], strikes[index]) = ("<del>", "</del>")
        } else if opens {
          open[parent] = index
        }
      }
    }
  }
}
