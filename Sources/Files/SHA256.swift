internal import CCrypto

/// The 32 bytes of a SHA-256.
public struct SHA256Digest: Hashable, Sendable, CustomStringConvertible {
  /// The 32 bytes.
  public var bytes: [UInt8]

  fileprivate init(bytes: [UInt8]) { self.bytes = bytes }

  /// Reads 64 hexadecimal digits of either case; nil for anything else.
  public init?(hex: String) {
    let digits = hex.utf8.compactMap { digit -> UInt8? in
      switch digit {
      case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
      case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
      case UInt8(ascii: "A")...UInt8(ascii: "F"): digit - UInt8(ascii: "A") + 10
      default: nil
      }
    }
    guard digits.count == 64, hex.utf8.count == 64 else { return nil }
    bytes = (0..<32).map { digits[2 * $0] << 4 | digits[2 * $0 + 1] }
  }

  /// 64 lower-case hexadecimal digits.
  public var hex: String {
    let digits = Array("0123456789abcdef".utf8)
    return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
  }

  /// The hexadecimal digits.
  public var description: String { hex }
}

/// A SHA-256 in the making (FIPS 180-4), by libcrypto.
public struct SHA256Hasher: ~Copyable {
  private let context: OpaquePointer

  /// Begins a digest of nothing.
  public init() {
    guard let context = EVP_MD_CTX_new(), EVP_DigestInit_ex(context, EVP_sha256(), nil) == 1 else {
      preconditionFailure("libcrypto offers no SHA-256")
    }
    self.context = context
  }

  deinit { EVP_MD_CTX_free(context) }

  /// Adds bytes.
  public mutating func update(_ bytes: UnsafeRawBufferPointer) {
    guard bytes.count > 0 else { return }
    let status = EVP_DigestUpdate(context, bytes.baseAddress, bytes.count)
    precondition(status == 1, "libcrypto refused SHA-256 input")
  }

  /// Adds bytes.
  public mutating func update(_ bytes: [UInt8]) { bytes.withUnsafeBytes { update($0) } }

  /// Adds the UTF-8 bytes of a text.
  public mutating func update(_ text: String) {
    var text = text
    text.withUTF8 { update(UnsafeRawBufferPointer($0)) }
  }

  /// Ends the digest.
  public consuming func finish() -> SHA256Digest {
    var bytes = [UInt8](repeating: 0, count: 32)
    let status = EVP_DigestFinal_ex(context, &bytes, nil)
    precondition(status == 1, "libcrypto could not finish a SHA-256")
    return SHA256Digest(bytes: bytes)
  }
}

/// The SHA-256 of some bytes.
public func sha256(_ bytes: [UInt8]) -> SHA256Digest {
  var hasher = SHA256Hasher()
  hasher.update(bytes)
  return hasher.finish()
}
