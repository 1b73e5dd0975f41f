extension JSONScanner {
  /// Reads a string.
  public mutating func readString() throws(JSONError) -> String {
    try require(.string)
    let start = offset + 1
    try scanPlainPart()
    if bytes[offset] == UInt8(ascii: "\"") {
      let text = String(decoding: bytes[start..<offset], as: UTF8.self)
      endString()
      return text
    }
    var buffer = Array(bytes[start..<offset])
    try readRest(appendingTo: &buffer)
    return String(decoding: buffer, as: UTF8.self)
  }

  /// Reads a string and appends its UTF-8 bytes to `buffer`, without making a `String`.
  public mutating func readString(appendingTo buffer: inout [UInt8]) throws(JSONError) {
    try require(.string)
    let start = offset + 1
    try scanPlainPart()
    buffer.append(contentsOf: bytes[start..<offset])
    if bytes[offset] == UInt8(ascii: "\"") {
      endString()
    } else {
      try readRest(appendingTo: &buffer)
    }
  }

  mutating func skipString() throws(JSONError) {
    var ignored: [UInt8] = []
    try readString(appendingTo: &ignored)
  }

  private mutating func endString() {
    offset += 1
    isFirst = false
  }

  /// From the first backslash to the closing quote.
  private mutating func readRest(appendingTo buffer: inout [UInt8]) throws(JSONError) {
    while bytes[offset] == UInt8(ascii: "\\") {
      try readEscape(appendingTo: &buffer)
      offset -= 1
      let start = offset + 1
      try scanPlainPart()
      buffer.append(contentsOf: bytes[start..<offset])
    }
    endString()
  }

  /// Skips the byte at `offset` and everything up to the next quote or backslash, checking that it is UTF-8.
  private mutating func scanPlainPart() throws(JSONError) {
    offset += 1
    while offset < bytes.count {
      let byte = bytes[offset]
      if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") { return }
      if byte < 0x20 {
        throw error(
          .controlCharacter, at: offset, "control character \(JSON.hexadecimal(byte)) in a string must be escaped")
      }
      offset += byte < 0x80 ? 1 : try multibyteLength()
    }
    throw error(.unexpectedEnd, at: offset, "the string that starts at byte \(tokenOffset) has no closing quote")
  }

  /// The length of the well-formed UTF-8 sequence at `offset` (Unicode 16, table 3-7).
  private func multibyteLength() throws(JSONError) -> Int {
    let lead = bytes[offset]
    let length: Int
    var second: ClosedRange<UInt8> = 0x80...0xBF
    switch lead {
    case 0xC2...0xDF: length = 2
    case 0xE0: (length, second) = (3, 0xA0...0xBF)
    case 0xED: (length, second) = (3, 0x80...0x9F)
    case 0xE1...0xEF: length = 3
    case 0xF0: (length, second) = (4, 0x90...0xBF)
    case 0xF4: (length, second) = (4, 0x80...0x8F)
    case 0xF1...0xF3: length = 4
    default: length = 0
    }
    var isValid = length > 0 && offset + length <= bytes.count && second.contains(bytes[offset + 1])
    if isValid {
      for index in offset + 2..<max(offset + length, offset + 2) where bytes[index] & 0xC0 != 0x80 { isValid = false }
    }
    guard isValid else {
      throw error(.invalidUTF8, at: offset, "byte \(JSON.hexadecimal(lead)) does not start a UTF-8 sequence")
    }
    return length
  }

  /// Reads one backslash sequence.
  private mutating func readEscape(appendingTo buffer: inout [UInt8]) throws(JSONError) {
    let start = offset
    offset += 1
    guard offset < bytes.count else { throw expected("an escape sequence") }
    let letter = bytes[offset]
    offset += 1
    switch letter {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): buffer.append(letter)
    case UInt8(ascii: "b"): buffer.append(0x08)
    case UInt8(ascii: "f"): buffer.append(0x0C)
    case UInt8(ascii: "n"): buffer.append(0x0A)
    case UInt8(ascii: "r"): buffer.append(0x0D)
    case UInt8(ascii: "t"): buffer.append(0x09)
    case UInt8(ascii: "u"): buffer.append(contentsOf: try readScalar(from: start).utf8)
    default:
      offset = start + 1
      throw error(.invalidEscape, at: start, "\(found(at: start + 1)) after a backslash is no escape sequence")
    }
  }

  /// Reads the digits of `\uXXXX`, and the second half of a surrogate pair.
  private mutating func readScalar(from start: Int) throws(JSONError) -> String {
    let first = try readHexDigits()
    if let scalar = Unicode.Scalar(first) { return String(scalar) }
    if first < 0xDC00, bytes[offset...].starts(with: [UInt8(ascii: "\\"), UInt8(ascii: "u")]) {
      offset += 2
      let second = try readHexDigits()
      if (0xDC00...0xDFFF).contains(second),
        let scalar = Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
      {
        return String(scalar)
      }
    }
    throw error(.invalidEscape, at: start, "an escaped surrogate without its other half is no character")
  }

  private mutating func readHexDigits() throws(JSONError) -> UInt32 {
    var value: UInt32 = 0
    for _ in 0..<4 {
      guard offset < bytes.count, let digit = Character(Unicode.Scalar(bytes[offset])).hexDigitValue,
        bytes[offset] < 0x80
      else { throw expected("four hexadecimal digits after \\u") }
      value = value << 4 | UInt32(digit)
      offset += 1
    }
    return value
  }
}
