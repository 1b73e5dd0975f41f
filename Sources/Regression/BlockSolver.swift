internal import Tensors

/// Solves a block of targets on one shared kernel, from a guess of the active sets to a certified optimum.
struct BlockSolver {
  let kernel: SharedKernel
  let c: Double
  let epsilon: Double
  /// Centred targets as rows, `[targets, n]`.
  let targets: DoubleMatrix
  /// Coefficients, `[targets, n]`.
  private(set) var duals: DoubleMatrix
  /// Intercepts.
  private(set) var biases: [Double]
  /// Relative duality gaps; nil for constant targets.
  private(set) var gaps: [Double?]
  private(set) var counts = SupportVectorFit.SolverCounts()

  /// A gap that is all rounding: of two such solutions the later one, which has exact zeros, is kept.
  private let exact = 1e-5
  /// The gap that the solver aims at; a solution that misses it goes to the next method.
  static let aim = 1e-4

  init(kernel: SharedKernel, options: SupportVectorOptions, targets: DoubleMatrix) {
    self.kernel = kernel
    c = options.c
    epsilon = options.epsilon
    self.targets = targets
    duals = DoubleMatrix(rows: targets.rows, columns: targets.columns)
    biases = Array(repeating: 0, count: targets.rows)
    gaps = Array(repeating: nil, count: targets.rows)
  }

  mutating func solve() {
    var open = solveTrivial()
    solveByActiveSets(&open)
    if open.isEmpty { return }
    for row in open { solveByInteriorPoint(row) }
  }

  /// Active sets from a guess: nearly all targets of a kernel of full rank end here.
  private mutating func solveByActiveSets(_ open: inout [Int]) {
    // With far fewer dimensions than samples most samples lie outside the tube, and active sets wander.
    guard let inverse = kernel.guessInverse, !open.isEmpty else { return }
    let steps = kernel.isRegular ? 9 : 40
    let before = open.count
    var guess = ActiveSetGuess(targets.rows(at: open), inverse: inverse, c: c, epsilon: epsilon, steps: steps)
    if kernel.isRegular { guess = polish(&open, guess, newtonSteps: 12, isFast: true) }
    guess = polish(&open, guess, newtonSteps: 15, isFast: false)
    counts.activeSet += before - open.count
  }

  /// Settles constant targets and those whose range fits in the tube; returns the rest.
  private mutating func solveTrivial() -> [Int] {
    var rest: [Int] = []
    for row in 0..<targets.rows {
      let values = targets.row(row)
      guard let low = values.min(), let high = values.max(), high > low else { continue }
      if high - low <= 2 * epsilon {
        biases[row] = DualityGap.bestIntercept(values, epsilon: epsilon)
        gaps[row] = 0
        counts.trivial += 1
      } else {
        rest.append(row)
      }
    }
    return rest
  }

  /// Runs the active-set method from a guess, keeps what it certifies, and leaves the rest in `rows`.
  ///
  /// Returns where those stand.
  private mutating func polish(
    _ rows: inout [Int], _ guess: ActiveSetGuess, newtonSteps: Int, isFast: Bool
  ) -> ActiveSetGuess {
    if rows.isEmpty { return guess }
    var solver = ActiveSetSolver(
      kernel: kernel, c: c, epsilon: epsilon, targets: targets.rows(at: rows), guess: guess, isFast: isFast)
    let solved = solver.run(maximumSteps: newtonSteps)
    counts.newtonSteps += solver.steps
    let good = rows.indices.filter { solved[$0] }
    keep(solver.duals.rows(at: good), rows: good.map { rows[$0] })
    let rest = rows.indices.filter { !((gaps[rows[$0]] ?? .infinity) <= Self.aim) }
    rows = rest.map { rows[$0] }
    return solver.state(of: rest)
  }

  /// Certifies coefficients and keeps them where they are better than what is there.
  private mutating func keep(_ found: DoubleMatrix, rows: [Int], bias: Double? = nil) {
    let n = found.columns
    let products =
      found.rows == 1
      ? DoubleMatrix(rows: 1, columns: n, values: kernel.multiply(found.values)) : multiply(found, kernel.gram)
    for (place, row) in rows.enumerated() {
      let certificate = found.withUnsafePointer { beta in
        products.withUnsafePointer { product in
          targets.withUnsafePointer { y in
            DualityGap.certify(
              n: n, y: y + row * n, beta: beta + place * n, product: product + place * n, c: c, epsilon: epsilon,
              knownBias: bias)
          }
        }
      }
      if certificate.gap <= max(gaps[row] ?? .infinity, exact) {
        gaps[row] = certificate.gap
        biases[row] = certificate.bias
        duals.setRow(row, found.row(place))
      }
    }
  }

  /// The robust last resort, and the method for kernels of low rank.
  private mutating func solveByInteriorPoint(_ row: Int) {
    counts.interiorPoint += 1
    let n = targets.columns
    let y = targets.row(row)
    var method = InteriorPoint(kernel: kernel, y: y, c: c, epsilon: epsilon)
    let vertex = Vertex(kernel: kernel, y: y, c: c, epsilon: epsilon)
    // The vertex is often plain before the method has converged.
    for aim in [1e-4, 1e-6, 1e-8] {
      let (beta, bias) = method.run(aim: aim)
      keep(DoubleMatrix(rows: 1, columns: n, values: beta), rows: [row], bias: bias)
      for width in [1e-6, 1e-4] {
        guard let exact = vertex.solve(near: beta, bias: bias, width: width) else { continue }
        keep(DoubleMatrix(rows: 1, columns: n, values: exact), rows: [row])
      }
      if (gaps[row] ?? .infinity) <= 1e-7 { return }
    }
    if gaps[row] == nil { gaps[row] = .infinity }
  }
}
