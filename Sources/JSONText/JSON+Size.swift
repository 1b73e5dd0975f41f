extension JSON {
  /// How many bytes a value takes as compact text, as `write` gives it.
  public static func size(of value: JSONValue) -> Int {
    switch value {
    case .null: return 4
    case .bool(let isTrue): return isTrue ? 4 : 5
    case .number(let number): return number.text.utf8.count
    case .string(let text): return size(of: text)
    case .array(let elements): return elements.reduce(1 + max(1, elements.count)) { $0 + size(of: $1) }
    case .object(let members):
      return members.reduce(1 + max(1, members.count)) { $0 + size(of: $1.key) + 1 + size(of: $1.value) }
    }
  }

  /// A string in quotes.
  private static func size(of text: String) -> Int {
    text.utf8.reduce(2) { total, byte in
      switch byte {
      case 0x22, 0x5C, 0x08, 0x09, 0x0A, 0x0C, 0x0D: total + 2
      case 0..<0x20: total + 6
      default: total + 1
      }
    }
  }
}
