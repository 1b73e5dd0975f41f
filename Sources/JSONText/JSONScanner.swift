/// A pull reader of JSON bytes: the caller asks for the value it expects and gets it, or an error with the place.
///
/// ```
/// var scanner = JSONScanner(bytes)
/// try scanner.beginObject()
/// while let key = try scanner.nextKey() {
///   if key == "ids" { ids = try scanner.readIntegers() } else { try scanner.skipValue() }
/// }
/// try scanner.finish()
/// ```
///
/// After every `nextKey()` that is not nil, and every `nextElement()` that is true, the caller reads exactly one value.
/// The scanner does not look for duplicate names (a caller that builds a table sees them itself and has
/// `duplicateKey`); `JSON.parse` and `readValue()` do.
public struct JSONScanner {
  /// What a value starts like.
  public enum Kind: Sendable, Equatable {
    /// `{`
    case object
    /// `[`
    case array
    /// `"`
    case string
    /// A digit or a minus sign.
    case number
    /// `true` or `false`.
    case bool
    /// `null`.
    case null
  }

  public let bytes: [UInt8]
  /// The next byte to read.
  public internal(set) var offset = 0
  /// Where the last value or member name that was read (or looked at) starts.
  public internal(set) var tokenOffset = 0
  /// The open arrays (false) and objects (true).
  var open: [Bool] = []
  /// Whether nothing has been read yet in the innermost open array or object.
  var isFirst = true
  let maxDepth: Int

  /// A reader at the start of `bytes` that refuses more than `maxDepth` open arrays and objects.
  public init(_ bytes: [UInt8], maxDepth: Int = 128) {
    self.bytes = bytes
    self.maxDepth = maxDepth
  }

  // MARK: Structure

  /// The kind of the next value, which stays unread.
  public mutating func peek() throws(JSONError) -> Kind {
    skipSpace()
    tokenOffset = offset
    guard offset < bytes.count else { throw expected("a value") }
    switch bytes[offset] {
    case UInt8(ascii: "{"): return .object
    case UInt8(ascii: "["): return .array
    case UInt8(ascii: "\""): return .string
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return .number
    case UInt8(ascii: "t"), UInt8(ascii: "f"): return .bool
    case UInt8(ascii: "n"): return .null
    case 0xEF where offset == 0: throw error(.unexpectedByte, at: 0, "the text starts with a byte order mark")
    default: throw expected("a value")
    }
  }

  /// Reads the `{` of an object.
  public mutating func beginObject() throws(JSONError) { try begin(.object) }

  /// Reads the `[` of an array.
  public mutating func beginArray() throws(JSONError) { try begin(.array) }

  private mutating func begin(_ kind: Kind) throws(JSONError) {
    try require(kind)
    guard open.count < maxDepth else {
      throw error(.tooDeep, at: offset, "more than \(maxDepth) nested arrays and objects")
    }
    offset += 1
    open.append(kind == .object)
    isFirst = true
  }

  /// Reads the next member's name and colon; nil when the object ends.
  public mutating func nextKey() throws(JSONError) -> String? {
    guard try nextMember() else { return nil }
    let key = try readString()
    try readColon()
    return key
  }

  /// Like `nextKey()`, but appends the name's bytes to `buffer`; false when the object ends.
  public mutating func nextKey(appendingTo buffer: inout [UInt8]) throws(JSONError) -> Bool {
    guard try nextMember() else { return false }
    try readString(appendingTo: &buffer)
    try readColon()
    return true
  }

  private mutating func nextMember() throws(JSONError) -> Bool {
    precondition(open.last == true, "nextKey() is for objects")
    guard try !ends(with: UInt8(ascii: "}")) else { return false }
    skipSpace()
    tokenOffset = offset
    guard offset < bytes.count, bytes[offset] == UInt8(ascii: "\"") else { throw expected("a member name in quotes") }
    return true
  }

  private mutating func readColon() throws(JSONError) {
    skipSpace()
    guard offset < bytes.count, bytes[offset] == UInt8(ascii: ":") else {
      throw expected("':' after the member name")
    }
    offset += 1
  }

  /// Whether the array has one more element, which is to be read next.
  public mutating func nextElement() throws(JSONError) -> Bool {
    precondition(open.last == false, "nextElement() is for arrays")
    return try !ends(with: UInt8(ascii: "]"))
  }

  /// Reads the closing bracket, or the comma before the next element.
  private mutating func ends(with close: UInt8) throws(JSONError) -> Bool {
    skipSpace()
    let found = offset < bytes.count ? bytes[offset] : 0
    if found == close {
      offset += 1
      open.removeLast()
      isFirst = false
      return true
    }
    if isFirst { return false }
    guard found == UInt8(ascii: ",") else { throw expected("',' or '\(Character(Unicode.Scalar(close)))'") }
    offset += 1
    return false
  }

  /// Checks that nothing but white space follows.
  public mutating func finish() throws(JSONError) {
    skipSpace()
    guard offset >= bytes.count else {
      throw error(.trailingText, at: offset, "expected the end of the text, found \(found(at: offset))")
    }
  }

  mutating func skipSpace() {
    while offset < bytes.count {
      switch bytes[offset] {
      case 0x20, 0x09, 0x0A, 0x0D: offset += 1
      default: return
      }
    }
  }

  mutating func require(_ kind: Kind) throws(JSONError) {
    let next = try peek()
    guard next == kind else {
      throw error(.unexpectedType, at: offset, "expected \(Self.name(kind)), found \(Self.name(next))")
    }
  }

  // MARK: Errors

  /// An error about the byte at `offset`, or about the value last read.
  public func error(_ code: JSONError.Code, at offset: Int? = nil, _ message: String) -> JSONError {
    JSONError(code, at: offset ?? tokenOffset, in: bytes, message)
  }

  /// The error for a member name that the object already has.
  public func duplicateKey(_ key: String, at offset: Int) -> JSONError {
    error(.duplicateKey, at: offset, "duplicate member name '\(JSON.quotable(key))'")
  }

  func expected(_ what: String) -> JSONError {
    let code: JSONError.Code = offset < bytes.count ? .unexpectedByte : .unexpectedEnd
    return error(code, at: offset, "expected \(what), found \(found(at: offset))")
  }

  func found(at offset: Int) -> String {
    guard offset < bytes.count else { return "the end of the text" }
    let byte = bytes[offset]
    guard (0x21..<0x7F).contains(byte) else { return "byte \(JSON.hexadecimal(byte))" }
    return "'\(Character(Unicode.Scalar(byte)))'"
  }

  static func name(_ kind: Kind) -> String {
    switch kind {
    case .object: "an object"
    case .array: "an array"
    case .string: "a string"
    case .number: "a number"
    case .bool: "a boolean"
    case .null: "null"
    }
  }
}
