public import Tensors

/// R² of every pair of states i < j under the fitted map and under the identity.
public struct PairwiseR2: Sendable, Equatable {
  /// `map[i][j]` for i < j: R² of predicting state j from state i by a fitted linear map, averaged without weights over
  /// the coordinates that vary on the test samples; 1 on the diagonal, nil below it and where undefined.
  public var map: [[Double?]]
  /// The same for taking state i itself as the prediction.
  public var identity: [[Double?]]
  /// Number of coordinates of state j that are constant on the test samples and so take no part.
  public var undefinedCoordinates: [Int]
  /// How each source layer was solved; the last state is no source.
  public var methods: [LinearMapMethod]
  /// Reciprocal condition number of each source layer's system.
  public var reciprocalConditions: [Double]
  /// What a reader must be told, such as that there were fewer samples than dimensions.
  public var warnings: [String]
}

/// Least-squares maps between the states of all layers.
///
/// Source: Yom Din and others, "Jump to conclusions: short-cutting transformers with linear transformations" (2024):
/// A = argmin Σ‖A h_i − h_j‖² for every i < j, no intercept, no penalty.
public enum LinearMaps {
  /// R² for all pairs i < j on the test samples; no map is formed, one factorisation per source serves all targets.
  ///
  /// - Parameters:
  ///   - train: the states h_0 … h_L of the training samples, each `[n, d]`.
  ///   - test: the same states of the test samples, each `[m, d]`.
  /// - Throws: `RegressionError` for sizes that disagree or numbers that are not finite.
  public static func pairwiseR2(
    train: [Matrix], test: [Matrix], options: LinearMapOptions = LinearMapOptions(), control: FitControl = FitControl()
  ) throws(RegressionError) -> PairwiseR2 {
    try check(train, test)
    let count = train.count
    let empty = (0..<count).map { i in (0..<count).map { j in i == j ? 1.0 : nil as Double? } }
    let spreads = test.map { R2.squares($0) }
    var result = PairwiseR2(
      map: empty, identity: empty, undefinedCoordinates: spreads.map { $0.count { $0 == 0 } }, methods: [],
      reciprocalConditions: [], warnings: warnings(train))
    let total = count * (count - 1) / 2
    var done = 0
    for i in 0..<max(count - 1, 0) {
      let solver = try LinearMapSolver(source: train[i], options: options)
      let predictor = solver.predictor(for: test[i])
      result.methods.append(solver.method)
      result.reciprocalConditions.append(solver.reciprocalCondition)
      for j in i + 1..<count {
        if control.isCancelled() { throw RegressionError(.cancelled) }
        let scores = try solver.scores(predictor, target: train[j], test: test[j], spreads: spreads[j])
        result.map[i][j] = R2.mean(scores)
        if train[i].columns == train[j].columns {
          result.identity[i][j] = R2.mean(
            R2.columns(truth: test[j], predictions: test[i], shift: nil, spreads: spreads[j]))
        }
        done += 1
        control.progress(done, total)
      }
    }
    return result
  }

  /// The maps from every state to the last, `[L + 1]`: entry i maps h_i to h_L; the last one is the identity.
  public static func toFinal(
    train: [Matrix], options: LinearMapOptions = LinearMapOptions(), control: FitControl = FitControl()
  ) throws(RegressionError) -> [LinearMap] {
    guard let last = train.last else { return [] }
    try check(train, train)
    var maps: [LinearMap] = []
    for (index, source) in train.dropLast().enumerated() {
      if control.isCancelled() { throw RegressionError(.cancelled) }
      maps.append(try LinearMapSolver(source: source, options: options).map(to: last))
      control.progress(index + 1, train.count)
    }
    return maps + [.identity(last.columns)]
  }

  /// Sentences a reader must be told about these sizes.
  public static func warnings(_ train: [Matrix]) -> [String] {
    guard let first = train.first, first.rows < first.columns else { return [] }
    return [
      "\(first.rows) samples for \(first.columns) dimensions: the maps fit the training samples exactly and are those of smallest norm"
    ]
  }

  private static func check(_ train: [Matrix], _ test: [Matrix]) throws(RegressionError) {
    try RegressionError.checkCount("test states", expected: train.count, found: test.count)
    for (a, b) in zip(train, test) {
      try RegressionError.checkCount("training samples", expected: train[0].rows, found: a.rows)
      try RegressionError.checkCount("test samples", expected: test[0].rows, found: b.rows)
      try RegressionError.checkCount("test dimensions", expected: a.columns, found: b.columns)
      if a.rows < 1 { throw RegressionError(.tooFewSamples(part: "training", needed: 1, found: 0)) }
      if b.rows < 1 { throw RegressionError(.tooFewSamples(part: "test", needed: 1, found: 0)) }
      try RegressionError.checkFinite(a, "the training states")
      try RegressionError.checkFinite(b, "the test states")
    }
  }
}
