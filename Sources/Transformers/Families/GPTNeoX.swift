/// GPT-NeoX (Pythia): both branches from the entering state, or one after the other; a part of each head is turned.
///
/// Source: Black et al., GPT-NeoX-20B; Biderman et al., Pythia.
enum GPTNeoX: FamilyReader {
  static let name = "GPT-NeoX"
  static let classPrefix = "GPTNeoX"
  static let headName = "embed_out.weight"
  static let ownOptions: Set<String> = [
    "rope_scaling", "rope_parameters", "use_parallel_residual", "rotary_pct", "rotary_emb_base",
  ]

  static func configuration(_ fields: ConfigurationFields) throws(ModelError) -> ModelConfiguration {
    let width = try fields.size("hidden_size")
    let heads = try fields.heads("num_attention_heads", width: width, widthKey: "hidden_size")
    // transformers would turn a share of this width, and cut the projections into heads of the other.
    try fields.refuse(
      ["head_dim"], unless: { $0.intValue == width / heads }, "GPT-NeoX has heads of \(width / heads) here")
    let norm = NormPlan(.layerNorm, epsilon: try fields.epsilon("layer_norm_eps", default: 1e-5))
    let blocks = try fields.blocks("num_hidden_layers")
    let names = RotaryNames(
      theta: "rotary_emb_base", share: "rotary_pct", turnsParts: true, standardShare: 0.25)
    let rotary = try names.read(fields, headWidth: width / heads)
    let plan = BlockPlan(
      residual: try fields.bool("use_parallel_residual", default: true) ? .parallel : .serial, attentionNorm: norm,
      ffnNorm: norm, attention: .plain(headWidth: width / heads, rotary: rotary),
      ffn: FeedForwardPlan(try fields.activation("hidden_act", default: "gelu"), isGated: false))
    var c = ModelConfiguration(
      family: .gptNeoX, blocks: blocks, width: width, heads: heads, kvHeads: heads, headWidth: width / heads,
      ffnWidth: try fields.size("intermediate_size"), vocabulary: try fields.size("vocab_size"),
      context: try fields.size("max_position_embeddings"), plans: Array(repeating: plan, count: blocks),
      head: HeadPlan(norm: norm), isTied: try fields.bool("tie_word_embeddings", default: false))
    c.hasQueryBias = try fields.bool("attention_bias", default: true)
    (c.hasOutputBias, c.hasFFNBias) = (c.hasQueryBias, true)
    c.readTokens(fields)
    return c
  }

  static func tensors(_ c: ModelConfiguration, exists: (String) -> Bool) -> ModelTensors {
    let prefix = exists("gpt_neox.embed_in.weight") ? "gpt_neox." : ""
    func linear(_ name: String, _ inputs: Int, _ outputs: Int, bias: Bool = true) -> LinearTensors {
      LinearTensors(weight: name + ".weight", bias: bias ? name + ".bias" : nil, inputs: inputs, outputs: outputs)
    }
    let blocks = (0..<c.blocks).map { index in
      let block = "\(prefix)layers.\(index)."
      var fused = linear(block + "attention.query_key_value", c.width, 3 * c.width, bias: c.hasQueryBias)
      fused.outputOrder = headByHead(c)
      return BlockTensors(
        attentionIn: [fused],
        attentionOut: linear(block + "attention.dense", c.width, c.width, bias: c.hasOutputBias),
        ffnIn: [linear(block + "mlp.dense_h_to_4h", c.width, c.ffnWidth)],
        ffnOut: linear(block + "mlp.dense_4h_to_h", c.ffnWidth, c.width),
        attentionNorm: .layerNorm(block + "input_layernorm"), ffnNorm: .layerNorm(block + "post_attention_layernorm"))
    }
    return ModelTensors(
      embedding: prefix + "embed_in.weight", finalNorm: .layerNorm(prefix + "final_layer_norm"), blocks: blocks,
      blockPrefix: prefix + "layers.",
      strayBlockTensors: [".attention.bias", ".attention.masked_bias", ".attention.rotary_emb.inv_freq"]
    ).withHead("embed_out.weight", isTied: c.isTied, exists: exists)
  }

  /// Where all queries, then all keys, then all values lie in a tensor that has the three of one head side by side.
  private static func headByHead(_ c: ModelConfiguration) -> [Range<Int>] {
    (0..<3).flatMap { part in
      (0..<c.heads).map { head in
        let start = (3 * head + part) * c.headWidth
        return start..<start + c.headWidth
      }
    }
  }
}
