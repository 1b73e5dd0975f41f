import Files
import JSONText

extension ModelConfiguration {
  /// Reads a config.json.
  ///
  /// Missing keys take the defaults of transformers' configuration classes, because those leave out what equals them;
  /// sizes have no defaults. `hasHead` says what the configuration promises; opening the tensors settles it.
  ///
  /// - Parameters:
  ///   - bytes: The file's contents.
  ///   - path: The path for messages.
  /// - Throws: `ModelError` with code `configuration`, or `unsupported` for an architecture or an option that would
  ///   change the numbers and is not implemented.
  public init(_ bytes: [UInt8], path: String) throws(ModelError) {
    let fields = try ConfigurationFields(path: path, bytes: bytes)
    try fields.refuse(["quantization_config"], unless: { _ in false }, "quantised weights are not implemented")
    try fields.refuse(
      [
        "final_logit_softcapping", "attn_logit_softcapping", "query_pre_attn_scalar", "logit_scale",
        "residual_multiplier",
        "embedding_multiplier", "attention_multiplier", "logits_scaling",
      ],
      unless: { _ in false }, "this option changes the numbers and is not implemented")
    switch try ModelConfiguration.family(fields) {
    case .gpt2: self = try .gpt2(fields)
    case .llama: self = try .llama(fields, family: .llama)
    case .qwen2: self = try .llama(fields, family: .qwen2)
    case .bert: self = try .bert(fields)
    }
  }

  /// The architecture by `model_type`, or by `architectures` in files too old to have it.
  private static func family(_ fields: ConfigurationFields) throws(ModelError) -> Family {
    let type = try fields.string("model_type")
    let architecture = fields.value("architectures")?.arrayValue?.first?.stringValue
    if let type {
      if let family = Family(rawValue: type) { return family }
    } else if let architecture {
      let prefixes: [(String, Family)] = [("GPT2", .gpt2), ("Llama", .llama), ("Qwen2", .qwen2), ("Bert", .bert)]
      let suffixes = ["Model", "LMHeadModel", "ForCausalLM", "ForMaskedLM", "ForPreTraining"]
      for (prefix, family) in prefixes where suffixes.contains(where: { architecture == prefix + $0 }) { return family }
    } else {
      throw .load(.configuration, fields.path, "neither 'model_type' nor 'architectures' says what the model is")
    }
    let found = architecture.map { "'\($0)'" } ?? "model type '\(type ?? "")'"
    let supported = Family.allCases.map { "\($0.name) (\($0.rawValue))" }.joined(separator: ", ")
    throw .load(.unsupported, fields.path, "architecture \(found) is not implemented; supported are \(supported)")
  }

  static func activation(_ fields: ConfigurationFields, _ key: String, default standard: String) throws(ModelError)
    -> Activation
  {
    switch try fields.string(key) ?? standard {
    case "gelu_new", "gelu_pytorch_tanh", "gelu_fast": return .geluTanh
    case "gelu", "gelu_python": return .geluErf
    case "silu", "swish": return .silu
    case "relu": return .relu
    case "tanh": return .tanh
    default:
      throw fields.unsupported(
        key, "this activation is not implemented; supported are gelu_new, gelu_pytorch_tanh, gelu, silu, relu, tanh")
    }
  }

  private static func gpt2(_ fields: ConfigurationFields) throws(ModelError) -> ModelConfiguration {
    let width = try fields.size("n_embd")
    let heads = try fields.size("n_head")
    guard width % heads == 0 else {
      throw .load(.configuration, fields.path, "'n_embd' is \(width), not a multiple of 'n_head', \(heads)")
    }
    try fields.refuse(
      ["scale_attn_by_inverse_layer_idx", "add_cross_attention"], unless: { $0.boolValue == false }, "not implemented")
    try fields.refuse(
      ["scale_attn_weights"], unless: { $0.boolValue == true }, "attention without scaling is not implemented")
    let vocabulary = try fields.size("vocab_size")
    let context = try fields.size("n_positions", default: fields.value("n_ctx")?.intValue)
    let norm = NormPlan(.layerNorm, epsilon: try fields.positiveNumber("layer_norm_epsilon", default: 1e-5))
    let blocks = try fields.size("n_layer", limit: 4096)
    let plan = BlockPlan(
      residual: .serial, attentionNorm: norm, ffnNorm: norm,
      attention: AttentionPlan(scale: AttentionPlan.standardScale(headWidth: width / heads)),
      ffn: FeedForwardPlan(try activation(fields, "activation_function", default: "gelu_new"), isGated: false))
    return ModelConfiguration(
      family: .gpt2, blocks: blocks, width: width, heads: heads, kvHeads: heads, headWidth: width / heads,
      ffnWidth: try fields.size("n_inner", default: 4 * width), vocabulary: vocabulary, context: context,
      plans: Array(repeating: plan, count: blocks), embedding: EmbeddingPlan(positionOffset: 0),
      head: HeadPlan(norm: norm), hasQueryBias: true, hasOutputBias: true, hasFFNBias: true,
      isTied: try fields.bool("tie_word_embeddings", default: true), hasHead: true,
      bosToken: fields.tokens("bos_token_id", vocabulary: vocabulary).first,
      eosTokens: fields.tokens("eos_token_id", vocabulary: vocabulary),
      padToken: fields.tokens("pad_token_id", vocabulary: vocabulary).first)
  }

  private static func bert(_ fields: ConfigurationFields) throws(ModelError) -> ModelConfiguration {
    let width = try fields.size("hidden_size")
    let heads = try fields.size("num_attention_heads")
    guard width % heads == 0 else {
      throw .load(
        .configuration, fields.path, "'hidden_size' is \(width), not a multiple of 'num_attention_heads', \(heads)")
    }
    try fields.refuse(
      ["is_decoder", "add_cross_attention"], unless: { $0.boolValue == false }, "a decoding BERT is not implemented")
    try fields.refuse(
      ["position_embedding_type"], unless: { $0.stringValue == "absolute" }, "only absolute positions are implemented")
    let vocabulary = try fields.size("vocab_size")
    let norm = NormPlan(.layerNorm, epsilon: try fields.positiveNumber("layer_norm_eps", default: 1e-12))
    let activation = try activation(fields, "hidden_act", default: "gelu")
    let blocks = try fields.size("num_hidden_layers", limit: 4096)
    let plan = BlockPlan(
      residual: .postNorm, attentionOutNorm: norm, ffnOutNorm: norm,
      attention: AttentionPlan(scale: AttentionPlan.standardScale(headWidth: width / heads), isCausal: false),
      ffn: FeedForwardPlan(activation, isGated: false))
    return ModelConfiguration(
      family: .bert, blocks: blocks, width: width, heads: heads, kvHeads: heads, headWidth: width / heads,
      ffnWidth: try fields.size("intermediate_size"), vocabulary: vocabulary,
      context: try fields.size("max_position_embeddings"), plans: Array(repeating: plan, count: blocks),
      embedding: EmbeddingPlan(
        positionOffset: 0, tokenTypes: try fields.size("type_vocab_size", default: 2), norm: norm),
      head: HeadPlan(transform: HeadPlan.Transform(activation, norm: norm)), hasQueryBias: true, hasOutputBias: true,
      hasFFNBias: true, isTied: try fields.bool("tie_word_embeddings", default: true), hasHead: true,
      bosToken: fields.tokens("bos_token_id", vocabulary: vocabulary).first,
      eosTokens: fields.tokens("eos_token_id", vocabulary: vocabulary),
      padToken: fields.tokens("pad_token_id", vocabulary: vocabulary).first)
  }
}
