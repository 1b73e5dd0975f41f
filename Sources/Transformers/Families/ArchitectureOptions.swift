import JSONText

/// Options by which architectures of the field change what a model computes, each with the value that changes nothing.
///
/// A family reads the ones it knows (`FamilyReader.ownOptions`); any other of them is refused unless it is absent, null
/// or neutral, so that a file made by hand or by a fork never runs as something that it is not. Keys that are in neither
/// list are ignored: training and generation settings (dropout, initialisation, caching, labels, sampling, class names
/// of the library that wrote the file) and whatever else people leave in a config.json.
enum ArchitectureOptions {
  /// The value at which an option does nothing.
  enum Neutral {
    case `false`, `true`, one, zero, empty, null
    case text(String)
    /// A list in which every block has full attention.
    case allFull
  }

  static let neutral: [(key: String, neutral: Neutral)] = [
    // Which positions are seen.
    ("is_causal", .true), ("is_encoder_decoder", .false), ("add_cross_attention", .false),
    ("use_bidirectional_attention", .false), ("bidirectional", .false), ("prefix_lm", .false),
    ("sliding_window", .null), ("use_sliding_window", .false), ("layer_types", .allFull),
    ("sliding_window_pattern", .null), ("attention_chunk_size", .null), ("attention_window", .null),
    ("local_attention", .null), ("window_size", .null), ("attention_types", .null), ("attn_sinks", .null),
    // How scores and logits are scaled.
    ("query_pre_attn_scalar", .null), ("attn_logit_softcapping", .null), ("final_logit_softcapping", .null),
    ("attention_multiplier", .null), ("scale_attn_weights", .true), ("scale_attn_by_inverse_layer_idx", .false),
    ("logit_scale", .one), ("logits_scaling", .one), ("logits_soft_cap", .null), ("mup_width_multiplier", .one),
    ("attention_probs_scaling", .one), ("attn_scale", .null), ("attn_temperature_tuning", .false),
    // Multipliers of the stream.
    ("residual_multiplier", .one), ("embedding_multiplier", .one), ("scale_emb", .one), ("scale_depth", .null),
    ("scale_embedding", .false), ("dim_model_base", .null), ("normalize_embedding", .false),
    ("embedding_layernorm", .false), ("word_embed_proj_dim", .null), ("embedding_size", .null),
    // Norms and products.
    ("qk_norm", .false), ("use_qk_norm", .false), ("qk_layernorm", .false), ("clip_qkv", .null),
    ("do_layer_norm_before", .true), ("_remove_final_layer_norm", .false), ("layer_norm_elementwise_affine", .true),
    ("use_parallel_residual", .false), ("parallel_attn", .false), ("parallel_attention", .false),
    ("use_post_norm", .false), ("post_norm", .false), ("norm_type", .null), ("non_parametric_layer_norm", .false),
    ("num_experts", .zero), ("num_local_experts", .zero), ("n_routed_experts", .zero), ("moe", .null),
    ("num_kv_shared_layers", .zero), ("pruned_heads", .empty), ("quantization_config", .null),
    ("hidden_activation", .null),
    // Positions.
    ("position_embedding_type", .text("absolute")), ("alibi", .false), ("use_alibi", .false),
    ("rope_scaling", .null), ("rope_parameters", .null), ("partial_rotary_factor", .one), ("rotary_pct", .one),
    ("rotary_dim", .null), ("rotary_emb_base", .null), ("rope_local_base_freq", .null), ("no_rope_layers", .null),
    ("no_rope_layer_interval", .null), ("rope_interleaved", .false), ("rope_interleave", .false),
    ("use_mrope", .false), ("relative_attention", .false),
  ]

  /// Refuses every option of another architecture that is set to something.
  static func refuseForeign(_ fields: ConfigurationFields, own: Set<String>, family: String) throws(ModelError) {
    // transformers takes null for false here, and lets every position see all others.
    if fields.mentions("is_causal"), fields.value("is_causal") == nil { throw fields.wrongType("is_causal", "true") }
    for (key, neutral) in neutral where !own.contains(key) {
      guard let value = fields.value(key), !isNeutral(value, neutral) else { continue }
      throw fields.unsupported(key, reason(key, family))
    }
  }

  private static func reason(_ key: String, _ family: String) -> String {
    switch key {
    case "quantization_config": "quantised weights are not implemented"
    case "is_causal": "\(family) is implemented with causal attention only"
    default: "this option changes the numbers and is not implemented for \(family)"
    }
  }

  private static func isNeutral(_ value: JSONValue, _ neutral: Neutral) -> Bool {
    switch neutral {
    case .false: value.boolValue == false
    case .true: value.boolValue == true
    case .one: value.doubleValue == 1
    case .zero: value.doubleValue == 0
    case .empty: value.objectValue?.isEmpty == true || value.arrayValue?.isEmpty == true
    case .null: false
    case .text(let text): value.stringValue == text
    case .allFull: value.arrayValue?.allSatisfy { $0.stringValue == "full_attention" } == true
    }
  }
}
