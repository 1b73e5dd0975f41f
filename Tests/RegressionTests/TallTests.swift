import Regression
import Tensors
import Testing

/// Fewer dimensions than samples, or a rank below: averaged splitting.
@Suite(.serialized) struct TallTests {
  @Test func theFixtureIsThere() {
    #expect(TallCase.all.count == 9)
    #expect(TallCase.all.allSatisfy { $0.r2.count >= 2 && $0.r2.count == $0.objective.count })
  }

  /// R² and the value of the problem itself are the reference's; far below 0 a thousandth of 1 − R² is enough.
  @Test(arguments: TallCase.all) func tallMatchesTheReference(_ reference: TallCase) throws {
    let regression = try SupportVectorRegression(trainSource: reference.trainX, testSource: reference.testX)
    let fit = try regression.fit(trainTargets: reference.trainY, testTargets: reference.testY)
    let x = regression.sourceScaler.transform(reference.trainX)
    let y = fit.scaler.transform(reference.trainY)
    let count = reference.r2.count
    let counts = fit.solverCounts
    #expect(counts.activeSet + counts.splitting + counts.doublePrecision == count)
    for target in 0..<count {
      let expected = reference.r2[target]
      #expect(abs(try #require(fit.r2[target]) - expected) < 1e-3 * max(1, 1 - expected), "target \(target)")
      let found = PrimalAndDual(regression, fit, at: target, x, y.column(target))
      #expect(abs(found.primal / reference.objective[target] - 1) < 1.1e-4, "target \(target)")
      #expect(found.dual <= reference.objective[target] * (1 + 1e-6))
    }
  }

  /// The certificate, computed here from scratch, holds at every width: feasible coefficients, a gap as reported and
  /// below 10⁻⁴, and no width at which targets fall to the slow methods.
  @Test(arguments: [96, 128, 192, 256, 384, 512, 640, 700, 768, 896, 1024], [0.0, 0.5])
  func everyWidthIsCertified(_ width: Int, _ noise: Double) throws {
    let states = TallStates(train: 800, test: 100, width: width, targets: 8, noise: noise)
    let regression = try SupportVectorRegression(trainSource: states.train, testSource: states.test)
    let fit = try regression.fit(trainTargets: states.nextTrain, testTargets: states.nextTest)
    let x = regression.sourceScaler.transform(states.train)
    let y = fit.scaler.transform(states.nextTrain)
    #expect(fit.missed == 0 && fit.undefinedCount == 0 && fit.solverCounts.interiorPoint == 0)
    #expect(width < 640 || fit.solverCounts.activeSet == 8)
    for target in 0..<8 {
      let gap = try #require(fit.gaps[target])
      #expect(gap < 1e-4)
      let found = PrimalAndDual(regression, fit, at: target, x, y.column(target))
      #expect(found.largest <= 1 + 1e-9 && found.sum < 1e-9)
      #expect(abs((found.primal - found.dual) / found.primal - gap) < 1e-6 + 0.01 * gap)
      #expect(fit.supportVectors[target] > 0 && fit.supportVectors[target] <= 800)
    }
  }

  @Test func tallFitsPredictTheirR2() throws {
    let states = TallStates(train: 400, test: 80, width: 60, targets: 5, noise: 0.4)
    for mode in Standardization.allCases {
      let regression = try SupportVectorRegression(
        trainSource: states.train, testSource: states.test, options: SupportVectorOptions(standardize: mode))
      let fit = try regression.fit(trainTargets: states.nextTrain, testTargets: states.nextTest, targets: [3, 0])
      let truth = states.nextTest.columns(at: [3, 0])
      let r2 = R2.columns(truth: truth, predictions: regression.predictions(fit, at: [0, 1]).single)
      for (a, b) in zip(r2, fit.r2) { #expect(abs((a ?? 9) - (b ?? -9)) < 1e-5) }
      let contributions = regression.contributions(fit, at: [1])
      let weights = regression.weights(fit, at: [1])
      #expect(contributions.columns == 60 && contributions.values.allSatisfy { $0 >= 0 })
      if mode == .train { #expect(zip(contributions.values, weights.values).allSatisfy { $0 == abs($1) }) }
    }
  }

  @Test(arguments: [(1, 40), (40, 40), (300, 40), (40, 200), (300, 250)])
  func threadsChangeNoBitOfTallFits(_ targets: Int, _ width: Int) throws {
    let before = Compute.threads
    defer { Compute.threads = before }
    let states = TallStates(train: 300, test: 50, width: width, targets: targets, noise: 0.3)
    func fit(_ threads: Int) throws -> SupportVectorFit {
      Compute.threads = threads
      return try SupportVectorRegression(trainSource: states.train, testSource: states.test)
        .fit(trainTargets: states.nextTrain, testTargets: states.nextTest)
    }
    let (one, two, five) = (try fit(1), try fit(2), try fit(5))
    for other in [two, five] {
      #expect(one.r2 == other.r2 && one.duals == other.duals && one.biases == other.biases && one.gaps == other.gaps)
    }
  }

  /// A tight tube, none at all, weights of errors that are tiny and huge, raw units: every gap is closed.
  ///
  /// Far fewer dimensions than samples, more than half as many, nearly as many.
  @Test(
    arguments: [(0.1, 1.0), (0.0, 1.0), (0.1, 1e-3), (0.1, 100.0), (0.01, 10.0), (0.8, 1.0)], [50, 160, 220])
  func everySettingIsCertified(_ setting: (epsilon: Double, c: Double), _ width: Int) throws {
    let states = TallStates(train: 240, test: 60, width: width, targets: 6, noise: 0.3)
    for mode in Standardization.allCases {
      let fit = try SupportVectorRegression(
        trainSource: states.train, testSource: states.test,
        options: SupportVectorOptions(c: setting.c, epsilon: setting.epsilon, standardize: mode)
      ).fit(trainTargets: states.nextTrain, testTargets: states.nextTest)
      #expect(fit.missed == 0 && fit.gaps.allSatisfy { ($0 ?? 1) < 1e-4 })
    }
  }

  /// Repeated samples take K its inverse however many dimensions there are.
  @Test func repeatedSamplesOfManyDimensionsAreCertified() throws {
    var states = TallStates(train: 240, test: 60, width: 300, targets: 6, noise: 0.3).train
    let next = TallStates(train: 240, test: 60, width: 300, targets: 6, noise: 0.3)
    for row in 0..<40 { states.setRow(row, states.row(row + 40)) }
    let regression = try SupportVectorRegression(trainSource: states, testSource: next.test)
    let fit = try regression.fit(trainTargets: next.nextTrain, testTargets: next.nextTest)
    #expect(fit.solverCounts.activeSet == 6 && fit.solverCounts.splittingSteps == 0)
    let (x, y) = (regression.sourceScaler.transform(states), fit.scaler.transform(next.nextTrain))
    for target in 0..<6 {
      let found = PrimalAndDual(regression, fit, at: target, x, y.column(target))
      #expect((found.primal - found.dual) / found.primal < 1e-4 && found.largest <= 1 + 1e-9 && found.sum < 1e-9)
    }
  }

  @Test func constantTargetsAndSourcesStayUndefined() throws {
    let states = TallStates(train: 300, test: 50, width: 20, targets: 3, noise: 0.3)
    var target = states.nextTrain
    for row in 0..<300 { target[row, 1] = 4 }
    let fit = try SupportVectorRegression(trainSource: states.train, testSource: states.test)
      .fit(trainTargets: target, testTargets: states.nextTest)
    #expect(fit.r2[1] == nil && fit.gaps[1] == nil && fit.biases[1] == nil && fit.undefinedCount == 1)
    #expect(fit.r2[0] != nil && fit.r2[2] != nil)
    let constant = Matrix(rows: 300, columns: 20, values: Array(repeating: 1.5, count: 6000))
    let none = try SupportVectorRegression(trainSource: constant, testSource: states.test)
      .fit(trainTargets: states.nextTrain, testTargets: states.nextTest)
    #expect(none.undefinedCount == 3 && none.gaps.allSatisfy { $0 == nil })
  }

  /// The preview by ridge regression is the same through XᵀX as through XXᵀ.
  @Test func ridgeOfFewDimensionsSolvesItsEquations() throws {
    let states = TallStates(train: 150, test: 30, width: 12, targets: 2, noise: 0.3)
    let regression = try SupportVectorRegression(
      trainSource: states.train, testSource: states.test, options: SupportVectorOptions(solver: .ridge(penalty: 2)))
    let fit = try regression.fit(trainTargets: states.nextTrain, testTargets: states.nextTest)
    let x = regression.sourceScaler.transform(states.train)
    let y = fit.scaler.transform(states.nextTrain)
    for target in 0..<2 {
      let beta = fit.duals.row(target)
      let image = multiply(x, multiply(x, beta, transposed: true))
      for i in 0..<150 { #expect(abs(image[i] + 2 * beta[i] - y[i, target]) < 1e-9) }
      let weights = regression.weights(fit, at: [target]).values
      #expect(zip(weights, multiply(x, beta, transposed: true)).allSatisfy { abs($0 - $1) < 1e-9 })
    }
  }
}

/// States of falling spectrum and linear, bent and noisy targets.
struct TallStates {
  let train: Matrix
  let test: Matrix
  let nextTrain: Matrix
  let nextTest: Matrix

  init(train: Int, test: Int, width: Int, targets: Int, noise: Double) {
    var random = RandomStream(seed: 11, stream: "tall states")
    func normal(_ rows: Int, _ columns: Int) -> DoubleMatrix {
      DoubleMatrix(
        rows: rows, columns: columns,
        values: (0..<rows * columns).map { _ in (0..<4).reduce(-2.0) { sum, _ in sum + random.uniform() } * 1.7 })
    }
    let n = train + test
    var latent = normal(n, width)
    for row in 0..<n { for column in 0..<width { latent[row, column] /= (Double(column) + 1).squareRoot() } }
    let x = multiply(latent, normal(width, width))
    let signal = multiply(x, normal(width, targets))
    let extra = normal(n, targets)
    let size = (signal.values.reduce(0) { $0 + $1 * $1 } / Double(signal.values.count)).squareRoot()
    let y = zip(signal.values, extra.values).map { value, extra in
      let level = value / size
      return level / (1 + 0.1 * abs(level)) + noise * extra
    }
    let (source, target) = (x.single, DoubleMatrix(rows: n, columns: targets, values: y).single)
    (self.train, self.test) = (source.rows(0..<train), source.rows(train..<n))
    (nextTrain, nextTest) = (target.rows(0..<train), target.rows(train..<n))
  }
}
