import Charts

/// A table of results: each column says how it is headed and what it takes of a row.
public struct Table: Sendable {
  public var columns: [TableFigure.Column]
  public var rows: [[TableFigure.Cell]]

  init(columns: [TableFigure.Column], rows: [[TableFigure.Cell]]) { (self.columns, self.rows) = (columns, rows) }

  /// A table with one row for each element.
  public init<Row>(_ rows: some Sequence<Row>, _ columns: [TableColumn<Row>]) {
    self.columns = columns.map(\.heading)
    self.rows = rows.map { row in columns.map { $0.cell(row) } }
  }
}

extension Table {
  /// The same as plain rows and columns, for the numbers behind a figure.
  var data: DataTable {
    DataTable(
      columns: columns.map { $0.title.plainText + ($0.unit.isEmpty ? "" : " (\($0.unit))") },
      rows: rows.map { row in
        row.map { cell in
          switch cell {
          case .number(let value): .number(value)
          case .text(let text): .text(text)
          case .markup(_, let plain): .text(plain)
          }
        }
      })
  }
}

/// One column of a table of rows of a type: a heading and, mostly, a key path.
///
/// ```swift
/// Table(all, [.text("model", \.name), .number("S", \.score), .number("last D", \.lastDistance, decimals: 4)])
/// ```
public struct TableColumn<Row> {
  var heading: TableFigure.Column
  var cell: (Row) -> TableFigure.Cell

  public static func text(_ title: String, _ value: @escaping (Row) -> String) -> TableColumn {
    TableColumn(heading: .text(title)) { .text(value($0)) }
  }

  /// A number, undefined where it is nil.
  public static func number(
    _ title: String, _ value: @escaping (Row) -> Double?, decimals: Int = 3, unit: String = ""
  ) -> TableColumn {
    TableColumn(
      heading: .init(title, unit: unit, format: decimals == 0 ? .fixed(0) : .score(decimals))
    ) { .number(value($0)) }
  }

  /// A share, in percent.
  public static func percent(_ title: String, _ value: @escaping (Row) -> Double?, decimals: Int = 1) -> TableColumn {
    number(title, { value($0).map { 100 * $0 } }, decimals: decimals, unit: "%")
  }

  public static func count(_ title: String, _ value: @escaping (Row) -> Int) -> TableColumn {
    number(title, { Double(value($0)) }, decimals: 0)
  }

  /// A cell of another kind, such as one that is empty where nothing exists.
  public static func cell(
    _ heading: TableFigure.Column, _ cell: @escaping (Row) -> TableFigure.Cell
  ) -> TableColumn { TableColumn(heading: heading, cell: cell) }
}
