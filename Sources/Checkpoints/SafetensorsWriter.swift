internal import Files
internal import JSONText

/// Writes a safetensors file tensor after tensor in little memory; the file appears when `finish()` returns.
///
/// The header comes first in the format, so names, types and shapes are declared at the start; the values follow in the
/// order declared, in as many pieces as convenient. Declare 8-byte types first to keep every tensor aligned.
public final class SafetensorsWriter {
  /// The declaration of one tensor.
  public struct Tensor: Hashable, Sendable {
    /// The tensor's name.
    public var name: String
    /// The element type.
    public var type: TensorType
    /// The dimensions, slowest first.
    public var shape: [Int]

    /// Declares a tensor.
    public init(_ name: String, _ type: TensorType, _ shape: [Int]) {
      (self.name, self.type, self.shape) = (name, type, shape)
    }

    var byteCount: Int { shape.reduce(type.byteCount, *) }
  }

  public let path: String
  private let file: AtomicFileWriter
  private let headerSize: Int
  private let tensors: [Tensor]
  private let total: Int
  private var written = 0

  /// Begins a file and writes its header.
  ///
  /// - Parameters:
  ///   - path: The target; it changes only in `finish()`.
  ///   - tensors: What will be written, in this order; names must differ.
  ///   - metadata: Texts for `__metadata__`, in this order.
  ///   - durable: Whether `finish()` waits for the disk.
  /// - Throws: `CheckpointError` with code `file`.
  public init(
    path: String, tensors: [Tensor], metadata: [(String, String)] = [], durable: Bool = true
  ) throws(CheckpointError) {
    let names = Set(tensors.map { Array($0.name.utf8) } + [Array("__metadata__".utf8)])
    precondition(names.count == tensors.count + 1, "tensor names must differ")
    let header = SafetensorsWriter.header(tensors, metadata)
    self.path = path
    self.tensors = tensors
    total = tensors.reduce(0) { $0 + $1.byteCount }
    headerSize = header.count
    do throws(FileError) {
      file = try AtomicFileWriter(path: path, durable: durable)
      try file.write(header)
    } catch { throw CheckpointError(error, path: path, operation: .write) }
  }

  /// Adds bytes of the tensors declared, as they are to stand in the file.
  public func append(_ bytes: UnsafeRawBufferPointer) throws(CheckpointError) {
    written += bytes.count
    precondition(written <= total, "more values than declared for \(path)")
    do throws(FileError) { try file.write(bytes) } catch {
      throw CheckpointError(error, path: path, operation: .write)
    }
  }

  /// Adds `Float` values of a tensor declared as F32.
  public func append(_ values: [Float]) throws(CheckpointError) {
    try values.withUnsafeBytes { bytes in Result { () throws(CheckpointError) in try append(bytes) } }.get()
  }

  /// Adds bytes of a tensor declared as U8.
  public func append(_ values: [UInt8]) throws(CheckpointError) {
    try values.withUnsafeBytes { bytes in Result { () throws(CheckpointError) in try append(bytes) } }.get()
  }

  /// Adds whole numbers of a tensor declared as I64.
  public func append(_ values: [Int64]) throws(CheckpointError) {
    try values.withUnsafeBytes { bytes in Result { () throws(CheckpointError) in try append(bytes) } }.get()
  }

  /// Puts bytes of one tensor in their place, whatever was written before; each byte must be written once.
  ///
  /// - Parameters:
  ///   - bytes: As they are to stand in the file.
  ///   - tensor: The position in the declaration.
  ///   - offset: Where they begin, in bytes from the tensor's start.
  public func write(_ bytes: UnsafeRawBufferPointer, tensor: Int, at offset: Int) throws(CheckpointError) {
    let start = tensors[..<tensor].reduce(0) { $0 + $1.byteCount }
    precondition(offset >= 0 && offset + bytes.count <= tensors[tensor].byteCount, "outside tensor \(tensor)")
    written += bytes.count
    do throws(FileError) { try file.write(bytes, at: headerSize + start + offset) } catch {
      throw CheckpointError(error, path: path, operation: .write)
    }
  }

  /// Puts the complete file in place.
  public func finish() throws(CheckpointError) {
    precondition(written == total, "fewer values than declared for \(path)")
    do throws(FileError) { try file.commit() } catch { throw CheckpointError(error, path: path, operation: .write) }
  }

  private static func header(_ tensors: [Tensor], _ metadata: [(String, String)]) -> [UInt8] {
    var object = JSONObject()
    if !metadata.isEmpty {
      object.append(.object(JSONObject(metadata.map { ($0, .string($1)) })), forKey: "__metadata__")
    }
    var offset = 0
    for tensor in tensors {
      let end = offset + tensor.byteCount
      let entry: JSONObject = [
        "dtype": .string(tensor.type.rawValue), "shape": .ints(tensor.shape), "data_offsets": .ints([offset, end]),
      ]
      object.append(.object(entry), forKey: tensor.name)
      offset = end
    }
    var text = Array(JSON.write(.object(object)).utf8)
    // Spaces after the JSON are allowed and align the data to 8 bytes.
    while text.count % 8 != 0 { text.append(UInt8(ascii: " ")) }
    return withUnsafeBytes(of: UInt64(text.count).littleEndian) { Array($0) } + text
  }
}
