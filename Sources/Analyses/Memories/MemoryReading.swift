/// What one block does at one position, in tokens and in numbers.
///
/// r is the stream before the norm of the feed-forward network, y what the network adds (bias included), o = r + y what
/// leaves the block; m_i and v_i are coefficient and value of neuron i.
public struct MemoryReading: Hashable, Sendable {
  /// The token that r gives most.
  public var residual: Int
  /// The token that y gives most.
  public var ffn: Int
  /// The token that o gives most.
  public var output: Int
  /// The token that r gives most as a whole state.
  public var state: Int
  /// The probability under r, read as a whole state, of the token that the model says in the end.
  public var confidence: Double
  /// (Σ c)² / Σ c² with c = |m||v|: over how many neurons the block's output is spread.
  public var effective: Double
  /// Share of the neurons with |m||v| above 1% of the largest.
  public var active: Double
  /// Share of the neurons with m > 0.
  public var positive: Double
  /// 1 + the number of neurons with |m||v| above |r|.
  public var residualRank: Int
  /// Whether an active neuron promotes the token that y gives most.
  public var hasAgreeing: Bool

  /// Who decides the token that leaves the block.
  public var kind: MemoryCase { MemoryCase(residual: residual, ffn: ffn, output: output) }
}

/// Who decides the token that leaves a block.
///
/// Source: Geva et al. (2021), section 5.
public enum MemoryCase: String, Sendable, CaseIterable {
  /// The stream's own token stays, the network says another one.
  case residual
  /// Both say the token that leaves.
  case agreement
  /// A token leaves that neither of the two said.
  case composition
  /// The network's token leaves, the stream had another one.
  case ffn
  /// Both say one token and another one leaves: only a bias of the final norm or of the head can do that.
  case veto

  init(residual: Int, ffn: Int, output: Int) {
    switch (output == residual, output == ffn, residual == ffn) {
    case (true, true, _): self = .agreement
    case (true, false, _): self = .residual
    case (false, true, _): self = .ffn
    case (false, false, true): self = .veto
    case (false, false, false): self = .composition
    }
  }
}

/// The readings of a sample.
public struct MemoryReadings: Sendable, Equatable {
  /// One text up to the position that is read.
  public struct Place: Hashable, Sendable {
    /// The number of the text.
    public var text: Int
    /// The position.
    public var position: Int
    /// The token that follows; nil where none does.
    public var next: Int?
    /// The token that the model says.
    public var final: Int
  }

  /// The positions, in the order of the texts.
  public var places: [Place] = []
  /// What each block does there, [L][positions].
  public var blocks: [[MemoryReading]] = []
  /// For each block: at how many positions an active neuron promotes a token, by token.
  public var promoted: [[Int: Int]] = []

  /// Readings of nothing yet.
  public init(blocks count: Int) {
    blocks = Array(repeating: [], count: count)
    promoted = Array(repeating: [:], count: count)
  }
}
