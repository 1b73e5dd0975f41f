/// Cuts delimited text into rows of fields, byte by byte.
struct DelimitedScanner {
  /// One row as it stands in the text.
  struct Row {
    /// The line on which it begins, from 1.
    var line: Int
    var fields: [String?]
    /// Whether its line holds nothing at all.
    var isBlank: Bool { fields.count == 1 && fields[0] == nil }
  }

  private static let quote: UInt8 = 0x22
  private static let lineFeed: UInt8 = 0x0A
  private static let carriageReturn: UInt8 = 0x0D

  private let bytes: [UInt8]
  private let separator: DelimitedText.Separator
  private var offset: Int
  private var line = 1
  private var lineStart: Int

  init(_ bytes: [UInt8], separator: DelimitedText.Separator) {
    self.bytes = bytes
    self.separator = separator
    offset = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    lineStart = offset
  }

  /// The next row; nil at the end of the text.
  mutating func nextRow() throws(TabularError) -> Row? {
    guard offset < bytes.count else { return nil }
    var row = Row(line: line, fields: [])
    while true {
      row.fields.append(try nextField())
      guard offset < bytes.count else { return row }
      if bytes[offset] == separator.rawValue {
        offset += 1
        continue
      }
      passLineEnd()
      return row
    }
  }

  private mutating func nextField() throws(TabularError) -> String? {
    guard offset < bytes.count, bytes[offset] == Self.quote else { return try bareField() }
    return try quotedField()
  }

  /// A field without quotes, up to the separator or the end of the line.
  private mutating func bareField() throws(TabularError) -> String? {
    let start = offset
    while offset < bytes.count, !endsField(bytes[offset]) {
      // Tab-separated files hold quotes inside their fields as they hold letters; RFC 4180 forbids them.
      if bytes[offset] == Self.quote, separator == .comma {
        throw error("a quote inside a field", hint: "put the whole field in quotes and write the quote twice")
      }
      offset += 1
    }
    return start == offset ? nil : try text(Array(bytes[start..<offset]), from: start)
  }

  /// A field in quotes; a doubled quote stands for one.
  private mutating func quotedField() throws(TabularError) -> String {
    let start = offset
    let place = (line: line, lineStart: lineStart)
    var content: [UInt8] = []
    offset += 1
    while offset < bytes.count {
      let byte = bytes[offset]
      if byte == Self.quote {
        offset += 1
        guard offset < bytes.count, bytes[offset] == Self.quote else { return try closed(content, from: start, place) }
        content.append(byte)
        offset += 1
      } else if byte == Self.lineFeed || byte == Self.carriageReturn {
        let end = offset
        passLineEnd()
        content += bytes[end..<offset]
      } else {
        content.append(byte)
        offset += 1
      }
    }
    (line, lineStart) = place
    offset = start
    throw error("a quote is opened here and never closed", hint: nil)
  }

  private mutating func closed(
    _ content: [UInt8], from start: Int, _ place: (line: Int, lineStart: Int)
  ) throws(TabularError) -> String {
    guard offset == bytes.count || endsField(bytes[offset]) else {
      throw error("text behind a closing quote", hint: "a quote inside a field in quotes is written twice")
    }
    guard let text = String(validating: content, as: UTF8.self) else {
      (line, lineStart) = place
      offset = start
      throw error("the field is not UTF-8", hint: Self.encodingHint)
    }
    return text
  }

  private mutating func text(_ content: [UInt8], from start: Int) throws(TabularError) -> String {
    guard let text = String(validating: content, as: UTF8.self) else {
      offset = start
      throw error("the field is not UTF-8", hint: Self.encodingHint)
    }
    return text
  }

  private static let encodingHint = "convert the file: iconv -f LATIN1 -t UTF-8"

  private func endsField(_ byte: UInt8) -> Bool {
    byte == separator.rawValue || byte == Self.lineFeed || byte == Self.carriageReturn
  }

  /// Passes LF, CR LF or CR.
  private mutating func passLineEnd() {
    let isReturn = bytes[offset] == Self.carriageReturn
    offset += 1
    if isReturn, offset < bytes.count, bytes[offset] == Self.lineFeed { offset += 1 }
    line += 1
    lineStart = offset
  }

  private func error(_ message: String, hint: String?) -> TabularError {
    let column = 1 + bytes[lineStart..<offset].count { $0 & 0xC0 != 0x80 }
    return TabularError(line: line, column: column, message, hint: hint)
  }
}
