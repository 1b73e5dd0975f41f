import Diagnostics

/// Comma-separated values after RFC 4180, or tab-separated ones: a header line and rows.
///
/// Lines end at LF, CR LF or a lone CR. A field in quotes may hold separators, line ends and doubled quotes. A blank
/// line is no row, but in a table of one column it is a row whose field is empty. A byte order mark is passed over.
public struct DelimitedText: Sendable, Equatable {
  /// What stands between two fields.
  public enum Separator: UInt8, Sendable {
    case comma = 0x2C
    case tab = 0x09
  }

  /// One row.
  public struct Row: Sendable, Equatable {
    /// The line on which it begins, from 1.
    public var line: Int
    /// As many fields as there are columns; nil is a field with nothing in it, `""` in quotes is an empty text.
    public var fields: [String?]
  }

  /// The names of the columns, each one once; a column without a name is called by its number, as `column 1`.
  public let columns: [String]
  /// The rows in the order of the text.
  public let rows: [Row]

  /// Reads a whole text in UTF-8.
  ///
  /// - Throws: `TabularError` with line and column for a text without a header, a column name that stands twice, a row
  ///   with too few or too many fields, a quote that is out of place or not closed, and bytes that are not UTF-8.
  /// - Complexity: O(bytes).
  public init(reading bytes: [UInt8], separator: Separator = .comma) throws(TabularError) {
    var scanner = DelimitedScanner(bytes, separator: separator)
    guard let header = try scanner.nextRow() else {
      throw TabularError("the table is empty", hint: "its first line names the columns")
    }
    columns = try Self.names(in: header)
    var rows: [Row] = []
    while let row = try scanner.nextRow() {
      if row.isBlank, columns.count > 1 { continue }
      guard row.fields.count == columns.count else {
        throw TabularError(
          line: row.line,
          "\(counted(row.fields.count, "field")) where the header names \(counted(columns.count, "column"))",
          hint: row.fields.count > columns.count ? "put a field that holds the separator in quotes" : nil)
      }
      rows.append(Row(line: row.line, fields: row.fields))
    }
    self.rows = rows
  }

  /// The place of a column's name; nil where no column is called so.
  public func index(ofColumn name: String) -> Int? {
    columns.firstIndex { $0.utf8.elementsEqual(name.utf8) }
  }

  private static func names(in header: DelimitedScanner.Row) throws(TabularError) -> [String] {
    var names: [String] = []
    var seen: Set<[UInt8]> = []
    for (index, field) in header.fields.enumerated() {
      let name = field.flatMap { $0.isEmpty ? nil : $0 } ?? "column \(index + 1)"
      guard seen.insert(Array(name.utf8)).inserted else {
        throw TabularError(line: header.line, "two columns are called '\(shown(name))'", hint: "rename one of them")
      }
      names.append(name)
    }
    return names
  }
}
