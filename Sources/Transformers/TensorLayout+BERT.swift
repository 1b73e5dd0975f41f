extension ModelTensors {
  static func bert(_ c: ModelConfiguration, exists: (String) -> Bool) -> ModelTensors {
    let prefix = exists("bert.embeddings.word_embeddings.weight") ? "bert." : ""
    // Checkpoints converted from the first release call a norm's gain gamma and its bias beta.
    func norm(_ name: String) -> NormTensors {
      exists(name + ".gamma")
        ? NormTensors(gain: name + ".gamma", bias: name + ".beta")
        : NormTensors(gain: name + ".weight", bias: name + ".bias")
    }
    func linear(_ name: String, _ inputs: Int, _ outputs: Int) -> LinearTensors {
      LinearTensors(weight: name + ".weight", bias: name + ".bias", inputs: inputs, outputs: outputs)
    }
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
    let predictions = "cls.predictions."
    var head: HeadTensors?
    if exists(predictions + "transform.dense.weight") {
      let ownBias = predictions + "bias"
      head = HeadTensors(
        unembedding: c.isTied ? embeddings + "word_embeddings.weight" : predictions + "decoder.weight",
        bias: exists(ownBias) ? ownBias : predictions + "decoder.bias",
        transform: linear(predictions + "transform.dense", c.width, c.width),
        transformNorm: norm(predictions + "transform.LayerNorm"))
    }
    let copy = predictions + "decoder.weight"
    return ModelTensors(
      embedding: embeddings + "word_embeddings.weight", positions: embeddings + "position_embeddings.weight",
      tokenTypes: embeddings + "token_type_embeddings.weight", embeddingNorm: norm(embeddings + "LayerNorm"),
      head: head, blocks: blocks, blockPrefix: prefix + "encoder.layer.", strayBlockTensors: [],
      tiedCopy: c.isTied && head != nil && exists(copy) ? copy : nil)
  }
}
