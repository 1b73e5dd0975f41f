internal import Tensors

/// Solves a block of targets on one shared kernel, from a guess of the active sets to a certified optimum.
struct BlockSolver {
  let kernel: SharedKernel
  let c: Double
  let epsilon: Double
  /// Centred targets as rows, `[targets, n]`.
  let targets: DoubleMatrix
  private(set) var solution: BlockSolution

  /// A gap that is all rounding: of two such solutions the later one, which has exact zeros, is kept.
  private let exact = 1e-5
  /// The gap that the solver aims at; a solution that misses it goes to the next method.
  static let aim = 1e-4

  init(kernel: SharedKernel, options: SupportVectorOptions, targets: DoubleMatrix) {
    self.kernel = kernel
    c = options.c
    epsilon = options.epsilon
    self.targets = targets
    solution = BlockSolution(targets: targets.rows, samples: targets.columns, dimensions: nil)
  }

  mutating func solve() {
    var open = solution.settleTrivial(targets, epsilon: epsilon)
    solveByActiveSets(&open)
    if open.isEmpty { return }
    for row in open { solveByInteriorPoint(row) }
  }

  /// Active sets from a guess: nearly all targets end here.
  private mutating func solveByActiveSets(_ open: inout [Int]) {
    guard let inverse = kernel.inverse, let first = kernel.guessInverse, !open.isEmpty else { return }
    let before = open.count
    var guess = ActiveSetGuess(targets.rows(at: open), inverse: first, c: c, epsilon: epsilon, steps: 9)
    // What single precision leaves halfway costs next to nothing in double; noisy targets of few samples need it.
    guess = polish(&open, inverse, guess, newtonSteps: 12, isFast: true, aim: exact)
    _ = polish(&open, inverse, guess, newtonSteps: 15, isFast: false, aim: Self.aim)
    solution.counts.activeSet += before - open.count
  }

  /// Runs the active-set method from a guess, keeps what it certifies, and leaves the rest in `rows`.
  ///
  /// Returns where those stand.
  private mutating func polish(
    _ rows: inout [Int], _ inverse: TwoPrecisions, _ guess: ActiveSetGuess, newtonSteps: Int, isFast: Bool,
    aim: Double
  ) -> ActiveSetGuess {
    if rows.isEmpty { return guess }
    var solver = ActiveSetSolver(
      inverse: inverse, c: c, epsilon: epsilon, targets: targets.rows(at: rows), guess: guess, isFast: isFast)
    let solved = solver.run(maximumSteps: newtonSteps)
    solution.counts.newtonSteps += solver.steps
    let good = rows.indices.filter { solved[$0] }
    keep(solver.duals.rows(at: good), rows: good.map { rows[$0] })
    let rest = rows.indices.filter { !((solution.gaps[rows[$0]] ?? .infinity) <= aim) }
    rows = rest.map { rows[$0] }
    return solver.state(of: rest)
  }

  /// Certifies coefficients and keeps them where they are better than what is there.
  private mutating func keep(_ found: DoubleMatrix, rows: [Int], bias: Double? = nil) {
    let n = found.columns
    let products =
      found.rows == 1
      ? DoubleMatrix(rows: 1, columns: n, values: kernel.products.multiply(found.values)) : multiply(found, kernel.gram)
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
      if certificate.gap <= max(solution.gaps[row] ?? .infinity, exact) {
        solution.set(row, duals: found.row(place), bias: certificate.bias, gap: certificate.gap)
      }
    }
  }

  /// The robust last resort.
  private mutating func solveByInteriorPoint(_ row: Int) {
    solution.counts.interiorPoint += 1
    let n = targets.columns
    let y = targets.row(row)
    var method = InteriorPoint(kernel: kernel.products, y: y, c: c, epsilon: epsilon)
    let vertex = Vertex(kernel: kernel.products, y: y, c: c, epsilon: epsilon)
    // The vertex is often plain before the method has converged.
    for aim in [1e-4, 1e-6, 1e-8] {
      let (beta, bias) = method.run(aim: aim)
      keep(DoubleMatrix(rows: 1, columns: n, values: beta), rows: [row], bias: bias)
      for width in [1e-6, 1e-4] {
        guard let exact = vertex.solve(near: beta, bias: bias, width: width) else { continue }
        keep(DoubleMatrix(rows: 1, columns: n, values: exact), rows: [row])
      }
      if (solution.gaps[row] ?? .infinity) <= 1e-7 { return }
    }
    if solution.gaps[row] == nil { solution.gaps[row] = .infinity }
  }
}
