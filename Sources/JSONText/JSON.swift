/// Reading and writing of whole JSON texts.
public enum JSON {
  /// Reads one JSON text (RFC 8259), strictly.
  ///
  /// - Parameters:
  ///   - bytes: the text in UTF-8, without byte order mark.
  ///   - maxDepth: how many arrays and objects may be open at once.
  /// - Throws: `JSONError` with the place, for anything the grammar does not allow, bytes that are not UTF-8, lone
  ///   surrogate escapes, duplicate member names and too deep nesting.
  public static func parse(_ bytes: [UInt8], maxDepth: Int = 128) throws(JSONError) -> JSONValue {
    var scanner = JSONScanner(bytes, maxDepth: maxDepth)
    let value = try scanner.readValue()
    try scanner.finish()
    return value
  }

  /// Reads one JSON text from a string.
  public static func parse(_ text: String, maxDepth: Int = 128) throws(JSONError) -> JSONValue {
    try parse(Array(text.utf8), maxDepth: maxDepth)
  }

  /// Prints a value, members in their order: without spaces, or (`pretty`) with two spaces for each level.
  public static func write(_ value: JSONValue, pretty: Bool = false) -> String {
    var writer = JSONWriter(style: pretty ? .pretty : .compact)
    writer.write(value, level: 0)
    return String(decoding: writer.output, as: UTF8.self)
  }

  /// Prints the one text that stands for a value: member names sorted by their bytes, no spaces, and one spelling for
  /// each number (`JSONNumber.canonicalText`).
  public static func canonical(_ value: JSONValue) -> String {
    var writer = JSONWriter(style: .canonical)
    writer.write(value, level: 0)
    return String(decoding: writer.output, as: UTF8.self)
  }

  /// A byte as `0x0A`.
  static func hexadecimal(_ byte: UInt8) -> String {
    let digits = String(byte, radix: 16, uppercase: true)
    return digits.utf8.count < 2 ? "0x0\(digits)" : "0x\(digits)"
  }

  /// A name from a file cut and escaped so that it fits in a message.
  static func quotable(_ text: String) -> String {
    var writer = JSONWriter(style: .compact)
    writer.write(String(text.unicodeScalars.prefix(80)))
    return String(decoding: writer.output.dropFirst().dropLast(), as: UTF8.self)
  }
}
