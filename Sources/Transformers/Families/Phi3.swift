/// Phi-3 and 4-mini: Llama's block with queries, keys and values in one tensor and gate and up in another.
///
/// Source: Abdin et al., Phi-3 Technical Report.
enum Phi3: FamilyReader {
  static let name = "Phi-3"
  static let classPrefix = "Phi3"
  static let ownOptions = RotaryNames.options.union(["sliding_window"])

  static func configuration(_ fields: ConfigurationFields) throws(ModelError) -> ModelConfiguration {
    let names = RotaryNames(turnsParts: true)
    var c = try GatedDecoder(family: .phi3, context: 4096, epsilon: 1e-5, rotary: names).configuration(fields)
    let window = try LayerTypes.window(fields, default: nil)
    c.changePlans { plan, _ in plan.attention.window = window }
    return c
  }

  static func tensors(_ c: ModelConfiguration, exists: (String) -> Bool) -> ModelTensors {
    let names = GatedDecoderTensors(c, exists: exists)
    return names.model(exists: exists) { block in
      [names.linear(block + "self_attn.qkv_proj", c.width, c.queryWidth + 2 * c.keyWidth)]
    } ffnIn: { block in
      [names.linear(block + "mlp.gate_up_proj", c.width, 2 * c.ffnWidth)]
    }
  }
}
