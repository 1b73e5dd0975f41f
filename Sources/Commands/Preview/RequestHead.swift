/// The head of a browser's request: what is asked, under which host.
///
/// Everything is bounded before it is read further: the bytes of the head, of its first line and of a field, their number.
public struct RequestHead: Sendable, Equatable {
  /// `GET`, `HEAD` or another word.
  public let method: String
  /// The path of the address, percent-encoded, without the query.
  public let path: String
  /// The one header of that name.
  public let host: String

  /// The most bytes a head may have, its empty line included.
  public static let largest = 16_384
  /// The most bytes its first line may have.
  static let largestLine = 8_192
  /// The most fields it may have.
  static let mostFields = 64

  /// Why a request is not answered, as HTTP numbers it.
  public struct Refusal: Error, Sendable, Equatable {
    public let status: Int
    public let reason: String

    public init(_ status: Int, _ reason: String) { (self.status, self.reason) = (status, reason) }
  }

  /// Whether the empty line that ends a head is among the bytes.
  public static func isWhole(_ bytes: [UInt8]) -> Bool { end(of: bytes) != nil }

  /// Reads a whole head (RFC 9112, sections 3 and 5).
  ///
  /// - Throws: `Refusal` where it is none, announces a body, or names no host or several.
  public init(_ bytes: [UInt8]) throws(Refusal) {
    guard bytes.count <= Self.largest else { throw Refusal(431, "the request is too long") }
    guard let end = Self.end(of: bytes) else { throw Refusal(400, "no request") }
    // A head is text of one byte a character; what is beyond ASCII is in no field that is read here.
    let lines = String(decoding: bytes[..<end].map { $0 < 0x80 ? $0 : 0x3F }, as: UTF8.self)
      .split(separator: "\r\n", omittingEmptySubsequences: false)
    let first = lines[0].split(separator: " ", omittingEmptySubsequences: false)
    guard lines[0].utf8.count <= Self.largestLine else { throw Refusal(414, "the address is too long") }
    guard first.count == 3, first[2] == "HTTP/1.1" || first[2] == "HTTP/1.0", first[1].hasPrefix("/"),
      Self.isToken(first[0])
    else { throw Refusal(400, "no request for a page") }
    guard lines.count - 1 <= Self.mostFields else { throw Refusal(431, "the request has too many fields") }
    let fields = try Self.fields(lines.dropFirst())
    if fields.contains(where: { $0.name == "transfer-encoding" }) { throw Refusal(413, "no body is taken") }
    if fields.contains(where: { $0.name == "content-length" && $0.value != "0" }) {
      throw Refusal(413, "no body is taken")
    }
    let hosts = fields.filter { $0.name == "host" }
    guard hosts.count == 1, let host = hosts.first else { throw Refusal(400, "expected one host") }
    method = String(first[0])
    path = String(first[1].prefix { $0 != "?" && $0 != "#" })
    self.host = host.value
  }

  private static func fields(_ lines: ArraySlice<Substring>) throws(Refusal) -> [(name: String, value: String)] {
    var fields: [(name: String, value: String)] = []
    for line in lines {
      // A folded line, or a name with a space, is read differently by different programs.
      guard let colon = line.firstIndex(of: ":"), isToken(line[..<colon]) else {
        throw Refusal(400, "a field is no field")
      }
      let value = line[line.index(after: colon)...].drop { $0 == " " || $0 == "\t" }
      guard !value.utf8.contains(where: { $0 < 0x20 && $0 != 0x09 }) else { throw Refusal(400, "a field is no text") }
      let end = value.lastIndex { $0 != " " && $0 != "\t" }.map { value.index(after: $0) } ?? value.startIndex
      fields.append((line[..<colon].lowercased(), String(value[..<end])))
    }
    return fields
  }

  private static func isToken(_ text: Substring) -> Bool {
    !text.isEmpty
      && text.utf8.allSatisfy { byte in
        (0x61...0x7A).contains(byte | 0x20) || (0x30...0x39).contains(byte) || "!#$%&'*+-.^_`|~".utf8.contains(byte)
      }
  }

  /// Where the empty line begins.
  private static func end(of bytes: [UInt8]) -> Int? {
    guard bytes.count >= 4 else { return nil }
    return (0...bytes.count - 4).first {
      bytes[$0] == 0x0D && bytes[$0..<$0 + 4].elementsEqual([0x0D, 0x0A, 0x0D, 0x0A])
    }
  }
}
