internal import Diagnostics
internal import Files
internal import JSONText

/// The table of contents of a safetensors file, fully checked against the file's size.
///
/// Layout: 8 bytes little-endian header length N, N bytes of JSON beginning with `{`, then the tensors' bytes, which must
/// fill the rest of the file without gap or overlap.
/// Source: the format section of the safetensors project's README.
public struct SafetensorsHeader: Sendable {
  /// Where one tensor lies.
  public struct Entry: Sendable, Hashable {
    /// The tensor's name.
    public var name: String
    /// The element type.
    public var type: TensorType
    /// The dimensions, slowest first.
    public var shape: [Int]
    /// The tensor's bytes, counted from the start of the file.
    public var bytes: Range<Int>

    /// The product of the dimensions; 1 for a scalar.
    public var count: Int { bytes.count / type.byteCount }
  }

  /// The most bytes of JSON that are accepted, as in the reference implementation.
  public static let longestHeader = 16_000_000

  /// The tensors in the order of their bytes.
  public let entries: [Entry]
  /// The text members of `__metadata__`, in the file's order.
  public let metadata: [(String, String)]

  /// Reads and checks the header at the start of `file`.
  ///
  /// - Parameters:
  ///   - file: The whole file's bytes.
  ///   - path: The path for messages.
  /// - Throws: `CheckpointError` with code `header`; nothing larger than the header itself is ever allocated.
  public init(_ file: UnsafeRawBufferPointer, path: String) throws(CheckpointError) {
    let reader = HeaderReader(path: path, fileSize: file.count)
    let (json, start) = try reader.json(file)
    var metadata: [(String, String)] = []
    var entries: [Entry] = []
    for (name, value) in json {
      if name.utf8.elementsEqual("__metadata__".utf8) {
        metadata = try reader.metadata(value)
      } else {
        entries.append(try reader.entry(name, value, dataStart: start))
      }
    }
    entries.sort { ($0.bytes.lowerBound, $0.bytes.upperBound) < ($1.bytes.lowerBound, $1.bytes.upperBound) }
    try reader.checkCoverage(entries, dataStart: start)
    self.entries = entries
    self.metadata = metadata
  }
}

/// The checks of one header; every one names the file and, where there is one, the tensor.
private struct HeaderReader {
  let path: String
  let fileSize: Int

  func json(_ file: UnsafeRawBufferPointer) throws(CheckpointError) -> (JSONObject, dataStart: Int) {
    if LargeFilePointer.isPointer(file) { throw failure(LargeFilePointer.explanation) }
    guard file.count >= 8 else { throw failure("the file has \(file.count) bytes, too few for a safetensors header") }
    let length = UInt64(littleEndian: file.loadUnaligned(as: UInt64.self))
    guard length <= UInt64(SafetensorsHeader.longestHeader) else {
      throw failure("the header claims \(length) bytes, at most \(SafetensorsHeader.longestHeader) are allowed")
    }
    guard Int(length) <= file.count - 8 else {
      throw failure("the header claims \(length) bytes but only \(file.count - 8) follow; the file may be cut off")
    }
    let text = [UInt8](file[8..<8 + Int(length)])
    guard text.first == UInt8(ascii: "{") else { throw failure("the header does not begin with '{'") }
    let value: JSONValue
    do throws(JSONError) { value = try JSON.parse(text, maxDepth: 16) } catch {
      throw failure("the header is not valid JSON at byte \(8 + error.offset): \(quotable(error.message))")
    }
    guard let object = value.objectValue else { throw failure("the header is not a JSON object") }
    return (object, 8 + Int(length))
  }

  func metadata(_ value: JSONValue) throws(CheckpointError) -> [(String, String)] {
    if value.isNull { return [] }
    guard let object = value.objectValue else { throw failure("'__metadata__' is not an object of texts") }
    var pairs: [(String, String)] = []
    for (key, value) in object {
      guard let text = value.stringValue else {
        throw failure("'__metadata__' has a value that is no text: '\(quotable(key))'")
      }
      pairs.append((key, text))
    }
    return pairs
  }

  func entry(_ name: String, _ value: JSONValue, dataStart: Int) throws(CheckpointError) -> SafetensorsHeader.Entry {
    guard value.objectValue != nil else { throw failure("is not described by an object", tensor: name) }
    guard let typeName = value["dtype"]?.stringValue else { throw failure("has no 'dtype'", tensor: name) }
    guard let type = TensorType(rawValue: typeName) else {
      throw failure(
        "has unknown dtype '\(quotable(typeName))'", tensor: name,
        hint: "known are \(TensorType.allCases.map(\.rawValue).joined(separator: ", "))")
    }
    guard let dimensions = value["shape"]?.arrayValue else { throw failure("has no 'shape'", tensor: name) }
    var shape: [Int] = []
    for dimension in dimensions {
      guard let size = dimension.intValue, size >= 0 else {
        throw failure("has a dimension that is no whole number from 0 up", tensor: name)
      }
      shape.append(size)
    }
    let offsets = try offsets(name, value)
    let size = try byteCount(name, shape, type)
    guard offsets.count == size else {
      throw failure("has shape \(shape) in \(typeName), \(size) bytes, but offsets for \(offsets.count)", tensor: name)
    }
    let dataSize = fileSize - dataStart
    guard offsets.upperBound <= dataSize else {
      throw failure(
        "ends at byte \(offsets.upperBound) of the data, which has \(dataSize); the file may be cut off", tensor: name)
    }
    let bytes = dataStart + offsets.lowerBound..<dataStart + offsets.upperBound
    return SafetensorsHeader.Entry(name: name, type: type, shape: shape, bytes: bytes)
  }

  private func offsets(_ name: String, _ value: JSONValue) throws(CheckpointError) -> Range<Int> {
    guard let pair = value["data_offsets"]?.arrayValue, pair.count == 2,
      let begin = pair[0].intValue, let end = pair[1].intValue
    else { throw failure("has no 'data_offsets' of two whole numbers", tensor: name) }
    guard begin >= 0, begin <= end else { throw failure("has data offsets [\(begin), \(end)]", tensor: name) }
    return begin..<end
  }

  private func byteCount(_ name: String, _ shape: [Int], _ type: TensorType) throws(CheckpointError) -> Int {
    if shape.contains(0) { return 0 }
    var product = type.byteCount
    for size in shape {
      let (next, overflow) = product.multipliedReportingOverflow(by: size)
      guard !overflow else { throw failure("has shape \(shape), too large to exist", tensor: name) }
      product = next
    }
    return product
  }

  func checkCoverage(_ entries: [SafetensorsHeader.Entry], dataStart: Int) throws(CheckpointError) {
    var end = dataStart
    var previous: String?
    for entry in entries {
      guard entry.bytes.lowerBound >= end else {
        throw failure("overlaps tensor '\(quotable(previous ?? ""))'", tensor: entry.name)
      }
      guard entry.bytes.lowerBound == end else {
        throw failure(
          "begins at byte \(entry.bytes.lowerBound - dataStart) of the data, but the bytes before it "
            + "end at \(end - dataStart)", tensor: entry.name)
      }
      end = entry.bytes.upperBound
      previous = entry.name
    }
    guard end == fileSize else {
      throw failure("the tensors end at byte \(end) of \(fileSize); what follows belongs to none")
    }
  }

  private func failure(_ reason: String, tensor: String? = nil, hint: String? = nil) -> CheckpointError {
    CheckpointError(.header, path: path, tensor: tensor, reason, hint: hint)
  }
}
