import Files
import JSONText

extension EntryFile {
  /// Writes an entry: temporary name, flush, rename, flush of the folder.
  ///
  /// - Throws: `StoreError`; nothing is left behind and an older entry stays.
  static func write(_ result: StoredResult, key: ResultKey, kind: ResultKind, to path: String) throws(StoreError) {
    let output = try Output(path: path)
    var blobs: [Section] = []
    for blob in result.blobs { blobs.append(try output.add(blob, path: path)) }
    let inputs = try output.add(Array(key.canonical.utf8), name: "inputs")
    let value = try output.add(Array(JSON.write(result.value).utf8), name: "result")
    let header = Header(
      kind: kind.name, inputs: inputs, result: value, valueDigest: result.valueDigest, blobs: blobs)
    let text = Array(JSON.write(header.json).utf8)
    try output.write(text)
    try output.write(trailer(header: text, total: output.count + trailerLength))
    try output.commit()
  }

  private static func trailer(header: [UInt8], total: Int) -> [UInt8] {
    trailerMagic + littleEndian(header.count) + littleEndian(total) + sha256(header).bytes
      + [UInt8](repeating: 0, count: 8)
  }

  private static func littleEndian(_ value: Int) -> [UInt8] {
    (0..<8).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
  }

  /// An entry being written.
  private struct Output {
    private let writer: AtomicFileWriter

    var count: Int { writer.count }

    init(path: String) throws(StoreError) {
      writer = try StoreError.wrap { () throws(FileError) in try AtomicFileWriter(path: path) }
      try write(magic)
    }

    func write(_ bytes: [UInt8]) throws(StoreError) {
      try StoreError.wrap { () throws(FileError) in try writer.write(bytes) }
    }

    func add(_ bytes: [UInt8], name: String) throws(StoreError) -> Section {
      let start = count
      try write(bytes)
      return Section(name: name, range: start..<count, digest: sha256(bytes))
    }

    func add(_ blob: Blob, path: String) throws(StoreError) -> Section {
      let gap = (alignment - count % alignment) % alignment
      try write([UInt8](repeating: 0, count: gap))
      let start = count
      var hasher = SHA256Hasher()
      do {
        try blob.forEachPiece { piece in
          try writer.write(piece)
          hasher.update(piece)
        }
      } catch let error as FileError {
        throw StoreError(error)
      } catch {
        throw StoreError(producer: error, path: path)
      }
      return Section(name: blob.name, range: start..<count, digest: hasher.finish())
    }

    func commit() throws(StoreError) {
      try StoreError.wrap { () throws(FileError) in try writer.commit() }
    }
  }
}

extension Blob {
  /// Calls `body` with the bytes: pieces as they are produced, or one piece that holds all.
  fileprivate func forEachPiece(_ body: Sink) throws {
    guard case .stream(let produce) = content else { return try withBytes(body) }
    try produce(body)
  }
}
