/// Base64 (RFC 4648) for images inside a page.
package enum Base64 {
  private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

  /// The bytes as padded base64 text.
  package static func encode(_ bytes: [UInt8]) -> String {
    var out: [UInt8] = []
    out.reserveCapacity((bytes.count + 2) / 3 * 4)
    for start in stride(from: 0, to: bytes.count, by: 3) {
      let count = min(3, bytes.count - start)
      var group: UInt32 = 0
      for offset in 0..<3 { group = group << 8 | (offset < count ? UInt32(bytes[start + offset]) : 0) }
      for place in 0..<4 {
        out.append(place <= count ? alphabet[Int(group >> UInt32(18 - 6 * place) & 63)] : UInt8(ascii: "="))
      }
    }
    return String(decoding: out, as: UTF8.self)
  }

  /// The bytes behind padded base64 text; nil where it is malformed.
  package static func decode(_ text: String) -> [UInt8]? {
    var values: [UInt32] = []
    for byte in text.utf8 where byte != UInt8(ascii: "=") {
      guard let index = alphabet.firstIndex(of: byte) else { return nil }
      values.append(UInt32(index))
    }
    var out: [UInt8] = []
    for start in stride(from: 0, to: values.count, by: 4) {
      let group = values[start..<min(start + 4, values.count)]
      var bits: UInt32 = 0
      for place in 0..<4 { bits = bits << 6 | (place < group.count ? group[start + place] : 0) }
      for place in 0..<max(0, group.count - 1) { out.append(UInt8(truncatingIfNeeded: bits >> UInt32(16 - 8 * place))) }
    }
    return out
  }
}
