/// DistilBERT: BERT without segments, under other names.
///
/// Source: Sanh et al., DistilBERT.
enum DistilBERT: FamilyReader {
  static let name = "DistilBERT"
  static let classPrefix = "DistilBert"
  static let headName = "vocab_transform"
  static let ownOptions = EncoderShape.options

  static func configuration(_ fields: ConfigurationFields) throws(ModelError) -> ModelConfiguration {
    try EncoderShape.refuseDecoding(fields, name)
    try fields.refuseContradictions([
      "dim": "hidden_size", "n_heads": "num_attention_heads", "n_layers": "num_hidden_layers",
    ])
    let width = try fields.size("dim")
    let activation = try fields.activation("activation", default: "gelu")
    let shape = EncoderShape(
      // transformers' DistilBERT has no key for ε.
      family: .distilbert, epsilon: 1e-12, width: width,
      heads: try fields.heads("n_heads", width: width, widthKey: "dim"), blocks: try fields.blocks("n_layers"),
      ffnWidth: try fields.size("hidden_dim"), activation: activation, headActivation: activation)
    return try shape.configuration(
      fields, context: try fields.size("max_position_embeddings"), embedding: EmbeddingPlan(positionOffset: 0))
  }

  static func tensors(_ c: ModelConfiguration, exists: (String) -> Bool) -> ModelTensors {
    let prefix = exists("distilbert.embeddings.word_embeddings.weight") ? "distilbert." : ""
    func linear(_ name: String, _ inputs: Int, _ outputs: Int) -> LinearTensors {
      LinearTensors(weight: name + ".weight", bias: name + ".bias", inputs: inputs, outputs: outputs)
    }
    let blocks = (0..<c.blocks).map { index in
      let block = "\(prefix)transformer.layer.\(index)."
      return BlockTensors(
        attentionIn: ["q_lin", "k_lin", "v_lin"].map { linear(block + "attention." + $0, c.width, c.width) },
        attentionOut: linear(block + "attention.out_lin", c.width, c.width),
        ffnIn: [linear(block + "ffn.lin1", c.width, c.ffnWidth)],
        ffnOut: linear(block + "ffn.lin2", c.ffnWidth, c.width),
        attentionOutNorm: .layerNorm(block + "sa_layer_norm"), ffnOutNorm: .layerNorm(block + "output_layer_norm"))
    }
    let embeddings = prefix + "embeddings."
    return ModelTensors(
      embedding: embeddings + "word_embeddings.weight", positions: embeddings + "position_embeddings.weight",
      embeddingNorm: .layerNorm(embeddings + "LayerNorm"), blocks: blocks,
      blockPrefix: prefix + "transformer.layer.", strayBlockTensors: []
    ).withMaskedHead(
      linear("vocab_transform", c.width, c.width), norm: .layerNorm("vocab_layer_norm"), decoder: "vocab_projector",
      bias: "vocab_projector.bias", isTied: c.isTied, exists: exists)
  }
}
