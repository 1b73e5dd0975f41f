import Files
import JSONText

/// The file format of a store entry.
///
/// ```
/// "LBENTRY1"                      8 bytes, zeros up to 64
/// blobs                           each at a multiple of 64 bytes
/// canonical JSON of the inputs
/// JSON of the result
/// header (JSON)                   places and SHA-256 of all of the above
/// trailer, 64 bytes               "LBTRAIL1", length of the header, length of the file (8 bytes each, little-endian),
///                                 SHA-256 of the header, 8 zeros
/// ```
/// It is written front to back, so blobs can be streamed; a file cut anywhere has no trailer. A byte that is in none of these
/// parts is 0.
enum EntryFile {
  static let magic = Array("LBENTRY1".utf8)
  static let trailerMagic = Array("LBTRAIL1".utf8)
  static let alignment = 64
  static let trailerLength = 64
  static let format = "layerbook.entry/1"

  /// A named run of bytes of the file and its digest.
  struct Section: Sendable {
    var name: String
    var range: Range<Int>
    var digest: SHA256Digest
  }

  /// What the header says.
  struct Header: Sendable {
    var kind: String
    var inputs: Section
    var result: Section
    var valueDigest: SHA256Digest
    var blobs: [Section]
  }

  /// What is wrong with an entry.
  struct Damage: Error, Sendable {
    var reason: String
  }
}

// MARK: - Header as JSON

extension EntryFile.Section {
  var json: JSONValue {
    [
      "name": .string(name), "offset": .int(range.lowerBound), "count": .int(range.count),
      "sha256": .string(digest.hex),
    ]
  }

  init?(_ json: JSONValue?, limit: Int) {
    guard let name = json?["name"]?.stringValue, let offset = json?["offset"]?.intValue,
      let count = json?["count"]?.intValue, let digest = json?["sha256"]?.stringValue.flatMap(SHA256Digest.init(hex:)),
      offset >= 0, count >= 0, offset <= limit, count <= limit - offset
    else { return nil }
    self.init(name: name, range: offset..<offset + count, digest: digest)
  }
}

extension EntryFile.Header {
  var json: JSONValue {
    [
      "format": .string(EntryFile.format), "kind": .string(kind), "inputs": inputs.json, "result": result.json,
      "value_sha256": .string(valueDigest.hex), "blobs": .array(blobs.map(\.json)),
    ]
  }

  /// Reads a header; nil where a member is missing or points behind `limit`.
  init?(_ json: JSONValue, limit: Int) {
    guard json["format"]?.stringValue == EntryFile.format, let kind = json["kind"]?.stringValue,
      let inputs = EntryFile.Section(json["inputs"], limit: limit),
      let result = EntryFile.Section(json["result"], limit: limit),
      let value = json["value_sha256"]?.stringValue.flatMap(SHA256Digest.init(hex:)),
      let list = json["blobs"]?.arrayValue
    else { return nil }
    let blobs = list.compactMap { EntryFile.Section($0, limit: limit) }
    guard blobs.count == list.count else { return nil }
    self.init(kind: kind, inputs: inputs, result: result, valueDigest: value, blobs: blobs)
  }
}
