/// Gemma 2: four norms to a block, soft caps on scores and logits, a window in every other block.
///
/// Source: Gemma Team, Gemma 2: Improving Open Language Models at a Practical Size.
enum Gemma2: FamilyReader {
  static let name = "Gemma 2"
  static let classPrefix = "Gemma2"
  static let ownOptions = RotaryNames.options.union(LayerTypes.options).union([
    "hidden_activation", "query_pre_attn_scalar", "attn_logit_softcapping", "final_logit_softcapping",
  ])

  static func configuration(_ fields: ConfigurationFields) throws(ModelError) -> ModelConfiguration {
    let shape = GatedDecoder(
      family: .gemma2, context: 8192, activationKey: "hidden_activation", norms: .around)
    var c = try shape.gemma(fields, kvHeads: 4)
    let scale = try GatedDecoder.gemmaScale(fields)
    let cap = try fields.cap("attn_logit_softcapping", default: 50)
    let window = try LayerTypes.window(fields, default: 4096)
    let windows = try LayerTypes.windows(fields, blocks: c.blocks, window: window) { $0 % 2 == 0 }
    c.changePlans { plan, block in
      (plan.attention.scale, plan.attention.softCap, plan.attention.window) = (scale, cap, windows[block])
    }
    c.head.softCap = try fields.cap("final_logit_softcapping", default: 30)
    return c
  }

  static func tensors(_ c: ModelConfiguration, exists: (String) -> Bool) -> ModelTensors {
    GatedDecoderTensors(c, exists: exists).model(exists: exists)
  }
}
