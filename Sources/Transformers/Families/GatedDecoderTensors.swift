/// The names of Llama's tensors, which its descendants keep for whatever they share with it.
struct GatedDecoderTensors {
  let c: ModelConfiguration
  let prefix: String

  init(_ c: ModelConfiguration, exists: (String) -> Bool) {
    self.c = c
    prefix = exists("model.embed_tokens.weight") ? "model." : ""
  }

  /// A product; its bias stands beside it where there is one.
  func linear(_ name: String, _ inputs: Int, _ outputs: Int, bias: Bool = false) -> LinearTensors {
    LinearTensors(weight: name + ".weight", bias: bias ? name + ".bias" : nil, inputs: inputs, outputs: outputs)
  }

  /// Queries, keys and values as three products.
  func attentionIn(_ block: String) -> [LinearTensors] {
    [("q_proj", c.queryWidth), ("k_proj", c.keyWidth), ("v_proj", c.keyWidth)].map { name, outputs in
      linear(block + "self_attn." + name, c.width, outputs, bias: c.hasQueryBias)
    }
  }

  /// Gate and up as two products.
  func ffnIn(_ block: String) -> [LinearTensors] {
    ["gate_proj", "up_proj"].map { linear(block + "mlp." + $0, c.width, c.ffnWidth, bias: c.hasFFNBias) }
  }

  /// The norms that the plan has.
  private func setNorms(_ tensors: inout BlockTensors, _ block: String) {
    func norm(_ name: String) -> NormTensors { NormTensors(gain: block + name + ".weight") }
    guard let plan = c.plans.first else { return }
    if plan.attention.queryKeyNorm != nil {
      (tensors.queryNorm, tensors.keyNorm) = (norm("self_attn.q_norm"), norm("self_attn.k_norm"))
    }
    if plan.attentionNorm != nil { tensors.attentionNorm = norm("input_layernorm") }
    guard plan.attentionOutNorm != nil else {
      tensors.ffnNorm = norm("post_attention_layernorm")
      return
    }
    // Where norms follow the branches, the name of Llama's second norm is that of the one after attention.
    tensors.attentionOutNorm = norm("post_attention_layernorm")
    if plan.ffnNorm != nil { tensors.ffnNorm = norm("pre_feedforward_layernorm") }
    tensors.ffnOutNorm = norm("post_feedforward_layernorm")
  }

  /// The whole model.
  func model(
    exists: (String) -> Bool, attentionIn: ((String) -> [LinearTensors])? = nil,
    ffnIn: ((String) -> [LinearTensors])? = nil
  ) -> ModelTensors {
    let blocks = (0..<c.blocks).map { index in
      let block = "\(prefix)layers.\(index)."
      var tensors = BlockTensors(
        attentionIn: (attentionIn ?? self.attentionIn)(block),
        attentionOut: linear(block + "self_attn.o_proj", c.queryWidth, c.width, bias: c.hasOutputBias),
        ffnIn: (ffnIn ?? self.ffnIn)(block),
        ffnOut: linear(block + "mlp.down_proj", c.ffnWidth, c.width, bias: c.hasFFNBias))
      setNorms(&tensors, block)
      return tensors
    }
    return ModelTensors(
      embedding: prefix + "embed_tokens.weight", finalNorm: NormTensors(gain: prefix + "norm.weight"), blocks: blocks,
      blockPrefix: prefix + "layers.", strayBlockTensors: [".self_attn.rotary_emb.inv_freq"]
    ).withHead("lm_head.weight", isTied: c.isTied, exists: exists)
  }
}

extension ModelTensors {
  /// Adds a head that is one product: tied, or of its own where the checkpoint has it.
  func withHead(_ name: String, bias: String? = nil, isTied: Bool, exists: (String) -> Bool) -> ModelTensors {
    var result = self
    let isThere = exists(name)
    let ownBias = bias.flatMap { exists($0) ? $0 : nil }
    if isTied {
      result.head = HeadTensors(unembedding: embedding, bias: ownBias)
      result.tiedCopy = isThere ? name : nil
    } else if isThere {
      result.head = HeadTensors(unembedding: name, bias: ownBias)
    }
    return result
  }
}
