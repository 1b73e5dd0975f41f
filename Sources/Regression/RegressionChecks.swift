public import Tensors

/// Controls that belong beside every table of R²: what chance, one dimension alone, and the units account for.
public enum RegressionChecks {
  /// R² of predicting each target from the source dimension of the same index alone, by least squares with intercept.
  ///
  /// What the residual path carries unchanged is visible here. nil where source or target is constant.
  public static func sameDimensionR2(
    trainSource: Matrix, trainTargets: Matrix, testSource: Matrix, testTargets: Matrix
  ) throws(RegressionError) -> [Double?] {
    try RegressionError.checkCount("training targets", expected: trainSource.rows, found: trainTargets.rows)
    try RegressionError.checkCount("test targets", expected: testSource.rows, found: testTargets.rows)
    try RegressionError.checkCount("test dimensions", expected: trainSource.columns, found: testSource.columns)
    let x = Scaler(fitting: trainSource, standardization: .none)
    let y = Scaler(fitting: trainTargets, standardization: .none)
    let width = min(trainSource.columns, trainTargets.columns)
    var products = [Double](repeating: 0, count: width)
    for row in 0..<trainSource.rows {
      for column in 0..<width {
        let dx = Double(trainSource[row, column]) - x.means[column]
        products[column] += dx * (Double(trainTargets[row, column]) - y.means[column])
      }
    }
    let slopes = (0..<width).map { column in
      products[column] / (x.deviations[column] * x.deviations[column] * Double(trainSource.rows))
    }
    let spreads = R2.squares(testTargets)
    return (0..<trainTargets.columns).map { column in
      guard column < width, !x.isConstant(column), !y.isConstant(column), spreads[column] > 0 else { return nil }
      var error = 0.0
      for row in 0..<testSource.rows {
        let predicted = y.means[column] + slopes[column] * (Double(testSource[row, column]) - x.means[column])
        let miss = Double(testTargets[row, column]) - predicted
        error += miss * miss
      }
      return 1 - error / spreads[column]
    }
  }

  /// The rows of `targets` in a random order, the same for all columns: a regression on them shows what chance gives.
  ///
  /// The order is drawn from the stream "svr permuted null".
  public static func permuted(_ targets: Matrix, seed: Int) -> Matrix {
    var random = RandomStream(seed: seed, stream: "svr permuted null")
    return targets.rows(at: random.permutation(targets.rows))
  }

  /// Mean R² after multiplying all states by each factor, under `options`.
  ///
  /// With raw units ε and C mean something else at every scale, so a mean that moves says the figure shows the units.
  public static func scaleCheck(
    trainSource: Matrix, trainTargets: Matrix, testSource: Matrix, testTargets: Matrix, targets: [Int]? = nil,
    factors: [Float] = [0.1, 1, 10], options: SupportVectorOptions, control: FitControl = FitControl()
  ) throws(RegressionError) -> [(factor: Float, meanR2: Double?)] {
    var results: [(factor: Float, meanR2: Double?)] = []
    for factor in factors {
      let regression = try SupportVectorRegression(
        trainSource: trainSource.scaled(by: factor), testSource: testSource.scaled(by: factor), options: options)
      let fit = try regression.fit(
        trainTargets: trainTargets.scaled(by: factor), testTargets: testTargets.scaled(by: factor), targets: targets,
        control: control)
      results.append((factor, R2.mean(fit.r2)))
    }
    return results
  }
}

extension Matrix {
  /// The matrix multiplied by a number.
  fileprivate func scaled(by factor: Float) -> Matrix {
    Matrix(rows: rows, columns: columns, values: values.map { $0 * factor })
  }
}
