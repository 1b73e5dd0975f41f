internal import Tensors

/// The rows of one target in an `ActiveSetSolver`'s matrices, each of `n` numbers.
struct TargetRows {
  let n: Int
  /// Where each sample lies; see `ActiveSetGuess`.
  let codes: UnsafeMutablePointer<Int8>
  /// β.
  let beta: UnsafeMutablePointer<Double>
  /// g + E_Q v.
  let right: UnsafeMutablePointer<Double>
  let y: UnsafePointer<Double>

  /// A sample that violates its code, and the code it gets.
  typealias Change = (sample: Int, code: Int8)

  /// How far coefficients on Q are from what they are fixed at, the largest coefficient, and the samples that violate
  /// their code.
  ///
  /// All are found before any is changed: a change moves every coefficient.
  func violations(c: Double, epsilon: Double) -> (stray: Double, largest: Double, changes: [Change]) {
    var (stray, largest) = (0.0, 0.0)
    var changes: [Change] = []
    for i in 0..<n {
      let code = codes[i]
      largest = max(largest, abs(beta[i]))
      if code != 1 && code != -1 { stray = max(stray, abs(beta[i] - (code == 0 ? 0 : code > 0 ? c : -c))) }
      let next = Self.next(code, beta[i], y[i] - right[i], c: c, epsilon: epsilon)
      if next != code { changes.append((i, next)) }
    }
    return (stray, largest, changes)
  }

  /// Gives samples their new codes and corrects β = P(g + E_Q v) for those that leave Q.
  func apply(_ changes: [Change], epsilon: Double, inverse: DoubleMatrix) {
    inverse.withUnsafePointer { p in
      for (i, next) in changes {
        codes[i] = next
        // A sample that comes to Q keeps its residual as the first v; one that leaves Q gets ±ε.
        if abs(next) != 1 { continue }
        let shift = y[i] - (next > 0 ? epsilon : -epsilon) - right[i]
        right[i] += shift
        Kernels.add(p + i * n, times: shift, to: beta, count: n)
      }
    }
  }

  /// Makes coefficients exact: fixed ones what they are fixed at, and the sum zero by an equal share of the free ones.
  func finish(c: Double) {
    var (sum, free) = (0.0, 0)
    for i in 0..<n {
      if abs(codes[i]) == 1 { free += 1 } else { beta[i] = codes[i] == 0 ? 0 : codes[i] > 0 ? c : -c }
      sum += beta[i]
    }
    if free == 0 { return }
    let share = sum / Double(free)
    for i in 0..<n where abs(codes[i]) == 1 { beta[i] = min(max(beta[i] - share, -c), c) }
  }

  /// The code of a sample from its coefficient (on the edge) or its residual (elsewhere).
  private static func next(_ code: Int8, _ beta: Double, _ residual: Double, c: Double, epsilon: Double) -> Int8 {
    // Rounding: a sample within this of its limit stays where it is.
    let slack = 1e-9
    switch code {
    case 0: return residual > epsilon * (1 + slack) ? 1 : residual < -epsilon * (1 + slack) ? -1 : 0
    case 1, -1:
      let inward = code > 0 ? beta : -beta
      return inward < -slack * c ? 0 : inward > c * (1 + slack) ? 2 * code : code
    default: return (code > 0 ? residual : -residual) < epsilon * (1 - slack) ? code / 2 : code
    }
  }
}
