/// A place inside a block where an activation can be looked at and changed.
///
/// Rows are positions. TransformerLens' names stand in parentheses; d is the width of the stream, H the heads, H_kv those
/// with keys of their own, d_h a head's width, d_ff the feed-forward network's.
public enum Site: Hashable, Sendable {
  /// [n, d]: the residual stream that enters, h_l (hook_resid_pre).
  case residualIn
  /// [n, d]: the stream between the two branches (hook_resid_mid); a parallel block has none.
  case residualMid
  /// [n, d]: the stream that leaves, h_{l+1} (hook_resid_post).
  case residualOut
  /// [n, d]: what a norm reads; writing changes what the norm sees, not the stream, but for the sums of post-norm blocks.
  case normInput(NormPlace)
  /// [n, 1]: what a norm divides by, √(var + ε) or √(mean square + ε) (ln1.hook_scale, ln2.hook_scale).
  case normScale(NormPlace)
  /// [n, d]: what a norm gives, gain and bias included.
  case normOutput(NormPlace)
  /// [n, H · d_h]: queries as attention sees them, after bias, query norm and rotation (attn.hook_rot_q, else hook_q).
  case queries
  /// [n, H_kv · d_h]: keys as attention sees them, after bias, key norm and rotation (attn.hook_rot_k, else hook_k).
  case keys
  /// [n, H_kv · d_h]: values, which are never rotated (attn.hook_v).
  case values
  /// [n · H, keys]: attention weights, row p · H + h for position p and head h; columns are positions of the text from its
  /// first, zero where a query does not look (attn.hook_pattern). All rows of a visit belong to one text.
  case pattern
  /// [n, H · d_h]: each head's weighted values, before the output product (attn.hook_z).
  case heads
  /// [n, d]: what attention adds to the stream, bias and any norm of the output included (hook_attn_out).
  case attentionOut
  /// [n, d_ff]: the feed-forward network before its activation, the gate where it is gated (mlp.hook_pre).
  case ffnIn
  /// [n, d_ff]: the factor of a gated network, bias included (mlp.hook_pre_linear).
  case ffnUp
  /// [n, d_ff]: after the activation, the product with the factor where the network is gated (mlp.hook_post).
  case ffnActivation
  /// [n, d]: what the feed-forward network adds to the stream, bias and any norm of the output included (hook_mlp_out).
  case ffnOut

  /// Every site there may be; no block has all of them.
  public static let all: [Site] =
    [.residualIn, .residualMid, .residualOut, .queries, .keys, .values, .pattern, .heads, .attentionOut]
    + [.ffnIn, .ffnUp, .ffnActivation, .ffnOut]
    + NormPlace.allCases.flatMap { [.normInput($0), .normScale($0), .normOutput($0)] }

  /// Whether blocks of this plan have the site.
  public func exists(in plan: BlockPlan) -> Bool {
    switch self {
    case .residualMid: plan.residual != .parallel
    case .ffnUp: plan.ffn.isGated
    case .normInput(let place), .normScale(let place), .normOutput(let place): plan.norm(place) != nil
    default: true
    }
  }
}

/// Where a norm of a block stands.
public enum NormPlace: Hashable, Sendable, CaseIterable {
  /// What attention reads (ln1 of pre-norm models).
  case attention
  /// What attention adds; in post-norm models, its sum with the stream (ln1 there).
  case attentionOut
  /// What the feed-forward network reads (ln2 of pre-norm models).
  case ffn
  /// What the feed-forward network adds; in post-norm models, its sum with the stream (ln2 there).
  case ffnOut
}

extension BlockPlan {
  /// The norm at a place; nil where there is none.
  public func norm(_ place: NormPlace) -> NormPlan? {
    switch place {
    case .attention: attentionNorm
    case .attentionOut: attentionOutNorm
    case .ffn: ffnNorm
    case .ffnOut: ffnOutNorm
    }
  }
}
