import Files
import JSONText

/// The config.json of a model without some of its blocks.
struct ShortenedConfiguration {
  private let checkpoint: ShortenedCheckpoint
  private var members: JSONObject

  init(_ checkpoint: ShortenedCheckpoint) throws {
    self.checkpoint = checkpoint
    let path = checkpoint.model.directory + "/config.json"
    let bytes = try readFile(path)
    members = try ConfigurationFields(path: path, bytes: bytes).json.objectValue ?? JSONObject()
  }

  /// The members of the original with what changes.
  func json() throws(ModelError) -> JSONValue {
    var members = self.members
    let configuration = checkpoint.model.configuration
    let count = configuration.blocks - checkpoint.left.count
    for key in ["num_hidden_layers", "n_layer", "num_layers"] where members[key] != nil { members[key] = .int(count) }
    if let types = layerTypes(configuration) { members["layer_types"] = .array(types) }
    if checkpoint.isFolded { members["tie_word_embeddings"] = .bool(false) }
    guard let layer = checkpoint.layer else { return .object(members) }
    let modeling = ModelingFile(configuration.family)
    let declaration = BypassDeclaration(
      plan: layer, modelType: configuration.family.rawValue, architectures: members["architectures"] ?? .null)
    members["model_type"] = .string(modeling.modelType)
    members["architectures"] = [.string(ModelingFile.className)]
    members["auto_map"] = [
      "AutoConfig": .string("\(ModelingFile.module).\(ModelingFile.configurationName)"),
      "AutoModelForCausalLM": .string("\(ModelingFile.module).\(ModelingFile.className)"),
    ]
    members[BypassDeclaration.key] = declaration.json(left: checkpoint.left, blocks: modeling.blocks)
    return .object(members)
  }

  /// Which of the blocks that stay look through a window: said block by block where a rule over their numbers, or a list,
  /// would now say something else.
  private func layerTypes(_ configuration: ModelConfiguration) -> [JSONValue]? {
    let windows = configuration.plans.map(\.attention.window)
    guard Set(windows).count > 1 || members["layer_types"]?.arrayValue != nil else { return nil }
    return windows.indices.filter { !checkpoint.left.contains($0) }.map {
      .string(windows[$0] == nil ? "full_attention" : "sliding_attention")
    }
  }
}
