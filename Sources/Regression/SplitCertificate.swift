internal import Tensors

/// Certificates, in double precision, of solutions whose weights and coefficients are found apart.
///
/// The weights w and an intercept give the primal value P, the coefficients β within the box and of sum zero the dual
/// value D = −½‖Xᵀβ‖² + yᵀβ − ε‖β‖₁. Any such pair encloses the optimum, so P − D bounds how far P is from it, and
/// ½‖w − w*‖² ≤ P − D. The large eigenvalues of K magnify the errors of β: with w = Xᵀβ the same β would show a gap a
/// thousand times as large.
struct SplitCertificate {
  let source: DoubleMatrix
  let c: Double
  let epsilon: Double

  struct Outcome {
    var bias: Double
    var gap: Double
  }

  /// Certifies candidates.
  ///
  /// - Parameters:
  ///   - targets: centred, `[k, n]`.
  ///   - weights: `[k, d]`.
  ///   - coefficients: `[k, n]`; moved within the box so that they sum to zero to rounding.
  func certify(targets: DoubleMatrix, weights: DoubleMatrix, coefficients: inout DoubleMatrix) -> [Outcome] {
    for row in 0..<coefficients.rows { coefficients.setRow(row, balanced(coefficients.row(row))) }
    let predictions = multiply(weights, source, transposeB: true)
    let images = multiply(coefficients, source)
    return (0..<targets.rows).map { row in
      outcome(targets.row(row), weights.row(row), predictions.row(row), coefficients.row(row), images.row(row))
    }
  }

  private func outcome(
    _ y: [Double], _ weights: [Double], _ predictions: [Double], _ beta: [Double], _ image: [Double]
  ) -> Outcome {
    let residuals = zip(y, predictions).map { $0 - $1 }
    let bias = DualityGap.bestIntercept(residuals, epsilon: epsilon)
    let loss = residuals.reduce(0.0) { $0 + max(0, abs($1 - bias) - epsilon) }
    let primal = 0.5 * weights.reduce(0.0) { $0 + $1 * $1 } + c * loss
    let linear = zip(y, beta).reduce(0.0) { $0 + $1.0 * $1.1 }
    let size = beta.reduce(0.0) { $0 + abs($1) }
    let dual = -0.5 * image.reduce(0.0) { $0 + $1 * $1 } + linear - epsilon * size
    // A dual above the primal cannot be, but for rounding: it counts against the solution like any distance.
    let distance = abs(primal - dual)
    let gap = distance == 0 ? 0 : distance / max(abs(primal), .leastNormalMagnitude)
    return Outcome(bias: bias, gap: gap.isFinite ? gap : .infinity)
  }

  /// Coefficients within the box whose sum is zero to rounding, by moving those that are neither 0 nor ±C.
  private func balanced(_ values: [Double]) -> [Double] {
    var beta = values.map { min(max($0, -c), c) }
    for _ in 0..<20 {
      let sum = beta.reduce(0, +)
      let open = beta.count { $0 != 0 && abs($0) < c }
      if open == 0 || abs(sum) <= 1e-15 * c * Double(beta.count) { break }
      let share = sum / Double(open)
      for i in beta.indices where beta[i] != 0 && abs(beta[i]) < c { beta[i] = min(max(beta[i] - share, -c), c) }
    }
    return beta
  }
}
