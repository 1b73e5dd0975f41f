public import Tensors

/// Least-squares maps from one depth to later ones, all from one factorisation of the earlier depth.
///
/// ```
/// A = argmin Σₖ ‖A hᵢ⁽ᵏ⁾ − hⱼ⁽ᵏ⁾‖²  (+ ridge ‖A‖²)
/// ```
/// The normal equations are scaled by each coordinate's size, then solved through the eigendecomposition in Float64 with
/// eigenvalues below 1e-12 of the largest cut off, so that an underdetermined map is the one of minimum norm in scaled
/// coordinates. Source: the linear-shortcuts study's "mat" map (no intercept, no ridge).
public struct DepthMaps {
  /// Whether there are fewer training samples than coordinates to fit.
  public let isMinimumNorm: Bool

  private let source: DoubleMatrix
  private let scale: [Double]
  private let inverse: DoubleMatrix
  private let means: [Double]?

  /// Factorises one depth.
  ///
  /// - Parameters:
  ///   - states: training states of the earlier depth, `[n, d]`.
  ///   - intercept: whether a map may add a constant.
  ///   - ridge: penalty on the squared map in the states' own units.
  /// - Throws: `LinearAlgebraError` where the states hold a number that is not finite.
  public init(from states: Matrix, intercept: Bool, ridge: Double) throws {
    let raw = DoubleMatrix(rows: states.rows, columns: states.columns, values: states.values.map(Double.init))
    means = intercept ? Self.columnMeans(raw) : nil
    source = means.map { Self.shifted(raw, by: $0) } ?? raw
    isMinimumNorm = ridge == 0 && states.rows < states.columns + (intercept ? 1 : 0)
    let gram = multiply(source, source, transposeA: true)
    let d = states.columns
    scale = (0..<d).map { index in
      let size = (gram[index, index] + ridge).squareRoot()
      return size > 0 ? 1 / size : 0
    }
    var scaled = gram
    for row in 0..<d {
      for column in 0..<d {
        scaled[row, column] = (gram[row, column] + (row == column ? ridge : 0)) * scale[row] * scale[column]
      }
    }
    let eigen = try SymmetricEigen(scaled)
    let cut = 1e-12 * (eigen.values.last ?? 0)
    var weighted = eigen.vectors
    for row in 0..<d {
      let weight = eigen.values[row] > cut ? 1 / eigen.values[row] : 0
      for column in 0..<d { weighted[row, column] *= weight }
    }
    inverse = multiply(eigen.vectors, weighted, transposeA: true)
  }

  /// The map to a later depth: rows of states times it, plus the intercept, are predictions.
  ///
  /// - Parameter target: training states of the later depth, `[n, d']`.
  /// - Returns: the map `[d, d']` and what to add, `[d']`; zeros without intercept.
  public func map(to target: Matrix) -> (map: DoubleMatrix, intercept: [Double]) {
    precondition(target.rows == source.rows, "the depths have different samples")
    let raw = DoubleMatrix(rows: target.rows, columns: target.columns, values: target.values.map(Double.init))
    let targetMeans = means == nil ? nil : Self.columnMeans(raw)
    let centred = targetMeans.map { Self.shifted(raw, by: $0) } ?? raw
    var cross = multiply(source, centred, transposeA: true)
    for row in 0..<cross.rows { for column in 0..<cross.columns { cross[row, column] *= scale[row] } }
    var map = multiply(inverse, cross)
    for row in 0..<map.rows { for column in 0..<map.columns { map[row, column] *= scale[row] } }
    guard let means, let targetMeans else { return (map, Array(repeating: 0, count: target.columns)) }
    let shift = multiply(DoubleMatrix(rows: 1, columns: means.count, values: means), map).values
    return (map, zip(targetMeans, shift).map { $0 - $1 })
  }

  private static func columnMeans(_ matrix: DoubleMatrix) -> [Double] {
    var sums = [Double](repeating: 0, count: matrix.columns)
    for row in 0..<matrix.rows { for column in 0..<matrix.columns { sums[column] += matrix[row, column] } }
    return sums.map { $0 / Double(max(1, matrix.rows)) }
  }

  private static func shifted(_ matrix: DoubleMatrix, by means: [Double]) -> DoubleMatrix {
    var result = matrix
    for row in 0..<matrix.rows { for column in 0..<matrix.columns { result[row, column] -= means[column] } }
    return result
  }
}

/// R² between all pairs of depths on test samples, through fitted maps and with the earlier state as it is.
public struct DepthPairs: Sendable {
  /// Unweighted mean over coordinates of the maps' R², `[L+1][L+1]`, row = source; nil at and below the diagonal.
  public private(set) var mapped: [[Double?]]
  /// The same for the earlier state itself.
  public private(set) var identity: [[Double?]]
  /// Coordinates of the target depths that do not vary on the test samples, summed over depths.
  public private(set) var undefinedTargets = 0
  /// Whether a map is a minimum-norm solution for want of samples.
  public private(set) var isMinimumNorm = false

  /// Fits and judges every pair.
  ///
  /// - Parameters:
  ///   - train: states of the training samples at every depth, each `[n, d]`.
  ///   - test: states of the test samples at every depth, each `[m, d]`.
  ///   - wantsMaps: whether maps are fitted at all.
  /// - Throws: `LinearAlgebraError` where a state is not finite.
  public init(
    train: [Matrix], test: [Matrix], intercept: Bool, ridge: Double, wantsMaps: Bool,
    progress: (Int, Int) -> Void = { _, _ in }
  ) throws {
    let depths = train.count
    mapped = Array(repeating: Array(repeating: nil, count: depths), count: depths)
    identity = mapped
    for target in 1..<max(1, depths) {
      undefinedTargets += R2.columns(truth: test[target], predictions: test[target]).count { $0 == nil }
    }
    for source in 0..<max(0, depths - 1) {
      let maps = wantsMaps ? try DepthMaps(from: train[source], intercept: intercept, ridge: ridge) : nil
      isMinimumNorm = isMinimumNorm || (maps?.isMinimumNorm ?? false)
      for target in (source + 1)..<depths {
        identity[source][target] = R2.mean(R2.columns(truth: test[target], predictions: test[source]))
        guard let maps else { continue }
        let predictions = Self.predictions(of: maps.map(to: train[target]), for: test[source])
        mapped[source][target] = R2.mean(R2.columns(truth: test[target], predictions: predictions))
      }
      progress(source + 1, depths - 1)
    }
  }

  static func predictions(of fitted: (map: DoubleMatrix, intercept: [Double]), for states: Matrix) -> Matrix {
    let source = DoubleMatrix(rows: states.rows, columns: states.columns, values: states.values.map(Double.init))
    let product = multiply(source, fitted.map)
    let width = product.columns
    return Matrix(
      rows: product.rows, columns: width,
      values: product.values.enumerated().map { Float($1 + fitted.intercept[$0 % width]) })
  }
}
