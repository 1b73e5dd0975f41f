import Markup

/// A table of results: numbers aligned by their places, units in the headings, the best of a column in bold.
public struct TableFigure: Sendable {
  /// Which value of a column is the best one.
  public enum Best: Sendable, Hashable {
    case highest
    case lowest
  }

  /// One column.
  public struct Column: Sendable {
    public var title: TrustedMarkup
    /// The unit, written small below the heading.
    public var unit: String
    /// How numbers are written.
    public var format: NumberFormat
    /// Whether a best value is marked.
    public var best: Best?
    /// Whether the column holds words.
    public var isText: Bool

    /// Makes a column of numbers.
    public init(_ title: String, unit: String = "", format: NumberFormat = .fixed(3), best: Best? = nil) {
      self.init(markup: TrustedMarkup(text: title), unit: unit, format: format, best: best)
    }

    /// Makes a column of numbers with a heading that is markup, such as R<sup>2</sup>.
    public init(markup: TrustedMarkup, unit: String = "", format: NumberFormat = .fixed(3), best: Best? = nil) {
      title = markup
      self.unit = unit
      self.format = format
      self.best = best
      isText = false
    }

    /// Makes a column of words.
    public static func text(_ title: String) -> Column {
      var column = Column(title)
      column.isText = true
      return column
    }
  }

  /// One entry.
  public enum Cell: Sendable {
    /// A number; nil where it is undefined.
    case number(Double?)
    /// Words.
    case text(String)
    /// Markup made elsewhere, and what a file of the table's numbers holds in its place.
    case markup(TrustedMarkup, plain: String)
  }

  /// The anchor of the table.
  public var id: String
  /// The label before the caption, with what keeps them apart; empty for a table without number.
  ///
  /// Such as `Table 2. `.
  public var label: String
  /// What the table shows.
  public var caption: TrustedMarkup
  /// The columns; the first names the rows.
  public var columns: [Column]
  public var rows: [[Cell]]
  /// Where the numbers come from.
  public var provenance: [ProvenanceItem]

  public init(
    id: String, label: String, caption: TrustedMarkup, columns: [Column], rows: [[Cell]],
    provenance: [ProvenanceItem] = []
  ) {
    self.id = id
    self.label = label
    self.caption = caption
    self.columns = columns
    self.rows = rows
    self.provenance = provenance
  }

  /// The table with caption and notes, in a wrapper that scrolls where the page is narrow.
  public func html(words: ChartWords = .english) -> TrustedMarkup {
    let best = columns.indices.map(bestValue)
    return MarkupWriter.make {
      $0.element("figure", ["id": id, "class": "table"]) {
        $0.newLine()
        let name = String(label.prefix { $0 != "." && $0 != "：" })
        $0.element(
          "div", ["class": "scroll", "tabindex": "0", "role": "region", "aria-label": name.isEmpty ? id : name]
        ) {
          $0.element("table") {
            $0.element("caption") {
              if !label.isEmpty { $0.element("strong", text: label) }
              $0.markup(caption)
            }
            $0.newLine()
            writeHead(to: &$0)
            $0.element("tbody") { body in
              for row in rows { write(row, best, to: &body, words: words) }
            }
          }
        }
        writeNotes(hasBest: best.contains { $0 != nil }, to: &$0, words: words)
        $0.newLine()
      }
      $0.newLine()
    }
  }

  private func writeHead(to writer: inout MarkupWriter) {
    writer.element("thead") {
      $0.element("tr") { row in
        for column in columns {
          row.element("th", ["scope": "col", "class": column.isText ? nil : "num"]) {
            $0.markup(column.title)
            if !column.unit.isEmpty { $0.element("span", ["class": "unit"], text: column.unit) }
          }
        }
      }
    }
    writer.newLine()
  }

  private func write(_ row: [Cell], _ best: [Double?], to body: inout MarkupWriter, words: ChartWords) {
    body.element("tr") { writer in
      for (index, cell) in row.enumerated() where columns.indices.contains(index) {
        let name = index == 0 ? "th" : "td"
        let scope: String? = index == 0 ? "row" : nil
        switch cell {
        case .number(let value?) where value.isFinite:
          writer.element(name, ["scope": scope, "class": "num"]) {
            let text = columns[index].format.text(value)
            // Compared as printed: two values that look the same are both marked.
            if let top = best[index], columns[index].format.text(top) == text {
              $0.element("strong", text: text)
            } else {
              $0.text(text)
            }
          }
        case .number: writer.element(name, ["scope": scope, "class": "num undef"], text: words.undefined)
        case .text(let text): writer.element(name, ["scope": scope], text: text)
        case .markup(let markup, _): writer.element(name, ["scope": scope], markup: markup)
        }
      }
    }
    body.newLine()
  }

  private func bestValue(_ index: Int) -> Double? {
    guard let best = columns[index].best else { return nil }
    let values = rows.compactMap { row -> Double? in
      guard row.indices.contains(index), case .number(let value?) = row[index], value.isFinite else { return nil }
      return value
    }
    // A single value is not the best of anything.
    guard values.count > 1 else { return nil }
    return best == .highest ? values.max() : values.min()
  }

  /// Whether a number of it does not exist.
  public var hasUndefined: Bool {
    rows.contains { row in
      row.contains { if case .number(let value) = $0 { !(value?.isFinite ?? false) } else { false } }
    }
  }

  private func writeNotes(hasBest: Bool, to writer: inout MarkupWriter, words: ChartWords) {
    let notes = [hasBest ? words.bestNote : "", hasUndefined ? words.undefinedNote : ""].filter { !$0.isEmpty }
    if !notes.isEmpty { writer.element("p", ["class": "note"], text: notes.joined(separator: " ")) }
    ProvenanceItem.write(provenance, to: &writer)
  }
}
