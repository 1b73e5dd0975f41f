internal import Tensors

/// What a solver found for the targets of one block.
struct BlockSolution {
  /// Coefficients β, `[targets, n]`.
  var duals: DoubleMatrix
  /// Weights w, `[targets, d]`, where they are found apart from β; nil where they are Xᵀβ.
  var weights: DoubleMatrix?
  /// Intercepts.
  var biases: [Double]
  /// Relative duality gaps; nil for constant targets.
  var gaps: [Double?]
  /// Samples outside the tube or on its edge.
  var supportVectors: [Int]
  var counts = SupportVectorFit.SolverCounts()

  /// The solution that predicts the mean.
  init(targets: Int, samples: Int, dimensions: Int?) {
    duals = DoubleMatrix(rows: targets, columns: samples)
    weights = dimensions.map { DoubleMatrix(rows: targets, columns: $0) }
    biases = Array(repeating: 0, count: targets)
    gaps = Array(repeating: nil, count: targets)
    supportVectors = Array(repeating: 0, count: targets)
  }

  /// Settles constant targets and those whose range fits in the tube; returns the rest.
  mutating func settleTrivial(_ targets: DoubleMatrix, epsilon: Double) -> [Int] {
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

  /// Puts the coefficients of a target in their place.
  mutating func set(_ row: Int, duals: [Double], bias: Double, gap: Double) {
    self.duals.setRow(row, duals)
    biases[row] = bias
    gaps[row] = gap
    supportVectors[row] = duals.count { $0 != 0 }
  }
}
