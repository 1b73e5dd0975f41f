import Tensors
import Transformers

/// How the activations of a branch reach the stream at one position.
///
/// An output product and, where the block has one, a norm of its result with the scale it had there: it is linear, so every
/// activation has a vector of its own.
struct BranchOutput: Sendable {
  /// [d, activations].
  private let weight: Matrix
  private let norm: FrozenNorm
  /// What is added whatever the activations: the product's bias through the norm, and the norm's; [1, d], nil for none.
  let constant: Matrix?

  /// The activations there are.
  var count: Int { weight.columns }

  /// Attention's output (`place` is `.attentionOut`), whose activations are the heads' weighted values, or the feed-forward
  /// network's (`.ffnOut`), whose activations are its neurons'; without a trace its norm has no scale.
  init(_ place: NormPlace, block: Int, of model: Model, in trace: PromptTrace.Block?) throws(ModelError) {
    let parameters = try model.outputParameters(place, block: block)
    self.init(
      parameters.product,
      FrozenNorm(
        place, of: model.configuration.plans[block], parameters.norm,
        scale: trace == nil ? 1 : trace?.scales[place]?.first))
  }

  private init(_ product: BlockParameters.Product, _ norm: FrozenNorm) {
    weight = product.weight
    self.norm = norm
    let d = product.weight.rows
    let through = product.bias.map { norm.applied(to: Matrix(rows: 1, columns: d, values: $0)).values }
    switch (through, norm.bias) {
    case (let a?, let b?): constant = Matrix(rows: 1, columns: d, values: zip(a, b).map { $0 + $1 })
    case (let a?, nil), (nil, let a?): constant = Matrix(rows: 1, columns: d, values: a)
    case (nil, nil): constant = nil
    }
  }

  /// What one unit of some activations adds, [indices.count, d].
  func columns(_ indices: some Collection<Int>) -> Matrix {
    norm.applied(to: weight.columns(at: Array(indices)).transposed())
  }

  /// What rows of activations [n, activations] add, without the constant, [n, d].
  func vectors(_ activations: Matrix) -> Matrix {
    norm.applied(to: multiply(activations, weight, transposeB: true))
  }

  /// How much one unit of every activation moves along a direction of the stream: ⟨column, direction⟩, [activations].
  func reach(along direction: [Double]) -> [Double] {
    multiply(weight, norm.pulledBack(direction).map { Float($0) }, transposed: true).map { Double($0) }
  }

  /// The same along several directions [n, d], [n, activations].
  func reach(along directions: Matrix) -> Matrix {
    var pulled = directions
    for row in 0..<directions.rows {
      pulled.setRow(row, norm.pulledBack(directions.row(row).map { Double($0) }).map { Float($0) })
    }
    return multiply(pulled, weight)
  }
}
