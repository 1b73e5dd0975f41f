import Books
import Files
import JSONText
import Results
import Tokenizers
import Transformers

/// A model as a report asks it: opened when an engine needs it, known by its digest before that.
public final class Subject {
  /// Its entry in the book.
  public let entry: ModelEntry
  private let directory: String?
  private let digestOfFile: (String) throws -> SHA256Digest
  private var opened: Model?
  private var openedTokenizer: Tokenizer?
  private var known: NamedDigest?
  private var knownComponents: JSONObject?

  init(entry: ModelEntry, digestOfFile: @escaping (String) throws -> SHA256Digest) throws {
    self.entry = entry
    self.digestOfFile = digestOfFile
    directory = entry.checkpointDirectory()
    if case .hub(let name, let revision) = entry.source, directory == nil {
      throw EngineError(
        "model '\(entry.name)' is not in the local Hugging Face cache",
        hint: "get it with: \(HubCache.downloadCommand(for: name, revision: revision))")
    }
    if case .path(let path) = entry.source, !isDirectory(path) {
      throw EngineError("model '\(entry.name)': no checkpoint folder at '\(path)'", hint: "check its path in the book")
    }
  }

  /// Whether texts must come from a dataset; captured states bring their own samples.
  public var needsDataset: Bool { statesFile == nil }

  /// The file of captured states, where the entry names one.
  public var statesFile: String? {
    if case .states(let file, _) = entry.source { return file }
    return nil
  }

  /// Whether there is a checkpoint, not captured states alone.
  var hasCheckpoint: Bool { directory != nil }

  /// Stops where the entry names captured states that are not there.
  func requireStates() throws {
    guard let statesFile, !isFile(statesFile), !isDirectory(statesFile) else { return }
    throw EngineError("model '\(entry.name)': no captured states at '\(statesFile)'")
  }

  /// Name and digest, read from the files alone: the model need not be opened for it.
  public func identity() throws -> NamedDigest {
    if let known { return known }
    let identity = NamedDigest(name: entry.name, digest: Self.digest(of: try components()))
    known = identity
    return identity
  }

  /// One digest over the parts of a model.
  static func digest(of components: JSONObject) -> String {
    var parts = JSONObject()
    parts["states"] = components["states"]
    if let checkpoint = components["checkpoint"] { parts["checkpoint"] = .string(valueDigest(of: checkpoint).hex) }
    return valueDigest(of: .object(parts)).hex
  }

  /// The digest of each file that decides the model's numbers, so that it can be told which of them changed.
  public func components() throws -> JSONObject {
    if let knownComponents { return knownComponents }
    var parts = JSONObject()
    if let statesFile {
      try requireStates()
      parts["states"] = .string(try statesDigest(of: statesFile, using: digestOfFile))
    }
    if let directory { parts["checkpoint"] = .object(try ModelDigest(directory: directory, using: digestOfFile).json) }
    knownComponents = parts
    return parts
  }

  /// The checkpoint, opened and checked.
  ///
  /// - Throws: `EngineError` where the entry has states but no checkpoint; `ModelError` where it cannot be read.
  public func model() throws -> Model {
    if let opened { return opened }
    guard let directory else {
      throw EngineError(
        "model '\(entry.name)' has captured states but no checkpoint, and this directive needs the model's head",
        hint: "add path: to its entry in the book")
    }
    let model = try Model.open(directory)
    opened = model
    return model
  }

  /// The model's family, such as `llama`; nil for captured states alone.
  var family: String? { try? model().configuration.family.rawValue }

  /// Whether a position sees later ones, as in masked models; told from config.json alone, without opening the weights.
  var isMasked: Bool {
    if let opened { return opened.configuration.isBidirectional }
    guard let path = directory.map({ $0 + "/config.json" }), let bytes = try? readFile(path) else { return false }
    return (try? ModelConfiguration(bytes, path: path))?.isBidirectional ?? false
  }

  /// The checkpoint's own tokenizer.
  public func tokenizer() throws -> Tokenizer {
    if let openedTokenizer { return openedTokenizer }
    guard let directory else { throw EngineError("model '\(entry.name)' has no tokenizer") }
    let tokenizer = try Tokenizer.load(directory: directory)
    openedTokenizer = tokenizer
    return tokenizer
  }
}

/// One digest over everything of a checkpoint that decides its numbers.
func checkpointDigest(of directory: String, using digestOfFile: (String) throws -> SHA256Digest) throws -> String {
  valueDigest(of: .object(try ModelDigest(directory: directory, using: digestOfFile).json)).hex
}
