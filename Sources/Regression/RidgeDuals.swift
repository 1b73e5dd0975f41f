internal import Tensors

/// Ridge regression in its dual form, all targets from one factorisation.
enum RidgeDuals {
  /// Coefficients β = (K + λI)⁻¹y of centred targets: `[targets, n]`.
  static func solve(_ targets: DoubleMatrix, _ gram: DoubleMatrix, penalty: Double) -> BlockSolution {
    var solution = BlockSolution(targets: targets.rows, samples: targets.columns, dimensions: nil)
    var columns = targets.transposed()
    // K has no negative eigenvalues, so K + λI is positive definite unless λ drowns in rounding.
    guard let factor = shifted(gram, by: penalty) else { return undefined(solution) }
    factor.solve(&columns)
    solution.set(columns.transposed())
    return solution
  }

  /// The same through XᵀX, with fewer dimensions than samples: w = (XᵀX + λI)⁻¹Xᵀy and β = (y − Xw)/λ.
  static func solve(_ targets: DoubleMatrix, source: DoubleMatrix, penalty: Double) -> BlockSolution {
    var solution = BlockSolution(targets: targets.rows, samples: targets.columns, dimensions: source.columns)
    var columns = multiply(source, targets, transposeA: true, transposeB: true)
    guard let factor = shifted(gram(source, ofColumns: true), by: penalty) else { return undefined(solution) }
    factor.solve(&columns)
    let weights = columns.transposed()
    var residuals = targets
    multiply(weights, source, transposeB: true, scale: -1 / penalty, into: &residuals, keep: 1 / penalty)
    solution.set(residuals)
    solution.weights = weights
    return solution
  }

  private static func shifted(_ gram: DoubleMatrix, by penalty: Double) -> Cholesky<Double>? {
    var shifted = gram
    for i in 0..<gram.rows { shifted[i, i] += penalty }
    return try? Cholesky(shifted)
  }

  private static func undefined(_ empty: BlockSolution) -> BlockSolution {
    var solution = empty
    solution.biases = Array(repeating: .nan, count: empty.biases.count)
    return solution
  }
}

extension BlockSolution {
  /// The targets are centred, so the intercept about their mean is zero.
  fileprivate mutating func set(_ coefficients: DoubleMatrix) {
    duals = coefficients
    supportVectors = (0..<duals.rows).map { row in duals.row(row).count { $0 != 0 } }
  }
}
