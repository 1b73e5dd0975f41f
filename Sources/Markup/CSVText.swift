/// Comma-separated values after RFC 4180: the rules for every table that leaves the program as CSV.
public enum CSVText {
  /// One field of a row.
  public enum Field: Sendable, Hashable {
    /// Nothing: an undefined value, or a place where none belongs.
    case empty
    /// A number or a truth value, as it is written.
    case bare(String)
    /// Words; empty words are `""`, to be told from nothing.
    case text(String)
  }

  /// A header line and the rows, each ended by CR LF.
  public static func table(columns: [String], rows: [[Field]]) -> String {
    ([columns.map { Field.text($0) }] + rows)
      .map { row in row.map(written).joined(separator: ",") + "\r\n" }
      .joined()
  }

  private static func written(_ field: Field) -> String {
    switch field {
    case .empty: ""
    case .bare(let text): text
    case .text(let text): quoted(text)
    }
  }

  /// Words in quotes where they hold a comma, a quote or a line's end, or a blank at either end that readers might trim.
  private static func quoted(_ text: String) -> String {
    let special: [UInt8] = [0x22, 0x2C, 0x0A, 0x0D]
    let needsQuotes = text.utf8.isEmpty || text.utf8.contains { special.contains($0) } || text.utf8.first == 0x20
    guard needsQuotes || text.utf8.last == 0x20 else { return text }
    var quoted: [UInt8] = [0x22]
    for byte in text.utf8 { quoted += byte == 0x22 ? [0x22, 0x22] : [byte] }
    return String(decoding: quoted + [0x22], as: UTF8.self)
  }
}
