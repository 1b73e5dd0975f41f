import JSONText

/// What config.json says of a linear layer in the place of blocks: the member `layerbook_bypass`.
///
/// transformers knows the architecture by a `model_type` of its own, so that nobody runs it without the layer; which one
/// it is otherwise stands in the declaration.
struct BypassDeclaration {
  /// The member of config.json.
  static let key = "layerbook_bypass"
  /// The names of the layer's tensors.
  static let weightName = "bypass.weight", biasName = "bypass.bias"
  /// What `model_type` begins with.
  static let typePrefix = "layerbook_bypass_"

  var plan: StreamMapPlan
  /// The architecture without the layer.
  var modelType: String
  /// The classes config.json named before.
  var architectures: JSONValue

  /// Reads the declaration; nil where there is none.
  ///
  /// - Throws: `ModelError` with code `configuration`.
  init?(_ fields: ConfigurationFields) throws(ModelError) {
    guard let object = try fields.object(Self.key) else { return nil }
    guard let type = try object.string("model_type") else { throw object.missing("model_type") }
    modelType = type
    architectures = object.value("architectures") ?? .null
    plan = StreamMapPlan(
      level: try object.wholeNumber("level", in: 1...4096), hasBias: try object.bool("bias", default: false))
  }

  init(plan: StreamMapPlan, modelType: String, architectures: JSONValue) {
    (self.plan, self.modelType, self.architectures) = (plan, modelType, architectures)
  }

  /// What stands in config.json.
  ///
  /// - Parameters:
  ///   - left: The blocks that were taken out, as the whole model counts them.
  ///   - blocks: Where transformers' model keeps its blocks, such as `model.layers`.
  func json(left: Range<Int>, blocks: String) -> JSONValue {
    [
      "format": "layerbook.bypass/1", "model_type": .string(modelType), "architectures": architectures,
      "level": .int(plan.level), "bias": .bool(plan.hasBias), "replaced": .ints([left.lowerBound, left.upperBound]),
      "blocks": .string(blocks),
    ]
  }
}

extension ModelConfiguration {
  /// Notes a linear layer, which must stand among the blocks.
  mutating func add(_ declaration: BypassDeclaration, path: String) throws(ModelError) {
    guard declaration.plan.level <= blocks else {
      throw .load(
        .configuration, path,
        "'\(BypassDeclaration.key).level' is \(declaration.plan.level), and there are \(blocks) blocks")
    }
    streamMap = declaration.plan
  }
}
