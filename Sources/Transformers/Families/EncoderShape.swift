/// What BERT and its descendants share: norms after each addition, every position sees all others, a norm of the sum of
/// embeddings, and a masked language model's head.
struct EncoderShape {
  /// Options that `refuseDecoding` reads.
  static let options: Set<String> = ["is_causal", "add_cross_attention", "position_embedding_type"]

  var family: ModelConfiguration.Family
  var epsilon: Double
  var width: Int
  var heads: Int
  var blocks: Int
  var ffnWidth: Int
  var activation: ModelConfiguration.Activation
  /// The activation of the head's transform.
  var headActivation: ModelConfiguration.Activation

  /// A configuration; `embedding` says what is added to the tokens' embeddings.
  func configuration(
    _ fields: ConfigurationFields, context: Int, embedding: EmbeddingPlan
  ) throws(ModelError) -> ModelConfiguration {
    let norm = NormPlan(.layerNorm, epsilon: epsilon)
    let plan = BlockPlan(
      residual: .postNorm, attentionOutNorm: norm, ffnOutNorm: norm,
      attention: .plain(headWidth: width / heads, isCausal: false), ffn: FeedForwardPlan(activation, isGated: false))
    var c = ModelConfiguration(
      family: family, blocks: blocks, width: width, heads: heads, kvHeads: heads, headWidth: width / heads,
      ffnWidth: ffnWidth, vocabulary: try fields.size("vocab_size"), context: context,
      plans: Array(repeating: plan, count: blocks), embedding: embedding,
      head: HeadPlan(transform: HeadPlan.Transform(headActivation, norm: norm)),
      isTied: try fields.bool("tie_word_embeddings", default: true))
    c.embedding.norm = norm
    (c.hasQueryBias, c.hasOutputBias, c.hasFFNBias) = (true, true, true)
    c.readTokens(fields)
    return c
  }

  /// Refuses options that make a decoder of an encoder.
  static func refuseDecoding(_ fields: ConfigurationFields, _ family: String) throws(ModelError) {
    try fields.refuse(
      ["is_decoder", "add_cross_attention", "is_causal"], unless: { $0.boolValue == false },
      "a decoding \(family) is not implemented")
    try fields.refuse(
      ["position_embedding_type"], unless: { $0.stringValue == "absolute" }, "only absolute positions are implemented")
  }

  /// The sizes that BERT and RoBERTa name alike.
  static func likeBERT(
    _ fields: ConfigurationFields, _ family: ModelConfiguration.Family
  ) throws(ModelError) -> EncoderShape {
    try refuseDecoding(fields, family.name)
    let width = try fields.size("hidden_size")
    let activation = try fields.activation("hidden_act", default: "gelu")
    return EncoderShape(
      family: family, epsilon: try fields.epsilon("layer_norm_eps", default: 1e-12), width: width,
      heads: try fields.heads("num_attention_heads", width: width, widthKey: "hidden_size"),
      blocks: try fields.blocks("num_hidden_layers"), ffnWidth: try fields.size("intermediate_size"),
      activation: activation, headActivation: activation)
  }
}
