import Tensors
import Transformers

/// What one value alone gives every token.
public struct ValueDistribution: Sendable {
  /// U v, [V].
  public let values: [Float]
  /// |v|.
  public let length: Double
  /// ln Σ exp of the values, and of their opposites.
  private let sums: [Double]

  init(values: Matrix, length: Double) {
    (self.values, self.length) = (values.row(0), length)
    sums = values.logSumExps(of: [(0, 1), (0, -1)], over: [Float](repeating: 0, count: values.columns))
  }

  /// The probability of a token under the softmax of the values, or of their opposites.
  ///
  /// - Parameters:
  ///   - value: the token's entry of `values`.
  ///   - sign: that of the coefficient.
  public func probability(_ value: Double, sign: Int) -> Double {
    sign < 0 ? exponential(-value - sums[1]) : exponential(value - sums[0])
  }
}

extension Model {
  /// The distribution of a neuron's value, through the unembedding alone.
  ///
  /// - Throws: `ModelError`: code `unsupported` where norms follow the additions, `noHead` without a head.
  public func valueDistribution(block: Int, neuron: Int) throws -> ValueDistribution {
    try requirePreNorm()
    let output = try BranchOutput(.ffnOut, block: block, of: self, in: nil)
    let value = output.columns([neuron])
    return ValueDistribution(values: try unembed(value), length: value.lengths[0])
  }
}
