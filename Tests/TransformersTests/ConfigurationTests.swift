import Files
import JSONText
import TestSupport
import Testing
import Transformers

@Suite struct ConfigurationTests {
  private func configuration(_ fixture: String, _ changes: [(String, JSONValue?)] = []) throws -> ModelConfiguration {
    let object = try JSON.parse(readFile(ProjectRoot.fixture(fixture + "/config.json"))).objectValue ?? JSONObject()
    var members = object.map { ($0.key, $0.value) }
    for (key, value) in changes {
      members.removeAll { $0.0 == key }
      if let value { members.append((key, value)) }
    }
    return try ModelConfiguration(Array(JSON.write(.object(JSONObject(members))).utf8), path: "config.json")
  }

  @Test func readsEveryFamily() throws {
    let gpt2 = try configuration("gpt2")
    #expect(gpt2.family == .gpt2 && gpt2.ffnWidth == 192 && gpt2.context == 256 && gpt2.eosToken == 0)
    #expect(gpt2.plans[0].attention.rotary == nil && !gpt2.isPostNorm && gpt2.isTied)
    let llama = try configuration("llama")
    #expect(llama.headWidth == 8 && llama.kvHeads == 2 && llama.queryWidth == 48 && llama.keyWidth == 16)
    #expect(llama.plans[0].attention.rotary?.frequencies == RotaryConfiguration(theta: 500_000, scaling: .none) && !llama.isTied && llama.isGated)
    let tied = try configuration("llama-tied")
    let scaling = RotaryConfiguration.Scaling.llama3(
      factor: 32, lowFrequencyFactor: 1, highFrequencyFactor: 4, originalContext: 64)
    #expect(tied.plans[0].attention.rotary?.frequencies == RotaryConfiguration(theta: 500_000, scaling: scaling))
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
    #expect(try configuration("llama", old).plans[0].attention.rotary?.frequencies == RotaryConfiguration(theta: 1000, scaling: .linear(factor: 4)))
    let bare: [(String, JSONValue?)] = [("rope_parameters", nil)]
    #expect(try configuration("llama", bare).plans[0].attention.rotary?.frequencies == RotaryConfiguration(theta: 10000, scaling: .none))
    let both: [(String, JSONValue?)] = [("rope_scaling", linear)]
    let error = try #require(throws: ModelError.self) { try configuration("llama", both) }
    #expect(error.reason == "'rope_parameters' contradicts 'rope_scaling' or 'rope_theta'")
  }

  static let refused: [(String, [(String, JSONValue?)], String)] = [
    (
      "llama", [("model_type", "mistral"), ("architectures", ["MistralForCausalLM"])],
      "architecture 'MistralForCausalLM' is not implemented; supported are GPT-2 (gpt2), Llama (llama), Qwen2 (qwen2), "
        + "BERT (bert)"
    ),
    (
      "llama", [("model_type", nil), ("architectures", nil)],
      "neither 'model_type' nor 'architectures' says what the model is"
    ),
    (
      "llama", [("rope_parameters", ["rope_type": "yarn", "factor": 4, "rope_theta": 1.0])],
      #"'rope_parameters' is {"rope_type":"yarn","factor":4,"rope_theta":1.0}: this rope type is not implemented; "#
        + "supported are default, linear and llama3"
    ),
    (
      "llama", [("rope_parameters", ["full_attention": ["rope_type": "default"]])],
      #"'rope_parameters' is {"full_attention":{"rope_type":"default"}}: rotary settings that differ between layers are "#
        + "not implemented"
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
      "qwen2", [("use_sliding_window", true), ("sliding_window", 128)],
      "'use_sliding_window' is true: sliding-window attention is not implemented"
    ),
    (
      "qwen2", [("layer_types", ["full_attention", "sliding_attention"])],
      #"'layer_types' is ["full_attention","sliding_attention"]: only full attention is implemented"#
    ),
    (
      "bert", [("position_embedding_type", "relative_key")],
      #"'position_embedding_type' is "relative_key": only absolute positions are implemented"#
    ),
    ("bert", [("is_decoder", true)], "'is_decoder' is true: a decoding BERT is not implemented"),
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
    ("llama", [("rms_norm_eps", -1)], "'rms_norm_eps' is -1, expected a number above 0"),
  ]

  @Test(arguments: refused.indices) func refusesWithAReason(index: Int) throws {
    let (fixture, changes, reason) = Self.refused[index]
    let error = try #require(throws: ModelError.self) { try configuration(fixture, changes) }
    #expect(error.description == "cannot load config.json: " + reason)
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
  @Test(arguments: ["gpt2", "llama", "llama-tied", "qwen2", "bert"]) func survivesDamage(fixture: String) throws {
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
