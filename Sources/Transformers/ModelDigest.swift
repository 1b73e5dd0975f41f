import Checkpoints
import Files

/// What a model's numbers depend on, as digests.
public struct ModelDigest: Hashable, Sendable {
  /// Each file of tensors by its name, in the order of the names' bytes.
  public var tensors: [(name: String, digest: SHA256Digest)]
  /// config.json.
  public var configuration: SHA256Digest
  /// The tokenizer's files together; nil where there are none.
  public var tokenizer: SHA256Digest?
  /// All of the above in one.
  public var combined: SHA256Digest

  /// The combined digest in hexadecimal digits.
  public var hex: String { combined.hex }

  /// Equality of the combined digests.
  public static func == (left: ModelDigest, right: ModelDigest) -> Bool { left.combined == right.combined }

  /// Hashes the combined digest.
  public func hash(into hasher: inout Hasher) { hasher.combine(combined) }
}

/// A memory of file digests, so that large files are read once: a digest holds as long as the file's status does.
public protocol DigestMemo {
  /// The digest of a file with this path and status, if it is known.
  func digest(path: String, status: FileStatus) -> SHA256Digest?
  /// Remembers the digest of a file.
  func remember(_ digest: SHA256Digest, path: String, status: FileStatus)
}

extension Model {
  /// The files of a tokenizer that decide what ids a text gets.
  private static let tokenizerFiles = [
    "added_tokens.json", "merges.txt", "special_tokens_map.json", "tokenizer.json", "tokenizer_config.json",
    "vocab.json",
    "vocab.txt",
  ]

  /// The digests of everything the model's numbers depend on.
  ///
  /// - Parameter memo: Where digests of unchanged files are looked up and remembered.
  /// - Throws: `ModelError` with code `file`.
  public func digest(memo: (any DigestMemo)? = nil) throws(ModelError) -> ModelDigest {
    var tensors: [(name: String, digest: SHA256Digest)] = []
    for file in checkpoint.files {
      tensors.append((fileName(of: file.path), try Model.digest(file.path, memo)))
    }
    tensors.sort { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
    let configuration = try Model.digest(directory + "/config.json", memo)
    var tokenizer = SHA256Hasher()
    var hasTokenizer = false
    for name in Model.tokenizerFiles where isFile(directory + "/" + name) {
      tokenizer.update("\(name) \(try Model.digest(directory + "/" + name, memo).hex)\n")
      hasTokenizer = true
    }
    let tokenizerDigest = hasTokenizer ? tokenizer.finish() : nil
    var combined = SHA256Hasher()
    for (name, digest) in tensors { combined.update("\(name) \(digest.hex)\n") }
    combined.update("config.json \(configuration.hex)\ntokenizer \(tokenizerDigest?.hex ?? "none")\n")
    return ModelDigest(
      tensors: tensors, configuration: configuration, tokenizer: tokenizerDigest, combined: combined.finish())
  }

  private static func digest(_ path: String, _ memo: (any DigestMemo)?) throws(ModelError) -> SHA256Digest {
    do throws(FileError) {
      let before = try fileStatus(path)
      if let known = memo?.digest(path: path, status: before) { return known }
      let digest = try sha256(ofFile: path)
      // A file that changed while it was read has no digest worth remembering.
      if try fileStatus(path) == before { memo?.remember(digest, path: path, status: before) }
      return digest
    } catch { throw ModelError(error) }
  }
}
