internal import Tensors

/// A guess of which samples lie where, for all targets of a block at once, in single precision.
///
/// The alternating direction method of multipliers on the dual: with z a copy of β that carries the box and the
/// ε-term, and u the scaled multiplier of β = z,
/// ```
/// β = (K + ρI)⁻¹(y + ρ(z − u)) within Σβ = 0
/// z = clip(soft(αβ + (1 − α)z + u, ε/ρ), ±C)
/// u = u + αβ + (1 − α)z_old − z
/// ```
/// One matrix product per step serves all targets. Over-relaxation α = 1.7 halves the steps (measured). Source: Boyd
/// and others, "Distributed optimization and statistical learning via the alternating direction method of multipliers"
/// (2011), sections 3.1.1 and 3.4.3.
struct ActiveSetGuess {
  /// Codes of all samples, `[targets, n]`; 0 inside the tube (β = 0), ±1 on its edge (β between), ±2 outside
  /// (β = ±C).
  var codes: [Int8]
  /// Estimates of the residuals y − Kβ − b, `[targets, n]`.
  var residuals: [Float]
  /// Estimates of the coefficients within the box, `[targets, n]`; empty where a solver has better ones.
  var coefficients: [Float] = []

  /// The state of a solver, to go on from.
  init(codes: [Int8], residuals: [Float]) {
    self.codes = codes
    self.residuals = residuals
  }

  /// Guesses by some steps from zero.
  init(_ targets: DoubleMatrix, inverse: GuessInverse, c: Double, epsilon: Double, steps: Int) {
    let count = targets.values.count
    let y = targets.single.values
    let (rho, bound, relaxation) = (inverse.penalty, Float(c), Float(1.7))
    let threshold = Float(epsilon) / rho
    var z = [Float](repeating: 0, count: count)
    var u = z
    var right = Matrix(rows: targets.rows, columns: targets.columns, values: y)
    var beta = Matrix(rows: targets.rows, columns: targets.columns)
    for step in 0..<steps {
      multiply(right, inverse.matrix, into: &beta)
      right.withUnsafeMutablePointer { right in
        beta.withUnsafePointer { beta in
          Kernels.admmUpdate(
            beta: beta, y: y, z: &z, u: &u, right: right, count: count, mix: step == 0 ? 1 : relaxation,
            threshold: threshold, bound: bound, rho: rho)
        }
      }
    }
    codes = z.map { value in value == 0 ? 0 : (abs(value) >= bound ? 2 : 1) * (value > 0 ? 1 : -1) }
    residuals = u.map { rho * $0 }
    coefficients = z
  }
}
