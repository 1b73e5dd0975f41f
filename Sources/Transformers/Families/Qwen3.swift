/// Qwen3 (dense): Llama's block with norms on every head's queries and keys.
///
/// Source: Yang et al., Qwen3 Technical Report.
enum Qwen3: FamilyReader {
  static let name = "Qwen3"
  static let classPrefix = "Qwen3"
  static let ownOptions = Qwen2.ownOptions

  static func configuration(_ fields: ConfigurationFields) throws(ModelError) -> ModelConfiguration {
    let shape = GatedDecoder(family: .qwen3, context: 32_768, kvHeads: 32, headWidth: 128)
    var c = try shape.configuration(fields)
    c.hasQueryBias = try fields.bool("attention_bias", default: false)
    c.hasOutputBias = c.hasQueryBias
    let windows = try Qwen2.windows(fields, blocks: c.blocks)
    c.changePlans { plan, block in
      plan.attention.queryKeyNorm = plan.attentionNorm.map { .perHead($0) }
      plan.attention.window = windows[block]
    }
    return c
  }

  static func tensors(_ c: ModelConfiguration, exists: (String) -> Bool) -> ModelTensors {
    GatedDecoderTensors(c, exists: exists).model(exists: exists)
  }
}
