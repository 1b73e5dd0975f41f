internal import Tensors

/// Solves the targets of one fit, block after block.
struct TargetRun {
  let regression: SupportVectorRegression
  let trainTargets: Matrix
  let testTargets: Matrix
  let scaler: Scaler
  let indices: [Int]
  /// For active sets where the kernel has no inverse and they are worth their price.
  private let proximal: ProximalKernel?

  init(
    regression: SupportVectorRegression, trainTargets: Matrix, testTargets: Matrix, scaler: Scaler, indices: [Int]
  ) {
    (self.regression, self.trainTargets, self.testTargets) = (regression, trainTargets, testTargets)
    (self.scaler, self.indices) = (scaler, indices)
    guard case .eigenBasis(let basis) = regression.shared, case .supportVectors = regression.options.solver,
      ProximalKernel.suits(basis)
    else {
      proximal = nil
      return
    }
    proximal = ProximalKernel(basis, rho: regression.options.typicalPenalty(of: scaler))
  }

  /// Targets per block: products of a block run at full speed, and there are enough blocks to share out.
  ///
  /// It follows from the number of targets and of samples alone.
  private var blockSize: Int {
    let count = indices.count
    guard case .eigenBasis = regression.shared else { return min(192, max(8, (count + 7) / 8)) }
    // The splitting wants wide blocks, an even number of them, and reports between them.
    let most = regression.sampleCount >= 4000 ? 128 : 256
    let pairs = max(1, (count + 2 * most - 1) / (2 * most))
    return max(8, (count + 2 * pairs - 1) / (2 * pairs))
  }

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
    let solution = solve(targets)
    let (r2, isConstant) = evaluate(range, solution)
    return BlockResult(range: range, solution: solution, r2: r2, isConstant: isConstant)
  }

  private func solve(_ targets: DoubleMatrix) -> BlockSolution {
    let options = regression.options
    switch (options.solver, regression.shared) {
    case (.supportVectors, .kernel(let kernel, _)):
      var solver = BlockSolver(kernel: kernel, options: options, targets: targets)
      solver.solve()
      return solver.solution
    case (.supportVectors, .eigenBasis(let basis)):
      var solver = SplittingSolver(basis: basis, kernel: proximal, options: options, targets: targets)
      solver.solve()
      return solver.solution
    case (.ridge(let penalty), .kernel(let kernel, _)):
      return RidgeDuals.solve(targets, kernel.gram, penalty: penalty)
    case (.ridge(let penalty), .eigenBasis), (.ridge(let penalty), .sources):
      return RidgeDuals.solve(targets, source: regression.source, penalty: penalty)
    case (.supportVectors, .sources):
      return BlockSolution(targets: targets.rows, samples: targets.columns, dimensions: nil)
    }
  }

  /// R² on the test samples, and which targets are constant.
  private func evaluate(_ range: Range<Int>, _ solution: BlockSolution) -> (r2: [Double?], isConstant: [Bool]) {
    let test = scaler.transformColumns(range, of: testTargets, indices: indices)
    let predictions = regression.predict(duals: solution.duals, weights: solution.weights)
    let m = test.columns
    var r2: [Double?] = []
    test.withUnsafePointer { y in
      predictions.withUnsafePointer { p in
        for (row, position) in range.enumerated() {
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
            let miss = value - p[row * m + i] - solution.biases[row]
            error += miss * miss
            total += (value - mean) * (value - mean)
          }
          let spread = (total / Double(m)).squareRoot() * scaler.divisors[column]
          let isDefined = !scaler.isConstant(column) && spread > 1e-7 * largest
          r2.append(isDefined ? 1 - error / total : nil)
        }
      }
    }
    return (r2, range.map { scaler.isConstant(indices[$0]) })
  }
}

extension SupportVectorOptions {
  /// What residuals are to coefficients: about twice the residuals of a typical target to C.
  ///
  /// It follows from all columns, chosen or not, so that a target fares alone as it does among all.
  fileprivate func typicalPenalty(of scaler: Scaler) -> Double {
    var spreads = scaler.deviations.indices.filter { !scaler.isConstant($0) }.map {
      scaler.deviations[$0] / scaler.divisors[$0]
    }
    if spreads.isEmpty { return 1 }
    let middle = spreads.count / 2
    spreads.select(middle)
    // About a third of the deviation is left unexplained as a rule; what is not near it takes some more steps.
    return 2 * (0.3 * spreads[middle] + epsilon) / c
  }
}

/// What one block of targets came to.
struct BlockResult {
  let range: Range<Int>
  let solution: BlockSolution
  let r2: [Double?]
  let isConstant: [Bool]

  func store(in fit: inout SupportVectorFit, tolerance: Double) {
    for (row, position) in range.enumerated() { fit.r2[position] = r2[row] }
    fit.store(solution, at: range.lowerBound, isConstant: isConstant, tolerance: tolerance)
  }
}
