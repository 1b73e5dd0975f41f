import Tensors
import Transformers

extension Model {
  /// What a neuron, or a dimension of a head, gives every token's logit whatever the text: before-softmax values of its
  /// vector with the gains of the norms it passes and none of their scales.
  ///
  /// Scales are positive, so the order of the tokens is that of every text.
  ///
  /// - Parameter unit: no head, whose output hangs on the text.
  /// - Returns: [V], for a coefficient of 1.
  /// - Throws: `ModelError`: code `unsupported` where norms follow the additions, `noHead` without a head.
  public func staticValues(of unit: StreamUnit) throws -> [Float] {
    try requirePreNorm()
    let vector: Matrix
    switch unit {
    case .neuron(_, let index):
      vector = try BranchOutput(.ffnOut, block: unit.block, of: self, in: nil).columns([index])
    case .headDimension(_, let head, let dimension, _):
      vector = try BranchOutput(.attentionOut, block: unit.block, of: self, in: nil)
        .columns([head * configuration.headWidth + dimension])
    case .head: preconditionFailure("a head's output hangs on the text")
    }
    return try unembed(configuration.head.norm == nil ? vector : finalNorm(vector, frozenTo: [1])).row(0)
  }
}
