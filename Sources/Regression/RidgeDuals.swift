internal import Tensors

/// Ridge regression in its dual form, all targets from one factorisation.
enum RidgeDuals {
  /// Coefficients β = (K + λI)⁻¹y of centred targets: `[targets, n]`.
  static func solve(_ targets: DoubleMatrix, _ gram: DoubleMatrix, penalty: Double) -> DoubleMatrix {
    var shifted = gram
    for i in 0..<gram.rows { shifted[i, i] += penalty }
    // K has no negative eigenvalues, so K + λI is positive definite unless λ drowns in rounding.
    guard let factor = try? Cholesky(shifted) else {
      return DoubleMatrix(
        rows: targets.rows, columns: targets.columns, values: Array(repeating: .nan, count: targets.values.count))
    }
    var columns = targets.transposed()
    factor.solve(&columns)
    return columns.transposed()
  }
}
