/// The 256 printable characters by which byte-level vocabularies write down bytes.
///
/// Printable Latin-1 characters stand for themselves; the other 68 bytes, in rising order, are U+0100 and the
/// following ones. Source: `bytes_to_unicode` of OpenAI's GPT-2 encoder.
enum ByteAlphabet {
  /// The byte of each code point below 324, or -1.
  private static let byteOfScalar: [Int16] = {
    var table = [Int16](repeating: -1, count: 324)
    var next = 256
    for byte in 0..<256 {
      let isPrintable = (0x21...0x7E).contains(byte) || (0xA1...0xAC).contains(byte) || (0xAE...0xFF).contains(byte)
      table[isPrintable ? byte : next] = Int16(byte)
      if !isPrintable { next += 1 }
    }
    return table
  }()

  /// The characters of all bytes, in UTF-8.
  private static let characters: [[UInt8]] = {
    var characters = [[UInt8]](repeating: [], count: 256)
    for (scalar, byte) in byteOfScalar.enumerated() where byte >= 0 {
      UTF8Text.append(UInt32(scalar), to: &characters[Int(byte)])
    }
    return characters
  }()

  /// The characters that stand for all bytes, in UTF-8.
  static var all: [[UInt8]] { characters }

  /// The character that stands for a byte, in UTF-8.
  static func character(of byte: UInt8) -> [UInt8] { characters[Int(byte)] }

  /// The bytes that a vocabulary entry stands for; nil when one of its characters is not of the alphabet.
  static func bytes(of token: [UInt8]) -> [UInt8]? {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(token.count)
    var index = 0
    while index < token.count {
      let (scalar, length) = UTF8Text.decode(token, index)
      guard scalar < 324, byteOfScalar[Int(scalar)] >= 0 else { return nil }
      bytes.append(UInt8(byteOfScalar[Int(scalar)]))
      index += length
    }
    return bytes
  }
}
