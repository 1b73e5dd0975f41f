/// What a checkpoint's config.json says of its architecture, in one vocabulary for all families.
public struct ModelConfiguration: Hashable, Sendable {
  /// The function between the two products of the feed-forward network.
  public enum Activation: Hashable, Sendable { case geluTanh, geluErf, silu, relu, tanh }

  /// The architecture.
  public var family: Family
  /// L, the number of blocks.
  public var blocks: Int
  /// d, the width of the residual stream.
  public var width: Int
  /// H, the number of attention heads.
  public var heads: Int
  /// The number of heads with keys and values of their own; divides `heads`.
  public var kvHeads: Int
  /// d_h, the width of one head.
  public var headWidth: Int
  /// d_ff, the width of the feed-forward network.
  public var ffnWidth: Int
  /// V, the rows of the embedding.
  public var vocabulary: Int
  /// The longest text in tokens.
  public var context: Int

  /// How each block computes, L of them.
  public var plans: [BlockPlan]
  /// How token ids become h_0.
  public var embedding = EmbeddingPlan()
  /// How h_L becomes logits.
  public var head: HeadPlan
  /// The linear layer of a shortened checkpoint; nil for a whole model.
  public var streamMap: StreamMapPlan?
  /// Whether queries, keys and values have biases.
  public var hasQueryBias = false
  /// Whether attention's output product has a bias.
  public var hasOutputBias = false
  /// Whether the feed-forward products have biases.
  public var hasFFNBias = false

  /// Whether the unembedding is the embedding.
  public var isTied: Bool
  /// Whether logits can be computed: the checkpoint has a head or a tied one.
  public var hasHead = true

  /// The beginning-of-text token, where the configuration names one inside the vocabulary.
  public var bosToken: Int?
  /// The end-of-text tokens that the configuration names inside the vocabulary.
  public var eosTokens: [Int] = []
  /// The padding token, where the configuration names one inside the vocabulary.
  public var padToken: Int?

  /// Whether feed-forward networks multiply their activation by a second product (SwiGLU and kin).
  public var isGated: Bool { plans[0].ffn.isGated }
  /// Whether norms follow the residual additions (BERT); contributions then do not add up across a block.
  public var isPostNorm: Bool { plans[0].residual == .postNorm }
  /// Whether a position sees later ones (BERT) or only itself and earlier ones.
  public var isBidirectional: Bool { !plans[0].attention.isCausal }
  /// Width of the first product of a feed-forward network: gate and up together where it is gated.
  var ffnInWidth: Int { ffnWidth * (isGated ? 2 : 1) }

  /// The first end-of-text token.
  public var eosToken: Int? { eosTokens.first }
  /// Width of all queries of one position: heads × d_h.
  public var queryWidth: Int { heads * headWidth }
  /// Width of all keys of one position: kvHeads × d_h.
  public var keyWidth: Int { kvHeads * headWidth }
  /// Weights of one block, biases and norms left out.
  public var weightsPerBlock: Int {
    width * (queryWidth + 2 * keyWidth) + queryWidth * width + width * ffnWidth * (isGated ? 3 : 2)
  }
}
