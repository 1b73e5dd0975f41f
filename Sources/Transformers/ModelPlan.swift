/// How token ids become h_0.
public struct EmbeddingPlan: Hashable, Sendable {
  /// What the token's embedding is multiplied by (Gemma's √d, rounded as the checkpoint's type rounds it); nil for 1.
  public var scale: Float?
  /// The row of the table of learned positions that position 0 takes (OPT 2, RoBERTa padding id + 1); nil where no
  /// positions are learned.
  public var positionOffset: Int?
  /// A token that takes no position of its own but the row before position 0, so that what follows it does not move on
  /// (RoBERTa's padding); nil for none.
  public var unplacedToken: Int?
  /// Rows of the table of segments, of which the first is used; 0 where there is none.
  public var tokenTypes: Int
  /// The norm of the sum of token, position and segment, whose output is h_0 (BERT); nil where the sum is h_0.
  public var norm: NormPlan?

  /// A plan that looks up tokens and nothing else, but for what is named.
  public init(scale: Float? = nil, positionOffset: Int? = nil, tokenTypes: Int = 0, norm: NormPlan? = nil) {
    (self.scale, self.positionOffset, self.tokenTypes, self.norm) = (scale, positionOffset, tokenTypes, norm)
  }
}

/// How h_L becomes logits: final norm or transform, unembedding, bias, soft cap.
public struct HeadPlan: Hashable, Sendable {
  /// What stands before the unembedding of a masked language model: dense, activation, norm.
  public struct Transform: Hashable, Sendable {
    /// The function applied to each of the d elements of the dense product W h + b.
    public var activation: ModelConfiguration.Activation
    /// The norm of the activated vector, whose output is what the unembedding multiplies.
    public var norm: NormPlan

    /// A transform of width d to width d.
    public init(_ activation: ModelConfiguration.Activation, norm: NormPlan) {
      (self.activation, self.norm) = (activation, norm)
    }
  }

  /// The final norm; nil where the architecture has none (BERT).
  public var norm: NormPlan?
  /// The transform before the unembedding; nil where there is none.
  public var transform: Transform?
  /// c of the soft cap c · tanh(logit / c) (Gemma 2); nil where there is none.
  public var softCap: Float?

  /// A plan that unembeds h_L as it is, but for what is named.
  public init(norm: NormPlan? = nil, transform: Transform? = nil, softCap: Float? = nil) {
    (self.norm, self.transform, self.softCap) = (norm, transform, softCap)
  }
}
