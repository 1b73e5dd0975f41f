internal import Tensors

/// Solves the targets of one fit, block after block.
struct TargetRun {
  let regression: SupportVectorRegression
  let trainTargets: Matrix
  let testTargets: Matrix
  let scaler: Scaler
  let indices: [Int]

  /// Targets per block: products of a block run at full speed, and there are enough blocks to share out.
  ///
  /// It follows from the number of targets alone.
  private var blockSize: Int { min(192, max(8, (indices.count + 7) / 8)) }

  /// Runs all blocks and writes their results into `fit`.
  func solve(into fit: inout SupportVectorFit, control: FitControl) throws(RegressionError) {
    let starts = Array(stride(from: 0, to: indices.count, by: blockSize))
    // Between waves of blocks the caller's thread reports and looks whether to stop.
    let wave = max(1, 2 * Compute.threads)
    for first in stride(from: 0, to: starts.count, by: wave) {
      if control.isCancelled() { throw RegressionError(.cancelled) }
      let part = Array(starts[first..<min(first + wave, starts.count)])
      let results = Compute.parallelMap(count: part.count) { index in
        block(part[index]..<min(part[index] + blockSize, indices.count))
      }
      for result in results { result.store(in: &fit, tolerance: regression.options.gapTolerance) }
      control.progress(min((first + part.count) * blockSize, indices.count), indices.count)
    }
  }

  /// Solves and evaluates one block of targets.
  private func block(_ range: Range<Int>) -> BlockResult {
    let targets = scaler.transformColumns(range, of: trainTargets, indices: indices)
    var result: BlockResult
    switch regression.options.solver {
    case .supportVectors:
      var solver = BlockSolver(kernel: regression.kernel, options: regression.options, targets: targets)
      solver.solve()
      result = BlockResult(range: range, solver: solver)
    case .ridge(let penalty):
      result = BlockResult(range: range, ridge: RidgeDuals.solve(targets, regression.kernel.gram, penalty: penalty))
    }
    evaluate(&result)
    return result
  }

  /// R² on the test samples from the products of test with training sources.
  private func evaluate(_ result: inout BlockResult) {
    let test = scaler.transformColumns(result.range, of: testTargets, indices: indices)
    let predictions = multiply(result.duals, regression.testKernel, transposeB: true)
    let m = test.columns
    test.withUnsafePointer { y in
      predictions.withUnsafePointer { p in
        for (row, position) in result.range.enumerated() {
          let column = indices[position]
          var (sum, largest) = (0.0, 0.0)
          for i in 0..<m {
            sum += y[row * m + i]
            largest = max(largest, Double(testTargets[i, column]).magnitude)
          }
          let mean = sum / Double(m)
          var (error, total) = (0.0, 0.0)
          for i in 0..<m {
            let value = y[row * m + i]
            let miss = value - p[row * m + i] - result.biases[row]
            error += miss * miss
            total += (value - mean) * (value - mean)
          }
          let spread = (total / Double(m)).squareRoot() * scaler.divisors[column]
          let isDefined = !scaler.isConstant(column) && spread > 1e-7 * largest
          result.r2[row] = isDefined ? 1 - error / total : nil
          result.isConstant[row] = scaler.isConstant(column)
        }
      }
    }
  }
}

/// What one block of targets came to.
struct BlockResult {
  let range: Range<Int>
  var duals: DoubleMatrix
  var biases: [Double]
  var gaps: [Double?]
  var r2: [Double?]
  var isConstant: [Bool]
  var counts = SupportVectorFit.SolverCounts()

  init(range: Range<Int>, solver: BlockSolver) {
    self.range = range
    duals = solver.duals
    biases = solver.biases
    gaps = solver.gaps
    counts = solver.counts
    r2 = Array(repeating: nil, count: range.count)
    isConstant = Array(repeating: false, count: range.count)
  }

  /// Ridge: the targets are centred, so the intercept about their mean is zero.
  init(range: Range<Int>, ridge: DoubleMatrix) {
    self.range = range
    duals = ridge
    biases = Array(repeating: 0, count: range.count)
    gaps = Array(repeating: nil, count: range.count)
    r2 = gaps
    isConstant = Array(repeating: false, count: range.count)
  }

  func store(in fit: inout SupportVectorFit, tolerance: Double) {
    for (row, position) in range.enumerated() {
      fit.r2[position] = r2[row]
      if isConstant[row] { continue }
      fit.gaps[position] = gaps[row]
      fit.biases[position] = biases[row]
      let coefficients = duals.row(row)
      fit.supportVectors[position] = coefficients.count { $0 != 0 }
      fit.duals.setRow(position, coefficients)
      if let gap = gaps[row], !(gap <= tolerance) { fit.missed += 1 }
    }
    fit.solverCounts.trivial += counts.trivial
    fit.solverCounts.activeSet += counts.activeSet
    fit.solverCounts.interiorPoint += counts.interiorPoint
    fit.solverCounts.newtonSteps += counts.newtonSteps
  }
}
