/// GPT-J: both branches read the same norm of the entering state; neighbouring coordinates are turned in pairs; the
/// head has a bias.
///
/// Source: Wang and Komatsuzaki, GPT-J-6B.
enum GPTJ: FamilyReader {
  static let name = "GPT-J"
  static let classPrefix = "GPTJ"
  static let ownOptions: Set<String> = ["rotary_dim"]

  static func configuration(_ fields: ConfigurationFields) throws(ModelError) -> ModelConfiguration {
    try fields.refuseContradictions([
      "n_embd": "hidden_size", "n_head": "num_attention_heads", "n_layer": "num_hidden_layers",
      "n_positions": "max_position_embeddings",
    ])
    let width = try fields.size("n_embd")
    let heads = try fields.heads("n_head", width: width, widthKey: "n_embd")
    let norm = NormPlan(.layerNorm, epsilon: try fields.epsilon("layer_norm_epsilon", default: 1e-5))
    let blocks = try fields.blocks("n_layer")
    let plan = BlockPlan(
      residual: .parallel, attentionNorm: norm,
      attention: .plain(headWidth: width / heads, rotary: try rotary(fields, headWidth: width / heads)),
      ffn: FeedForwardPlan(try fields.activation("activation_function", default: "gelu_new"), isGated: false))
    var c = ModelConfiguration(
      family: .gptJ, blocks: blocks, width: width, heads: heads, kvHeads: heads, headWidth: width / heads,
      ffnWidth: try fields.size("n_inner", default: 4 * width), vocabulary: try fields.size("vocab_size"),
      context: try fields.size("n_positions"), plans: Array(repeating: plan, count: blocks), head: HeadPlan(norm: norm),
      isTied: try fields.bool("tie_word_embeddings", default: false))
    c.hasFFNBias = true
    c.readTokens(fields)
    return c
  }

  private static func rotary(_ fields: ConfigurationFields, headWidth: Int) throws(ModelError) -> RotaryPlan {
    if fields.mentions("rotary_dim"), fields.value("rotary_dim") == nil {
      throw fields.unsupported("rotary_dim", "the number of coordinates of each head to turn must be given")
    }
    let turned = try fields.size("rotary_dim", default: 64, limit: 1 << 16)
    return try RotaryNames.plan(
      RotaryConfiguration(theta: 10000, scaling: .none), width: turned, headWidth: headWidth, layout: .interleaved,
      fields)
  }

  static func tensors(_ c: ModelConfiguration, exists: (String) -> Bool) -> ModelTensors {
    let prefix = exists("transformer.wte.weight") ? "transformer." : ""
    func linear(_ name: String, _ inputs: Int, _ outputs: Int, bias: Bool) -> LinearTensors {
      LinearTensors(weight: name + ".weight", bias: bias ? name + ".bias" : nil, inputs: inputs, outputs: outputs)
    }
    let blocks = (0..<c.blocks).map { index in
      let block = "\(prefix)h.\(index)."
      return BlockTensors(
        attentionIn: ["q_proj", "k_proj", "v_proj"].map { linear(block + "attn." + $0, c.width, c.width, bias: false) },
        attentionOut: linear(block + "attn.out_proj", c.width, c.width, bias: false),
        ffnIn: [linear(block + "mlp.fc_in", c.width, c.ffnWidth, bias: true)],
        ffnOut: linear(block + "mlp.fc_out", c.ffnWidth, c.width, bias: true),
        attentionNorm: .layerNorm(block + "ln_1"))
    }
    return ModelTensors(
      embedding: prefix + "wte.weight", finalNorm: .layerNorm(prefix + "ln_f"), blocks: blocks,
      blockPrefix: prefix + "h.", strayBlockTensors: [".attn.bias", ".attn.masked_bias", ".attn.embed_positions"]
    ).withHead("lm_head.weight", bias: "lm_head.bias", isTied: c.isTied, exists: exists)
  }
}
