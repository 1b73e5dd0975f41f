import JSONText

/// A table of cells and its text after RFC 4180.
public struct CSVTable: Sendable, Equatable {
  /// The table's name; empty for a result's main table.
  public var name: String
  /// The column names.
  public var columns: [String]
  /// The rows, each as long as `columns`; nil is an undefined value.
  public var rows: [[JSONValue]]

  /// A table.
  public init(name: String, columns: [String], rows: [[JSONValue]]) {
    self.name = name
    self.columns = columns
    self.rows = rows
  }

  /// Comma-separated text: a header line, then the rows, each ended by CR LF.
  ///
  /// Numbers keep their exact text; null is an empty cell and an empty string is `""`; a value that is an array or an
  /// object stands as its JSON.
  public var text: String {
    ([columns.map { CSVTable.quoted($0) }] + rows.map { $0.map(CSVTable.cell) })
      .map { $0.joined(separator: ",") + "\r\n" }
      .joined()
  }

  private static func cell(_ value: JSONValue) -> String {
    switch value {
    case .null: ""
    case .bool(let isTrue): isTrue ? "true" : "false"
    case .number(let number): number.text
    case .string(let text): quoted(text)
    case .array, .object: quoted(JSON.write(value))
    }
  }

  private static func quoted(_ text: String) -> String {
    let special: [UInt8] = [0x22, 0x2C, 0x0A, 0x0D]
    let needsQuotes = text.utf8.isEmpty || text.utf8.contains { special.contains($0) } || text.utf8.first == 0x20
    guard needsQuotes || text.utf8.last == 0x20 else { return text }
    var quoted: [UInt8] = [0x22]
    for byte in text.utf8 { quoted += byte == 0x22 ? [0x22, 0x22] : [byte] }
    return String(decoding: quoted + [0x22], as: UTF8.self)
  }
}
