internal import Tensors

/// Exact solutions by a primal-dual active-set method, in double precision, for a block of targets.
///
/// Given codes (see `ActiveSetGuess.code`), let F be the samples on the edge with signs s and Q all others, c their
/// fixed coefficients (0 or ±C). The optimality conditions with those codes are linear: Kβ + b = y − εs on F, β = c on
/// Q. With P the inverse of K within Σβ = 0 and v the unknown residuals on Q they read
/// ```
/// β = P(g + E_Q v),   g = y − εs on F, y on Q,   P_QQ v = c − (Pg)_Q,   b = mean(g + E_Q v)
/// ```
/// so only a system of |Q| unknowns is solved per target, and the residual y − Kβ − b is −v on Q and εs on F without
/// another product. Samples that violate their code change it, until none does: a semismooth Newton method. Source:
/// Hintermüller, Ito and Kunisch, "The primal-dual active set strategy as a semismooth Newton method" (2002).
struct ActiveSetSolver {
  let kernel: SharedKernel
  let c: Double
  let epsilon: Double
  let targets: DoubleMatrix
  private var codes: [Int8]
  /// Coefficients of solved targets, `[targets, n]`.
  private(set) var duals: DoubleMatrix
  /// Newton steps taken, over all targets.
  private(set) var steps = 0

  init(kernel: SharedKernel, c: Double, epsilon: Double, targets: DoubleMatrix, codes: [Int8]) {
    self.kernel = kernel
    self.c = c
    self.epsilon = epsilon
    self.targets = targets
    self.codes = codes
    duals = DoubleMatrix(rows: targets.rows, columns: targets.columns)
  }

  /// Steps until each target's codes stay the same; returns which targets got there.
  ///
  /// P is the inverse of K + δI. Where δ matters (K of low rank, repeated samples) it is a proximal term δ/2‖β − β̂‖²
  /// about the last β̂ found, and stepping goes on until β̂ stands still.
  mutating func run(maximumSteps: Int) -> [Bool] {
    var solved = [Bool](repeating: false, count: targets.rows)
    var pending = Array(0..<targets.rows)
    for _ in 0..<maximumSteps where !pending.isEmpty {
      steps += pending.count
      var right = rightSides(pending)
      let projected = multiply(right, kernel.inverse)
      var residuals = DoubleMatrix(rows: pending.count, columns: targets.columns)
      var failed = [Bool](repeating: false, count: pending.count)
      for (place, row) in pending.enumerated() {
        failed[place] = !solveComplement(place, row, &right, projected, &residuals)
      }
      var beta = multiply(right, kernel.inverse)
      var rest: [Int] = []
      for (place, row) in pending.enumerated() where !failed[place] {
        let isStable = !update(place, row, &beta, residuals)
        if isStable && recentre(row, beta, place) {
          solved[row] = true
        } else {
          rest.append(row)
        }
      }
      pending = rest
    }
    return solved
  }

  /// Makes `beta` the centre of the proximal term; returns whether that moves no residual by more than rounding.
  private mutating func recentre(_ row: Int, _ beta: DoubleMatrix, _ place: Int) -> Bool {
    let found = beta.row(place)
    let old = duals.row(row)
    var change = 0.0
    for i in 0..<found.count { change = max(change, abs(found[i] - old[i])) }
    duals.setRow(row, found)
    return kernel.inversePenalty * change <= 1e-7 * epsilon
  }

  /// g = y − εs on the edge of the tube, y elsewhere, plus δβ̂.
  private func rightSides(_ rows: [Int]) -> DoubleMatrix {
    let n = targets.columns
    var result = targets.rows(at: rows)
    result.withUnsafeMutablePointer { g in
      codes.withUnsafeBufferPointer { codes in
        for (place, row) in rows.enumerated() {
          for i in 0..<n {
            let code = codes[row * n + i]
            var value = g[place * n + i] + kernel.inversePenalty * duals[row, i]
            if code == 1 { value -= epsilon } else if code == -1 { value += epsilon }
            g[place * n + i] = value
          }
        }
      }
    }
    return result
  }

  /// Solves P_QQ v = c − (Pg)_Q, adds v to g on Q and stores −v as the residuals there; false when it cannot.
  private func solveComplement(
    _ place: Int, _ row: Int, _ right: inout DoubleMatrix, _ projected: DoubleMatrix, _ residuals: inout DoubleMatrix
  ) -> Bool {
    let n = targets.columns
    let rest = (0..<n).filter { abs(codes[row * n + $0]) != 1 }
    let m = rest.count
    if m == 0 { return true }
    if m == n { return false }
    var system = DoubleMatrix(rows: m, columns: m) { a in
      kernel.inverse.withUnsafePointer { p in
        for (r, i) in rest.enumerated() {
          for q in 0...r { a[r * m + q] = p[i * n + rest[q]] }
          for q in r + 1..<m + 1 where q < m { a[r * m + q] = 0 }
        }
      }
    }
    var v = DoubleMatrix(rows: m, columns: 1)
    v.withUnsafeMutablePointer { v in
      projected.withUnsafePointer { w in
        for (r, i) in rest.enumerated() {
          let code = codes[row * n + i]
          v[r] = (code == 0 ? 0 : code > 0 ? c : -c) - w[place * n + i]
        }
      }
    }
    let isSolved = system.withUnsafeMutablePointer { a in
      v.withUnsafeMutablePointer { v in SmallSystem.solve(order: m, a, v) }
    }
    guard isSolved else { return false }
    for (r, i) in rest.enumerated() {
      right[place, i] += v[r, 0]
      residuals[place, i] = -v[r, 0]
    }
    return true
  }

  /// Moves samples that violate their code; returns whether any did. Coefficients on Q become exactly what they must.
  private mutating func update(
    _ place: Int, _ row: Int, _ beta: inout DoubleMatrix, _ residuals: DoubleMatrix
  ) -> Bool {
    let n = targets.columns
    // Rounding: a sample within this of its limit stays where it is.
    let slack = 1e-9
    var changed = false
    codes.withUnsafeMutableBufferPointer { codes in
      beta.withUnsafeMutablePointer { beta in
        residuals.withUnsafePointer { residuals in
          for i in 0..<n {
            let code = codes[row * n + i]
            let (b, r) = (beta[place * n + i], residuals[place * n + i])
            var next = code
            switch code {
            case 0:
              beta[place * n + i] = 0
              if r > epsilon * (1 + slack) { next = 1 } else if r < -epsilon * (1 + slack) { next = -1 }
            case 1, -1:
              let inward = code > 0 ? b : -b
              if inward < -slack * c { next = 0 } else if inward > c * (1 + slack) { next = 2 * code }
            default:
              beta[place * n + i] = code > 0 ? c : -c
              if (code > 0 ? r : -r) < epsilon * (1 - slack) { next = code / 2 }
            }
            if next != code {
              codes[row * n + i] = next
              changed = true
            }
          }
        }
      }
    }
    return changed
  }
}

/// Small dense symmetric systems, solved in place.
enum SmallSystem {
  /// Solves A·x = b in place of b by Cholesky, reading A's lower triangle; false when A is not positive definite.
  static func solve(order: Int, _ a: UnsafeMutablePointer<Double>, _ b: UnsafeMutablePointer<Double>) -> Bool {
    if Double.potrf(order, a, order) != 0 { return false }
    Double.trsm(false, order, 1, a, order, b, 1)
    Double.trsm(true, order, 1, a, order, b, 1)
    return true
  }
}
