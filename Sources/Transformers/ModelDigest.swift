import Files
import JSONText

/// What a model's numbers depend on: the files of its folder that decide them, each by its digest.
///
/// Told from the names alone, so that the key of a stored result is known before anything is opened.
public struct ModelDigest: Hashable, Sendable {
  /// One file.
  public struct File: Hashable, Sendable {
    /// Its name in the folder.
    public var name: String
    /// The SHA-256 of its contents.
    public var digest: SHA256Digest
  }

  /// The files, in the order of their names' bytes.
  public let files: [File]

  /// Digests every file of a folder that holds tensors, the configuration or the tokenizer.
  ///
  /// - Parameter digestOfFile: Gives a file's SHA-256, by reading it or out of a memory of unchanged files.
  /// - Throws: `FileError` where the folder cannot be listed, and what `digestOfFile` throws.
  public init(
    directory: String, using digestOfFile: (String) throws -> SHA256Digest = { try sha256(ofFile: $0) }
  ) throws {
    files = try listing(directory).filter(Self.decides).map { name in
      File(name: name, digest: try digestOfFile(directory + "/" + name))
    }
  }

  /// The digests in hexadecimal digits, by name.
  public var json: JSONObject {
    files.reduce(into: JSONObject()) { object, file in object[file.name] = .string(file.digest.hex) }
  }

  /// Whether a file of this name has a part in the numbers; a file that the readers come to need belongs here, too.
  private static func decides(_ name: String) -> Bool {
    name.hasSuffix(".safetensors") || name.hasSuffix(".safetensors.index.json") || deciding.contains(name)
  }

  private static let deciding: Set<String> = [
    "config.json", "tokenizer.json", "tokenizer_config.json", "special_tokens_map.json", "vocab.json", "merges.txt",
    "vocab.txt",
  ]
}
