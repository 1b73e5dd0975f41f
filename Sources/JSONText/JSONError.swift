/// What is wrong with a JSON text, and where.
public struct JSONError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The kind of mistake.
  public enum Code: Sendable, Equatable {
    /// The text stops before the value is complete.
    case unexpectedEnd
    /// A byte that the grammar does not allow at its place.
    case unexpectedByte
    /// Bytes that are not UTF-8.
    case invalidUTF8
    /// A control character, written raw, inside a string.
    case controlCharacter
    /// A backslash sequence that JSON does not have, or half of a surrogate pair.
    case invalidEscape
    /// Something that starts like a number and is none.
    case invalidNumber
    /// A member name that the object already has.
    case duplicateKey
    /// More nested arrays and objects than the reader was told to accept.
    case tooDeep
    /// Text after the value.
    case trailingText
    /// A value of another type than the caller asked for.
    case unexpectedType
    /// A value that the caller refuses for a reason of its own.
    case invalidValue
  }

  /// The kind of mistake.
  public let code: Code
  /// The place, in bytes from the start of the text.
  public let offset: Int
  /// The place's line, from 1.
  public let line: Int
  /// The place's column in its line, from 1, counted in Unicode scalars.
  public let column: Int
  /// The sentence without the place.
  public let message: String

  /// Makes an error for the byte at `offset` of `bytes` and works out its line and column.
  public init(_ code: Code, at offset: Int, in bytes: [UInt8], _ message: String) {
    var line = 1
    var column = 1
    for index in 0..<min(max(offset, 0), bytes.count) {
      let byte = bytes[index]
      if byte == UInt8(ascii: "\n") {
        line += 1
        column = 1
      } else if byte & 0xC0 != 0x80 {
        column += 1
      }
    }
    self.code = code
    self.offset = offset
    self.line = line
    self.column = column
    self.message = message
  }

  /// The place and the sentence, as in `3:14: expected ':' after the member name, found ','`.
  public var description: String { "\(line):\(column): \(message)" }
}
