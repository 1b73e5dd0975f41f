import JSONText

/// OPT: GPT-2's block with ReLU, positions that begin at the table's third row, and in one size norms after the
/// additions.
///
/// Source: Zhang et al., OPT: Open Pre-trained Transformer Language Models.
enum OPT: FamilyReader {
  static let name = "OPT"
  static let classPrefix = "OPT"
  static let ownOptions: Set<String> = [
    "do_layer_norm_before", "_remove_final_layer_norm", "layer_norm_elementwise_affine", "word_embed_proj_dim",
  ]
  /// Rows that the table of positions has before that of the first position.
  private static let positionOffset = 2

  static func configuration(_ fields: ConfigurationFields) throws(ModelError) -> ModelConfiguration {
    let width = try fields.size("hidden_size")
    try fields.refuse(
      ["word_embed_proj_dim"], unless: { $0.intValue == width },
      "embeddings of another width than the stream are not implemented")
    try fields.refuse(
      ["layer_norm_elementwise_affine"], unless: { $0.boolValue == true }, "norms without gains are not implemented")
    let heads = try fields.heads("num_attention_heads", width: width, widthKey: "hidden_size")
    // transformers' OPT leaves ε at PyTorch's default and has no key for it.
    let norm = NormPlan(.layerNorm, epsilon: 1e-5)
    let isPreNorm = try fields.bool("do_layer_norm_before", default: true)
    let isFinalNormRemoved = try fields.bool("_remove_final_layer_norm", default: false)
    let blocks = try fields.blocks("num_hidden_layers")
    let (before, after) = isPreNorm ? (norm, nil) : (nil, norm)
    let plan = BlockPlan(
      residual: isPreNorm ? .serial : .postNorm, attentionNorm: before, attentionOutNorm: after, ffnNorm: before,
      ffnOutNorm: after, attention: .plain(headWidth: width / heads),
      ffn: FeedForwardPlan(try fields.activation("activation_function", default: "relu"), isGated: false))
    var c = ModelConfiguration(
      family: .opt, blocks: blocks, width: width, heads: heads, kvHeads: heads, headWidth: width / heads,
      ffnWidth: try fields.size("ffn_dim"), vocabulary: try fields.size("vocab_size"),
      context: try fields.size("max_position_embeddings"), plans: Array(repeating: plan, count: blocks),
      embedding: EmbeddingPlan(positionOffset: positionOffset),
      head: HeadPlan(norm: isPreNorm && !isFinalNormRemoved ? norm : nil),
      isTied: try fields.bool("tie_word_embeddings", default: true))
    c.hasQueryBias = try fields.bool("enable_bias", default: true)
    (c.hasOutputBias, c.hasFFNBias) = (c.hasQueryBias, c.hasQueryBias)
    c.readTokens(fields)
    return c
  }

  static func tensors(_ c: ModelConfiguration, exists: (String) -> Bool) -> ModelTensors {
    let prefix = ["model.decoder.", "decoder.", "model."].first { exists($0 + "embed_tokens.weight") } ?? ""
    func linear(_ name: String, _ inputs: Int, _ outputs: Int) -> LinearTensors {
      LinearTensors(
        weight: name + ".weight", bias: c.hasQueryBias ? name + ".bias" : nil, inputs: inputs, outputs: outputs)
    }
    let blocks = (0..<c.blocks).map { index in
      let block = "\(prefix)layers.\(index)."
      let attention = block + "self_attn."
      var tensors = BlockTensors(
        attentionIn: ["q_proj", "k_proj", "v_proj"].map { linear(attention + $0, c.width, c.width) },
        attentionOut: linear(attention + "out_proj", c.width, c.width),
        ffnIn: [linear(block + "fc1", c.width, c.ffnWidth)], ffnOut: linear(block + "fc2", c.ffnWidth, c.width))
      let first = NormTensors.layerNorm(block + "self_attn_layer_norm")
      let second = NormTensors.layerNorm(block + "final_layer_norm")
      if c.isPostNorm {
        (tensors.attentionOutNorm, tensors.ffnOutNorm) = (first, second)
      } else {
        (tensors.attentionNorm, tensors.ffnNorm) = (first, second)
      }
      return tensors
    }
    return ModelTensors(
      embedding: prefix + "embed_tokens.weight", positions: prefix + "embed_positions.weight",
      finalNorm: c.head.norm == nil ? nil : .layerNorm(prefix + "final_layer_norm"), blocks: blocks,
      blockPrefix: prefix + "layers.", strayBlockTensors: []
    ).withHead("lm_head.weight", isTied: c.isTied, exists: exists)
  }
}
