import Books
import Files
import JSONText
import Results

/// What engines work with: models, datasets and states, each opened once and remembered.
public final class Workbench {
  /// The book that names models and datasets.
  public let book: Book
  /// Where results are kept; nil keeps nothing.
  public let store: ResultStore?
  /// Whether computing is forbidden: a result that the store lacks is then an error.
  public let isFrozen: Bool
  /// Whether programs of the author's own may run.
  public let runsEngines: Bool
  /// Where the template of a page stands that is made again: a page knows its template's text, not its place.
  public var templateFolder: String?
  /// Where progress is reported.
  public let monitor: Monitor
  /// How many bytes of states one batch may hold.
  public let memory: Int

  private let memo: DigestMemo?
  private var subjects: [String: Subject] = [:]
  private var datasets: [String: Dataset] = [:]
  private var datasetFiles: [String: (digest: SHA256Digest, hasByteOrderMark: Bool)] = [:]
  var statesMemory: [String: SampledStates] = [:]
  /// Attributions of facts by their keys, which several directives of a page read.
  var attributedFacts: [String: AttributedFact] = [:]
  /// Into how many parts, each kept by itself, the states of a corpus go through a meter; no digit depends on it.
  public var shards = 1
  /// How often texts were sent through a model, or states through meters.
  public internal(set) var passes = 0

  /// A bench over one book.
  ///
  /// - Parameters:
  ///   - storeDirectory: where results and digests are kept; nil keeps nothing.
  ///   - memory: bytes one batch of states may take.
  public init(
    book: Book, storeDirectory: String?, isFrozen: Bool = false, runsEngines: Bool = true, memory: Int = 2 << 30,
    monitor: Monitor = Monitor()
  ) {
    self.book = book
    self.isFrozen = isFrozen
    self.runsEngines = runsEngines
    self.memory = memory
    self.monitor = monitor
    store = storeDirectory.map { ResultStore(directory: $0) }
    memo = storeDirectory.map { DigestMemo(directory: $0 + "/digests") }
  }

  /// The model of a name of the book, or of a checkpoint folder.
  public func subject(_ name: String) throws -> Subject {
    if let known = subjects[name] { return known }
    guard let entry = book.model(name) ?? Self.entry(ofPath: name) else {
      throw EngineError("the book has no model '\(name)'")
    }
    let subject = try Subject(entry: entry) { [memo] path in
      try memo?.digest(ofFile: path) ?? sha256(ofFile: path)
    }
    subjects[name] = subject
    return subject
  }

  /// The digest of a file, remembered as long as the file stays as it is.
  func digest(ofFile path: String) throws -> SHA256Digest { try memo?.digest(ofFile: path) ?? sha256(ofFile: path) }

  /// A checkpoint folder, or a name on the hub: what the local cache has of it.
  private static func entry(ofPath path: String) -> ModelEntry? {
    if isDirectory(path) { return ModelEntry(name: path, source: .path(path)) }
    // What is not there is said by the model itself, with the command that gets it.
    return HubCache.isName(path) ? ModelEntry(name: path, source: .hub(name: path, revision: "main")) : nil
  }

  /// The dataset entry of a name of the book, or of a file.
  func datasetEntry(_ name: String?, for directive: String) throws -> DatasetEntry {
    guard let name else {
      throw EngineError(
        "<<\(directive)>> names no dataset, and neither does the document",
        hint: "name one with dataset=, or set `dataset:` in the front matter")
    }
    if let entry = book.dataset(name) { return entry }
    if isFile(name) { return DatasetEntry(name: name, path: name) }
    throw EngineError("the book has no dataset '\(name)'")
  }

  /// Intermediate work under its key: out of the store, or computed and kept there where there is one.
  func kept(_ key: ResultKey, kind: ResultKind, compute: () throws -> StoredResult) throws -> StoredResult {
    guard let store else { return try compute() }
    return try store.value(for: key, kind: kind, onWait: monitor.waits, compute: compute).result
  }

  /// Typed intermediate work under its key.
  ///
  /// - Parameter what: what it is called where the store holds something else.
  func kept<Value: Codable>(
    _ key: ResultKey, kind: ResultKind, _ what: String, compute: () throws -> Value
  ) throws -> Value {
    let stored = try kept(key, kind: kind) { StoredResult(value: try JSON.encode(try compute())) }
    guard let value = try? JSON.decode(Value.self, from: stored.value) else { throw EngineError.unreadable(what) }
    return value
  }

  /// The texts of a dataset.
  func dataset(_ entry: DatasetEntry) throws -> Dataset {
    if let known = datasets[entry.name] { return known }
    let dataset = try Dataset(reading: entry)
    datasets[entry.name] = dataset
    return dataset
  }

  /// Name and digest of a dataset: of the file's bytes and of which rows are taken in which order.
  public func identity(of entry: DatasetEntry) throws -> NamedDigest {
    NamedDigest(name: entry.name, digest: valueDigest(of: .object(try components(of: entry))).hex)
  }

  /// What decides a dataset's texts: the digest of its file, and the selection of its rows.
  public func components(of entry: DatasetEntry) throws -> JSONObject {
    let file: (digest: SHA256Digest, hasByteOrderMark: Bool)
    if let known = datasetFiles[entry.path] {
      file = known
    } else {
      do { file = (try digest(ofFile: entry.path), entry.hasByteOrderMark) } catch {
        throw EngineError("cannot read dataset '\(entry.name)': \(error)", hint: "check its path in the book")
      }
      datasetFiles[entry.path] = file
    }
    var parts: JSONObject = ["file": .string(file.digest.hex), "selection": entry.selection]
    // Results of such files from before the mark was passed over are of other texts.
    if file.hasByteOrderMark { parts["byte_order_mark"] = "passed over" }
    return parts
  }
}
