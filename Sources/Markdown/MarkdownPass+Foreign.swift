import Diagnostics
import Directives

/// Notations of other tools, which would be printed as they stand.
extension MarkdownPass {
  /// Reports what looks like another tool's notation in a text node.
  func reportForeign(_ node: MarkdownNode, _ context: Context) {
    let literal = node.literal
    let bytes = literal.utf8
    if bytes.contains(0x7B) { reportBraces(literal, node, context) }
    if bytes.contains(0x24) {
      reportDollars(literal, node, context)
    } else if bytes.contains(0x5C) {
      reportEnvironment(literal, node, context)
    }
    let begins = node.previous == nil && node.parent?.kind == .paragraph
    for notation in ForeignNotation.all(in: literal, begins: begins, ends: begins && node.next == nil) {
      reportNotation(notation.mark, node, context, notation.message, notation.hints)
    }
    if begins, literal.hasPrefix(Self.tableWord) {
      reportTableWord(line: fileLine(blockLine(node), context))
    }
    guard bytes.first == 0x3A, node.previous.map({ $0.kind == .softBreak || $0.kind == .lineBreak }) ?? true else {
      return
    }
    if literal.hasPrefix(":::") {
      reportNotation(
        ":::", node, context, "blocks between ':::' are not known",
        ["for a callout write a quote that begins with > [!NOTE]", "for text that depends on a number, <<if …>>"])
    } else if literal.hasPrefix(": "), node.parent?.kind == .paragraph {
      reportNotation(
        ": ", node, context, "a line that begins with ': ' is the caption of a table, and no table stands above it",
        ["put it under the last row", "definition lists are not known: write - **term**: text"])
    }
  }

  private func reportBraces(_ literal: String, _ node: MarkdownNode, _ context: Context) {
    for start in literal.indices where literal[start] == "{" {
      guard let list = AttributeList(at: literal[start...]), isMeant(list, at: start, in: literal, node) else {
        continue
      }
      reportAttributes(list, String(literal[start...].utf8.prefix(list.length)) ?? "", node, context)
    }
  }

  /// Whether a list is one of attributes: behind what other tools give them to, or written so that it can hardly be text.
  private func isMeant(_ list: AttributeList, at start: String.Index, in literal: String, _ node: MarkdownNode) -> Bool
  {
    let isHeading = node.next == nil && node.parent?.kind == .heading && !literal[start...].dropFirst().contains("{")
    guard start > literal.startIndex else {
      let follows = node.previous.map { [.link, .code, .otherInline].contains($0.kind) } ?? false
      return follows || isHeading || list.isUnmistakable
    }
    let before = literal[literal.index(before: start)]
    // Two braces begin a place that templates of other tools fill; what a caption has belongs to it.
    return before == "]" || isHeading || list.isUnmistakable && before != "{" && !literal.hasPrefix(Self.tableWord)
  }

  private func reportAttributes(_ list: AttributeList, _ text: String, _ node: MarkdownNode, _ context: Context) {
    let way =
      if !list.unknown.isEmpty {
        "for emphasis write *…* or **…**, for a remark a quote that begins with > [!NOTE]"
      } else if !list.values.isEmpty {
        "an image takes #id, width=… and height=… right behind it: ![…](…){width=50%}"
      } else { "an anchor {#id} stands behind a heading, an image, a formula or the caption of a table" }
    let hints = node.parent?.kind == .heading ? ["a heading takes {#id} alone, at its end"] : [way]
    reportNotation(
      text, node, context, "attributes such as '\(text)' are known behind images and captions only",
      hints + ["where it is meant as text write it as code, or \\{"])
  }

  /// A LaTeX environment outside of a formula: it would be printed as TeX.
  private func reportEnvironment(_ literal: String, _ node: MarkdownNode, _ context: Context) {
    guard let begin = literal.firstRange(of: "\\begin{") else { return }
    let name = literal[begin.upperBound...].prefix { $0.isLetter || $0 == "*" }
    guard !name.isEmpty, literal[name.endIndex...].hasPrefix("}") else { return }
    let hint =
      switch name {
      case "equation", "equation*", "displaymath", "math":
        "write the formula between dollars: $$…$$, and $$…$$ {#eq-name} for one with a number"
      case "align", "align*", "aligned", "alignat", "alignat*", "eqnarray", "eqnarray*", "gather", "gather*",
        "gathered",
        "multline", "multline*", "split":
        "write it between dollars: $$\\begin{aligned}…\\end{aligned}$$, and {#eq-name} behind it for a number"
      case _ where name.hasSuffix("matrix") || name == "cases" || name == "array":
        "write it between dollars: $$\\begin{\(name)}…\\end{\(name)}$$"
      default: "write lists, tables and images as Markdown has them"
      }
    let text = "\\begin{\(name)}"
    reportNotation(text, node, context, "'\(text)' is LaTeX, which is known between dollars only", [hint])
  }

  /// What other tools begin the caption of a table with.
  static let tableWord = "Table: "

  /// Says how the caption of a table is written.
  func reportTableWord(line: Int) {
    // Where it was written with a backslash in it, it was meant as text.
    guard scan.file.lineText(line).contains(Self.tableWord) else { return }
    report(
      .error, line: line, "'Table:' begins no caption here: it would be printed as it stands",
      hints: ["write ': caption {#tbl-name}' under the last row of the table"])
  }

  /// Says of `` `{python} 1 + 1` `` that no code is run.
  func reportBraces(ofCode node: MarkdownNode, _ context: Context) {
    let literal = node.literal
    guard literal.hasPrefix("{"), let found = literal.prefixMatch(of: /\{(?:python|r|julia|ojs|eval-rst)\} ?/) else {
      return
    }
    reportNotation(
      "`" + found.0, node, context, "braces in code are for code that runs, and a page shows code and runs none",
      ["for a number of a result write <<value …>>"])
  }

  /// Says of ```` ```{python} ```` that no code is run.
  func reportBraces(ofFence info: String, line: Int) {
    guard info.hasPrefix("{") else { return }
    let name = info.dropFirst().drop { $0 == "." || $0 == "=" }.prefix { $0.isLetter || $0.isNumber || $0 == "-" }
    let shown = "write it without braces\(name.isEmpty ? "" : ", as ```\(name)"): the code is shown"
    report(
      .error, line: line, "braces behind a fence are for code that runs, and a page shows code and runs none",
      hints: [shown, "for numbers of a program of your own name it in layerbook.yaml, under 'engines'"])
  }

  /// A dollar that opens a formula which nothing closes: it would be printed as TeX.
  private func reportDollars(_ literal: String, _ node: MarkdownNode, _ context: Context) {
    let isDisplay = literal.hasPrefix("$$") && (node.previous.map { $0.kind == .softBreak } ?? true)
    guard let dollar = literal.utf8.firstIndex(of: 0x24) else { return }
    let rest = Array(literal.utf8[dollar...])
    let hasCommand = rest.indices.dropLast().contains {
      rest[$0] == 0x5C && (0x61...0x7A).contains(rest[$0 + 1] | 0x20)
    }
    // `` $`…`$ `` has its own way, and its dollars are gone by now.
    guard isDisplay || hasCommand else { return }
    reportNotation(
      isDisplay ? "$$" : "$", node, context, "a formula begins here and does not end",
      [
        "a formula ends before the next blank line: $…$ or $$…$$, without a blank inside the dollars of the first",
        "write \\$ for a dollar",
      ])
  }

  /// A fault at the next place of a notation in the block's source, where that is not escaped.
  private func reportNotation(
    _ text: String, _ node: MarkdownNode, _ context: Context, _ message: String, _ hints: [String]
  ) {
    // A page of them is one mistake, and each is looked for in the source.
    foreign += 1
    guard foreign <= 20 else { return }
    let line = fileLine(blockLine(node), context)
    guard let start = nextPlace(of: text, line) else { return report(.error, line: line, message, hints: hints) }
    // An escaped one was meant as text.
    if start > 0, scan.file.bytes[start - 1] == 0x5C { return }
    report(.error, at: SourceSpan(lower: start, upper: start + text.utf8.count), message, hints: hints)
  }

  /// Where the source of a block has a text next, and not within code: texts are met in the order of the source.
  private func nextPlace(of text: String, _ line: Int) -> Int? {
    let block = scan.file.span(ofLine: line).lower
    let code = CodeRegions(scan.file.bytes, from: block).ranges
    var from = notationEnds["\(line) \(text)"] ?? block
    while let start = find(text, from: from) {
      from = start + text.utf8.count
      guard !code.contains(where: { $0.contains(start) && $0.lowerBound < start }) else { continue }
      notationEnds["\(line) \(text)"] = from
      return start
    }
    return nil
  }
}
