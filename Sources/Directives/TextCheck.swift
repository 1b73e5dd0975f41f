import Diagnostics

/// Finds what may not be in a template at all: invalid UTF-8, control characters, the placeholder characters.
public struct TextCheck {
  private let file: SourceFile
  private let bytes: [UInt8]
  /// What was found, at its place.
  public private(set) var diagnostics: [Diagnostic] = []
  private static let mostReported = 8

  /// Checks all bytes after a byte order mark.
  public init(_ file: SourceFile) {
    self.file = file
    self.bytes = file.bytes
    var index = file.hasByteOrderMark ? 3 : 0
    while index < bytes.count, diagnostics.count < TextCheck.mostReported { index = step(index) }
  }

  /// Checks the scalar at an offset and returns the offset of the next one.
  private mutating func step(_ index: Int) -> Int {
    let byte = bytes[index]
    if byte < 0x80 {
      if byte < 0x20 && byte != 0x09 && byte != 0x0A && byte != 0x0D || byte == 0x7F {
        report(index, 1, "control character \(TextCheck.name(UInt32(byte))) is not allowed in a template")
      } else if byte == 0x26 {
        checkReference(index)
      }
      return index + 1
    }
    guard let (value, length) = decode(index) else {
      report(index, 1, "not valid UTF-8: byte 0x\(String(byte, radix: 16, uppercase: true))")
      return nextScalar(index + 1)
    }
    switch value {
    case 0xE000, 0xE001: report(index, length, "\(TextCheck.name(value)) is reserved for Layerbook itself")
    case 0xFFFE, 0xFFFF: report(index, length, "\(TextCheck.name(value)) is not a character")
    case 0xFEFF: report(index, length, "a byte order mark is allowed only at the start of the file")
    case 0x80..<0xA0: report(index, length, "control character \(TextCheck.name(value)) is not allowed in a template")
    default: break
    }
    return index + length
  }

  /// Numeric character references may not smuggle a placeholder in: `&#xE000;`, `&#57344;`.
  private mutating func checkReference(_ index: Int) {
    guard index + 2 < bytes.count, bytes[index + 1] == 0x23 else { return }
    let isHex = bytes[index + 2] | 0x20 == 0x78
    var cursor = index + (isHex ? 3 : 2)
    var value = 0
    while cursor < bytes.count, let digit = TextCheck.digit(bytes[cursor], hexadecimal: isHex), value < 0x200000 {
      value = value * (isHex ? 16 : 10) + digit
      cursor += 1
    }
    guard cursor < bytes.count, bytes[cursor] == 0x3B, value == 0xE000 || value == 0xE001 else { return }
    report(index, cursor + 1 - index, "\(TextCheck.name(UInt32(value))) is reserved for Layerbook itself")
  }

  private static func digit(_ byte: UInt8, hexadecimal: Bool) -> Int? {
    switch byte {
    case 0x30...0x39: Int(byte) - 0x30
    case 0x41...0x46 where hexadecimal: Int(byte) - 0x37
    case 0x61...0x66 where hexadecimal: Int(byte) - 0x57
    default: nil
    }
  }

  /// The scalar at an offset and its length, following table 3-7 of the Unicode Standard; nil where it is ill-formed.
  private func decode(_ index: Int) -> (UInt32, Int)? {
    let first = bytes[index]
    let length: Int
    switch first {
    case 0xC2...0xDF: length = 2
    case 0xE0...0xEF: length = 3
    case 0xF0...0xF4: length = 4
    default: return nil
    }
    guard index + length <= bytes.count else { return nil }
    var value = UInt32(first) & (0x7F >> UInt32(truncatingIfNeeded: length))
    for byte in bytes[(index + 1)..<(index + length)] {
      guard byte & 0xC0 == 0x80 else { return nil }
      value = value << 6 | UInt32(byte & 0x3F)
    }
    let smallest: UInt32 = length == 2 ? 0x80 : length == 3 ? 0x800 : 0x10000
    guard value >= smallest, Unicode.Scalar(value) != nil else { return nil }
    return (value, length)
  }

  private func nextScalar(_ index: Int) -> Int {
    var index = index
    while index < bytes.count, bytes[index] & 0xC0 == 0x80 { index += 1 }
    return index
  }

  private mutating func report(_ index: Int, _ length: Int, _ message: String) {
    diagnostics.append(
      Diagnostic(file: file, span: SourceSpan(lower: index, upper: index + length), message: message))
  }

  private static func name(_ value: UInt32) -> String {
    let digits = String(value, radix: 16, uppercase: true)
    return "U+" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
  }
}
