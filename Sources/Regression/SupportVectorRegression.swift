public import Tensors

/// Settings of a support vector regression.
public struct SupportVectorOptions: Sendable, Equatable {
  /// How the coefficients are found.
  public enum Solver: Sendable, Equatable {
    /// Epsilon-insensitive support vectors, exact.
    case supportVectors
    /// Ridge regression with this penalty on the same Gram matrix: a fast preview.
    case ridge(penalty: Double)
  }

  /// Weight C of the errors, in units of the (standardised) target.
  public var c: Double
  /// Half-width ε of the tube in which errors cost nothing, in units of the (standardised) target.
  public var epsilon: Double
  /// Whether sources and targets are divided by their standard deviation.
  public var standardize: Standardization
  /// Relative duality gap above which a target counts as missed.
  public var gapTolerance: Double
  /// How the coefficients are found.
  public var solver: Solver
  /// The relative duality gap at which splitting stops; nil for what R² within 10⁻³ asks of each target.
  public var splittingGap: Double?

  /// Makes settings; the defaults are those of the report directives.
  public init(
    c: Double = 1, epsilon: Double = 0.1, standardize: Standardization = .train, gapTolerance: Double = 1e-3,
    solver: Solver = .supportVectors
  ) {
    self.c = c
    self.epsilon = epsilon
    self.standardize = standardize
    self.gapTolerance = gapTolerance
    self.solver = solver
  }

  func check() throws(RegressionError) {
    guard c > 0, c.isFinite else {
      throw RegressionError(.badSetting(name: "C", found: c, expected: "a positive number"))
    }
    guard epsilon >= 0, epsilon.isFinite else {
      throw RegressionError(.badSetting(name: "epsilon", found: epsilon, expected: "a number that is not negative"))
    }
    guard gapTolerance > 0 else {
      throw RegressionError(.badSetting(name: "gap tolerance", found: gapTolerance, expected: "a positive number"))
    }
    if case .ridge(let penalty) = solver, !(penalty > 0 && penalty.isFinite) {
      throw RegressionError(.badSetting(name: "ridge penalty", found: penalty, expected: "a positive number"))
    }
  }
}

/// What a long fit reports while it runs, and how it is stopped.
public struct FitControl {
  /// Called now and then with the number of targets solved and their total; calls come from one thread at a time.
  public var progress: (Int, Int) -> Void
  /// Asked before each block of targets; once true, the fit throws `RegressionError.Code.cancelled`.
  public var isCancelled: () -> Bool

  /// Makes a control; by default nothing is reported and nothing stops.
  public init(
    progress: @escaping (Int, Int) -> Void = { _, _ in }, isCancelled: @escaping () -> Bool = { false }
  ) {
    self.progress = progress
    self.isCancelled = isCancelled
  }
}

/// Epsilon-insensitive linear support vector regression of every dimension of one layer on all dimensions of another.
///
/// For each target y, minimises over weights w and intercept b
/// ```
/// ½‖w‖² + C Σₖ max(0, |yₖ − w·xₖ − b| − ε)
/// ```
/// or through its dual: over β ∈ [−C, C]ⁿ with Σβ = 0, ½βᵀKβ − βᵀy + ε‖β‖₁, w = Xᵀβ. Only the Gram matrix K = XXᵀ of
/// the centred sources, or where there are fewer dimensions than samples the eigenbasis of XᵀX, and y, C and ε enter, so
/// all targets share it. Every solution is certified by its own duality gap. The result does not depend on the number of
/// threads.
///
/// Source: Smola and Schölkopf, "A tutorial on support vector regression" (2004), equations 3 and 10; the optimum is
/// that of scikit-learn's `SVR(kernel="linear")`.
public struct SupportVectorRegression: Sendable {
  /// The settings.
  public let options: SupportVectorOptions
  /// Means and deviations of the sources on the training samples.
  public let sourceScaler: Scaler
  /// Centred (and divided) sources of the training samples, `[n, d]`.
  let source: DoubleMatrix
  /// Sources of the test samples, centred and divided like those of the training samples, `[test, d]`.
  let testSource: DoubleMatrix
  /// What all targets share.
  let shared: SharedSources

  /// Prepares what all targets of a source layer share.
  ///
  /// - Parameters:
  ///   - trainSource: states of the source layer, `[n, d]`.
  ///   - testSource: states of the same layer for the evaluation samples, `[m, d]`.
  /// - Throws: `RegressionError` for sizes that disagree, fewer than two training samples or one test sample, numbers
  ///   that are not finite, or settings out of range.
  public init(
    trainSource: Matrix, testSource: Matrix, options: SupportVectorOptions = SupportVectorOptions()
  ) throws(RegressionError) {
    try options.check()
    try RegressionError.checkCount(
      "test dimensions of the source", expected: trainSource.columns, found: testSource.columns)
    if trainSource.rows < 2 {
      throw RegressionError(.tooFewSamples(part: "training", needed: 2, found: trainSource.rows))
    }
    if testSource.rows < 1 { throw RegressionError(.tooFewSamples(part: "test", needed: 1, found: testSource.rows)) }
    try RegressionError.checkFinite(trainSource, "the training sources")
    try RegressionError.checkFinite(testSource, "the test sources")
    self.options = options
    sourceScaler = Scaler(fitting: trainSource, standardization: options.standardize)
    source = sourceScaler.transform(trainSource)
    self.testSource = sourceScaler.transform(testSource)
    shared = try SharedSources(source: source, testSource: self.testSource, options: options)
  }

  /// Number of training samples.
  public var sampleCount: Int { source.rows }

  /// Whether no source dimension varies, so that nothing can be predicted and every target is undefined.
  public var sourceIsConstant: Bool { sourceScaler.constantCount == sourceScaler.means.count }

  /// Fits the chosen target dimensions and evaluates them on the test samples.
  ///
  /// - Parameters:
  ///   - trainTargets: states of the target layer for the training samples, `[n, targets]`.
  ///   - testTargets: states of the target layer for the test samples, `[m, targets]`.
  ///   - targets: the columns to fit, all by default; results are in this order.
  ///   - control: progress and cancellation.
  /// - Throws: `RegressionError`.
  public func fit(
    trainTargets: Matrix, testTargets: Matrix, targets: [Int]? = nil, control: FitControl = FitControl()
  ) throws(RegressionError) -> SupportVectorFit {
    try check(trainTargets, testTargets)
    let indices = targets ?? Array(0..<trainTargets.columns)
    for target in indices where target < 0 || target >= trainTargets.columns {
      throw RegressionError(.noSuchTarget(target, count: trainTargets.columns))
    }
    let scaler = Scaler(fitting: trainTargets, standardization: options.standardize)
    var fit = SupportVectorFit(
      targets: indices, sampleCount: sampleCount, dimensions: shared.findsWeights ? source.columns : nil, scaler: scaler
    )
    if sourceIsConstant { return fit }
    let run = TargetRun(
      regression: self, trainTargets: trainTargets, testTargets: testTargets, scaler: scaler, indices: indices)
    try run.solve(into: &fit, control: control)
    return fit
  }

  /// Weights w of fitted targets, in the units of the fit: `[positions.count, d]`.
  ///
  /// - Parameters:
  ///   - fit: a fit made by this regression.
  ///   - positions: places in `fit.targets`.
  public func weights(_ fit: SupportVectorFit, at positions: [Int]) -> DoubleMatrix {
    precondition(fit.duals.columns == sampleCount, "the fit belongs to another regression")
    return fit.weights?.rows(at: positions) ?? multiply(fit.duals.rows(at: positions), source)
  }

  /// How much each source dimension contributes to fitted targets: |weight| · standard deviation of the dimension.
  ///
  /// Standardised fits have deviation 1 throughout. Constant dimensions contribute 0. `[positions.count, d]`.
  public func contributions(_ fit: SupportVectorFit, at positions: [Int]) -> DoubleMatrix {
    let weights = weights(fit, at: positions)
    let scale = (0..<source.columns).map { sourceScaler.deviations[$0] / sourceScaler.divisors[$0] }
    return DoubleMatrix(
      rows: weights.rows, columns: weights.columns,
      values: weights.values.enumerated().map { abs($1) * scale[$0 % scale.count] })
  }

  /// Predictions for the test samples in the targets' own units: `[m, positions.count]`.
  public func predictions(_ fit: SupportVectorFit, at positions: [Int]) -> DoubleMatrix {
    var result = predict(duals: fit.duals.rows(at: positions), weights: fit.weights?.rows(at: positions)).transposed()
    for (place, position) in positions.enumerated() {
      let column = fit.targets[position]
      for row in 0..<result.rows {
        let value = (result[row, place] + (fit.biases[position] ?? .nan)) * fit.scaler.divisors[column]
        result[row, place] = value + fit.scaler.means[column]
      }
    }
    return result
  }

  /// Xw for the test samples, without the intercept, `[targets, test]`: from the weights where there are any.
  func predict(duals: DoubleMatrix, weights: DoubleMatrix?) -> DoubleMatrix {
    if let weights { return multiply(weights, testSource, transposeB: true) }
    if case .kernel(_, let test) = shared { return multiply(duals, test, transposeB: true) }
    return multiply(multiply(duals, source), testSource, transposeB: true)
  }

  private func check(_ trainTargets: Matrix, _ testTargets: Matrix) throws(RegressionError) {
    try RegressionError.checkCount("training targets", expected: sampleCount, found: trainTargets.rows)
    try RegressionError.checkCount("test targets", expected: testSource.rows, found: testTargets.rows)
    try RegressionError.checkCount("test target dimensions", expected: trainTargets.columns, found: testTargets.columns)
    try RegressionError.checkFinite(trainTargets, "the training targets")
    try RegressionError.checkFinite(testTargets, "the test targets")
  }
}
