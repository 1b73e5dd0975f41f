import JSONText
import TestSupport
import Testing
import Transformers

/// Every key of every family's configuration class in transformers 5.23: changing it changes what is read of the file, or
/// is refused, or is known to change no number.
@Suite struct FamilyOptionTests {
  /// Keys that change no number of a forward pass in float32 without dropout.
  static let ignored: Set<String> = [
    "attention_dropout", "attention_probs_dropout_prob", "attn_pdrop", "chunk_size_feed_forward", "classifier_dropout",
    "dropout", "dtype", "embd_pdrop", "hidden_dropout", "hidden_dropout_prob", "init_std", "initializer_range",
    "layerdrop", "original_max_position_embeddings", "output_hidden_states", "pretraining_tp", "problem_type",
    "qa_dropout", "reorder_and_upcast_attn", "resid_pdrop", "return_dict", "seq_classif_dropout",
    "sinusoidal_pos_embds", "summary_activation", "summary_first_dropout", "summary_proj_to_labels", "summary_type",
    "summary_use_proj", "transformers_version", "use_cache",
  ]

  /// Keys that all classes have, and keys that any class takes without having them.
  static let common: [(String, JSONValue)] = [
    ("vocab_size", 47), ("tie_word_embeddings", "no"), ("is_causal", 7), ("is_encoder_decoder", true),
    ("add_cross_attention", true), ("chunk_size_feed_forward", 3), ("dtype", "float16"), ("output_hidden_states", true),
    ("return_dict", false), ("problem_type", "regression"), ("transformers_version", "4.0.0"), ("use_cache", false),
    ("quantization_config", ["bits": 4]), ("pruned_heads", ["0": [1]]), ("initializer_range", 0.5),
  ]

  static let gated: [(String, JSONValue)] = [
    ("hidden_size", 40), ("intermediate_size", 41), ("num_hidden_layers", 1), ("num_attention_heads", 8),
    ("num_key_value_heads", 4), ("head_dim", 6), ("max_position_embeddings", 50), ("rms_norm_eps", 0.001),
    ("rope_parameters", ["rope_type": "default", "rope_theta": 77.0]), ("attention_dropout", 0.5),
    ("rope_scaling", ["rope_type": "yarn", "factor": 2.0]), ("partial_rotary_factor", 0.5),
  ]
  static let windowed: [(String, JSONValue)] = [
    ("sliding_window", "wide"), ("layer_types", ["chunked_attention", "chunked_attention"]),
  ]
  static let encoder: [(String, JSONValue)] = [
    ("hidden_size", 40), ("intermediate_size", 41), ("num_hidden_layers", 1), ("num_attention_heads", 8),
    ("hidden_act", "gelu_new"), ("max_position_embeddings", 50), ("type_vocab_size", 3), ("layer_norm_eps", 0.001),
    ("is_decoder", true), ("position_embedding_type", "relative_key"), ("hidden_dropout_prob", 0.5),
    ("attention_probs_dropout_prob", 0.5), ("classifier_dropout", 0.5),
  ]
  static let gpt: [(String, JSONValue)] = [
    ("n_positions", 50), ("n_embd", 40), ("n_layer", 1), ("n_head", 8), ("n_inner", 41),
    ("activation_function", "silu"), ("layer_norm_epsilon", 0.001), ("resid_pdrop", 0.5), ("embd_pdrop", 0.5),
    ("attn_pdrop", 0.5),
  ]
  static let gemma: [(String, JSONValue)] = [
    ("attention_bias", true), ("use_bidirectional_attention", true), ("hidden_activation", "relu"),
  ]

  static let families: [(fixture: String, keys: [(String, JSONValue)])] = [
    ("families/mistral", gated + windowed + [("hidden_act", "gelu_new")]),
    (
      "llama",
      gated + windowed + [
        ("hidden_act", "gelu_new"), ("attention_bias", true), ("mlp_bias", true), ("pretraining_tp", 2),
      ]
    ),
    (
      "families/qwen2-windows",
      gated + windowed + [("hidden_act", "gelu_new"), ("use_sliding_window", 3), ("max_window_layers", -1)]
    ),
    (
      "families/qwen3-layer-types",
      gated + windowed + [
        ("hidden_act", "gelu_new"), ("attention_bias", true), ("use_sliding_window", 3), ("max_window_layers", -1),
      ]
    ),
    ("families/gemma", gated + gemma + windowed + [("hidden_act", "silu")]),
    (
      "families/gemma2",
      gated + gemma + windowed + [
        ("query_pre_attn_scalar", 3), ("attn_logit_softcapping", 9.0), ("final_logit_softcapping", 9.0),
      ]
    ),
    (
      "families/gemma3",
      gated + gemma + windowed + [
        ("query_pre_attn_scalar", 3), ("attn_logit_softcapping", 9.0), ("final_logit_softcapping", 9.0),
        ("sliding_window_pattern", 0),
      ]
    ),
    (
      "families/phi3",
      gated.filter { $0.0 != "partial_rotary_factor" } + windowed + [
        ("hidden_act", "gelu_new"), ("resid_pdrop", 0.5), ("embd_pdrop", 0.5), ("original_max_position_embeddings", 9),
        ("partial_rotary_factor", 0.25),
      ]
    ),
    ("families/olmo2", gated + windowed + [("hidden_act", "gelu_new"), ("attention_bias", true)]),
    (
      "families/gpt_neox",
      [
        ("hidden_size", 64), ("intermediate_size", 41), ("num_hidden_layers", 1), ("num_attention_heads", 2),
        ("hidden_act", "relu"), ("max_position_embeddings", 50), ("layer_norm_eps", 0.001),
        ("use_parallel_residual", false), ("attention_bias", false), ("hidden_dropout", 0.5),
        ("attention_dropout", 0.5),
        ("classifier_dropout", 0.5), ("rotary_pct", 0.5), ("rotary_emb_base", 77),
        ("rope_parameters", ["rope_type": "default", "rope_theta": 10000.0, "partial_rotary_factor": 0.5]),
      ]
    ),
    ("families/gptj", gpt + [("rotary_dim", 2)]),
    (
      "gpt2",
      gpt + [
        ("n_embd", 24), ("scale_attn_weights", false), ("scale_attn_by_inverse_layer_idx", true),
        ("reorder_and_upcast_attn", true), ("summary_type", "mean"), ("summary_use_proj", false),
        ("summary_activation", "tanh"), ("summary_proj_to_labels", false), ("summary_first_dropout", 0.5),
      ]
    ),
    (
      "families/opt",
      [
        ("hidden_size", 40), ("ffn_dim", 41), ("num_hidden_layers", 1), ("num_attention_heads", 8),
        ("max_position_embeddings", 50), ("do_layer_norm_before", false), ("_remove_final_layer_norm", true),
        ("word_embed_proj_dim", 16), ("activation_function", "gelu"), ("enable_bias", false),
        ("layer_norm_elementwise_affine", false), ("dropout", 0.5), ("attention_dropout", 0.5), ("layerdrop", 0.5),
        ("init_std", 0.5),
      ]
    ),
    ("bert", encoder), ("families/roberta", encoder + [("pad_token_id", 3)]),
    (
      "families/distilbert",
      [
        ("dim", 40), ("hidden_dim", 41), ("n_layers", 1), ("n_heads", 8), ("activation", "relu"), ("is_decoder", true),
        ("max_position_embeddings", 50), ("sinusoidal_pos_embds", false), ("dropout", 0.5), ("attention_dropout", 0.4),
        ("qa_dropout", 0.5), ("seq_classif_dropout", 0.5),
      ]
    ),
  ]

  @Test(arguments: families.indices) func everyOptionIsHonouredOrRefusedOrHarmless(index: Int) throws {
    let (fixture, keys) = Self.families[index]
    let plain = try editedConfiguration(fixture)
    for (key, value) in Self.common + keys {
      let changed = Result { try editedConfiguration(fixture, [(key, value)]) }
      switch changed {
      case .failure(let error):
        let text = "\(error)"
        #expect(error is ModelError && !Self.ignored.contains(key), "\(fixture): \(text)")
      case .success(let configuration):
        #expect((configuration == plain) == Self.ignored.contains(key), "\(fixture): \(key)")
      }
    }
  }

  /// Files of the years before `rope_parameters` say the same in other words.
  static let spellings: [(String, [(String, JSONValue?)])] = [
    (
      "families/gemma3",
      [
        ("rope_parameters", nil), ("rope_theta", 50000.0), ("rope_scaling", ["rope_type": "linear", "factor": 8.0]),
        ("rope_local_base_freq", 100),
      ]
    ),
    ("families/gemma3-capped", [("layer_types", nil), ("sliding_window_pattern", 2)]),
    ("families/gemma2", [("layer_types", nil), ("rope_parameters", nil), ("rope_theta", 10000)]),
    ("families/gemma2", [("hidden_act", "gelu_pytorch_tanh"), ("cache_implementation", "hybrid")]),
    ("families/gemma", [("hidden_act", "gelu"), ("hidden_activation", nil)]),
    ("families/gemma", [("hidden_act", "gelu"), ("hidden_activation", "gelu_pytorch_tanh")]),
    ("families/gpt_neox", [("rope_parameters", nil), ("rotary_pct", 0.25), ("rotary_emb_base", 10000)]),
    ("families/gpt_neox", [("rope_parameters", nil)]),
    (
      "families/gpt_neox-tied-linear",
      [
        ("rope_parameters", nil), ("rotary_pct", 1.0), ("rope_scaling", ["type": "linear", "factor": 2.0]),
      ]
    ),
    ("families/phi3-partial", [("rope_parameters", nil), ("rope_theta", 10000.0), ("partial_rotary_factor", 0.5)]),
    ("families/mistral", [("rope_parameters", nil)]), ("families/qwen2-windows", [("layer_types", nil)]),
    ("families/qwen3", [("layer_types", nil), ("sliding_window", 4096)]),
    ("families/opt", [("word_embed_proj_dim", nil)]), ("families/roberta", [("pad_token_id", nil)]),
  ]

  @Test(arguments: spellings.indices) func olderSpellingsMeanTheSame(index: Int) throws {
    let (fixture, changes) = Self.spellings[index]
    #expect(try editedConfiguration(fixture, changes) == editedConfiguration(fixture))
  }

  /// transformers' defaults hold for keys that the file does not mention, and not for null.
  @Test func absentIsNotNull() throws {
    func window(_ fixture: String, _ value: JSONValue?) throws -> Int? {
      try editedConfiguration(fixture, [("sliding_window", value)]).plans[0].attention.window
    }
    #expect(try window("families/mistral", nil) == 4096 && window("families/mistral", .null) == nil)
    let types: JSONValue = ["full_attention", "sliding_attention"]
    let mixed = try editedConfiguration("families/mistral-window", [("layer_types", types)])
    #expect(mixed.plans.map(\.attention.window) == [nil, 9])
    #expect(try window("families/phi3-window", nil) == nil && window("families/gemma2", nil) == 4096)
    #expect(try editedConfiguration("families/gemma2", [("final_logit_softcapping", nil)]).head.softCap == 30)
    #expect(try editedConfiguration("families/gemma2", [("final_logit_softcapping", .null)]).head.softCap == nil)
    #expect(try editedConfiguration("families/mistral", [("num_key_value_heads", .null)]).kvHeads == 4)
    #expect(try editedConfiguration("families/gptj", [("rotary_dim", 4)]).rotaryWidth == 4)
  }
}

extension ModelConfiguration {
  fileprivate var rotaryWidth: Int? { plans[0].attention.rotary?.width }
}
