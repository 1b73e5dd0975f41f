/// The names a directive may refer to, and what it falls back on.
public struct BindingScope: Sendable {
  /// Names of the book's models.
  public var models: [String]
  /// Names of the book's datasets.
  public var datasets: [String]
  /// The document's model.
  public var model: String?
  /// The document's dataset.
  public var dataset: String?
  /// Whether the document or the command line chose it, rather than the book for all documents.
  public var choosesDataset = true
  /// The document's seed.
  public var seed: Int?
  /// Defaults for keys and free names for `{name}`.
  public var parameters: [Parameter]
  /// Models that bring their own samples, such as captured states, and need no dataset.
  public var modelsWithOwnData: [String]
  /// Whether a text with a `/` names a checkpoint directory or a dataset file, as on the command line.
  public var allowsPaths: Bool

  public init(
    models: [String] = [], datasets: [String] = [], model: String? = nil, dataset: String? = nil, seed: Int? = nil,
    parameters: [Parameter] = [], modelsWithOwnData: [String] = [], allowsPaths: Bool = false
  ) {
    self.models = models
    self.datasets = datasets
    self.model = model
    self.dataset = dataset
    self.seed = seed
    self.parameters = parameters
    self.modelsWithOwnData = modelsWithOwnData
    self.allowsPaths = allowsPaths
  }

  /// Whether a text names a model.
  public func isModel(_ text: String) -> Bool { models.contains(text) || isPath(text) }

  /// Whether a text names a dataset.
  public func isDataset(_ text: String) -> Bool { datasets.contains(text) || isPath(text) }

  /// The parameter of a name.
  public func parameter(_ name: String) -> Parameter? { parameters.last { $0.name == name } }

  private func isPath(_ text: String) -> Bool { allowsPaths && text.utf8.contains(0x2F) }
}
