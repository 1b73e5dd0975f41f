import Files

/// Named bytes beside a result's JSON: a matrix of states, a fitted map.
///
/// Before it is kept, a blob holds memory or a closure that produces its bytes piece by piece; read back from the store
/// it is a mapped part of the entry's file, and nothing is read until it is touched.
public struct Blob: Sendable {
  /// Receives the bytes of a streamed blob.
  public typealias Sink = (UnsafeRawBufferPointer) throws -> Void

  enum Content: Sendable {
    case bytes([UInt8])
    case floats([Float])
    case stream(@Sendable (Sink) throws -> Void)
    case mapped(MappedFile, Range<Int>)
  }

  /// The name, unique within its result.
  public let name: String

  let content: Content

  init(name: String, content: Content) {
    self.name = name
    self.content = content
  }

  /// A blob of bytes, for instance those of a safetensors file.
  public init(name: String, bytes: [UInt8]) { self.init(name: name, content: .bytes(bytes)) }

  /// A blob of 32-bit floats in memory order, kept as little-endian IEEE 754.
  public init(name: String, floats: [Float]) { self.init(name: name, content: .floats(floats)) }

  /// A blob of 64-bit floats in memory order, kept as little-endian IEEE 754.
  public init(name: String, doubles: [Double]) {
    self.init(name: name, content: .bytes(doubles.withUnsafeBytes { Array($0) }))
  }

  /// A blob whose bytes are produced in pieces while it is written, so that they need not all be in memory.
  ///
  /// - Parameter produce: Calls the sink once per piece and passes on what it throws; must produce the same bytes
  ///   whenever it is called.
  public init(name: String, streaming produce: @escaping @Sendable (Sink) throws -> Void) {
    self.init(name: name, content: .stream(produce))
  }

  /// Lends the bytes; the pointer must not leave the closure.
  ///
  /// - Throws: what `body` throws, and what the producer of a streamed blob throws.
  public func withBytes<R>(_ body: (UnsafeRawBufferPointer) throws -> R) throws -> R {
    switch content {
    case .bytes(let bytes): return try bytes.withUnsafeBytes(body)
    case .floats(let floats): return try floats.withUnsafeBytes(body)
    case .mapped(let file, let range):
      return try file.withBytes { try body(UnsafeRawBufferPointer(rebasing: $0[range])) }
    case .stream(let produce):
      var bytes: [UInt8] = []
      try produce { bytes.append(contentsOf: $0) }
      return try bytes.withUnsafeBytes(body)
    }
  }

  /// The digest of the bytes.
  public func digest() throws -> SHA256Digest {
    try withBytes { bytes in
      var hasher = SHA256Hasher()
      hasher.update(bytes)
      return hasher.finish()
    }
  }

  /// A copy of the bytes.
  public func bytes() throws -> [UInt8] { try withBytes { Array($0) } }

  /// The bytes as little-endian 32-bit floats; nil where their number is no multiple of four.
  public func floats() throws -> [Float]? {
    if case .floats(let floats) = content { return floats }
    return try withBytes { bytes in
      guard bytes.count.isMultiple(of: 4) else { return nil }
      return [Float](unsafeUninitializedCapacity: bytes.count / 4) { floats, count in
        UnsafeMutableRawBufferPointer(floats).copyMemory(from: bytes)
        count = bytes.count / 4
      }
    }
  }

  /// The bytes as little-endian 64-bit floats; nil where their number is no multiple of eight.
  public func doubles() throws -> [Double]? {
    try withBytes { bytes in
      guard bytes.count.isMultiple(of: 8) else { return nil }
      return [Double](unsafeUninitializedCapacity: bytes.count / 8) { doubles, count in
        UnsafeMutableRawBufferPointer(doubles).copyMemory(from: bytes)
        count = bytes.count / 8
      }
    }
  }
}
