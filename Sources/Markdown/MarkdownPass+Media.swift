import Directives

/// Text for the screen or for paper alone: `<<if print>> … <<else>> … <<end>>`.
extension MarkdownPass {
  /// The medium that a directive asks for, such as `print`; empty for `<<else>>` and `<<end>>`, nil for any other.
  private func mediumMark(_ index: Int) -> (name: String, medium: String)? {
    guard scan.marks.indices.contains(index), let directive = scan.marks[index].directive,
      TemplateExpansion.names.contains(directive.name), directive.name != "include", directive.name != "each"
    else { return nil }
    return (directive.name, directive.arguments.first?.value ?? "")
  }

  /// Puts boxes around what stands between the marks of one block, and tags in the place of those of one sentence.
  func separateMedia(_ visits: [CMarkDocument.Visit]) {
    guard scan.marks.indices.contains(where: { mediumMark($0) != nil }) else { return }
    var open: [Int: [OpenMedium]] = [:]
    for visit in visits where visit.kind == .text && TextPieces.hasPlaceholder(visit.node.literal) {
      let pieces = TextPieces.split(visit.node.literal)
      guard let parent = visit.node.parent else { continue }
      for case .mark(let index) in pieces {
        guard let (name, medium) = mediumMark(index) else { continue }
        // Alone in its paragraph it belongs to the blocks around, else to the sentence.
        let paragraph = pieces.count == 1 && parent.kind == .paragraph && parent.children.count == 1 ? parent : nil
        let place = (paragraph?.parent ?? parent).key
        if name != "if" {
          guard let last = open[place, default: []].popLast(), (last.paragraph == nil) == (paragraph == nil) else {
            reportMedium(index)
            continue
          }
          close(last, at: index, paragraph)
          if name == "end" { continue }
          open[place, default: []].append(OpenMedium(index: index, medium: last.other, paragraph: paragraph))
        } else {
          open[place, default: []].append(OpenMedium(index: index, medium: medium, paragraph: paragraph))
        }
      }
    }
    for left in open.values.flatMap({ $0 }).map(\.index).sorted() { reportMedium(left) }
  }

  /// A text that has begun.
  private struct OpenMedium {
    var index: Int
    var medium: String
    /// The paragraph of a mark that stands alone.
    var paragraph: MarkdownNode?

    var other: String { medium == "print" ? "screen" : "print" }
  }

  private func close(_ open: OpenMedium, at index: Int, _ paragraph: MarkdownNode?) {
    features.insert(.medium)
    settle(open.index, .medium)
    settle(index, .medium)
    guard let first = open.paragraph, let last = paragraph else {
      media[open.index] = (media[open.index] ?? "") + "<span class=\"\(open.medium)-only\">"
      media[index] = "</span>"
      return
    }
    handled.insert(first.key)
    for child in first.children { handled.insert(child.key) }
    let box = first.insertBoxBefore(enter: "<div class=\"\(open.medium)-only\">\n", exit: "</div>\n")
    var next = first.next
    while let node = next, node.key != last.key {
      next = node.next
      node.unlink()
      box.append([node])
    }
    first.remove()
    // The paragraph of `<<else>>` begins the next text, and goes with it.
    guard scan.marks[index].directive?.name == "end" else { return }
    handled.insert(last.key)
    for child in last.children { handled.insert(child.key) }
    last.remove()
  }

  private func reportMedium(_ index: Int) {
    settle(index, .medium)
    report(
      .error, at: scan.marks[index].span,
      "'\(scan.marks[index].source)' has no counterpart in the same paragraph, list or quote",
      hints: ["<<if print>> and its <<end>> stand both alone on their lines, or both in one sentence"])
  }
}
