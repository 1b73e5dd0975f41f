import Regression
import Tensors
import Testing

/// States with a falling spectrum, and a later layer that copies most of them.
struct SyntheticLayers {
  let train: Matrix
  let test: Matrix
  let nextTrain: Matrix
  let nextTest: Matrix

  init(samples: Int, width: Int, seed: Int = 1, scale: Float = 1, duplicates: Int = 0) {
    var random = RandomStream(seed: seed, stream: "synthetic layers")
    func normal() -> Double { (0..<12).reduce(-6.0) { sum, _ in sum + random.uniform() } }
    let total = samples + samples / 4
    let basis = DoubleMatrix(rows: width, columns: width, values: (0..<width * width).map { _ in normal() })
    var latent = DoubleMatrix(rows: total, columns: width)
    for r in 0..<total { for c in 0..<width { latent[r, c] = normal() / (Double(c) + 1).squareRoot() } }
    for r in 0..<duplicates { latent.setRow(r, latent.row(r % 7)) }
    var states = multiply(latent, basis).single
    if width > 3 { for r in 0..<total { states[r, 3] *= 40 } }
    let update = DoubleMatrix(rows: width, columns: width, values: (0..<width * width).map { _ in normal() })
    let moved = multiply(states.double, update)
    var next = states
    for r in 0..<total {
      for c in 0..<width {
        let bend = moved[r, c] / (1 + abs(moved[r, c]) / Double(width))
        next[r, c] += Float(0.3 * bend / Double(width).squareRoot() + 0.2 * normal())
      }
    }
    let scaled = Matrix(rows: total, columns: width, values: states.values.map { $0 * scale })
    let scaledNext = Matrix(rows: total, columns: width, values: next.values.map { $0 * scale })
    (train, test) = (scaled.rows(0..<samples), scaled.rows(samples..<total))
    (nextTrain, nextTest) = (scaledNext.rows(0..<samples), scaledNext.rows(samples..<total))
  }

  func fit(_ options: SupportVectorOptions = SupportVectorOptions()) throws -> SupportVectorFit {
    try SupportVectorRegression(trainSource: train, testSource: test, options: options)
      .fit(trainTargets: nextTrain, testTargets: nextTest)
  }
}

@Suite(.serialized) struct SupportVectorTests {
  /// Feasibility and gap computed here from scratch, from the coefficients alone.
  func checkCertificate(_ layers: SyntheticLayers, _ options: SupportVectorOptions, _ fit: SupportVectorFit) throws {
    let regression = try SupportVectorRegression(trainSource: layers.train, testSource: layers.test, options: options)
    let x = regression.sourceScaler.transform(layers.train)
    let y = fit.scaler.transform(layers.nextTrain)
    let weights = regression.weights(fit, at: Array(fit.targets.indices))
    for position in fit.targets.indices {
      guard let bias = fit.biases[position] else { continue }
      let beta = fit.duals.row(position)
      #expect(beta.allSatisfy { abs($0) <= options.c * (1 + 1e-9) })
      let size = beta.reduce(0) { $0 + abs($1) }
      #expect(abs(beta.reduce(0, +)) <= 1e-7 * (size + 1e-12))
      let w = weights.row(position)
      let norm = w.reduce(0) { $0 + $1 * $1 }
      var (loss, linear) = (0.0, 0.0)
      for i in 0..<x.rows {
        let target = y[i, fit.targets[position]]
        let predicted = zip(x.row(i), w).reduce(bias) { $0 + $1.0 * $1.1 }
        loss += max(0, abs(target - predicted) - options.epsilon)
        linear += beta[i] * target
      }
      let primal = 0.5 * norm + options.c * loss
      let dual = -0.5 * norm + linear - options.epsilon * size
      #expect(primal - dual <= 2e-4 * max(primal, 1e-12), "target \(position)")
    }
  }

  /// More dimensions than samples, about as many, fewer, far fewer; with repeated samples; large and small tubes.
  @Test(arguments: [
    (60, 150, 0, 0.1, 1.0), (60, 66, 0, 0.1, 1.0), (60, 60, 0, 0.1, 1.0), (80, 70, 0, 0.1, 1.0), (80, 40, 0, 0.1, 1.0),
    (120, 12, 0, 0.1, 1.0), (60, 100, 45, 0.1, 1.0), (60, 100, 0, 1.0, 1.0), (60, 100, 0, 0.0, 1.0),
    (60, 100, 0, 0.1, 1e-3), (60, 100, 0, 0.1, 1e4), (100, 20, 60, 0.5, 0.01), (2, 5, 0, 0.1, 1.0), (3, 2, 0, 0.1, 1.0),
  ])
  func everySolutionIsCertified(_ n: Int, _ d: Int, _ duplicates: Int, _ epsilon: Double, _ c: Double) throws {
    let layers = SyntheticLayers(samples: max(n, 4), width: d, duplicates: duplicates)
    for mode in Standardization.allCases {
      let options = SupportVectorOptions(c: c, epsilon: epsilon, standardize: mode)
      let fit = try layers.fit(options)
      #expect(fit.missed == 0)
      #expect((fit.largestGap ?? 0) <= 1e-4)
      try checkCertificate(layers, options, fit)
    }
  }

  @Test func r2DoesNotChangeWithTheUnits() throws {
    let plain = try SyntheticLayers(samples: 50, width: 90).fit()
    for scale: Float in [1e-3, 1e3] {
      let scaled = try SyntheticLayers(samples: 50, width: 90, scale: scale).fit()
      for (a, b) in zip(plain.r2, scaled.r2) { #expect(abs((a ?? 9) - (b ?? -9)) < 1e-4) }
    }
  }

  @Test func predictionsGiveTheReportedR2() throws {
    let layers = SyntheticLayers(samples: 50, width: 70)
    for mode in Standardization.allCases {
      let options = SupportVectorOptions(standardize: mode)
      let regression = try SupportVectorRegression(trainSource: layers.train, testSource: layers.test, options: options)
      let targets = [5, 0, 69]
      let fit = try regression.fit(trainTargets: layers.nextTrain, testTargets: layers.nextTest, targets: targets)
      #expect(fit.targets == targets)
      let predictions = regression.predictions(fit, at: [0, 1, 2]).single
      let r2 = R2.columns(truth: layers.nextTest.columns(at: targets), predictions: predictions)
      for (a, b) in zip(r2, fit.r2) { #expect(abs((a ?? 9) - (b ?? -9)) < 1e-4) }
      let contributions = regression.contributions(fit, at: [0])
      #expect(contributions.columns == 70 && contributions.values.allSatisfy { $0 >= 0 })
    }
  }

  @Test func threadsChangeNoBit() throws {
    let before = Compute.threads
    defer { Compute.threads = before }
    let layers = [SyntheticLayers(samples: 60, width: 100), SyntheticLayers(samples: 90, width: 30)]
    Compute.threads = 1
    let one = try layers.map { try $0.fit() }
    Compute.threads = 3
    let three = try layers.map { try $0.fit() }
    for (a, b) in zip(one, three) { #expect(a.r2 == b.r2 && a.duals == b.duals && a.biases == b.biases) }
  }

  @Test func constantSourcesAndTargetsAreUndefined() throws {
    let layers = SyntheticLayers(samples: 30, width: 10)
    let constant = Matrix(rows: 30, columns: 10, values: Array(repeating: 2.5, count: 300))
    let regression = try SupportVectorRegression(trainSource: constant, testSource: layers.test.rows(0..<7))
    #expect(regression.sourceIsConstant)
    let fit = try regression.fit(trainTargets: layers.nextTrain, testTargets: layers.nextTest.rows(0..<7))
    #expect(fit.r2.allSatisfy { $0 == nil } && fit.undefinedCount == 10 && fit.missed == 0)
    var target = layers.nextTrain
    for row in 0..<30 { target[row, 4] = 7 }
    let second = try SupportVectorRegression(trainSource: layers.train, testSource: layers.test)
      .fit(trainTargets: target, testTargets: layers.nextTest)
    #expect(second.r2[4] == nil && second.biases[4] == nil && second.undefinedCount == 1)
  }

  @Test func aTubeWiderThanTheTargetPredictsAConstant() throws {
    let layers = SyntheticLayers(samples: 40, width: 60, scale: 1e-4)
    let fit = try layers.fit(SupportVectorOptions(standardize: .none))
    #expect(fit.solverCounts.trivial > 50 && fit.missed == 0)
    for (r2, count) in zip(fit.r2, fit.supportVectors) where count == 0 { #expect((r2 ?? 1) <= 0) }
  }

  @Test func noiselessLinearDataIsNearlyRecovered() throws {
    let layers = SyntheticLayers(samples: 200, width: 8)
    var random = RandomStream(seed: 3, stream: "weights")
    let weights = DoubleMatrix(rows: 8, columns: 2, values: (0..<16).map { _ in random.uniform() - 0.5 })
    let fit = try SupportVectorRegression(
      trainSource: layers.train, testSource: layers.test, options: SupportVectorOptions(c: 100, epsilon: 1e-3)
    ).fit(
      trainTargets: multiply(layers.train.double, weights).single,
      testTargets: multiply(layers.test.double, weights).single)
    #expect(fit.r2.allSatisfy { ($0 ?? 0) > 0.9999 })
  }

  @Test func progressIsReportedAndCancellationStops() throws {
    let layers = SyntheticLayers(samples: 40, width: 50)
    let regression = try SupportVectorRegression(trainSource: layers.train, testSource: layers.test)
    var seen: [Int] = []
    _ = try regression.fit(
      trainTargets: layers.nextTrain, testTargets: layers.nextTest,
      control: FitControl(progress: { done, total in seen.append(done * 1000 + total) }))
    #expect(seen.last == 50_050 && seen == seen.sorted())
    #expect(throws: RegressionError(.cancelled)) {
      try regression.fit(
        trainTargets: layers.nextTrain, testTargets: layers.nextTest, control: FitControl(isCancelled: { true }))
    }
  }
}
