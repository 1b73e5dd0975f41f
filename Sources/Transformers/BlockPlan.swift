/// How one block computes, as data: what a family's reader makes of config.json and all that the arithmetic asks.
///
/// With h the state that enters, A and F attention and feed-forward network with their output biases, and N the norms
/// that are there:
/// - serial: m = h + N_ao(A(N_a(h))), then m + N_fo(F(N_f(m))) leaves;
/// - parallel: h + N_ao(A(N_a(h))) + N_fo(F(N_f(h))) leaves; there is no state between the two;
/// - post-norm: m = N_ao(h + A(h)), then N_fo(m + F(m)) leaves.
public struct BlockPlan: Hashable, Sendable {
  /// How the two branches join the residual stream.
  public enum Residual: Hashable, Sendable {
    /// One after the other, each adding to the stream.
    case serial
    /// Both from the state that enters. Without `ffnNorm` the feed-forward network reads what attention reads (GPT-J).
    case parallel
    /// One after the other; `attentionOutNorm` and `ffnOutNorm` normalise the sums (BERT).
    case postNorm
  }

  /// How the branches join.
  public var residual: Residual
  /// N_a: what attention reads; nil where it reads the stream itself.
  public var attentionNorm: NormPlan?
  /// N_ao: what attention adds or, in a post-norm block, its sum with the stream.
  public var attentionOutNorm: NormPlan?
  /// N_f: what the feed-forward network reads.
  public var ffnNorm: NormPlan?
  /// N_fo: what the feed-forward network adds or, in a post-norm block, its sum with the stream.
  public var ffnOutNorm: NormPlan?
  /// The attention of the block.
  public var attention: AttentionPlan
  /// The feed-forward network of the block.
  public var ffn: FeedForwardPlan

  /// A plan; a norm that is not named is not there, and nothing stands in its place.
  public init(
    residual: Residual, attentionNorm: NormPlan? = nil, attentionOutNorm: NormPlan? = nil, ffnNorm: NormPlan? = nil,
    ffnOutNorm: NormPlan? = nil, attention: AttentionPlan, ffn: FeedForwardPlan
  ) {
    self.residual = residual
    (self.attentionNorm, self.attentionOutNorm) = (attentionNorm, attentionOutNorm)
    (self.ffnNorm, self.ffnOutNorm) = (ffnNorm, ffnOutNorm)
    (self.attention, self.ffn) = (attention, ffn)
  }
}

/// How a vector is normalised.
public struct NormPlan: Hashable, Sendable {
  /// LayerNorm, gain · (x − mean x) / √(var x + ε) + bias, or RMSNorm, gain · x / √(mean x² + ε).
  public enum Kind: Hashable, Sendable { case layerNorm, rmsNorm }
  /// What the stored weight w means.
  public enum Gain: Hashable, Sendable {
    /// The gain is w as it is stored.
    case weight
    /// The gain is 1 + w: zeros are stored for a norm that does not scale (Gemma).
    case onePlusWeight
  }

  /// Which of the two formulas.
  public var kind: Kind
  /// ε, added to the variance or mean square under the root.
  public var epsilon: Double
  /// How the gain follows from the stored weight.
  public var gain: Gain

  /// A plan whose stored weight is the gain itself unless said otherwise.
  public init(_ kind: Kind, epsilon: Double, gain: Gain = .weight) {
    (self.kind, self.epsilon, self.gain) = (kind, epsilon, gain)
  }
}

/// The attention of a block; its sizes stand in the model's configuration.
public struct AttentionPlan: Hashable, Sendable {
  /// Which part of a position's queries, and of its keys, is normalised together before it is rotated.
  public enum QueryKeyNorm: Hashable, Sendable {
    /// Every head by itself, one gain of width d_h for all of them (Qwen3, Gemma 3).
    case perHead(NormPlan)
    /// All heads together (OLMo 2).
    case wholeProjection(NormPlan)
  }

  /// How queries and keys are normalised; nil where they are not.
  public var queryKeyNorm: QueryKeyNorm?
  /// What scores are multiplied by; 1 / √d_h as a rule.
  public var scale: Float
  /// c of the soft cap c · tanh(score / c) on scaled scores (Gemma 2); nil where there is none.
  public var softCap: Float?
  /// Positions that a query sees, its own included; nil for all.
  public var window: Int?
  /// Whether a position sees itself and earlier ones only.
  public var isCausal: Bool
  /// Rotary position embedding; nil where there is none.
  public var rotary: RotaryPlan?

  /// A plan that sees itself and everything before it, without anything that is not named.
  public init(
    scale: Float, isCausal: Bool = true, rotary: RotaryPlan? = nil, queryKeyNorm: QueryKeyNorm? = nil,
    softCap: Float? = nil, window: Int? = nil
  ) {
    (self.scale, self.isCausal, self.rotary) = (scale, isCausal, rotary)
    (self.queryKeyNorm, self.softCap, self.window) = (queryKeyNorm, softCap, window)
  }

  /// 1 / √d_h, rounded as every family's states are compared with.
  public static func standardScale(headWidth: Int) -> Float { 1 / Float(headWidth).squareRoot() }
}

/// Which elements of a head are turned, by which angles.
public struct RotaryPlan: Hashable, Sendable {
  /// Which elements make a pair.
  public enum Layout: Hashable, Sendable {
    /// x_i and x_{i + width/2} (Llama, GPT-NeoX).
    case halfSplit
    /// x_{2i} and x_{2i + 1} (GPT-J).
    case interleaved
  }

  /// How far a pair turns from one position to the next, in radians, and how that is stretched for long contexts.
  public var frequencies: RotaryConfiguration
  /// How many of a head's elements are turned, the first ones; even, at most d_h.
  public var width: Int
  /// How the first `width` elements are paired.
  public var layout: Layout

  /// A plan that turns the first `width` elements of every head and leaves the rest as they are.
  public init(_ frequencies: RotaryConfiguration, width: Int, layout: Layout = .halfSplit) {
    (self.frequencies, self.width, self.layout) = (frequencies, width, layout)
  }
}

/// The feed-forward network of a block: W_out(act(W_in x)), or W_out(act(W_gate x) · W_up x) where it is gated.
public struct FeedForwardPlan: Hashable, Sendable {
  /// act, applied to each of the d_ff elements.
  public var activation: ModelConfiguration.Activation
  /// Whether the activation is multiplied by a second product (SwiGLU and kin).
  public var isGated: Bool

  /// A plan of two products, or of three where the network is gated.
  public init(_ activation: ModelConfiguration.Activation, isGated: Bool) {
    (self.activation, self.isGated) = (activation, isGated)
  }
}
