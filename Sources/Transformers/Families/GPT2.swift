/// GPT-2: learned positions, LayerNorm before each branch, matrices stored [in, out].
///
/// Source: Radford et al., Language Models are Unsupervised Multitask Learners.
enum GPT2: FamilyReader {
  static let name = "GPT-2"
  static let classPrefix = "GPT2"
  static let ownOptions: Set<String> = [
    "scale_attn_weights", "scale_attn_by_inverse_layer_idx", "add_cross_attention",
  ]

  static func configuration(_ fields: ConfigurationFields) throws(ModelError) -> ModelConfiguration {
    try fields.refuse(
      ["scale_attn_by_inverse_layer_idx", "add_cross_attention"], unless: { $0.boolValue == false }, "not implemented")
    try fields.refuse(
      ["scale_attn_weights"], unless: { $0.boolValue == true }, "attention without scaling is not implemented")
    try fields.refuseContradictions([
      "n_embd": "hidden_size", "n_head": "num_attention_heads", "n_layer": "num_hidden_layers",
      "n_positions": "max_position_embeddings",
    ])
    let width = try fields.size("n_embd")
    let heads = try fields.heads("n_head", width: width, widthKey: "n_embd")
    let norm = NormPlan(.layerNorm, epsilon: try fields.epsilon("layer_norm_epsilon", default: 1e-5))
    let blocks = try fields.blocks("n_layer")
    let context = fields.value("n_positions") == nil ? "n_ctx" : "n_positions"
    let plan = BlockPlan(
      residual: .serial, attentionNorm: norm, ffnNorm: norm, attention: .plain(headWidth: width / heads),
      ffn: FeedForwardPlan(try fields.activation("activation_function", default: "gelu_new"), isGated: false))
    var c = ModelConfiguration(
      family: .gpt2, blocks: blocks, width: width, heads: heads, kvHeads: heads, headWidth: width / heads,
      ffnWidth: try fields.size("n_inner", default: 4 * width), vocabulary: try fields.size("vocab_size"),
      context: try fields.size(context), plans: Array(repeating: plan, count: blocks),
      embedding: EmbeddingPlan(positionOffset: 0), head: HeadPlan(norm: norm),
      isTied: try fields.bool("tie_word_embeddings", default: true))
    (c.hasQueryBias, c.hasOutputBias, c.hasFFNBias) = (true, true, true)
    c.readTokens(fields)
    return c
  }

  static func tensors(_ c: ModelConfiguration, exists: (String) -> Bool) -> ModelTensors {
    let prefix = exists("transformer.wte.weight") ? "transformer." : ""
    func linear(_ name: String, _ inputs: Int, _ outputs: Int) -> LinearTensors {
      LinearTensors(
        weight: name + ".weight", bias: name + ".bias", inputs: inputs, outputs: outputs, rowsAreInputs: true)
    }
    let blocks = (0..<c.blocks).map { index in
      let block = "\(prefix)h.\(index)."
      return BlockTensors(
        attentionIn: [linear(block + "attn.c_attn", c.width, 3 * c.width)],
        attentionOut: linear(block + "attn.c_proj", c.width, c.width),
        ffnIn: [linear(block + "mlp.c_fc", c.width, c.ffnWidth)],
        ffnOut: linear(block + "mlp.c_proj", c.ffnWidth, c.width), attentionNorm: .layerNorm(block + "ln_1"),
        ffnNorm: .layerNorm(block + "ln_2"))
    }
    return ModelTensors(
      embedding: prefix + "wte.weight", positions: prefix + "wpe.weight", finalNorm: .layerNorm(prefix + "ln_f"),
      blocks: blocks, blockPrefix: prefix + "h.", strayBlockTensors: [".attn.bias", ".attn.masked_bias"]
    ).withHead("lm_head.weight", isTied: c.isTied, exists: exists)
  }
}
