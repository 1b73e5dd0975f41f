import Directives
import Markup

extension MarkdownPass {
  /// Finds paragraphs that are tables, and marks what stands in them as done.
  ///
  /// Only paragraphs of the document itself are looked at: there the lines of the text are the lines of the table.
  ///
  /// A line `: caption {#id}` right below, or in the next paragraph, is the table's caption.
  func findTables(
    _ visits: [CMarkDocument.Visit], _ isDone: inout [Bool], _ context: Context
  ) -> [Int: (rows: TableRows, attributes: AuthorTable)] {
    var found: [Int: (rows: TableRows, attributes: AuthorTable)] = [:]
    for (index, visit) in visits.enumerated() where visit.kind == .paragraph && visit.depth == 1 {
      let first = visit.node.firstLine
      let last = visit.node.lastLine
      guard first >= 1, last > first, last <= lines.count else { continue }
      var source = lines[(first - 1)..<last].map { String(Substring($0)) }
      var caption = source.count > 2 && source[source.count - 1].hasPrefix(": ") ? source.removeLast() : nil
      guard let rows = TableRows(lines: source) else { continue }
      if source.count > 2, source[source.count - 1].hasPrefix(Self.tableWord) {
        reportTableWord(line: fileLine(last, context))
      }
      if caption == nil, let below = visit.node.next, below.kind == .paragraph { caption = takeCaption(below) }
      found[index] = (rows, attributes(ofCaption: caption, line: fileLine(last, context)))
      var inner = index + 1
      while inner < visits.count, visits[inner].depth > visit.depth {
        isDone[inner] = true
        inner += 1
      }
    }
    return found
  }

  /// The text of a paragraph that is a caption, which is taken out.
  private func takeCaption(_ paragraph: MarkdownNode) -> String? {
    let (first, last) = (paragraph.firstLine, paragraph.lastLine)
    guard first >= 1, last >= first, last <= lines.count else { return nil }
    let text = lines[(first - 1)..<last].map { String(Substring($0)) }.joined(separator: " ")
    guard text.hasPrefix(": ") else { return nil }
    for node in paragraph.children {
      handled.insert(node.key)
    }
    handled.insert(paragraph.key)
    paragraph.remove()
    return text
  }

  /// What `: caption {#id}` says of a table.
  private func attributes(ofCaption text: String?, line: Int) -> AuthorTable {
    guard let text else { return AuthorTable() }
    features.insert(.caption)
    var caption = Substring(text.dropFirst(2))
    while caption.last == " " { caption.removeLast() }
    var table = AuthorTable()
    if caption.hasSuffix("}"), let start = caption.lastIndex(of: "{"),
      let list = AttributeList(at: caption[start...])
    {
      for part in list.unknown + list.values.map(\.key) {
        report(.error, line: line, "a table's caption takes {#id}, found '\(part)'")
      }
      if let id = list.id, !HeadingAnchors.isValid(id) {
        report(.error, line: line, "'\(id)' is not an anchor; expected letters, digits, '-', '_', '.' and ':'")
      } else {
        table.id = list.id
      }
      caption = caption[..<start]
      while caption.last == " " { caption.removeLast() }
    }
    table.caption = String(caption)
    return table
  }

  /// Reads a fence such as ```` ```table caption="…" id=tbl-x ````.
  func fencedTable(_ node: MarkdownNode, _ context: Context) {
    let line = fileLine(node.firstLine, context)
    var attributes = AuthorTable()
    let (directive, faults) = DirectiveParser.parse(directive: restore(node.fenceInfo, .code))
    if let fault = faults.first { report(.error, line: line, fault.message, hints: fault.hints) }
    for argument in directive?.arguments ?? [] {
      switch argument.key {
      case "caption"?: attributes.caption = argument.value
      case "id"? where HeadingAnchors.isValid(argument.value): attributes.id = argument.value
      default:
        report(
          .error, line: line, "a table takes caption=\"…\" and id=…, found '\(argument.key ?? argument.value)'")
      }
    }
    let rows = node.literal.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    let filled = rows.filter { row in row.unicodeScalars.contains { !$0.properties.isWhitespace } }
    guard let table = TableRows(lines: filled) else {
      node.literal = restore(node.literal, .code)
      node.fenceInfo = ""
      report(
        .error, line: line, "not a table: expected a head, a row such as |---|---: and as many cells in each",
        hints: ["the second row gives the alignment: :--- left, ---: right, :---: centred"])
      return
    }
    node.replaceBlock(withMarkup: self.table(table, attributes, line + 1))
  }

  /// Prints a table.
  ///
  /// - Parameter line: the line of the file on which its head stands.
  func table(_ rows: TableRows, _ attributes: AuthorTable, _ line: Int) -> String {
    let number = tables.count
    tables.append(attributes)
    items.append(.table(number))
    if let id = attributes.id, !anchors.take(id) { report(.error, line: line, "the anchor '\(id)' is given twice") }
    if let excess = rows.excess { report(.error, line: line, excess) }
    for row in rows.overlong { report(.error, line: line + row, "this row has more cells than the head of its table") }
    var out = MarkupWriter()
    // It scrolls where the page is narrow, by keyboard, too.
    out.element("div", ["class": "scroll", "tabindex": "0"]) { out in
      out.element("table", ["class": "author-table", "id": attributes.id]) { out in
        if attributes.caption != nil || fill?.labels.tables[number] != nil {
          out.element("caption") { out in
            if let label = fill?.labels.tables[number] { out.markup(label) }
            if let caption = attributes.caption {
              out.markup(TrustedMarkup(verbatim: inlineHTML(caption, Context(firstLine: line, isCell: true))))
            }
          }
        }
        out.element("thead") { self.row(rows.head, "th", rows, line, &$0) }
        guard !rows.rows.isEmpty else { return }
        out.element("tbody") { out in
          for (index, cells) in rows.rows.enumerated() { self.row(cells, "td", rows, line + index + 2, &out) }
        }
      }
    }
    return out.result.html
  }

  private func row(_ cells: [String], _ name: String, _ rows: TableRows, _ line: Int, _ out: inout MarkupWriter) {
    out.element("tr") { out in
      for (index, cell) in cells.enumerated() {
        let alignment = rows.alignments[index]
        let html = self.inlineHTML(cell, Context(firstLine: line, isCell: true))
        // The corner of a table may be empty, and a cell without words heads nothing.
        let isHeader = name == "th" && !html.isEmpty
        let attributes: Attributes = [
          "scope": isHeader ? "col" : nil,
          "style": alignment == .none ? nil : "text-align:\(alignment.rawValue)",
        ]
        out.element(isHeader ? "th" : "td", attributes, markup: TrustedMarkup(verbatim: html))
      }
    }
  }

  /// The XHTML of text that can only be inline: `- x` in a cell is no list.
  func inlineHTML(_ text: String, _ context: Context) -> String {
    let oneLine = text.unicodeScalars.map { $0 == "\n" || $0 == "\r" ? " " : $0 }
    var line = String.UnicodeScalarView()
    line.append(contentsOf: oneLine)
    let document = CMarkDocument(TextPieces.guardMark + String(line))
    process(document, context)
    guard let paragraph = document.visits().first(where: { $0.kind == .paragraph })?.node else { return "" }
    return paragraph.renderInlines(paragraph.children)
  }
}
