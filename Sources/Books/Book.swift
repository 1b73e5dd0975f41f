import Directives
/// The names a template may use: models, datasets and the defaults among them, as `layerbook.yaml` lists them.
public struct Book: Sendable {
  /// Where the book stands; relative paths are relative to it.
  ///
  /// Nil for a book made on the command line.
  public var directory: String?
  /// Models in the order of the file.
  public var models: [ModelEntry]
  /// Datasets in the order of the file.
  public var datasets: [DatasetEntry]
  /// Model of a document that names none.
  public var defaultModel: String?
  /// Dataset of a document that names none.
  public var defaultDataset: String?
  /// Seed of a document that names none.
  public var defaultSeed: Int
  /// Programs of the author's own that answer directives, in the order of the file.
  public var engines: [EngineEntry] = []
  /// What its pages look like beyond the built-in style.
  public var theme: Theme?

  /// The file that makes a folder a book.
  public static let fileName = "layerbook.yaml"

  public init(
    directory: String? = nil, models: [ModelEntry] = [], datasets: [DatasetEntry] = [], defaultModel: String? = nil,
    defaultDataset: String? = nil, defaultSeed: Int = Key.seed.standard
  ) {
    self.directory = directory
    self.models = models
    self.datasets = datasets
    self.defaultModel = defaultModel
    self.defaultDataset = defaultDataset
    self.defaultSeed = defaultSeed
  }

  /// The entry of a model's name.
  public func model(_ name: String) -> ModelEntry? { models.first { $0.name == name } }

  /// The entry of a dataset's name.
  public func dataset(_ name: String) -> DatasetEntry? { datasets.first { $0.name == name } }
}

/// One model of the book.
public struct ModelEntry: Sendable, Equatable {
  /// Where its numbers come from.
  public enum Source: Sendable, Equatable {
    /// A Hugging Face checkpoint folder.
    case path(String)
    /// A name on the hub, looked up in the local cache.
    case hub(name: String, revision: String)
    /// Captured states, and the checkpoint folder they came from where a head is needed.
    case states(file: String, checkpoint: String?)
  }

  /// Its name in the book.
  public var name: String
  /// Where its numbers come from.
  public var source: Source

  public init(name: String, source: Source) {
    self.name = name
    self.source = source
  }

  /// The checkpoint folder, nil where there is none: states alone, or a hub model that is not in the cache.
  public func checkpointDirectory(cache: HubCache = HubCache()) -> String? {
    switch source {
    case .path(let path): path
    case .hub(let name, let revision): cache.snapshot(of: name, revision: revision)
    case .states(_, let checkpoint): checkpoint
    }
  }
}
