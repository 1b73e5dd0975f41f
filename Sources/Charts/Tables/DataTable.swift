import Markup

/// The numbers behind a figure, as rows and columns.
public struct DataTable: Sendable, Hashable {
  /// One entry.
  public enum Cell: Sendable, Hashable {
    /// A number; nil where it is undefined.
    case number(Double?)
    case text(String)
    /// A place where no number belongs, such as below the diagonal of a triangle.
    case blank
  }

  /// What heads each column: the plain name of what stands in it; the first of a matrix names rows and columns.
  public var columns: [String]
  /// The entries; the first of each row names it.
  public var rows: [[Cell]]

  public init(columns: [String], rows: [[Cell]]) {
    self.columns = columns
    self.rows = rows
  }

  /// The columns' names in a file: a heading that stands more than once is told apart by the one before it.
  private var names: [String] {
    let counts = Dictionary(columns.map { ($0, 1) }, uniquingKeysWith: +)
    return columns.enumerated().map { place, name in
      place > 0 && counts[name, default: 0] > 1 ? "\(columns[place - 1]): \(name)" : name
    }
  }

  /// The table as CSV: numbers in ASCII as exact as they are, undefined ones empty.
  public var csv: String {
    CSVText.table(
      columns: names,
      rows: rows.map { row in
        row.map { cell in
          switch cell {
          case .number(let value?) where value.isFinite: .bare(NumberText.data(value))
          case .number, .blank: .empty
          case .text(let text): .text(text)
          }
        }
      })
  }
}

extension DataTable {
  /// How much of a table is put into a page, in bytes; what is left out is said there.
  static let byteLimit = 1_000
  /// How many letters of a sheet stand side by side on paper, where a browser shrinks the whole page to the widest table.
  private static let paperWidth = 92

  /// How many columns stand side by side on paper: one at least.
  private var columnsThatFit: Int {
    var room = Self.paperWidth
    for (place, heading) in columns.enumerated() {
      // Words wrap; numbers do not.
      let words = heading.split(separator: " ").map(\.count)
      // No sheet has more rows than that.
      let numbers = rows.prefix(Self.byteLimit / 22).map { row -> Int in
        guard row.indices.contains(place), case .number(let value) = row[place] else { return 0 }
        return Self.text(value).count
      }
      room -= 2 + max(words.max() ?? 0, numbers.max() ?? 0)
      if room < 0 { return max(1, place) }
    }
    return columns.count
  }

  /// How many rows of so many columns a page has room for: one at least.
  private func rowsThatFit(_ width: Int) -> Int {
    var room = Self.byteLimit
    var count = 0
    for row in rows {
      for cell in row.prefix(width) {
        // An element and some digits, or the words.
        if case .text(let text) = cell { room -= 16 + text.utf8.count } else { room -= 22 }
      }
      if room < 0 { break }
      count += 1
    }
    return min(rows.count, max(1, count))
  }

  /// The table for a sheet over the page, cut to a readable size with a sentence saying so.
  func sheet(id: String, heading: String, words: ChartWords) -> TrustedMarkup {
    let width = columnsThatFit
    let count = rowsThatFit(width)
    return MarkupWriter.make {
      $0.element("section", ["id": id, "popover": "", "class": "sheet"]) {
        $0.element(
          "button", ["class": "zoom", "popovertarget": id, "popovertargetaction": "hide", "title": words.close],
          text: "×")
        if count < rows.count || width < columns.count { $0.element("p", text: cutSentence(count, width, words)) }
        $0.element("table") {
          $0.element("caption", text: heading)
          $0.element("thead") {
            $0.element("tr") { row in
              for heading in columns.prefix(width) { row.element("th", ["scope": "col"], text: heading) }
            }
          }
          $0.element("tbody") { body in
            for row in rows.prefix(count) { Self.write(row.prefix(width), to: &body, words: words) }
          }
        }
      }
      $0.newLine()
    }
  }

  private func cutSentence(_ count: Int, _ width: Int, _ words: ChartWords) -> String {
    ChartWords.fill(
      words.dataCut,
      [
        "rows": NumberText.integer(count), "allRows": NumberText.integer(rows.count),
        "columns": NumberText.integer(width), "allColumns": NumberText.integer(columns.count),
      ])
  }

  /// A number in five digits; a whole one, such as a dimension's, without any behind the point.
  private static func text(_ value: Double?) -> String {
    guard let value, value == value.rounded(), abs(value) < 1e15 else {
      return NumberText.significant(value, digits: 5)
    }
    return NumberText.fixed(value, decimals: 0)
  }

  private static func write(_ row: ArraySlice<Cell>, to body: inout MarkupWriter, words: ChartWords) {
    body.element("tr") {
      for (index, cell) in row.enumerated() {
        switch cell {
        case .number(let value):
          let isDefined = value?.isFinite ?? false
          let text = isDefined ? Self.text(value) : words.undefined
          $0.element(
            index == 0 ? "th" : "td", ["scope": index == 0 ? "row" : nil],
            text: index == 0 ? NumberText.shortest(value) : text)
        case .text(let text) where index == 0: $0.element("th", ["scope": "row"], text: text)
        case .text(let text): $0.element("td", ["class": "t"], text: text)
        case .blank: $0.element("td", text: "")
        }
      }
    }
    body.newLine()
  }
}
