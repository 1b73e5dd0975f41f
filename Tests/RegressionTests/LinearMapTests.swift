import Regression
import Tensors
import Testing

@Suite struct LinearMapTests {
  @Test func aLinearNetworkIsReadPerfectly() throws {
    let layers = SyntheticLayers(samples: 200, width: 12)
    var random = RandomStream(seed: 5, stream: "linear network")
    let step = DoubleMatrix(rows: 12, columns: 12, values: (0..<144).map { _ in random.uniform() - 0.5 })
    func chain(_ start: Matrix) -> [Matrix] {
      let one = multiply(start.double, step)
      return [start, one.single, multiply(one, step).single]
    }
    let result = try LinearMaps.pairwiseR2(train: chain(layers.train), test: chain(layers.test))
    for i in 0..<2 { for j in i + 1..<3 { #expect(abs(try #require(result.map[i][j]) - 1) < 1e-9) } }
    #expect((0..<3).allSatisfy { result.map[$0][$0] == 1 && result.identity[$0][$0] == 1 })
    #expect(result.map[1][0] == nil)
  }

  @Test func residualsAreOrthogonalToTheSources() throws {
    let layers = SyntheticLayers(samples: 100, width: 15)
    let map = try LinearMapSolver(source: layers.train).map(to: layers.nextTrain)
    let x = layers.train.double
    let y = layers.nextTrain.double
    let fitted = multiply(x, map.weights)
    let residual = DoubleMatrix(
      rows: 100, columns: 15, values: zip(y.values, fitted.values).map { $0 - $1 })
    let product = multiply(x, residual, transposeA: true)
    let scale = multiply(x, y, transposeA: true).values.reduce(0) { max($0, abs($1)) }
    #expect(product.values.allSatisfy { abs($0) < 1e-10 * scale })
  }

  @Test func fewerSamplesThanDimensionsFitExactlyAndWarn() throws {
    let layers = SyntheticLayers(samples: 20, width: 40)
    let solver = try LinearMapSolver(source: layers.train)
    #expect(solver.method == .minimumNorm)
    let fitted = try solver.map(to: layers.nextTrain).apply(layers.train)
    let error = zip(fitted.values, layers.nextTrain.values).reduce(Float(0)) { max($0, abs($1.0 - $1.1)) }
    #expect(error < 1e-3)
    #expect(
      LinearMaps.warnings([layers.train]) == [
        "20 samples for 40 dimensions: the maps fit the training samples exactly and are those of smallest norm"
      ])
  }

  @Test func dependentDimensionsFallBackToTheSmallestNorm() throws {
    let layers = SyntheticLayers(samples: 60, width: 10)
    var source = layers.train
    for row in 0..<60 { source[row, 9] = source[row, 8] }
    let solver = try LinearMapSolver(source: source)
    #expect(solver.method == .singularValues)
    let weights = try solver.map(to: layers.nextTrain).weights
    for column in 0..<10 { #expect(abs(weights[8, column] - weights[9, column]) < 1e-6) }
  }

  @Test func oneConstantVectorIsNoError() throws {
    let same = Matrix(rows: 30, columns: 6, values: (0..<180).map { Float($0 % 6) })
    let layers = SyntheticLayers(samples: 30, width: 6)
    let result = try LinearMaps.pairwiseR2(
      train: [same, layers.nextTrain], test: [same.rows(0..<7), layers.nextTest.rows(0..<7)])
    #expect(try #require(result.map[0][1]) <= 0)
    #expect(result.methods == [.singularValues])
  }

  @Test func singlePrecisionProductsMoveR2ByLessThanItIsPrintedWith() throws {
    // Wide and well conditioned, so that the products run in single precision; the map itself is always double.
    var random = RandomStream(seed: 9, stream: "well conditioned")
    func draw(_ rows: Int) -> Matrix {
      Matrix(rows: rows, columns: 256, values: (0..<rows * 256).map { _ in Float(random.uniform() * 2 - 1) })
    }
    let (train, test) = (draw(900), draw(200))
    let step = draw(256)
    func next(_ states: Matrix) -> Matrix {
      var noise = draw(states.rows)
      multiply(states, step, scale: 0.1, into: &noise, keep: 1)
      return noise
    }
    let (nextTrain, nextTest) = (next(train), next(test))
    for intercept in [false, true] {
      let options = LinearMapOptions(intercept: intercept)
      let paired = try LinearMaps.pairwiseR2(train: [train, nextTrain], test: [test, nextTest], options: options)
      #expect(paired.reciprocalConditions[0] >= 1e-5)
      let maps = try LinearMaps.toFinal(train: [train, nextTrain], options: options)
      let direct = R2.mean(R2.columns(truth: nextTest, predictions: maps[0].apply(test)))
      #expect(abs((paired.map[0][1] ?? 0) - (direct ?? 1)) < 1e-5)
    }
  }

  @Test func controlsSpeakForThemselves() throws {
    let layers = SyntheticLayers(samples: 120, width: 40)
    let alone = try RegressionChecks.sameDimensionR2(
      trainSource: layers.train, trainTargets: layers.nextTrain, testSource: layers.test, testTargets: layers.nextTest)
    let fit = try layers.fit()
    #expect(try #require(R2.mean(alone)) < (try #require(R2.mean(fit.r2))))
    let shuffled = RegressionChecks.permuted(layers.nextTrain, seed: 42)
    #expect(shuffled == RegressionChecks.permuted(layers.nextTrain, seed: 42) && shuffled != layers.nextTrain)
    let null = try SupportVectorRegression(trainSource: layers.train, testSource: layers.test)
      .fit(trainTargets: shuffled, testTargets: layers.nextTest)
    #expect(try #require(R2.mean(null.r2)) < 0.1)
    let raw = try RegressionChecks.scaleCheck(
      trainSource: layers.train, trainTargets: layers.nextTrain, testSource: layers.test,
      testTargets: layers.nextTest, factors: [1e-3, 1], options: SupportVectorOptions(standardize: .none))
    #expect(abs((raw[0].meanR2 ?? 0) - (raw[1].meanR2 ?? 0)) > 0.2)
    let standardized = try RegressionChecks.scaleCheck(
      trainSource: layers.train, trainTargets: layers.nextTrain, testSource: layers.test,
      testTargets: layers.nextTest, factors: [1e-3, 1], options: SupportVectorOptions())
    #expect(abs((standardized[0].meanR2 ?? 0) - (standardized[1].meanR2 ?? 1)) < 1e-4)
  }
}
