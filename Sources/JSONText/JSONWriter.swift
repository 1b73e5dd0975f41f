/// Prints values into a growing buffer of bytes.
struct JSONWriter {
  enum Style { case compact, pretty, canonical }

  let style: Style
  var output: [UInt8] = []

  init(style: Style) {
    self.style = style
  }

  mutating func write(_ value: JSONValue, level: Int) {
    switch value {
    case .null: append("null")
    case .bool(let isTrue): append(isTrue ? "true" : "false")
    case .number(let number): append(style == .canonical ? number.canonicalText : number.text)
    case .string(let text): write(text)
    case .array(let elements): write(elements, level: level)
    case .object(let object): write(object, level: level)
    }
  }

  private mutating func write(_ elements: [JSONValue], level: Int) {
    append("[")
    for (index, element) in elements.enumerated() {
      separate(index: index, level: level)
      write(element, level: level + 1)
    }
    close("]", isEmpty: elements.isEmpty, level: level)
  }

  private mutating func write(_ object: JSONObject, level: Int) {
    var members = Array(object)
    if style == .canonical { members.sort { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) } }
    append("{")
    for (index, member) in members.enumerated() {
      separate(index: index, level: level)
      write(member.key)
      append(style == .pretty ? ": " : ":")
      write(member.value, level: level + 1)
    }
    close("}", isEmpty: members.isEmpty, level: level)
  }

  private mutating func separate(index: Int, level: Int) {
    if index > 0 { append(",") }
    breakLine(level: level + 1)
  }

  private mutating func close(_ bracket: String, isEmpty: Bool, level: Int) {
    if !isEmpty { breakLine(level: level) }
    append(bracket)
  }

  private mutating func breakLine(level: Int) {
    guard style == .pretty else { return }
    output.append(UInt8(ascii: "\n"))
    output.append(contentsOf: repeatElement(UInt8(ascii: " "), count: 2 * level))
  }

  private mutating func append(_ text: String) { output.append(contentsOf: text.utf8) }

  /// A string in quotes, with the escapes JSON demands and no others.
  mutating func write(_ text: String) {
    append("\"")
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "\""): append("\\\"")
      case UInt8(ascii: "\\"): append("\\\\")
      case 0x0A: append("\\n")
      case 0x0D: append("\\r")
      case 0x09: append("\\t")
      case 0x08: append("\\b")
      case 0x0C: append("\\f")
      case 0..<0x20: append("\\u00" + JSON.hexadecimal(byte).lowercased().dropFirst(2))
      default: output.append(byte)
      }
    }
    append("\"")
  }
}
