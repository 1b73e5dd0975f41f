import JSONText

extension ModelConfiguration {
  /// Llama and Qwen2 differ in where biases stand.
  static func llama(_ fields: ConfigurationFields, family: Family) throws(ModelError) -> ModelConfiguration {
    let width = try fields.size("hidden_size")
    let heads = try fields.size("num_attention_heads")
    let kvHeads = try fields.size("num_key_value_heads", default: heads)
    let headWidth = try llamaHeadWidth(fields, width: width, heads: heads)
    guard heads % kvHeads == 0 else {
      throw .load(
        .configuration, fields.path,
        "'num_attention_heads' is \(heads), not a multiple of 'num_key_value_heads', \(kvHeads)")
    }
    let context = try fields.size("max_position_embeddings", default: family == .llama ? 2048 : 32768)
    try refuseWindows(fields, context: context)
    let activation = try activation(fields, "hidden_act", default: "silu")
    guard activation == .silu || activation == .geluTanh else {
      throw fields.unsupported("hidden_act", "a gated network is implemented for silu and gelu_pytorch_tanh")
    }
    let attentionBias = try fields.bool("attention_bias", default: family == .qwen2)
    let mlpBias = try fields.bool("mlp_bias", default: false)
    let vocabulary = try fields.size("vocab_size")
    let norm = NormPlan(.rmsNorm, epsilon: try fields.positiveNumber("rms_norm_eps", default: 1e-6))
    let blocks = try fields.size("num_hidden_layers", limit: 4096)
    let plan = BlockPlan(
      residual: .serial, attentionNorm: norm, ffnNorm: norm,
      attention: AttentionPlan(
        scale: AttentionPlan.standardScale(headWidth: headWidth),
        rotary: RotaryPlan(try rotary(fields), width: headWidth)),
      ffn: FeedForwardPlan(activation, isGated: true))
    return ModelConfiguration(
      family: family, blocks: blocks, width: width, heads: heads, kvHeads: kvHeads, headWidth: headWidth,
      ffnWidth: try fields.size("intermediate_size"), vocabulary: vocabulary, context: context,
      plans: Array(repeating: plan, count: blocks), embedding: EmbeddingPlan(), head: HeadPlan(norm: norm),
      // Qwen2 always has biases on queries, keys and values and never on the output, whatever the file says.
      hasQueryBias: family == .qwen2 || attentionBias, hasOutputBias: family == .llama && attentionBias,
      hasFFNBias: family == .llama && mlpBias, isTied: try fields.bool("tie_word_embeddings", default: false),
      hasHead: true,
      bosToken: fields.tokens("bos_token_id", vocabulary: vocabulary).first,
      eosTokens: fields.tokens("eos_token_id", vocabulary: vocabulary),
      padToken: fields.tokens("pad_token_id", vocabulary: vocabulary).first)
  }

  private static func llamaHeadWidth(_ fields: ConfigurationFields, width: Int, heads: Int) throws(ModelError) -> Int {
    let headWidth: Int
    if fields.value("head_dim") != nil {
      headWidth = try fields.size("head_dim", limit: 1 << 16)
    } else if width % heads == 0 {
      headWidth = width / heads
    } else {
      throw .load(
        .configuration, fields.path, "'hidden_size' is \(width), not a multiple of 'num_attention_heads', \(heads)")
    }
    guard headWidth % 2 == 0 else {
      throw .load(.configuration, fields.path, "heads are \(headWidth) wide; rotary positions need an even width")
    }
    return headWidth
  }

  /// Sliding-window attention is refused wherever a text could be longer than the window.
  private static func refuseWindows(_ fields: ConfigurationFields, context: Int) throws(ModelError) {
    try fields.refuse(
      ["layer_types"], unless: { $0.arrayValue?.allSatisfy { $0.stringValue == "full_attention" } == true },
      "only full attention is implemented")
    let isUsed = try fields.bool("use_sliding_window", default: false)
    if isUsed, let window = try fields.number("sliding_window"), window < Double(context) {
      throw fields.unsupported("use_sliding_window", "sliding-window attention is not implemented")
    }
  }

  /// Rotary settings: `rope_parameters` in recent files, `rope_theta` with `rope_scaling` in older ones.
  private static func rotary(_ fields: ConfigurationFields) throws(ModelError) -> RotaryConfiguration {
    try fields.refuse(
      ["partial_rotary_factor"], unless: { $0.doubleValue == 1 }, "rotating a part of each head is not implemented")
    let theta = try fields.positiveNumber("rope_theta", default: 10000)
    let older = RotaryConfiguration(theta: theta, scaling: try scaling(fields, "rope_scaling"))
    guard let parameters = fields.value("rope_parameters") else { return older }
    let inner = ConfigurationFields(path: fields.path, json: parameters)
    let recent = RotaryConfiguration(
      theta: try inner.positiveNumber("rope_theta", default: theta), scaling: try scaling(fields, "rope_parameters"))
    let saysBoth = fields.value("rope_scaling") != nil && older.scaling != recent.scaling
    guard !saysBoth, fields.value("rope_theta") == nil || older.theta == recent.theta else {
      throw .load(.configuration, fields.path, "'rope_parameters' contradicts 'rope_scaling' or 'rope_theta'")
    }
    return recent
  }

  private static func scaling(_ fields: ConfigurationFields, _ key: String) throws(ModelError)
    -> RotaryConfiguration.Scaling
  {
    guard let value = fields.value(key) else { return .none }
    guard let members = value.objectValue else { throw fields.wrongType(key, "an object") }
    guard members.allSatisfy({ $0.value.objectValue == nil }) else {
      throw fields.unsupported(key, "rotary settings that differ between layers are not implemented")
    }
    let inner = ConfigurationFields(path: fields.path, json: value)
    if let partial = try inner.number("partial_rotary_factor"), partial != 1 {
      throw fields.unsupported(key, "rotating a part of each head is not implemented")
    }
    let newName = try inner.string("rope_type")
    let oldName = try inner.string("type")
    switch newName ?? oldName ?? "default" {
    case "default": return .none
    case "linear": return .linear(factor: try inner.positiveNumber("factor"))
    case "llama3":
      let low = try inner.positiveNumber("low_freq_factor")
      let high = try inner.positiveNumber("high_freq_factor")
      guard low < high else { throw inner.wrongType("low_freq_factor", "less than 'high_freq_factor'") }
      return .llama3(
        factor: try inner.positiveNumber("factor"), lowFrequencyFactor: low, highFrequencyFactor: high,
        originalContext: try inner.positiveNumber("original_max_position_embeddings"))
    default:
      throw fields.unsupported(key, "this rope type is not implemented; supported are default, linear and llama3")
    }
  }
}
