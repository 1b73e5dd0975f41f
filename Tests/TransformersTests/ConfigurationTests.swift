import Files
import JSONText
import TestSupport
import Testing
import Transformers

@Suite struct ConfigurationTests {
  private func configuration(_ fixture: String, _ changes: [(String, JSONValue?)] = []) throws -> ModelConfiguration {
    try editedConfiguration(fixture, changes)
  }

  private func frequencies(_ c: ModelConfiguration) -> RotaryConfiguration? { c.plans[0].attention.rotary?.frequencies }

  @Test func readsEveryFamily() throws {
    let gpt2 = try configuration("gpt2")
    #expect(gpt2.family == .gpt2 && gpt2.ffnWidth == 192 && gpt2.context == 256 && gpt2.eosToken == 0)
    #expect(gpt2.plans[0].attention.rotary == nil && !gpt2.isPostNorm && gpt2.isTied)
    let llama = try configuration("llama")
    #expect(llama.headWidth == 8 && llama.kvHeads == 2 && llama.queryWidth == 48 && llama.keyWidth == 16)
    #expect(frequencies(llama) == RotaryConfiguration(theta: 500_000, scaling: .none))
    #expect(!llama.isTied && llama.isGated)
    let tied = try configuration("llama-tied")
    let scaling = RotaryConfiguration.Scaling.llama3(
      factor: 32, lowFrequencyFactor: 1, highFrequencyFactor: 4, originalContext: 64)
    #expect(frequencies(tied) == RotaryConfiguration(theta: 500_000, scaling: scaling))
    let qwen = try configuration("qwen2")
    #expect(qwen.hasQueryBias && !qwen.hasOutputBias && !qwen.hasFFNBias && qwen.bosToken == nil)
    let bert = try configuration("bert")
    #expect(bert.isPostNorm && bert.isBidirectional && bert.embedding.tokenTypes == 2)
  }

  @Test func endTokensMayBeAListAndMayNameNothing() throws {
    #expect(try configuration("llama", [("eos_token_id", [1, 7, 100_000])]).eosTokens == [1, 7])
    #expect(try configuration("gpt2", [("bos_token_id", 50256)]).bosToken == nil)
  }

  @Test func oldFilesWithoutModelType() throws {
    let changes: [(String, JSONValue?)] = [("model_type", nil), ("architectures", ["BertModel"])]
    #expect(try configuration("bert", changes).family == .bert)
  }

  @Test func rotarySettingsUnderEitherName() throws {
    let linear: JSONValue = ["type": "linear", "factor": 4.0]
    let old: [(String, JSONValue?)] = [("rope_parameters", nil), ("rope_theta", 1000), ("rope_scaling", linear)]
    #expect(
      try frequencies(configuration("llama", old)) == RotaryConfiguration(theta: 1000, scaling: .linear(factor: 4)))
    let bare: [(String, JSONValue?)] = [("rope_parameters", nil)]
    #expect(try frequencies(configuration("llama", bare)) == RotaryConfiguration(theta: 10000, scaling: .none))
    let inside: JSONValue = ["rope_type": "default", "rope_theta": 500.0]
    let nested: [(String, JSONValue?)] = [("rope_parameters", nil), ("rope_scaling", inside)]
    #expect(try frequencies(configuration("llama", nested)) == RotaryConfiguration(theta: 500, scaling: .none))
    for both in [linear, inside] {
      let error = try #require(throws: ModelError.self) { try configuration("llama", [("rope_scaling", both)]) }
      #expect(error.reason == "'rope_parameters' contradicts 'rope_scaling' or 'rope_theta'")
    }
  }

  static let supported =
    "supported are GPT-2 (gpt2), Llama (llama), Mistral (mistral), Qwen2 (qwen2), Qwen3 (qwen3), Gemma (gemma), Gemma 2 "
    + "(gemma2), Gemma 3 (gemma3_text), Phi-3 (phi3), OLMo 2 (olmo2), GPT-NeoX (gpt_neox), GPT-J (gptj), OPT (opt), BERT "
    + "(bert), RoBERTa (roberta), DistilBERT (distilbert)"

  static let refused: [(String, [(String, JSONValue?)], String)] = [
    (
      "llama", [("model_type", nil), ("architectures", nil)],
      "neither 'model_type' nor 'architectures' says what the model is"
    ),
    (
      "llama", [("rope_parameters", ["rope_type": "yarn", "factor": 4, "rope_theta": 1.0])],
      #"'rope_parameters.rope_type' is "yarn": this rope type is not implemented; supported are default, linear and "#
        + "llama3"
    ),
    (
      "llama", [("rope_parameters", ["full_attention": ["rope_type": "default"]])],
      #"'rope_parameters' is {"full_attention":{"rope_type":"default"}}: rotary settings that differ between layers are "#
        + "not implemented here"
    ),
    (
      "llama", [("rope_parameters", nil), ("rope_scaling", ["full_attention": ["rope_type": "default"]])],
      #"'rope_scaling' is {"full_attention":{"rope_type":"default"}}: rotary settings that differ between layers are "#
        + "not implemented here"
    ),
    (
      "llama", [("hidden_act", "gelu")],
      #"'hidden_act' is "gelu": a gated network is implemented for silu and "#
        + "gelu_pytorch_tanh"
    ),
    (
      "gpt2", [("activation_function", "mish")],
      #"'activation_function' is "mish": this activation is not implemented; supported are gelu_new, "#
        + "gelu_pytorch_tanh, gelu, silu, relu, tanh"
    ),
    (
      "gpt2", [("scale_attn_by_inverse_layer_idx", true)],
      "'scale_attn_by_inverse_layer_idx' is true: not implemented"
    ),
    (
      "gpt2", [("scale_attn_weights", false)],
      "'scale_attn_weights' is false: attention without scaling is not implemented"
    ),
    (
      "llama", [("sliding_window", 128)],
      "'sliding_window' is 128: this option changes the numbers and is not implemented for Llama"
    ),
    ("llama", [("is_causal", .null)], "'is_causal' is nothing, expected true"),
    ("gpt2", [("num_attention_heads", 2)], "'num_attention_heads' contradicts 'n_head'"),
    ("families/distilbert", [("num_hidden_layers", 5)], "'num_hidden_layers' contradicts 'n_layers'"),
    ("families/gpt_neox", [("head_dim", 4)], "'head_dim' is 4: GPT-NeoX has heads of 8 here"),
    ("llama", [("is_causal", false)], "'is_causal' is false: Llama is implemented with causal attention only"),
    (
      "qwen2", [("layer_types", ["full_attention", "sliding_attention"])],
      #"'layer_types' is ["full_attention","sliding_attention"], expected a list of 5 texts, one to a block"#
    ),
    (
      "families/qwen3", [("layer_types", ["full_attention", "sliding_attention"])],
      "'sliding_window' is nothing, expected the width of the window that some blocks have"
    ),
    (
      "families/qwen3", [("layer_types", ["full_attention", "linear_attention"])],
      #"'layer_types' is ["full_attention","linear_attention"]: supported are full_attention and sliding_attention"#
    ),
    (
      "families/gemma3", [("attn_logit_softcapping", 50.0)],
      "'attn_logit_softcapping' is 50.0: this option changes the numbers and is not implemented for Gemma 3"
    ),
    (
      "families/opt", [("word_embed_proj_dim", 16)],
      "'word_embed_proj_dim' is 16: embeddings of another width than the stream are not implemented"
    ),
    (
      "llama-tied", [("original_max_position_embeddings", 4)],
      "'original_max_position_embeddings' is 4: the object with the other rotary settings says something else"
    ),
    (
      "llama", [("model_type", "mamba"), ("architectures", "x")], "model type 'mamba' is not implemented; " + supported
    ),
    (
      "families/phi3", [("rope_scaling", ["type": "longrope", "short_factor": [1.0], "long_factor": [1.0]])],
      #"'rope_scaling.type' is "longrope": this rope type is not implemented; supported are default, linear and llama3"#
    ),
    (
      "families/gptj", [("rotary_dim", .null)],
      "'rotary_dim' is absent: the number of coordinates of each head to turn must be given"
    ),
    (
      "families/gptj", [("rotary_dim", 10)],
      "10 of 8 coordinates of each head would be turned; it must be an even number of them"
    ),
    (
      "bert", [("position_embedding_type", "relative_key")],
      #"'position_embedding_type' is "relative_key": only absolute positions are implemented"#
    ),
    ("bert", [("is_decoder", true)], "'is_decoder' is true: a decoding BERT is not implemented"),
    ("families/roberta", [("is_causal", true)], "'is_causal' is true: a decoding RoBERTa is not implemented"),
    (
      "llama", [("quantization_config", ["bits": 4])],
      #"'quantization_config' is {"bits":4}: quantised weights are not implemented"#
    ),
    ("gpt2", [("n_head", nil)], "'n_head' is missing"),
    ("gpt2", [("n_head", 5)], "'n_embd' is 48, not a multiple of 'n_head', 5"),
    ("gpt2", [("n_layer", 0)], "'n_layer' is 0, expected a whole number from 1 to 4096"),
    ("gpt2", [("n_layer", "5")], #"'n_layer' is "5", expected a whole number from 1 to 4096"#),
    (
      "gpt2", [("n_embd", 9_000_000_000_000_000_000)],
      "'n_embd' is 9000000000000000000, expected a whole number from 1 to 67108864"
    ),
    ("llama", [("head_dim", 7)], "heads are 7 wide; rotary positions need an even width"),
    ("llama", [("num_key_value_heads", 4)], "'num_attention_heads' is 6, not a multiple of 'num_key_value_heads', 4"),
    ("llama", [("rms_norm_eps", -1)], "'rms_norm_eps' is -1, expected a number from 1e-30 to 1.0"),
    ("llama", [("rms_norm_eps", 1e300)], "'rms_norm_eps' is 1e+300, expected a number from 1e-30 to 1.0"),
    (
      "llama", [("rope_parameters", ["rope_theta": 0])],
      "'rope_parameters.rope_theta' is 0, expected a number from 1.0 to 1000000000000000.0"
    ),
    (
      "families/mistral", [("sliding_window", -12)],
      "'sliding_window' is -12, expected a whole number from 1 to 67108864"
    ),
    (
      "families/qwen3", [("head_dim", 9_223_372_036_854_775_807)],
      "'head_dim' is 9223372036854775807, expected a whole number from 1 to 65536"
    ),
    (
      "families/gemma2", [("num_attention_heads", 0)],
      "'num_attention_heads' is 0, expected a whole number from 1 to 65536"
    ),
    (
      "families/gemma2", [("query_pre_attn_scalar", -4)],
      "'query_pre_attn_scalar' is -4, expected a number from 0.001 to 1000000000.0"
    ),
    (
      "gpt2", [("activation_function", "\u{1B}[31mred\u{202E}")],
      #"'activation_function' is "\u001b[31mred\u{202e}": this activation is not implemented; supported are gelu_new, "#
        + "gelu_pytorch_tanh, gelu, silu, relu, tanh"
    ),
  ]

  @Test(arguments: refused.indices) func refusesWithAReason(index: Int) throws {
    let (fixture, changes, reason) = Self.refused[index]
    let error = try #require(throws: ModelError.self) { try configuration(fixture, changes) }
    #expect(error.description == "cannot load config.json: " + reason)
  }

  /// An unknown architecture goes before whatever else is wrong, with the nearest known one.
  @Test(
    arguments: [
      (
        "mistral", "MixtralForCausalLM", "architecture 'MixtralForCausalLM' of model type 'mistral'", "Mistral",
        "mistral"
      ),
      ("qwen3_next", nil, "model type 'qwen3_next'", "Qwen3", "qwen3"),
      ("llama", "LlamaBiModel", "architecture 'LlamaBiModel' of model type 'llama'", "Llama", "llama"),
      (nil, "Gemma4ForCausalLM", "architecture 'Gemma4ForCausalLM'", "Gemma", "gemma"),
      (
        "mamba", "\u{1B}[1mMambaForCausalLM", #"architecture '\u{1b}[1mMambaForCausalLM' of model type 'mamba'"#, nil,
        ""
      ),
    ] as [(String?, String?, String, String?, String)])
  func unknownArchitecturesAreRefusedByName(
    type: String?, architecture: String?, subject: String, nearest: String?, nearestType: String
  ) throws {
    let changes: [(String, JSONValue?)] = [
      ("model_type", type.map { .string($0) }), ("architectures", architecture.map { [.string($0)] }), ("n_head", -3),
      ("final_logit_softcapping", 30), ("quantization_config", ["bits": 4]), ("hidden_size", 0),
    ]
    let error = try #require(throws: ModelError.self) { try configuration("llama", changes) }
    #expect(error.reason == subject + " is not implemented; " + Self.supported)
    #expect(error.hint == nearest.map { "the nearest of them is \($0) ('model_type' \"\(nearestType)\")" })
    #expect(error.code == .unsupported)
  }

  @Test(arguments: [("", "not valid JSON: "), ("[]", "not a JSON object"), ("{\"a\":1,\"a\":2}", "not valid JSON: ")])
  func refusesWhatIsNoObject(text: String, reason: String) throws {
    let error = try #require(throws: ModelError.self) { try ModelConfiguration(Array(text.utf8), path: "config.json") }
    #expect(error.description.hasPrefix("cannot load config.json: " + reason))
  }

  /// Frequencies against numpy: 1 / 10000 ** (arange(0, 8, 2) / 8), and a quarter of them.
  @Test func rotaryFrequencies() {
    let plain = RotaryConfiguration(theta: 10000, scaling: .none).frequencies(headWidth: 8)
    #expect(plain == [1, 0.1, 0.01, 0.001])
    let linear = RotaryConfiguration(theta: 10000, scaling: .linear(factor: 4)).frequencies(headWidth: 8)
    #expect(linear == [0.25, 0.025, 0.0025, 0.00025])
  }

  /// Random damage to real configurations: a typed error or a valid reading, never a crash.
  @Test(arguments: [
    "gpt2", "llama", "llama-tied", "qwen2", "bert", "families/mistral-window", "families/qwen3", "families/gemma",
    "families/gemma2", "families/gemma3", "families/phi3-partial", "families/olmo2", "families/gpt_neox",
    "families/gptj", "families/opt", "families/roberta", "families/distilbert",
  ]) func survivesDamage(fixture: String) throws {
    let original = try readFile(ProjectRoot.fixture(fixture + "/config.json"))
    var generator = DamageGenerator(seed: UInt64(fixture.utf8.count))
    var readable = 0
    for _ in 0..<1500 {
      let bytes = generator.damage(original)
      do {
        let c = try ModelConfiguration(bytes, path: "config.json")
        #expect(c.blocks > 0 && c.heads % c.kvHeads == 0 && c.weightsPerBlock > 0)
        readable += 1
      } catch { #expect(error.path == "config.json") }
    }
    #expect(readable > 100)
  }
}
