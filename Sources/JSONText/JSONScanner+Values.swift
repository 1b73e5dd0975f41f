extension JSONScanner {
  /// Reads any value as a tree; a duplicate member name is an error.
  public mutating func readValue() throws(JSONError) -> JSONValue {
    switch try peek() {
    case .null:
      try readNull()
      return .null
    case .bool: return .bool(try readBool())
    case .number: return .number(try readNumber())
    case .string: return .string(try readString())
    case .array:
      try beginArray()
      var elements: [JSONValue] = []
      while try nextElement() { elements.append(try readValue()) }
      return .array(elements)
    case .object:
      try beginObject()
      var object = JSONObject()
      while let key = try nextKey() {
        let place = tokenOffset
        let value = try readValue()
        guard object.append(value, forKey: key) else { throw duplicateKey(key, at: place) }
      }
      return .object(object)
    }
  }

  /// Reads any value and forgets it, checking its grammar but not its member names.
  public mutating func skipValue() throws(JSONError) {
    switch try peek() {
    case .null: try readNull()
    case .bool: _ = try readBool()
    case .number: _ = try scanNumber()
    case .string: try skipString()
    case .array:
      try beginArray()
      while try nextElement() { try skipValue() }
    case .object:
      try beginObject()
      var name: [UInt8] = []
      while try nextKey(appendingTo: &name) {
        try skipValue()
        name.removeAll(keepingCapacity: true)
      }
    }
  }

  /// Reads `null`.
  public mutating func readNull() throws(JSONError) {
    try require(.null)
    try readWord("null")
  }

  /// Reads `true` or `false`.
  public mutating func readBool() throws(JSONError) -> Bool {
    try require(.bool)
    let isTrue = bytes[offset] == UInt8(ascii: "t")
    try readWord(isTrue ? "true" : "false")
    return isTrue
  }

  private mutating func readWord(_ word: String) throws(JSONError) {
    guard bytes[offset...].starts(with: word.utf8) else { throw expected("'\(word)'") }
    offset += word.utf8.count
    isFirst = false
  }

  /// Reads a number.
  public mutating func readNumber() throws(JSONError) -> JSONNumber {
    try require(.number)
    let range = try scanNumber()
    return JSONNumber(checked: String(decoding: bytes[range], as: UTF8.self))
  }

  /// Reads a number that is written as a whole number and fits an `Int`.
  public mutating func readInteger() throws(JSONError) -> Int {
    try require(.number)
    let range = try scanNumber()
    if let value = smallInteger(range) ?? Int(String(decoding: bytes[range], as: UTF8.self)) { return value }
    let text = String(decoding: bytes[range].prefix(40), as: UTF8.self)
    throw error(.invalidNumber, "expected a whole number of at most 64 bits, found \(text)")
  }

  /// Up to eighteen digits without detour through a string.
  private func smallInteger(_ range: Range<Int>) -> Int? {
    guard range.count <= 18 else { return nil }
    var value = 0
    for index in range {
      let digit = Int(bytes[index]) - 0x30
      guard digit >= 0, digit <= 9 else { return nil }
      value = value * 10 + digit
    }
    return value
  }

  /// Walks over a number: `-? (0 | [1-9][0-9]*) (. [0-9]+)? ([eE] [+-]? [0-9]+)?`.
  mutating func scanNumber() throws(JSONError) -> Range<Int> {
    let start = offset
    if bytes[offset] == UInt8(ascii: "-") { offset += 1 }
    if offset < bytes.count, bytes[offset] == UInt8(ascii: "0") {
      offset += 1
      if offset < bytes.count, Self.isDigit(bytes[offset]) {
        throw error(.invalidNumber, at: start, "a number may not start with 0 and another digit")
      }
    } else {
      try scanDigits()
    }
    if offset < bytes.count, bytes[offset] == UInt8(ascii: ".") {
      offset += 1
      try scanDigits()
    }
    if offset < bytes.count, bytes[offset] | 0x20 == UInt8(ascii: "e") {
      offset += 1
      if offset < bytes.count, bytes[offset] == UInt8(ascii: "+") || bytes[offset] == UInt8(ascii: "-") { offset += 1 }
      try scanDigits()
    }
    isFirst = false
    return start..<offset
  }

  private mutating func scanDigits() throws(JSONError) {
    let start = offset
    while offset < bytes.count, Self.isDigit(bytes[offset]) { offset += 1 }
    guard offset > start else {
      let code: JSONError.Code = offset < bytes.count ? .invalidNumber : .unexpectedEnd
      throw error(code, at: offset, "expected a digit, found \(found(at: offset))")
    }
  }

  private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
}
