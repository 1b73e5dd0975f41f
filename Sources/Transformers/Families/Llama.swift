/// Llama 1 to 3: Touvron et al., LLaMA; Dubey et al., The Llama 3 Herd of Models.
enum Llama: FamilyReader {
  static let name = "Llama"
  static let classPrefix = "Llama"
  static let ownOptions = RotaryNames.options

  static func configuration(_ fields: ConfigurationFields) throws(ModelError) -> ModelConfiguration {
    var c = try GatedDecoder(family: .llama, context: 2048).configuration(fields)
    c.hasQueryBias = try fields.bool("attention_bias", default: false)
    c.hasOutputBias = c.hasQueryBias
    c.hasFFNBias = try fields.bool("mlp_bias", default: false)
    return c
  }

  static func tensors(_ c: ModelConfiguration, exists: (String) -> Bool) -> ModelTensors {
    GatedDecoderTensors(c, exists: exists).model(exists: exists)
  }
}
