import Files

/// The tag files of a BagIt 1.0 bag (RFC 8493) around a payload.
struct Bag: Sendable {
  /// A file of the payload and its digest.
  struct Member: Sendable {
    /// The path from the bag's root, beginning with `data/`.
    var path: String
    var digest: SHA256Digest
    var size: Int
  }

  static let declaration = "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
  static let tagNames = ["bag-info.txt", "bagit.txt", "manifest-sha256.txt"]
  static let tagManifestName = "tagmanifest-sha256.txt"

  /// The payload, by path.
  let members: [Member]

  /// Lines of `bag-info.txt` besides the size, in order.
  let info: [(label: String, value: String)]

  init(members: [Member], info: [(label: String, value: String)]) {
    self.members = members.sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
    self.info = info
  }

  /// The tag files in the order in which their manifest lists them, that manifest last.
  var tagFiles: [(name: String, text: String)] {
    let size = members.reduce(0) { $0 + $1.size }
    let lines = info + [(label: "Payload-Oxum", value: "\(size).\(members.count)")]
    let texts = [
      lines.map { "\($0.label): \(Bag.singleLine($0.value))\n" }.joined(), Bag.declaration,
      Bag.manifest(members.map { ($0.path, $0.digest) }),
    ]
    let tags = zip(Bag.tagNames, texts).map { (name: $0, text: $1) }
    return tags + [(name: Bag.tagManifestName, text: Bag.manifest(tags.map { ($0.name, sha256(Array($0.text.utf8))) }))]
  }

  /// The lines of a manifest.
  static func manifest(_ files: [(path: String, digest: SHA256Digest)]) -> String {
    files.map { "\($0.digest.hex)  \($0.path)\n" }.joined()
  }

  /// Reads a manifest written by `manifest`; nil where a line has another form.
  static func readManifest(_ bytes: [UInt8]) -> [(path: String, digest: SHA256Digest)]? {
    guard bytes.isEmpty || bytes.last == 0x0A else { return nil }
    var files: [(path: String, digest: SHA256Digest)] = []
    for line in bytes.split(separator: 0x0A, omittingEmptySubsequences: false).dropLast() {
      let text = String(decoding: line, as: UTF8.self)
      guard text.utf8.count > 66, let digest = SHA256Digest(hex: String(text.prefix(64))),
        text.dropFirst(64).hasPrefix("  "), digest.hex == text.prefix(64)
      else { return nil }
      files.append((String(text.dropFirst(66)), digest))
    }
    return files
  }

  /// Reads the labels of `bag-info.txt`.
  static func readInfo(_ bytes: [UInt8]) -> [(label: String, value: String)] {
    String(decoding: bytes, as: UTF8.self).split(separator: "\n").compactMap { line in
      let parts = line.split(separator: ":", maxSplits: 1)
      guard parts.count == 2 else { return nil }
      return (String(parts[0]), String(parts[1].drop { $0 == " " }))
    }
  }

  /// A value that cannot begin a line of its own.
  private static func singleLine(_ text: String) -> String {
    String(String.UnicodeScalarView(text.unicodeScalars.map { $0.value < 0x20 || $0.value == 0x7F ? " " : $0 }))
  }
}
