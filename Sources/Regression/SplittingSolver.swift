internal import Tensors

/// Solves a block of targets on sources of fewer dimensions than samples, or of low rank.
///
/// Averaged splitting in single precision takes nearly all targets there; where the rank is not far below the number of
/// samples, active sets do, from a guess or from where the splitting stands. What stalls goes on in double precision, and
/// what that leaves goes to the interior point. Every target is certified in double precision.
struct SplittingSolver {
  let basis: EigenBasis
  /// For active sets; nil where they are not worth their price.
  let kernel: ProximalKernel?
  let options: SupportVectorOptions
  /// Centred targets as rows, `[targets, n]`.
  let targets: DoubleMatrix
  private(set) var solution: BlockSolution
  private let certificate: SplitCertificate

  /// Up to this many samples single targets are solved exactly in no time.
  static let smallCount = 128
  /// The gap that active sets reach: with them it is either far below or far above.
  private static let exact = 4e-6
  /// Targets in flight: narrower products are slower, wider ones no faster.
  private static let capacity = 128

  init(basis: EigenBasis, kernel: ProximalKernel?, options: SupportVectorOptions, targets: DoubleMatrix) {
    (self.basis, self.kernel, self.options, self.targets) = (basis, kernel, options, targets)
    solution = BlockSolution(targets: targets.rows, samples: basis.count, dimensions: basis.source.columns)
    certificate = SplitCertificate(source: basis.source, c: options.c, epsilon: options.epsilon)
  }

  private var c: Double { options.c }
  private var epsilon: Double { options.epsilon }

  mutating func solve() {
    var rest = solution.settleTrivial(targets, epsilon: epsilon)
    if basis.count <= Self.smallCount { return solveByInteriorPoint(rest) }
    if let kernel, kernel.isWellGuessed {
      rest = solveByActiveSets(ProximalSets(kernel, options, targets, rows: rest), rest)
    }
    var stalled = solveInSingle(rest, steps: kernel == nil ? 1500 : 120)
    if let kernel {
      let left = Set(solveByActiveSets(ProximalSets(kernel, options, targets, starts: stalled), stalled.map(\.row)))
      stalled = goOnInSingle(stalled.filter { left.contains($0.row) })
    }
    solveByInteriorPoint(solveInDouble(stalled))
  }

  /// Active sets; returns the rows that did not arrive.
  private mutating func solveByActiveSets(_ begun: ProximalSets, _ rows: [Int]) -> [Int] {
    var sets = begun
    for _ in 0..<12 where !sets.isDone {
      sets.advance(aim: 0.25 * Self.exact) { found in
        if found.isEmpty { return [] }
        // Projected on the eigenbasis: Xᵀβ would magnify the rounding of β.
        let fitted = DoubleMatrix(rows: found.count, columns: basis.count, values: found.flatMap(\.fitted))
        let coefficients = found.flatMap(\.coefficients)
        keepExact(
          found.map(\.row), DoubleMatrix(rows: found.count, columns: basis.count, values: coefficients),
          weights: multiply(multiply(fitted, basis.exactLeft()), basis.directions))
        return found.map { hasArrived($0.row) }
      }
    }
    solution.counts.newtonSteps += sets.steps
    let left = rows.filter { !hasArrived($0) }
    solution.counts.activeSet += rows.count - left.count
    return left
  }

  private func hasArrived(_ row: Int) -> Bool { (solution.gaps[row] ?? .infinity) < Self.exact }

  /// Runs the splitting in single precision from the beginning; returns where those stand that it left.
  private mutating func solveInSingle(_ rows: [Int], steps: Int) -> [SplittingStart] {
    let (basis, targets, options) = (basis, targets, options)
    return split(rows.count, steps: steps) { basis.starts(Array(rows[$0]), targets, options) }
  }

  /// Goes on in single precision; returns where those stand that it left.
  private mutating func goOnInSingle(_ starts: [SplittingStart]) -> [SplittingStart] {
    split(starts.count, steps: 1500) { Array(starts[$0]) }
  }

  private mutating func split(_ count: Int, steps: Int, next: (Range<Int>) -> [SplittingStart]) -> [SplittingStart] {
    if count == 0 { return [] }
    var splitting = AveragedSplitting(
      basis, left: basis.left, c: c, epsilon: epsilon,
      limits: .init(steps: steps, patience: 100, progress: 0.85), capacity: min(Self.capacity, count))
    var left: [SplittingStart] = []
    splitting.run(count, of: targets, next: next, finish: { left += keep($0) })
    solution.counts.splitting += count - left.count
    return left
  }

  /// Goes on in double precision; returns the rows whose gap stays above what every target must reach.
  private mutating func solveInDouble(_ starts: [SplittingStart]) -> [Int] {
    if starts.isEmpty { return [] }
    var splitting = AveragedSplitting(
      basis, left: PlainFactor(basis.exactLeft()), c: c, epsilon: epsilon,
      limits: .init(steps: 4000, patience: 400, progress: 0.7), capacity: min(Self.capacity, starts.count))
    let epsilon = epsilon
    splitting.run(
      starts.count, of: targets,
      next: { part in
        starts[part].map { start in
          var start = start
          start.epsilon = epsilon
          return start
        }
      }, finish: { _ = keep($0) })
    let open = starts.map(\.row).filter { !((solution.gaps[$0] ?? .infinity) < SplittingAim.general) }
    solution.counts.doublePrecision += starts.count - open.count
    return open
  }

  /// Certifies candidates and keeps the better ones; returns where those stand that miss their aim.
  private mutating func keep(_ found: [SplittingCandidate]) -> [SplittingStart] {
    let rows = found.map(\.start.row)
    let projections = DoubleMatrix(rows: rows.count, columns: basis.rank, values: found.flatMap(\.start.mean))
    var coefficients = DoubleMatrix(rows: rows.count, columns: basis.count, values: found.flatMap(\.coefficients))
    let weights = multiply(projections, basis.directions)
    let outcomes = certificate.certify(
      targets: targets.rows(at: rows), weights: weights, coefficients: &coefficients)
    var missed: [SplittingStart] = []
    for (place, candidate) in found.enumerated() {
      let (row, gap) = (rows[place], outcomes[place].gap)
      solution.counts.splittingSteps += candidate.steps
      if gap < solution.gaps[row] ?? .infinity {
        solution.set(row, duals: coefficients.row(place), bias: outcomes[place].bias, gap: gap)
        solution.weights?.setRow(row, weights.row(place))
        // Averaged coefficients have hardly any exact zeros; the last step's have.
        solution.supportVectors[row] = candidate.support
      }
      if !(gap < candidate.start.aim) { missed.append(candidate.start) }
    }
    return missed
  }

  /// One target after the other: exact where the vertex is found, and sure to arrive.
  private mutating func solveByInteriorPoint(_ rows: [Int]) {
    if rows.isEmpty { return }
    let products = KernelProducts(basis)
    for row in rows {
      solution.counts.interiorPoint += 1
      let y = targets.row(row)
      var method = InteriorPoint(kernel: products, y: y, c: c, epsilon: epsilon)
      let vertex = Vertex(kernel: products, y: y, c: c, epsilon: epsilon)
      for aim in [1e-4, 1e-6, 1e-8] {
        let (beta, bias) = method.run(aim: aim)
        keepExact([row], DoubleMatrix(rows: 1, columns: beta.count, values: beta))
        for width in [1e-6, 1e-4] {
          if let exact = vertex.solve(near: beta, bias: bias, width: width) {
            keepExact([row], DoubleMatrix(rows: 1, columns: exact.count, values: exact))
          }
        }
        if (solution.gaps[row] ?? .infinity) <= 1e-7 { break }
      }
      if solution.gaps[row] == nil { solution.gaps[row] = .infinity }
    }
  }

  /// Certifies coefficients with their weights, Xᵀβ where none are given; of two solutions whose gap is all rounding the later one is kept.
  private mutating func keepExact(_ rows: [Int], _ found: DoubleMatrix, weights: DoubleMatrix? = nil) {
    var coefficients = found
    let weights = weights ?? multiply(coefficients, basis.source)
    let outcomes = certificate.certify(targets: targets.rows(at: rows), weights: weights, coefficients: &coefficients)
    for (place, row) in rows.enumerated() where outcomes[place].gap <= max(solution.gaps[row] ?? .infinity, 1e-6) {
      solution.set(row, duals: coefficients.row(place), bias: outcomes[place].bias, gap: outcomes[place].gap)
      solution.weights?.setRow(row, weights.row(place))
    }
  }
}
