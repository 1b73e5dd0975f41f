/// OLMo 2: norms on what attention and the network add, and on all queries and all keys of a position.
///
/// Source: OLMo Team, 2 OLMo 2 Furious.
enum OLMo2: FamilyReader {
  static let name = "OLMo 2"
  static let classPrefix = "Olmo2"
  static let ownOptions = RotaryNames.options

  static func configuration(_ fields: ConfigurationFields) throws(ModelError) -> ModelConfiguration {
    let shape = GatedDecoder(family: .olmo2, context: 2048, epsilon: 1e-5, norms: .after)
    var c = try shape.configuration(fields)
    c.hasQueryBias = try fields.bool("attention_bias", default: false)
    c.hasOutputBias = c.hasQueryBias
    c.changePlans { plan, _ in plan.attention.queryKeyNorm = plan.attentionOutNorm.map { .wholeProjection($0) } }
    return c
  }

  static func tensors(_ c: ModelConfiguration, exists: (String) -> Bool) -> ModelTensors {
    GatedDecoderTensors(c, exists: exists).model(exists: exists)
  }
}
