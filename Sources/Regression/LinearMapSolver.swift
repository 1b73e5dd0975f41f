public import Tensors

/// Settings of the least-squares maps between states.
public struct LinearMapOptions: Sendable, Equatable {
  /// Whether the map may add a constant; off in the published method.
  public var intercept: Bool
  /// Penalty λ of λ‖A‖²; 0 is ordinary least squares.
  public var ridge: Double
  /// Share of the largest singular value below which a direction of the sources counts as not there; nil for what double
  /// precision can tell, max(n, d)·2⁻⁵².
  ///
  /// Sources that obey a linear relation, such as outputs of a LayerNorm once their mean is taken away, still differ from it
  /// by the rounding of single precision: `rounding` keeps a fit from leaning on that.
  public var smallestDirection: Double?

  /// A bound of what rounding to single precision leaves of a direction that is not there.
  public static let rounding = 0x1p-20

  /// Makes settings.
  public init(intercept: Bool = false, ridge: Double = 0, smallestDirection: Double? = nil) {
    self.intercept = intercept
    self.ridge = ridge
    self.smallestDirection = smallestDirection
  }
}

/// A linear map between states, y ≈ x·W + b for row vectors.
public struct LinearMap: Sendable {
  /// W, `[d source, d target]`: row i says what source dimension i adds to each target dimension.
  public let weights: DoubleMatrix
  /// b, `[d target]`; zeros when fitted without an intercept.
  public let intercept: [Double]

  /// The map that changes nothing, of width `width`.
  public static func identity(_ width: Int) -> LinearMap {
    LinearMap(weights: .identity(width), intercept: Array(repeating: 0, count: width))
  }

  /// Maps states, `[n, d source]` to `[n, d target]`.
  public func apply(_ states: Matrix) -> Matrix {
    var result = multiply(states.double, weights)
    let width = result.columns
    result.withUnsafeMutablePointer { y in
      for row in 0..<states.rows { for column in 0..<width { y[row * width + column] += intercept[column] } }
    }
    return result.single
  }
}

/// How a least-squares problem was solved.
public enum LinearMapMethod: String, Sendable {
  /// Cholesky factorisation of the scaled normal equations.
  case normalEquations
  /// More dimensions than samples: the map of smallest norm among those that fit exactly.
  case minimumNorm
  /// Dimensions that depend on each other: singular value decomposition, again the map of smallest norm.
  case singularValues
}

/// One source layer, factorised once for least-squares maps to any number of targets.
///
/// W = argmin ‖XW − Y‖² + λ‖W‖². With at least as many samples as dimensions, the normal equations scaled to unit
/// diagonal, by Cholesky, when their reciprocal condition is at least 1e-13; with fewer, W = Xᵀ(XXᵀ + λI)⁻¹Y; where
/// either is singular, the decomposition X = USVᵀ with singular values below max(n, d)·2⁻⁵²·s₁ dropped.
///
/// Maps are fitted in double precision. For R² alone the products with the targets of a large layer run in single
/// precision where the reciprocal condition is at least 1e-5, which moves R² by less than 1e-5 (measured); everything
/// else, the factorisation included, stays in double.
public struct LinearMapSolver: Sendable {
  /// How the problem is solved.
  public let method: LinearMapMethod
  /// Reciprocal condition number of the factorised matrix, about (smallest / largest singular value of X)²; 0 when singular.
  public let reciprocalCondition: Double
  /// Means of the sources, zeros without an intercept.
  private let means: [Double]
  private let options: LinearMapOptions
  /// X, `[n, d]`, centred when there is an intercept.
  private let source: DoubleMatrix
  private let factor: Factor

  private enum Factor: Sendable {
    case normal(Cholesky<Double>, scales: [Double])
    case dual(Cholesky<Double>)
    case singular(SingularValues, reciprocals: [Double])
  }

  /// Factorises a source layer.
  ///
  /// - Parameter states: states of the training samples, `[n, d]`.
  /// - Throws: `RegressionError` when there are no samples, numbers that are not finite, or a negative penalty.
  public init(source states: Matrix, options: LinearMapOptions = LinearMapOptions()) throws(RegressionError) {
    if states.rows < 1 { throw RegressionError(.tooFewSamples(part: "training", needed: 1, found: 0)) }
    guard options.ridge >= 0, options.ridge.isFinite else {
      throw RegressionError(
        .badSetting(name: "ridge penalty", found: options.ridge, expected: "a number that is not negative"))
    }
    try RegressionError.checkFinite(states, "the training sources")
    self.options = options
    let centred = Self.centre(states, options.intercept)
    source = centred.matrix
    means = centred.means
    (method, reciprocalCondition, factor) = try Self.factorize(centred.matrix, options)
  }

  private static func factorize(
    _ x: DoubleMatrix, _ options: LinearMapOptions
  ) throws(RegressionError) -> (LinearMapMethod, Double, Factor) {
    let isWide = x.rows < x.columns
    var matrix = gram(x, ofColumns: !isWide)
    let order = matrix.rows
    var scales = [Double](repeating: 1, count: order)
    matrix.withUnsafeMutablePointer { a in
      for i in 0..<order { a[i * order + i] += options.ridge }
      if isWide { return }
      for i in 0..<order where a[i * order + i] > 0 { scales[i] = 1 / a[i * order + i].squareRoot() }
      for i in 0..<order { for j in 0..<order { a[i * order + j] *= scales[i] * scales[j] } }
      // A dimension that is zero throughout has weight zero: the smallest norm.
      for i in 0..<order where a[i * order + i] == 0 { a[i * order + i] = 1 }
    }
    if let factor = try? Cholesky(matrix) {
      let condition = factor.reciprocalCondition()
      let smallest = options.smallestDirection ?? 0
      if condition >= max(1e-13, smallest * smallest) {
        return isWide
          ? (.minimumNorm, condition, .dual(factor)) : (.normalEquations, condition, .normal(factor, scales: scales))
      }
    }
    do {
      let svd = try SingularValues(x)
      let share = options.smallestDirection ?? Double(max(x.rows, x.columns)) * 0x1p-52
      let cut = share * (svd.values.first ?? 0)
      let reciprocals = svd.values.map { $0 > cut ? $0 / ($0 * $0 + options.ridge) : 0 }
      return (isWide ? .minimumNorm : .singularValues, 0, .singular(svd, reciprocals: reciprocals))
    } catch {
      throw RegressionError(.linearAlgebra(error))
    }
  }

  /// Fits the map to one target layer.
  ///
  /// - Parameter target: states of the target layer for the same samples, `[n, d target]`.
  public func map(to target: Matrix) throws(RegressionError) -> LinearMap {
    try checkTarget(target)
    try RegressionError.checkFinite(target, "the training targets")
    let y = Self.centre(target, options.intercept)
    let weights: DoubleMatrix
    switch factor {
    case .normal(let cholesky, let scales):
      weights = solveNormal(cholesky, scales, multiply(source, y.matrix, transposeA: true))
    case .dual(let cholesky):
      var right = y.matrix
      cholesky.solve(&right)
      weights = multiply(source, right, transposeA: true)
    case .singular(let svd, let reciprocals):
      weights = multiply(svd.vt, multiply(svd.u, y.matrix, transposeA: true).scalingRows(reciprocals), transposeA: true)
    }
    let shift = multiply(DoubleMatrix(rows: 1, columns: means.count, values: means), weights)
    return LinearMap(weights: weights, intercept: zip(y.means, shift.values).map { $0 - $1 })
  }

  /// What predictions for other samples have in common for all targets; see `LinearMapPredictor`.
  func predictor(for states: Matrix) -> LinearMapPredictor {
    let test = Self.subtract(means, from: states)
    switch factor {
    case .normal(let cholesky, let scales):
      // X_test · G⁻¹, by solving for its transpose; in single precision with both factors scaled to unit columns.
      if reciprocalCondition >= 1e-5 && source.columns >= 256 {
        var left = test.scalingColumns(scales).transposed()
        cholesky.solve(&left)
        return .single(left: left.transposed().single, right: source.scalingColumns(scales).single)
      }
      return .double(left: solveNormal(cholesky, scales, test.transposed()).transposed(), right: source)
    case .dual(let cholesky):
      var products = multiply(source, test, transposeB: true)
      cholesky.solve(&products)
      return .direct(left: products.transposed())
    case .singular(let svd, let reciprocals):
      let inner = multiply(test, svd.vt, transposeB: true).scalingColumns(reciprocals)
      return .direct(left: multiply(inner, svd.u, transposeB: true))
    }
  }

  /// R² of test samples of one target layer, whose numbers are known to be finite, coordinate by coordinate; nil where
  /// `spreads` is 0.
  func scores(
    _ predictor: LinearMapPredictor, target: Matrix, test: Matrix, spreads: [Double]
  ) throws(RegressionError) -> [Double?] {
    try checkTarget(target)
    let isCentred = options.intercept
    switch predictor {
    case .single(let left, let right):
      let means = isCentred ? Scaler(fitting: target, standardization: .none).means : nil
      let y = means.map { Self.subtract($0, from: target).single } ?? target
      let predictions = multiply(left, multiply(right, y, transposeA: true))
      return R2.columns(truth: test, predictions: predictions, shift: means, spreads: spreads)
    case .double(let left, let right):
      let y = Self.centre(target, isCentred)
      let predictions = multiply(left, multiply(right, y.matrix, transposeA: true))
      return R2.columns(truth: test, predictions: predictions, shift: y.means, spreads: spreads)
    case .direct(let left):
      let y = Self.centre(target, isCentred)
      return R2.columns(truth: test, predictions: multiply(left, y.matrix), shift: y.means, spreads: spreads)
    }
  }

  private func checkTarget(_ target: Matrix) throws(RegressionError) {
    try RegressionError.checkCount("training targets", expected: source.rows, found: target.rows)
  }

  private func solveNormal(_ cholesky: Cholesky<Double>, _ scales: [Double], _ right: DoubleMatrix) -> DoubleMatrix {
    var solution = right.scalingRows(scales)
    cholesky.solve(&solution)
    return solution.scalingRows(scales)
  }

  private static func centre(_ states: Matrix, _ isCentred: Bool) -> (matrix: DoubleMatrix, means: [Double]) {
    guard isCentred else { return (states.double, Array(repeating: 0, count: states.columns)) }
    let means = Scaler(fitting: states, standardization: .none).means
    return (subtract(means, from: states), means)
  }

  private static func subtract(_ means: [Double], from states: Matrix) -> DoubleMatrix {
    var result = states.double
    let width = states.columns
    result.withUnsafeMutablePointer { x in
      for row in 0..<states.rows { for column in 0..<width { x[row * width + column] -= means[column] } }
    }
    return result
  }
}

/// What the predictions of one source layer for test samples have in common.
///
/// R² needs no map: the test sources times the inverse are formed once and serve every target Y.
enum LinearMapPredictor {
  /// Predictions are left · (rightᵀ · Y): `[test, d]` and `[n, d]`, single precision.
  case single(left: Matrix, right: Matrix)
  /// The same in double precision.
  case double(left: DoubleMatrix, right: DoubleMatrix)
  /// Predictions are left · Y: `[test, n]`.
  case direct(left: DoubleMatrix)
}

extension DoubleMatrix {
  /// The matrix with row i multiplied by `factors[i]`.
  func scalingRows(_ factors: [Double]) -> DoubleMatrix {
    var result = self
    let width = columns
    result.withUnsafeMutablePointer { a in
      for row in 0..<rows { for column in 0..<width { a[row * width + column] *= factors[row] } }
    }
    return result
  }

  /// The matrix with column j multiplied by `factors[j]`.
  func scalingColumns(_ factors: [Double]) -> DoubleMatrix {
    var result = self
    let width = columns
    result.withUnsafeMutablePointer { a in
      for row in 0..<rows { for column in 0..<width { a[row * width + column] *= factors[column] } }
    }
    return result
  }
}
