public import Tensors

/// What a support vector regression found for each target dimension.
public struct SupportVectorFit: Sendable {
  /// The fitted target dimensions; all other arrays are in this order.
  public let targets: [Int]
  /// R² on the test samples; nil where the target is constant on the training or the test samples.
  public internal(set) var r2: [Double?]
  /// Relative duality gap (primal − dual) / |primal| of the solution; nil where undefined and for ridge.
  public internal(set) var gaps: [Double?]
  /// Intercepts in the units of the fit, about the target's mean; nil where undefined.
  public internal(set) var biases: [Double?]
  /// Number of samples with a coefficient that is not zero.
  public internal(set) var supportVectors: [Int]
  /// Number of targets whose gap exceeds the tolerance: their numbers must not be trusted.
  public internal(set) var missed = 0
  /// Which solver finished how many targets.
  public internal(set) var solverCounts = SolverCounts()
  /// Dual coefficients, `[targets.count, n]`; zeros where undefined.
  public internal(set) var duals: DoubleMatrix
  /// Means and deviations of the targets on the training samples.
  public let scaler: Scaler

  init(targets: [Int], sampleCount: Int, scaler: Scaler) {
    self.targets = targets
    self.scaler = scaler
    r2 = Array(repeating: nil, count: targets.count)
    gaps = r2
    biases = r2
    supportVectors = Array(repeating: 0, count: targets.count)
    duals = DoubleMatrix(rows: targets.count, columns: sampleCount)
  }

  /// Number of targets without an R².
  public var undefinedCount: Int { r2.count { $0 == nil } }

  /// The largest gap of any target; nil when none was measured.
  public var largestGap: Double? { gaps.compactMap { $0 }.max() }

  /// How many targets each stage of the solver finished.
  public struct SolverCounts: Sendable, Equatable {
    /// The tube is wider than the target's range: all coefficients are zero.
    public var trivial = 0
    /// Active sets.
    public var activeSet = 0
    /// The interior-point method.
    public var interiorPoint = 0
    /// Newton steps taken by the active-set method.
    public var newtonSteps = 0
  }
}
