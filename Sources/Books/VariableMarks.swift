/// Lets `${VAR}` stand in YAML's flow style, where its braces would end the entry: `{path: ${MODELS}/small}`.
///
/// Before YAML is read the braces of each mark become angle brackets, one byte for one byte; afterwards they come back.
enum VariableMarks {
  /// `${NAME}` becomes `$<NAME>`.
  static func hide(in bytes: [UInt8]) -> [UInt8] { exchanging("{", "}", for: "<", ">", in: bytes) }

  /// `$<NAME>` becomes `${NAME}` again.
  static func show(in text: String) -> String {
    String(decoding: exchanging("<", ">", for: "{", "}", in: Array(text.utf8)), as: UTF8.self)
  }

  private static func exchanging(
    _ open: Unicode.Scalar, _ close: Unicode.Scalar, for newOpen: Unicode.Scalar, _ newClose: Unicode.Scalar,
    in bytes: [UInt8]
  ) -> [UInt8] {
    var result = bytes
    for start in bytes.indices.dropLast()
    where bytes[start] == UInt8(ascii: "$") && bytes[start + 1] == UInt8(ascii: open) {
      var end = start + 2
      while end < bytes.count, isNameByte(bytes[end]) { end += 1 }
      guard end > start + 2, end < bytes.count, bytes[end] == UInt8(ascii: close) else { continue }
      result[start + 1] = UInt8(ascii: newOpen)
      result[end] = UInt8(ascii: newClose)
    }
    return result
  }

  private static func isNameByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"),
      UInt8(ascii: "_"):
      true
    default: false
    }
  }
}
