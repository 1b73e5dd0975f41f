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
  ///   - bias: The name of the head's own bias. transformers adds the unembedding's, which is the same one unless the
  ///     two are not tied.
  func withMaskedHead(
    _ transform: LinearTensors, norm: NormTensors, decoder: String, bias: String, isTied: Bool,
    exists: (String) -> Bool
  ) -> ModelTensors {
    guard exists(transform.weight) else { return self }
    let copy = decoder + ".weight"
    let biases = isTied ? [bias, decoder + ".bias"] : [decoder + ".bias", bias]
    var result = self
    result.head = HeadTensors(
      unembedding: isTied ? embedding : copy, bias: biases.first(where: exists) ?? bias, transform: transform,
      transformNorm: norm)
    result.tiedCopy = isTied && exists(copy) ? copy : nil
    return result
  }
}
