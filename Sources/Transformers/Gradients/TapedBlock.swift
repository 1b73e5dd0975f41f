import Tensors

/// A block as a tape runs it: its plan, its weights and the angles of its rotary embedding.
package struct TapedBlock<Element: KernelElement> {
  let plan: BlockPlan
  let weights: BlockParts<Element>
  let rotation: Rotation<Element>?
  /// What every row continues by one position; nil for whole texts.
  var past: PastAttention<Element>?

  /// A block; `rotation` is nil where the plan has none.
  package init(plan: BlockPlan, weights: BlockParts<Element>, rotation: Rotation<Element>?) {
    (self.plan, self.weights, self.rotation) = (plan, weights, rotation)
  }

  func attention(_ sizes: BlockSizes) -> AttentionPart<Element> {
    AttentionPart(plan.attention, heads: sizes.heads, kvHeads: sizes.kvHeads, headWidth: sizes.headWidth)
  }

  func activation(_ sizes: BlockSizes) -> ActivationPart<Element> {
    ActivationPart(plan.ffn.activation.function, isGated: plan.ffn.isGated, width: sizes.ffnWidth)
  }
}

extension ModelConfiguration.Activation {
  /// The kernels' name of the function.
  public var function: ActivationFunction {
    switch self {
    case .geluTanh: .geluTanh
    case .geluErf: .geluErf
    case .silu: .silu
    case .relu: .relu
    case .tanh: .tanh
    }
  }
}
