import Files
import JSONText

extension EntryFile {
  /// An entry that was opened and whose header was found right; result and blobs are not checked yet.
  struct Opened: Sendable {
    let file: MappedFile
    let header: Header
  }

  /// Opens an entry and checks its outer form: both ends, its length and its header's digest.
  ///
  /// - Throws: `Damage`, or `FileError` where it cannot be opened.
  static func open(_ path: String) throws -> Opened {
    let file = try MappedFile(path: path)
    guard file.count >= magic.count + trailerLength else { throw Damage(reason: "it holds \(file.count) bytes only") }
    guard file.bytes(0..<magic.count) == magic else { throw Damage(reason: "it does not begin like an entry") }
    let trailer = file.bytes(file.count - trailerLength..<file.count)
    guard Array(trailer[0..<8]) == trailerMagic else { throw Damage(reason: "its end is missing") }
    guard trailer[56...].allSatisfy({ $0 == 0 }) else { throw Damage(reason: "its end was altered") }
    let total = integer(trailer[16..<24])
    guard total == file.count else { throw Damage(reason: "it has \(file.count) bytes, expected \(total)") }
    let length = integer(trailer[8..<16])
    let limit = file.count - trailerLength
    guard length >= 0, length <= limit - magic.count else { throw Damage(reason: "its header does not fit") }
    let text = file.bytes(limit - length..<limit)
    guard sha256(text).bytes == Array(trailer[24..<56]) else { throw Damage(reason: "its header was altered") }
    guard let json = try? JSON.parse(text), let header = Header(json, limit: limit - length) else {
      throw Damage(reason: "its header is of another version")
    }
    return Opened(file: file, header: header)
  }

  private static func integer(_ bytes: ArraySlice<UInt8>) -> Int {
    bytes.reversed().reduce(0) { $0 << 8 | Int($1) }
  }
}

extension EntryFile.Opened {
  /// Checks that the entry belongs to `key`, and gives its result with blobs mapped.
  func result(for key: ResultKey) throws(EntryFile.Damage) -> StoredResult {
    let inputs = try text(header.inputs)
    guard inputs.elementsEqual(key.canonical.utf8) else {
      throw EntryFile.Damage(reason: "it was computed from other inputs")
    }
    return try result()
  }

  /// The result with blobs mapped; the JSON is checked, the blobs are not.
  func result() throws(EntryFile.Damage) -> StoredResult {
    let bytes = try text(header.result)
    let value: JSONValue
    do throws(JSONError) { value = try JSON.parse(bytes) } catch {
      throw EntryFile.Damage(reason: "its result is no JSON: \(error)")
    }
    let blobs = header.blobs.map { Blob(name: $0.name, content: .mapped(file, $0.range)) }
    return StoredResult(value: value, blobs: blobs, valueDigest: header.valueDigest)
  }

  /// Reads every blob and compares its digest.
  func checkBlobs() throws(EntryFile.Damage) {
    for blob in header.blobs {
      var hasher = SHA256Hasher()
      file.withBytes { hasher.update(UnsafeRawBufferPointer(rebasing: $0[blob.range])) }
      guard hasher.finish() == blob.digest else {
        throw EntryFile.Damage(reason: "the bytes of '\(blob.name)' were altered")
      }
    }
  }

  /// Everything `lookup` checks and the blobs too, for an entry whose key is not at hand.
  func checkAll(isNamed hex: String) throws(EntryFile.Damage) {
    let inputs = try text(header.inputs)
    guard sha256(inputs).hex == hex else { throw EntryFile.Damage(reason: "it was computed from other inputs") }
    let result = try result()
    guard valueDigest(of: result.value) == header.valueDigest else {
      throw EntryFile.Damage(reason: "its value digest is wrong")
    }
    try checkBlobs()
    try checkGaps()
  }

  /// No digest covers what lies between the parts: it is zeros, up to where the header begins.
  private func checkGaps() throws(EntryFile.Damage) {
    var end = EntryFile.magic.count
    for part in (header.blobs + [header.inputs, header.result]).map(\.range).sorted(by: {
      $0.lowerBound < $1.lowerBound
    }) {
      if end < part.lowerBound, file.bytes(end..<part.lowerBound).contains(where: { $0 != 0 }) {
        throw EntryFile.Damage(reason: "the bytes between its parts were altered")
      }
      end = max(end, part.upperBound)
    }
  }

  private func text(_ section: EntryFile.Section) throws(EntryFile.Damage) -> [UInt8] {
    let bytes = file.bytes(section.range)
    guard sha256(bytes) == section.digest else {
      throw EntryFile.Damage(reason: "the bytes of its \(section.name) were altered")
    }
    return bytes
  }
}
