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
  private let exact = 1e-6
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
    if kernel.hasLowRank {
      counts.interiorPoint += open.count
      for row in open { solveByInteriorPoint(row, aim: Self.aim) }
      return
    }
    for round in ActiveSetGuess.rounds {
      if open.isEmpty { return }
      let part = targets.rows(at: open)
      let codes = ActiveSetGuess.codes(part, kernel: kernel, c: c, epsilon: epsilon, steps: round.guessSteps)
      let before = open.count
      open = polish(open, part, codes, newtonSteps: round.newtonSteps)
      if round.isFirst { counts.activeSet += before - open.count } else { counts.secondGuess += before - open.count }
    }
    counts.interiorPoint += open.count
    for row in open { solveByInteriorPoint(row) }
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

  /// Runs the active-set method from guessed codes and keeps what it certifies; returns the rows still open.
  private mutating func polish(_ rows: [Int], _ part: DoubleMatrix, _ codes: [Int8], newtonSteps: Int) -> [Int] {
    var solver = ActiveSetSolver(kernel: kernel, c: c, epsilon: epsilon, targets: part, codes: codes)
    let solved = solver.run(maximumSteps: newtonSteps)
    counts.newtonSteps += solver.steps
    let good = Array(rows.indices).filter { solved[$0] }
    keep(solver.duals.rows(at: good), rows: good.map { rows[$0] })
    return rows.filter { !((gaps[$0] ?? .infinity) <= Self.aim) }
  }

  /// Certifies coefficients and keeps them where they are better than what is there.
  private mutating func keep(_ found: DoubleMatrix, rows: [Int]) {
    let products = multiply(found, kernel.gram)
    let n = found.columns
    for (place, row) in rows.enumerated() {
      let certificate = found.withUnsafePointer { beta in
        products.withUnsafePointer { product in
          targets.withUnsafePointer { y in
            DualityGap.certify(
              n: n, y: y + row * n, beta: beta + place * n, product: product + place * n, c: c, epsilon: epsilon)
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

  /// The robust last resort: an interior-point method, made exact by the active set it ends in.
  private mutating func solveByInteriorPoint(_ row: Int, aim: Double = 1e-8) {
    var method = InteriorPoint(kernel: kernel, y: targets.row(row), c: c, epsilon: epsilon)
    let beta = method.run(aim: aim)
    keep(DoubleMatrix(rows: 1, columns: beta.count, values: beta), rows: [row])
    if let gap = gaps[row], gap <= Self.aim, aim > 1e-8 { return }
    let codes = beta.map { ActiveSetGuess.code(of: $0, c: c, margin: 1e-4 * c) }
    _ = polish([row], targets.rows(row..<row + 1), codes, newtonSteps: 6)
    if gaps[row] == nil { gaps[row] = .infinity }
  }
}
