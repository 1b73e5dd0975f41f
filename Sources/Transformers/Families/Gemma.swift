/// Gemma 1: Llama's block with scaled embeddings, gains stored less 1 and GELU.
///
/// Source: Gemma Team, Gemma: Open Models Based on Gemini Research and Technology.
enum Gemma: FamilyReader {
  static let name = "Gemma"
  static let classPrefix = "Gemma"
  static let ownOptions = RotaryNames.options.union(["hidden_activation"])

  static func configuration(_ fields: ConfigurationFields) throws(ModelError) -> ModelConfiguration {
    // The first files say "gelu" and mean the tanh form, which `hidden_activation` was then added to say.
    try fields.refuse(
      ["hidden_activation"], unless: { $0.stringValue == "gelu_pytorch_tanh" },
      "only gelu_pytorch_tanh is implemented for Gemma")
    try fields.refuse(
      ["hidden_act"], unless: { ["gelu", "gelu_pytorch_tanh"].contains($0.stringValue) },
      "only gelu_pytorch_tanh is implemented for Gemma")
    var shape = GatedDecoder(family: .gemma, context: 8192)
    shape.activationKey = "hidden_activation"
    return try shape.gemma(fields, kvHeads: 16)
  }

  static func tensors(_ c: ModelConfiguration, exists: (String) -> Bool) -> ModelTensors {
    GatedDecoderTensors(c, exists: exists).model(exists: exists)
  }
}

extension GatedDecoder {
  /// What the three Gemmas share: defaults, gains stored less 1, and embeddings multiplied by √d.
  func gemma(_ fields: ConfigurationFields, kvHeads: Int) throws(ModelError) -> ModelConfiguration {
    var shape = self
    (shape.kvHeads, shape.headWidth) = (kvHeads, 256)
    (shape.isTied, shape.gain, shape.activation) = (true, .onePlusWeight, "gelu_pytorch_tanh")
    var c = try shape.configuration(fields)
    c.embedding.scale = Float(Double(c.width).squareRoot())
    c.hasQueryBias = try fields.bool("attention_bias", default: false)
    c.hasOutputBias = c.hasQueryBias
    return c
  }

  /// Scores divided by the root of `query_pre_attn_scalar` in place of d_h (Gemma 2 and 3).
  static func gemmaScale(_ fields: ConfigurationFields) throws(ModelError) -> Float {
    Float(1 / (try fields.number("query_pre_attn_scalar", default: 256, in: 1e-3...1e9)).squareRoot())
  }
}
