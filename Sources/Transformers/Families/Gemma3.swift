/// Gemma 3 (text): Gemma 2 with norms on queries and keys in place of the cap on scores, and rotary positions of their
/// own in the blocks that look through a window.
///
/// Source: Gemma Team, Gemma 3 Technical Report.
enum Gemma3: FamilyReader {
  static let name = "Gemma 3"
  static let classPrefix = "Gemma3"
  static let ownOptions = LayerTypes.options.union([
    "hidden_activation", "query_pre_attn_scalar", "final_logit_softcapping", "sliding_window_pattern", "rope_scaling",
    "rope_parameters", "rope_local_base_freq",
  ])

  static func configuration(_ fields: ConfigurationFields) throws(ModelError) -> ModelConfiguration {
    let shape = GatedDecoder(
      family: .gemma3, context: 131_072, activationKey: "hidden_activation", rotary: nil, norms: .around)
    var c = try shape.gemma(fields, kvHeads: 4)
    let scale = try GatedDecoder.gemmaScale(fields)
    let window = try LayerTypes.window(fields, default: 4096)
    let every = try fields.size("sliding_window_pattern", default: 6)
    let windows = try LayerTypes.windows(fields, blocks: c.blocks, window: window) { ($0 + 1) % every != 0 }
    let (global, local) = try rotary(fields, headWidth: c.headWidth)
    c.changePlans { plan, block in
      (plan.attention.scale, plan.attention.window) = (scale, windows[block])
      plan.attention.queryKeyNorm = plan.attentionNorm.map { .perHead($0) }
      plan.attention.rotary = windows[block] == nil ? global : local
    }
    c.head.softCap = try fields.cap("final_logit_softcapping", default: nil)
    return c
  }

  static func tensors(_ c: ModelConfiguration, exists: (String) -> Bool) -> ModelTensors {
    GatedDecoderTensors(c, exists: exists).model(exists: exists)
  }

  /// The rotary positions of blocks with full attention and of those with a window.
  ///
  /// Recent files keep both in `rope_parameters`; older ones have `rope_theta` with `rope_scaling` for the former and
  /// `rope_local_base_freq` for the latter.
  private static func rotary(_ fields: ConfigurationFields, headWidth: Int) throws(ModelError) -> (
    global: RotaryPlan, local: RotaryPlan
  ) {
    let globalTheta = try RotaryNames.theta(fields, "rope_theta", standard: 1e6)
    let localTheta = try RotaryNames.theta(fields, "rope_local_base_freq", standard: 1e4)
    let outer = try fields.object("rope_scaling")
    let parameters = try fields.object("rope_parameters")
    if outer != nil, parameters != nil {
      throw fields.unsupported("rope_scaling", "'rope_parameters' says the same in another way; remove one of them")
    }
    if let parameters, parameters.value("rope_theta") != nil || parameters.value("rope_type") != nil {
      throw fields.unsupported(
        "rope_parameters", "for Gemma 3 it must hold 'full_attention' and 'sliding_attention'")
    }
    let (full, sliding) = (try parameters?.object("full_attention"), try parameters?.object("sliding_attention"))
    return (
      try plan(outer ?? full, globalTheta, fields, headWidth), try plan(sliding, localTheta, fields, headWidth)
    )
  }

  private static func plan(
    _ scaling: ConfigurationFields?, _ theta: Double, _ fields: ConfigurationFields, _ headWidth: Int
  ) throws(ModelError) -> RotaryPlan {
    var rotary = RotaryConfiguration(theta: theta, scaling: .none)
    if let scaling {
      try scaling.refuse(["partial_rotary_factor"], unless: { $0.doubleValue == 1 }, "Gemma 3 turns whole heads")
      rotary = try RotaryNames.configuration(
        scaling: scaling, theta: try RotaryNames.theta(scaling, "rope_theta", standard: theta), in: fields)
    }
    return try RotaryNames.plan(rotary, width: headWidth, headWidth: headWidth, fields)
  }
}
