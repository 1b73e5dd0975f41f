/// A product y = x Wᵀ + b as a checkpoint stores it.
struct LinearTensors: Hashable, Sendable {
  var weight: String
  var bias: String?
  var inputs: Int
  var outputs: Int
  /// Whether rows of the stored matrix are inputs (GPT-2's Conv1D, [in, out]) rather than outputs ([out, in]).
  var rowsAreInputs = false

  var shape: [Int] { rowsAreInputs ? [inputs, outputs] : [outputs, inputs] }
}

/// The gain and bias of a norm.
struct NormTensors: Hashable, Sendable {
  var gain: String
  var bias: String?
}

/// The tensors of one block, by role; products that share their input are listed together and run as one.
struct BlockTensors: Sendable {
  /// Queries, keys and values, in this order.
  var attentionIn: [LinearTensors]
  var attentionOut: LinearTensors
  /// The gate and the up product where the network is gated, else the one product.
  var ffnIn: [LinearTensors]
  var ffnOut: LinearTensors
  /// The norms that the block's plan has.
  var attentionNorm: NormTensors?
  var attentionOutNorm: NormTensors?
  var ffnNorm: NormTensors?
  var ffnOutNorm: NormTensors?
  /// The gains of queries and keys, where these are normalised.
  var queryNorm: NormTensors?
  var keyNorm: NormTensors?

  var linears: [LinearTensors] { attentionIn + [attentionOut] + ffnIn + [ffnOut] }
  /// The norms over the width of the stream.
  var norms: [NormTensors] { [attentionNorm, attentionOutNorm, ffnNorm, ffnOutNorm].compactMap { $0 } }
}

/// The tensors of a head: an unembedding, and for BERT the transform before it.
struct HeadTensors: Sendable {
  var unembedding: String
  var bias: String?
  var transform: LinearTensors?
  var transformNorm: NormTensors?
}

/// Which tensors make up a model, by role, with the names this checkpoint uses.
struct ModelTensors: Sendable {
  var embedding: String
  var positions: String?
  var tokenTypes: String?
  var embeddingNorm: NormTensors?
  var finalNorm: NormTensors?
  var head: HeadTensors?
  var blocks: [BlockTensors]
  /// What the names of all blocks begin with, such as `model.layers.`.
  var blockPrefix: String
  /// Endings of tensors inside blocks that hold no weights: masks and tables that older versions saved.
  var strayBlockTensors: [String]
  /// A second copy of a tied unembedding, which must equal the embedding.
  var tiedCopy: String?
}

extension ModelTensors {
  /// Finds the names for a configuration.
  ///
  /// - Parameters:
  ///   - configuration: Read from config.json.
  ///   - exists: Whether the checkpoint holds a tensor of this name.
  init(_ configuration: ModelConfiguration, exists: (String) -> Bool) {
    switch configuration.family {
    case .gpt2: self = .gpt2(configuration, exists: exists)
    case .llama, .qwen2: self = .llama(configuration, exists: exists)
    case .bert: self = .bert(configuration, exists: exists)
    }
  }

  private static func gpt2(_ c: ModelConfiguration, exists: (String) -> Bool) -> ModelTensors {
    let prefix = exists("transformer.wte.weight") ? "transformer." : ""
    func norm(_ name: String) -> NormTensors { NormTensors(gain: name + ".weight", bias: name + ".bias") }
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
        ffnOut: linear(block + "mlp.c_proj", c.ffnWidth, c.width),
        attentionNorm: norm(block + "ln_1"), ffnNorm: norm(block + "ln_2"))
    }
    let embedding = prefix + "wte.weight"
    let hasOwnHead = exists("lm_head.weight")
    let head =
      c.isTied ? HeadTensors(unembedding: embedding) : hasOwnHead ? HeadTensors(unembedding: "lm_head.weight") : nil
    return ModelTensors(
      embedding: embedding, positions: prefix + "wpe.weight", finalNorm: norm(prefix + "ln_f"), head: head,
      blocks: blocks, blockPrefix: prefix + "h.", strayBlockTensors: [".attn.bias", ".attn.masked_bias"],
      tiedCopy: c.isTied && hasOwnHead ? "lm_head.weight" : nil)
  }

  private static func llama(_ c: ModelConfiguration, exists: (String) -> Bool) -> ModelTensors {
    let prefix = exists("model.embed_tokens.weight") ? "model." : ""
    func linear(_ name: String, _ inputs: Int, _ outputs: Int, bias: Bool) -> LinearTensors {
      LinearTensors(weight: name + ".weight", bias: bias ? name + ".bias" : nil, inputs: inputs, outputs: outputs)
    }
    let blocks = (0..<c.blocks).map { index in
      let block = "\(prefix)layers.\(index)."
      return BlockTensors(
        attentionIn: [
          linear(block + "self_attn.q_proj", c.width, c.queryWidth, bias: c.hasQueryBias),
          linear(block + "self_attn.k_proj", c.width, c.keyWidth, bias: c.hasQueryBias),
          linear(block + "self_attn.v_proj", c.width, c.keyWidth, bias: c.hasQueryBias),
        ],
        attentionOut: linear(block + "self_attn.o_proj", c.queryWidth, c.width, bias: c.hasOutputBias),
        ffnIn: [
          linear(block + "mlp.gate_proj", c.width, c.ffnWidth, bias: c.hasFFNBias),
          linear(block + "mlp.up_proj", c.width, c.ffnWidth, bias: c.hasFFNBias),
        ],
        ffnOut: linear(block + "mlp.down_proj", c.ffnWidth, c.width, bias: c.hasFFNBias),
        attentionNorm: NormTensors(gain: block + "input_layernorm.weight"),
        ffnNorm: NormTensors(gain: block + "post_attention_layernorm.weight"))
    }
    let embedding = prefix + "embed_tokens.weight"
    let hasOwnHead = exists("lm_head.weight")
    let head =
      c.isTied ? HeadTensors(unembedding: embedding) : hasOwnHead ? HeadTensors(unembedding: "lm_head.weight") : nil
    return ModelTensors(
      embedding: embedding, finalNorm: NormTensors(gain: prefix + "norm.weight"), head: head, blocks: blocks,
      blockPrefix: prefix + "layers.", strayBlockTensors: [".self_attn.rotary_emb.inv_freq"],
      tiedCopy: c.isTied && hasOwnHead ? "lm_head.weight" : nil)
  }
}
