import Tensors

/// The weights of one block as the checkpoint stores them, or the places of their gradients.
package struct BlockParts<Element: KernelElement> {
  /// Queries, keys and values.
  package var attentionIn: LinearPart<Element>
  package var attentionOut: LinearPart<Element>
  /// The gates and ups where the network is gated.
  package var ffnIn: LinearPart<Element>
  package var ffnOut: LinearPart<Element>
  package var attentionNorm: NormPart<Element>?
  package var attentionOutNorm: NormPart<Element>?
  package var ffnNorm: NormPart<Element>?
  package var ffnOutNorm: NormPart<Element>?
  package var queryNorm: NormPart<Element>?
  package var keyNorm: NormPart<Element>?

  /// A block's products; norms are named afterwards.
  package init(
    attentionIn: LinearPart<Element>, attentionOut: LinearPart<Element>, ffnIn: LinearPart<Element>,
    ffnOut: LinearPart<Element>
  ) {
    (self.attentionIn, self.attentionOut, self.ffnIn, self.ffnOut) = (attentionIn, attentionOut, ffnIn, ffnOut)
  }

  /// The norm at a place, where the block has one.
  func norm(_ place: NormPlace) -> NormPart<Element>? {
    switch place {
    case .attention: attentionNorm
    case .attentionOut: attentionOutNorm
    case .ffn: ffnNorm
    case .ffnOut: ffnOutNorm
    }
  }
}

/// The sizes of a block.
package struct BlockSizes: Hashable, Sendable {
  /// d.
  package var width: Int
  /// H.
  package var heads: Int
  /// Heads with keys and values of their own.
  package var kvHeads: Int
  /// d_h.
  package var headWidth: Int
  /// d_ff.
  package var ffnWidth: Int
  /// d_ff, or twice that where the network is gated.
  package var ffnInWidth: Int

  /// Names the sizes.
  package init(width: Int, heads: Int, kvHeads: Int, headWidth: Int, ffnWidth: Int, isGated: Bool) {
    (self.width, self.heads, self.kvHeads) = (width, heads, kvHeads)
    (self.headWidth, self.ffnWidth, ffnInWidth) = (headWidth, ffnWidth, isGated ? 2 * ffnWidth : ffnWidth)
  }

  var projectionWidth: Int { (heads + 2 * kvHeads) * headWidth }
  var queryWidth: Int { heads * headWidth }
}
