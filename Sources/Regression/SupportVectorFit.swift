public import Tensors

/// What a support vector regression found for each target dimension.
public struct SupportVectorFit: Sendable {
  /// The fitted target dimensions; all other arrays are in this order.
  public let targets: [Int]
  /// R² on the test samples; nil where the target is constant on the training or the test samples.
  ///
  /// It stands within 10⁻³ · max(1, 1 − R²) of that of the exact solution, as measured; the gap is what is certain.
  public internal(set) var r2: [Double?]
  /// Relative duality gap (primal − dual) / |primal| of the solution; nil where undefined and for ridge.
  public internal(set) var gaps: [Double?]
  /// Intercepts in the units of the fit, about the target's mean; nil where undefined.
  public internal(set) var biases: [Double?]
  /// Number of samples outside the tube or on its edge: those with a coefficient that is not zero in the optimum.
  public internal(set) var supportVectors: [Int]
  /// Number of targets whose gap exceeds the tolerance: their numbers must not be trusted.
  public internal(set) var missed = 0
  /// Which solver finished how many targets.
  public internal(set) var solverCounts = SolverCounts()
  /// Dual coefficients, `[targets.count, n]`; zeros where undefined.
  public internal(set) var duals: DoubleMatrix
  /// Weights, `[targets.count, d]`, where they were found apart from the coefficients; nil where they are Xᵀβ.
  ///
  /// With fewer dimensions than samples the two enclose the optimum from either side: the weights are the solution, the
  /// coefficients prove it, and Xᵀβ is further off.
  var weights: DoubleMatrix?
  /// Means and deviations of the targets on the training samples.
  public let scaler: Scaler

  init(targets: [Int], sampleCount: Int, dimensions: Int?, scaler: Scaler) {
    self.targets = targets
    self.scaler = scaler
    r2 = Array(repeating: nil, count: targets.count)
    gaps = r2
    biases = r2
    supportVectors = Array(repeating: 0, count: targets.count)
    duals = DoubleMatrix(rows: targets.count, columns: sampleCount)
    weights = dimensions.map { DoubleMatrix(rows: targets.count, columns: $0) }
  }

  /// Number of targets without an R².
  public var undefinedCount: Int { r2.count { $0 == nil } }

  /// The largest gap of any target; nil when none was measured.
  public var largestGap: Double? { gaps.compactMap { $0 }.max() }

  /// Puts the solutions of a block in their places, from `first` on.
  mutating func store(_ solution: BlockSolution, at first: Int, isConstant: [Bool], tolerance: Double) {
    for row in isConstant.indices where !isConstant[row] {
      let position = first + row
      gaps[position] = solution.gaps[row]
      biases[position] = solution.biases[row]
      supportVectors[position] = solution.supportVectors[row]
      duals.setRow(position, solution.duals.row(row))
      if let found = solution.weights { weights?.setRow(position, found.row(row)) }
      if let gap = solution.gaps[row], !(gap <= tolerance) { missed += 1 }
    }
    solverCounts.add(solution.counts)
  }

  /// How many targets each stage of the solver finished.
  public struct SolverCounts: Sendable, Equatable {
    /// The tube is wider than the target's range: all coefficients are zero.
    public var trivial = 0
    /// Active sets.
    public var activeSet = 0
    /// Averaged splitting in single precision: fewer dimensions than samples.
    public var splitting = 0
    /// What stalled there and went on in double precision.
    public var doublePrecision = 0
    /// Steps of the splitting, in either precision.
    public var splittingSteps = 0
    /// The interior-point method.
    public var interiorPoint = 0
    /// Newton steps taken by the active-set method.
    public var newtonSteps = 0

    mutating func add(_ other: SolverCounts) {
      trivial += other.trivial
      activeSet += other.activeSet
      splitting += other.splitting
      doublePrecision += other.doublePrecision
      splittingSteps += other.splittingSteps
      interiorPoint += other.interiorPoint
      newtonSteps += other.newtonSteps
    }
  }
}
