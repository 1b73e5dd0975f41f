public import Files

/// One safetensors file, mapped: the header is read and checked at once, tensors when they are asked for.
public final class SafetensorsFile: Sendable {
  /// The path it was opened with.
  public let path: String
  /// The texts of the header's `__metadata__`, in the file's order.
  public let metadata: [(String, String)]
  /// What the file holds, in the order of its bytes.
  public let entries: [SafetensorsHeader.Entry]

  private let file: MappedFile
  private let index: [[UInt8]: Int]

  /// Maps a file and checks its header.
  ///
  /// - Throws: `CheckpointError` with code `file` or `header`.
  public init(path: String) throws(CheckpointError) {
    self.path = path
    do throws(FileError) { file = try MappedFile(path: path) } catch { throw CheckpointError(error, path: path) }
    // A typed throw does not pass through `withBytes`.
    let header = try file.withBytes { bytes in
      Result { () throws(CheckpointError) in try SafetensorsHeader(bytes, path: path) }
    }.get()
    entries = header.entries
    metadata = header.metadata
    // Names are compared by their bytes: `String ==` would hold two spellings of one character for the same.
    index = Dictionary(uniqueKeysWithValues: header.entries.enumerated().map { (Array($1.name.utf8), $0) })
  }

  /// The tensors' names, in the order of their bytes.
  public var names: [String] { entries.map(\.name) }

  /// Whether the file holds a tensor of this name.
  public func contains(_ name: String) -> Bool { index[Array(name.utf8)] != nil }

  /// Type, shape and place of a tensor.
  ///
  /// - Throws: `CheckpointError` with code `missing`.
  public func entry(_ name: String) throws(CheckpointError) -> SafetensorsHeader.Entry {
    guard let position = index[Array(name.utf8)] else {
      throw CheckpointError(.missing, path: path, tensor: name, "is missing")
    }
    return entries[position]
  }

  /// The dimensions of a tensor, slowest first.
  public func shape(of name: String) throws(CheckpointError) -> [Int] { try entry(name).shape }

  /// The element type of a tensor.
  public func type(of name: String) throws(CheckpointError) -> TensorType { try entry(name).type }

  /// The value of a metadata text.
  public func metadataValue(_ key: String) -> String? {
    metadata.first { $0.0.utf8.elementsEqual(key.utf8) }?.1
  }

  /// All values of a tensor of type F64, F32, F16 or BF16, rounded to the nearest `Float`, in row-major order.
  ///
  /// - Throws: `CheckpointError` with code `missing` or `mismatch`.
  public func floats(_ name: String) throws(CheckpointError) -> [Float] {
    try floats(name, elements: 0..<entry(name).count)
  }

  /// Some values of a tensor, counted in row-major order; `elements` must lie within it.
  public func floats(_ name: String, elements: Range<Int>) throws(CheckpointError) -> [Float] {
    let entry = try floatingPointEntry(name)
    return [Float](unsafeUninitializedCapacity: elements.count) { buffer, count in
      convert(entry, elements, into: UnsafeMutableBufferPointer(rebasing: buffer[0..<elements.count]))
      count = elements.count
    }
  }

  /// Converts some values of a tensor into memory of the caller, so that one buffer serves many tensors.
  ///
  /// - Parameters:
  ///   - name: The tensor.
  ///   - elements: Which values, counted in row-major order; must lie within the tensor.
  ///   - target: Room for exactly `elements.count` values.
  /// - Throws: `CheckpointError` with code `missing` or `mismatch`.
  public func readFloats(
    _ name: String, elements: Range<Int>, into target: UnsafeMutableBufferPointer<Float>
  ) throws(CheckpointError) {
    let entry = try floatingPointEntry(name)
    precondition(target.count == elements.count, "room for \(target.count) values, \(elements.count) asked for")
    convert(entry, elements, into: target)
  }

  /// All values of a tensor of type I64, I32, U8 or BOOL.
  ///
  /// - Throws: `CheckpointError` with code `missing` or `mismatch`.
  public func int64s(_ name: String) throws(CheckpointError) -> [Int64] {
    let entry = try entry(name)
    guard entry.type.isInteger else {
      throw CheckpointError(
        .mismatch, path: path, tensor: name, "has type \(entry.type.rawValue), expected I64, I32, U8 or BOOL")
    }
    return file.withBytes { TensorConversion.integers(UnsafeRawBufferPointer(rebasing: $0[entry.bytes]), entry.type) }
  }

  /// The bytes of a tensor as they stand in the file.
  ///
  /// - Throws: `CheckpointError` with code `missing`.
  public func bytes(of name: String) throws(CheckpointError) -> [UInt8] { try withBytes(of: name) { Array($0) } }

  /// Lends the raw bytes of a tensor; the pointer must not leave the closure and may be unaligned.
  public func withBytes<R>(
    of name: String, _ body: (UnsafeRawBufferPointer) -> R
  ) throws(CheckpointError) -> R {
    let entry = try entry(name)
    return file.withBytes { body(UnsafeRawBufferPointer(rebasing: $0[entry.bytes])) }
  }

  /// Gives the memory of a tensor's mapped pages back to the system.
  public func release(_ name: String) {
    guard let position = index[Array(name.utf8)] else { return }
    file.release(entries[position].bytes)
  }

  /// The SHA-256 of the whole file.
  public func digest() throws(CheckpointError) -> SHA256Digest {
    do throws(FileError) { return try sha256(ofFile: path) } catch { throw CheckpointError(error, path: path) }
  }

  private func floatingPointEntry(_ name: String) throws(CheckpointError) -> SafetensorsHeader.Entry {
    let entry = try entry(name)
    guard entry.type.isFloatingPoint else {
      throw CheckpointError(
        .mismatch, path: path, tensor: name, "has type \(entry.type.rawValue), expected F32, F16, BF16 or F64")
    }
    return entry
  }

  private func convert(
    _ entry: SafetensorsHeader.Entry, _ elements: Range<Int>, into target: UnsafeMutableBufferPointer<Float>
  ) {
    precondition(
      elements.lowerBound >= 0 && elements.upperBound <= entry.count, "elements \(elements) of \(entry.count)")
    let width = entry.type.byteCount
    let start = entry.bytes.lowerBound
    file.withBytes { bytes in
      let slice = bytes[start + elements.lowerBound * width..<start + elements.upperBound * width]
      TensorConversion.floats(UnsafeRawBufferPointer(rebasing: slice), entry.type, into: target)
    }
  }
}
