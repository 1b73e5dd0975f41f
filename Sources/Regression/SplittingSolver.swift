internal import Tensors

/// Solves a block of targets on sources of fewer dimensions than samples, or of low rank.
///
/// Averaged splitting in single precision takes nearly all targets there. What stalls goes on in double precision, and
/// what that leaves goes to the interior point. Every target is certified in double precision.
struct SplittingSolver {
  let basis: EigenBasis
  let c: Double
  let epsilon: Double
  /// Centred targets as rows, `[targets, n]`.
  let targets: DoubleMatrix
  private(set) var solution: BlockSolution
  private let certificate: SplitCertificate

  /// Up to this many samples single targets are solved exactly in no time.
  static let smallCount = 128
  /// Targets in flight: narrower products are slower, wider ones no faster.
  private static let capacity = 128

  init(basis: EigenBasis, options: SupportVectorOptions, targets: DoubleMatrix) {
    self.basis = basis
    (c, epsilon) = (options.c, options.epsilon)
    self.targets = targets
    solution = BlockSolution(targets: targets.rows, samples: basis.count, dimensions: basis.source.columns)
    certificate = SplitCertificate(source: basis.source, c: c, epsilon: epsilon)
  }

  mutating func solve() {
    let open = solution.settleTrivial(targets, epsilon: epsilon)
    if open.isEmpty { return }
    if basis.count <= Self.smallCount { return solveByInteriorPoint(open) }
    let stalled = solveInSingle(open)
    if stalled.isEmpty { return }
    solveByInteriorPoint(solveInDouble(stalled))
  }

  /// Runs the splitting in single precision from the beginning; returns where those stand that it left.
  private mutating func solveInSingle(_ rows: [Int]) -> [SplittingStart] {
    var splitting = AveragedSplitting<Float>(
      basis, left: basis.left, c: c, epsilon: epsilon,
      limits: .init(steps: 1500, patience: 100, progress: 0.85), capacity: min(Self.capacity, rows.count))
    let (basis, targets, c, epsilon) = (basis, targets, c, epsilon)
    var left: [SplittingStart] = []
    splitting.run(
      rows.count, of: targets, next: { basis.starts(Array(rows[$0]), targets, c: c, epsilon: epsilon) },
      finish: { left += keep($0) })
    solution.counts.splitting += rows.count - left.count
    return left
  }

  /// Goes on in double precision; returns the rows whose gap stays above what every target must reach.
  private mutating func solveInDouble(_ starts: [SplittingStart]) -> [Int] {
    var splitting = AveragedSplitting<Double>(
      basis, left: basis.exactLeft(), c: c, epsilon: epsilon,
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
        keepExact(row, beta)
        for width in [1e-6, 1e-4] {
          if let exact = vertex.solve(near: beta, bias: bias, width: width) { keepExact(row, exact) }
        }
        if (solution.gaps[row] ?? .infinity) <= 1e-7 { break }
      }
      if solution.gaps[row] == nil { solution.gaps[row] = .infinity }
    }
  }

  /// Certifies coefficients with the weights Xᵀβ; of two solutions whose gap is all rounding the later one is kept.
  private mutating func keepExact(_ row: Int, _ beta: [Double]) {
    var coefficients = DoubleMatrix(rows: 1, columns: beta.count, values: beta)
    let weights = multiply(coefficients, basis.source)
    guard
      let outcome = certificate.certify(
        targets: targets.rows(row..<row + 1), weights: weights, coefficients: &coefficients
      ).first,
      outcome.gap <= max(solution.gaps[row] ?? .infinity, 1e-6)
    else { return }
    solution.set(row, duals: coefficients.values, bias: outcome.bias, gap: outcome.gap)
    solution.weights?.setRow(row, weights.values)
  }
}
