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
enum ActiveSetGuess {
  /// Where a sample lies: 0 inside the tube (β = 0), ±1 on its edge (β between), ±2 outside (β = ±C).
  static func code(of beta: Double, c: Double, margin: Double) -> Int8 {
    let size = abs(beta)
    if size <= margin { return 0 }
    return (size >= c - margin ? 2 : 1) * (beta > 0 ? 1 : -1)
  }

  /// How long to guess and how many Newton steps to spend, first for all targets, then for those that are left.
  static let rounds: [(isFirst: Bool, guessSteps: Int, newtonSteps: Int)] = [(true, 6, 12), (false, 60, 20)]

  /// Codes of all samples, `[targets, n]`, after some steps from zero.
  static func codes(
    _ targets: DoubleMatrix, kernel: SharedKernel, c: Double, epsilon: Double, steps: Int
  ) -> [Int8] {
    let count = targets.values.count
    let y = targets.single.values
    let (rho, bound, relaxation) = (kernel.guessPenalty, Float(c), Float(1.7))
    let threshold = Float(epsilon) / rho
    var z = [Float](repeating: 0, count: count)
    var u = z
    var right = Matrix(rows: targets.rows, columns: targets.columns, values: y)
    var beta = Matrix(rows: targets.rows, columns: targets.columns)
    for step in 0..<steps {
      multiply(right, kernel.guessInverse, into: &beta)
      let mix: Float = step == 0 ? 1 : relaxation
      let isLast = step == steps - 1
      right.withUnsafeMutablePointer { right in
        beta.withUnsafePointer { beta in
          for i in 0..<count {
            let t = mix * beta[i] + (1 - mix) * z[i] + u[i]
            let soft = max(t - threshold, 0) + min(t + threshold, 0)
            let clipped = min(max(soft, -bound), bound)
            z[i] = clipped
            u[i] = t - clipped
            if !isLast { right[i] = y[i] + rho * (clipped - u[i]) }
          }
        }
      }
    }
    return z.map { value in
      value == 0 ? 0 : (abs(value) >= bound ? 2 : 1) * (value > 0 ? 1 : -1)
    }
  }
}
