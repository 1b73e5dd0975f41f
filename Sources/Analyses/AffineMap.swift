import Tensors

/// A fitted map of row vectors, y = x · W + b, in the precision in which models run.
public struct AffineMap: Sendable, Equatable {
  /// W, `[d in, d out]`.
  public var weights: Matrix
  /// b, `[d out]`; nil where none was fitted.
  public var intercept: [Float]?

  public init(weights: Matrix, intercept: [Float]? = nil) {
    precondition(intercept.map { $0.count == weights.columns } ?? true, "a constant for each column")
    self.weights = weights
    self.intercept = intercept
  }

  /// The images of states `[n, d in]`, as `[n, d out]`.
  public func apply(_ states: Matrix) -> Matrix {
    let images = multiply(states, weights)
    guard let intercept else { return images }
    var values = images.values
    for index in values.indices { values[index] += intercept[index % intercept.count] }
    return Matrix(rows: images.rows, columns: images.columns, values: values)
  }
}
