import JSONText

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

/// The names of BERT's tensors, which RoBERTa keeps but for the head.
struct EncoderTensors {
  let c: ModelConfiguration
  let prefix: String
  let exists: (String) -> Bool

  func linear(_ name: String, _ inputs: Int, _ outputs: Int) -> LinearTensors {
    LinearTensors(weight: name + ".weight", bias: name + ".bias", inputs: inputs, outputs: outputs)
  }

  /// Checkpoints converted from the first release call a norm's gain gamma and its bias beta.
  func norm(_ name: String) -> NormTensors {
    exists(name + ".gamma") ? NormTensors(gain: name + ".gamma", bias: name + ".beta") : .layerNorm(name)
  }

  /// The whole model but for its head.
  func model() -> ModelTensors {
    let blocks = (0..<c.blocks).map { index in
      let block = "\(prefix)encoder.layer.\(index)."
      return BlockTensors(
        attentionIn: ["query", "key", "value"].map { linear(block + "attention.self." + $0, c.width, c.width) },
        attentionOut: linear(block + "attention.output.dense", c.width, c.width),
        ffnIn: [linear(block + "intermediate.dense", c.width, c.ffnWidth)],
        ffnOut: linear(block + "output.dense", c.ffnWidth, c.width),
        attentionOutNorm: norm(block + "attention.output.LayerNorm"), ffnOutNorm: norm(block + "output.LayerNorm"))
    }
    let embeddings = prefix + "embeddings."
    return ModelTensors(
      embedding: embeddings + "word_embeddings.weight", positions: embeddings + "position_embeddings.weight",
      tokenTypes: embeddings + "token_type_embeddings.weight", embeddingNorm: norm(embeddings + "LayerNorm"),
      blocks: blocks, blockPrefix: prefix + "encoder.layer.", strayBlockTensors: [])
  }
}

extension ModelTensors {
  /// Adds a masked language model's head where the checkpoint has its transform.
  ///
  /// - Parameters:
  ///   - decoder: The name of the unembedding, without `.weight`.
  ///   - biases: Names that its bias may have, the likeliest last.
  func withMaskedHead(
    _ transform: LinearTensors, norm: NormTensors, decoder: String, biases: [String], isTied: Bool,
    exists: (String) -> Bool
  ) -> ModelTensors {
    guard exists(transform.weight) else { return self }
    let copy = decoder + ".weight"
    var result = self
    result.head = HeadTensors(
      unembedding: isTied ? embedding : copy, bias: biases.first(where: exists) ?? biases.last, transform: transform,
      transformNorm: norm)
    result.tiedCopy = isTied && exists(copy) ? copy : nil
    return result
  }
}
