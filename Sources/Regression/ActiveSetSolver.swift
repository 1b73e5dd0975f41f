internal import Tensors

/// Exact solutions by a primal-dual active-set method, in double precision, for a block of targets.
///
/// Given codes (see `ActiveSetGuess`), let F be the samples on the edge with signs s and Q all others, c their
/// fixed coefficients (0 or ±C). The optimality conditions with those codes are linear: Kβ + b = y − εs on F, β = c on
/// Q. With P the inverse of K within Σβ = 0 and v the unknown residuals on Q they read
/// ```
/// β = P(g + E_Q v),   g = y − εs on F, y on Q,   P_QQ v = c − (Pg)_Q,   b = mean(g + E_Q v)
/// ```
/// so only a system of |Q| unknowns is solved per target, and the residual y − Kβ − b is −v on Q and εs on F without
/// another product. Samples that violate their code change it, until none does: a semismooth Newton method. Source:
/// Hintermüller, Ito and Kunisch, "The primal-dual active set strategy as a semismooth Newton method" (2002).
///
/// P needs K to have an inverse within Σβ = 0: where it has none, `ProximalSets` come back to one that has.
///
/// β and g + E_Q v are kept in double precision and corrected: from the guess's residuals, β is formed once by a product
/// in double; what β misses on Q gives the correction of v, whose own product may then be in single precision.
struct ActiveSetSolver {
  /// P.
  let inverse: TwoPrecisions
  let c: Double
  let epsilon: Double
  let targets: DoubleMatrix
  private var codes: [Int8]
  /// g + E_Q v of each target.
  private(set) var right: DoubleMatrix
  /// Coefficients, `[targets, n]`; exact for solved targets.
  private(set) var duals: DoubleMatrix
  /// Newton steps taken, over all targets.
  private(set) var steps = 0
  private var systems = SmallSystems()
  /// Whether corrections are solved and multiplied in single precision.
  private let isFast: Bool

  init(
    inverse: TwoPrecisions, c: Double, epsilon: Double, targets: DoubleMatrix, guess: ActiveSetGuess, isFast: Bool
  ) {
    self.isFast = isFast
    self.inverse = inverse
    self.c = c
    self.epsilon = epsilon
    self.targets = targets
    codes = guess.codes
    right = targets
    duals = DoubleMatrix(rows: 0, columns: targets.columns)
    right.withUnsafeMutablePointer { g in
      for (i, code) in codes.enumerated() {
        g[i] -= abs(code) == 1 ? (code > 0 ? epsilon : -epsilon) : Double(guess.residuals[i])
      }
    }
    duals = multiply(right, inverse.exact)
  }

  private var n: Int { targets.columns }

  /// Where the given targets stand, to go on from with another solver.
  func state(of rows: [Int]) -> ActiveSetGuess {
    var guess = ActiveSetGuess(codes: [], residuals: [])
    for row in rows {
      for i in row * n..<(row + 1) * n {
        guess.codes.append(codes[i])
        guess.residuals.append(Float(targets.values[i] - right.values[i]))
      }
    }
    return guess
  }

  /// What became of a target in one Newton step.
  private enum Outcome {
    case solved, open, failed
  }

  /// Steps until each target's codes stay the same; returns which targets got there.
  mutating func run(maximumSteps: Int) -> [Bool] {
    var solved = [Bool](repeating: false, count: targets.rows)
    var pending = Array(0..<targets.rows)
    for _ in 0..<maximumSteps where !pending.isEmpty {
      steps += pending.count
      var correction = DoubleMatrix(rows: isFast ? 0 : pending.count, columns: n)
      var rounded = Matrix(rows: isFast ? pending.count : 0, columns: n)
      let isFeasible = pending.enumerated().map { place, row in
        correctResiduals(place, row, &correction, &rounded)
      }
      if isFast {
        add(multiply(rounded, inverse.rounded), to: pending)
      } else {
        add(multiply(correction, inverse.exact), to: pending)
      }
      let outcomes = pending.enumerated().map { place, row in isFeasible[place] ? settle(row) : .failed }
      for (place, row) in pending.enumerated() where outcomes[place] == .solved { solved[row] = true }
      pending = pending.indices.filter { outcomes[$0] == .open }.map { pending[$0] }
    }
    return solved
  }

  /// Adds rows of `change` to the coefficients of the given targets.
  private mutating func add<Element: MatrixElement>(_ change: DenseMatrix<Element>, to rows: [Int]) {
    let n = n
    duals.withUnsafeMutablePointer { beta in
      change.withUnsafePointer { change in
        for (place, row) in rows.enumerated() {
          for i in 0..<n { beta[row * n + i] += Double(change[place * n + i]) }
        }
      }
    }
  }

  /// Solves P_QQ Δv = c − β_Q, adds Δv to the right side, and writes it to the row of the correction; false when it
  /// cannot.
  private mutating func correctResiduals(
    _ place: Int, _ row: Int, _ correction: inout DoubleMatrix, _ rounded: inout Matrix
  ) -> Bool {
    let (n, c) = (n, c)
    var rest: [Int32] = []
    rest.reserveCapacity(n)
    var v: [Double] = []
    v.reserveCapacity(n)
    codes.withUnsafeBufferPointer { codes in
      duals.withUnsafePointer { beta in
        for i in 0..<n {
          let code = codes[row * n + i]
          if code == 1 || code == -1 { continue }
          rest.append(Int32(truncatingIfNeeded: i))
          v.append((code == 0 ? 0 : code > 0 ? c : -c) - beta[row * n + i])
        }
      }
    }
    if rest.count == n { return false }
    let isSolved = inverse.exact.withUnsafePointer { p in
      inverse.rounded.withUnsafePointer { rounded in
        v.withUnsafeMutableBufferPointer { v in
          guard let base = v.baseAddress else { return true }
          return (isFast && systems.solve(rounded, order: n, index: rest, x: base))
            || SmallSystem.solve(p, order: n, index: rest, x: base)
        }
      }
    }
    guard isSolved else { return false }
    right.withUnsafeMutablePointer { g in
      // What is added is what the product is formed of, so that nothing is lost by rounding.
      for (r, i) in rest.enumerated() { g[row * n + Int(i)] += isFast ? Double(Float(v[r])) : v[r] }
    }
    if isFast {
      rounded.withUnsafeMutablePointer { d in for (r, i) in rest.enumerated() { d[place * n + Int(i)] = Float(v[r]) } }
    } else {
      correction.withUnsafeMutablePointer { d in for (r, i) in rest.enumerated() { d[place * n + Int(i)] = v[r] } }
    }
    return true
  }

  /// Moves samples that violate their code and says what became of the target.
  private mutating func settle(_ row: Int) -> Outcome {
    let (c, epsilon, inverse, precision) = (c, epsilon, self.inverse.exact, isFast ? 1e-7 : 1e-9)
    return withTarget(row) { target in
      let (stray, largest, changes) = target.violations(c: c, epsilon: epsilon)
      if !stray.isFinite { return .failed }
      target.apply(changes, epsilon: epsilon, inverse: inverse)
      if !changes.isEmpty || stray > precision * largest { return .open }
      target.finish(c: c)
      return .solved
    }
  }

  /// Lends one target's rows to `body`.
  private mutating func withTarget(_ row: Int, _ body: (TargetRows) -> Outcome) -> Outcome {
    let n = n
    return codes.withUnsafeMutableBufferPointer { codes in
      duals.withUnsafeMutablePointer { beta in
        right.withUnsafeMutablePointer { g in
          targets.withUnsafePointer { y in
            guard let codes = codes.baseAddress else { return .failed }
            return body(
              TargetRows(n: n, codes: codes + row * n, beta: beta + row * n, right: g + row * n, y: y + row * n))
          }
        }
      }
    }
  }
}

/// Small dense symmetric systems in double precision, for those that single precision cannot solve.
enum SmallSystem {
  /// Solves A[index, index] · x = b in place of b by Cholesky, refined; false when A there is not positive definite.
  static func solve(
    _ matrix: UnsafePointer<Double>, order: Int, index: [Int32], x: UnsafeMutablePointer<Double>
  ) -> Bool {
    let m = index.count
    if m == 0 { return true }
    let system = DoubleMatrix(rows: m, columns: m) { a in
      for r in 0..<m { for q in 0..<m { a[r * m + q] = matrix[Int(index[r]) * order + Int(index[q])] } }
    }
    var factor = system
    return factor.withUnsafeMutablePointer { l in
      if Double.potrf(m, l, m) != 0 { return false }
      var residual = (0..<m).map { x[$0] }
      for i in 0..<m { x[i] = 0 }
      return system.withUnsafePointer { a in
        residual.withUnsafeMutableBufferPointer { buffer in
          guard let residual = buffer.baseAddress else { return true }
          let right = Array(buffer)
          for _ in 0..<3 {
            Double.trsm(false, m, 1, l, m, residual, 1)
            Double.trsm(true, m, 1, l, m, residual, 1)
            for i in 0..<m { x[i] += residual[i] }
            for i in 0..<m { residual[i] = right[i] - Kernels.dot(a + i * m, x, count: m) }
          }
          return true
        }
      }
    }
  }
}
