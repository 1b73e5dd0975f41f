import JSONText
import Markup

/// A table of cells.
public struct CSVTable: Sendable, Equatable {
  /// The table's name; empty for a result's main table.
  public var name: String
  public var columns: [String]
  /// The rows, each as long as `columns`; nil is an undefined value.
  public var rows: [[JSONValue]]

  public init(name: String, columns: [String], rows: [[JSONValue]]) {
    self.name = name
    self.columns = columns
    self.rows = rows
  }

  /// Comma-separated text as `CSVText` writes it.
  ///
  /// Numbers keep their exact text; null is an empty field; a value that is an array or an object stands as its JSON.
  public var text: String { CSVText.table(columns: columns, rows: rows.map { $0.map(CSVTable.field) }) }

  private static func field(_ value: JSONValue) -> CSVText.Field {
    switch value {
    case .null: .empty
    case .bool(let isTrue): .bare(isTrue ? "true" : "false")
    case .number(let number): .bare(number.text)
    case .string(let text): .text(text)
    case .array, .object: .text(JSON.write(value))
    }
  }
}
