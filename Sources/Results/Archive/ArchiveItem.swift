import Files
import Glibc

/// A file that goes into an archived version.
public struct ArchiveItem: Sendable {
  /// Where its bytes come from.
  public enum Content: Sendable {
    /// Memory.
    case bytes([UInt8])
    /// A file on disk, which must lie inside a folder once all links are followed.
    case file(String, inside: String)
  }

  /// The path inside the version's `data/`, such as `results/convergence.json`.
  public let path: String
  /// One line for the crate's metadata.
  public let title: String
  /// The media type, such as `application/json`.
  public let mediaType: String
  /// Where its bytes come from.
  public let content: Content

  /// A file for the archive; the media type follows from the path's ending where none is given.
  public init(path: String, title: String, mediaType: String? = nil, content: Content) {
    self.path = path
    self.title = title
    self.mediaType = mediaType ?? ArchiveItem.mediaType(of: path)
    self.content = content
  }

  private static func mediaType(of path: String) -> String {
    let types = [
      "html": "text/html", "md": "text/markdown", "json": "application/json", "csv": "text/csv", "svg": "image/svg+xml",
      "txt": "text/plain", "yaml": "application/yaml", "css": "text/css", "png": "image/png", "jpg": "image/jpeg",
      "jpeg": "image/jpeg", "webp": "image/webp", "bib": "application/x-bibtex",
    ]
    let ending = fileName(of: path).split(separator: ".").last.map(String.init) ?? ""
    return types[ending] ?? "application/octet-stream"
  }

  /// The bytes to archive.
  ///
  /// - Throws: `ArchiveError` where the file cannot be read or a link leads out of its folder.
  func bytes() throws(ArchiveError) -> [UInt8] {
    switch content {
    case .bytes(let bytes): return bytes
    case .file(let path, let folder):
      let real = try ArchiveItem.resolve(path)
      let root = try ArchiveItem.resolve(folder)
      guard real.utf8.starts(with: (root == "/" ? root : root + "/").utf8) else {
        throw ArchiveError(.outsideTree, "cannot archive '\(path)': it leads to '\(real)', outside '\(folder)'")
      }
      return try ArchiveError.wrap { () throws(FileError) in try readFile(real) }
    }
  }

  private static func resolve(_ path: String) throws(ArchiveError) -> String {
    guard let real = realpath(path, nil) else { throw ArchiveError(FileError(.open, path: path, number: errno)) }
    defer { free(real) }
    return String(cString: real)
  }
}

/// Names that mean the same on every file system and in every archive tool.
public enum PortableName {
  /// One part of a path: letters, digits, `.`, `_` and `-`, at most 120, not beginning with `.` or `-`.
  static func isPart(_ text: some StringProtocol) -> Bool {
    let first = text.utf8.first
    return (1...120).contains(text.utf8.count) && first != 0x2E && first != 0x2D
      && text.utf8.allSatisfy { byte in
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2E, 0x5F, 0x2D: true
        default: false
        }
      }
  }

  /// Parts joined by single slashes.
  static func isPath(_ text: String) -> Bool {
    text.split(separator: "/", omittingEmptySubsequences: false).allSatisfy { isPart($0) }
  }

  /// Text with everything else replaced by `-`, for a name made from an id; a portable name stays as it is.
  public static func make(from text: String) -> String {
    var name = ""
    for scalar in text.unicodeScalars.prefix(100) { name += isPart("x\(scalar)") ? String(scalar) : "-" }
    return name.isEmpty || !isPart(name) ? "x" + name : name
  }
}
