import Regression
import Testing

@Suite struct RegressionErrorTests {
  let source = SyntheticLayers(samples: 12, width: 5)

  private func message(_ body: () throws -> Void) -> String {
    do {
      try body()
      return "no error"
    } catch { return "\(error)" }
  }

  @Test func hostileInputsAreRefusedInWords() throws {
    var broken = source.train
    broken[3, 2] = .nan
    #expect(
      message { _ = try SupportVectorRegression(trainSource: broken, testSource: source.test) }
        == "cannot fit a regression: the training sources hold a number that is not finite (row 3, dimension 2)")
    broken[3, 2] = .infinity
    #expect(
      message { _ = try LinearMapSolver(source: broken) }
        == "cannot fit a regression: the training sources hold a number that is not finite (row 3, dimension 2)")
    #expect(
      message { _ = try SupportVectorRegression(trainSource: source.train.rows(0..<1), testSource: source.test) }
        == "cannot fit a regression: 1 training sample, expected at least 2")
    #expect(
      message { _ = try SupportVectorRegression(trainSource: source.train, testSource: source.test.rows(0..<0)) }
        == "cannot fit a regression: 0 test samples, expected at least 1")
    let regression = try SupportVectorRegression(trainSource: source.train, testSource: source.test)
    #expect(
      message {
        _ = try regression.fit(trainTargets: source.nextTrain.rows(0..<11), testTargets: source.nextTest)
      } == "cannot fit a regression: 11 training targets, expected 12")
    #expect(
      message {
        _ = try regression.fit(trainTargets: source.nextTrain, testTargets: source.nextTest, targets: [5])
      } == "cannot fit a regression: no target dimension 5, expected one below 5")
    #expect(
      message {
        _ = try SupportVectorRegression(
          trainSource: source.train, testSource: source.test, options: SupportVectorOptions(c: 0))
      } == "cannot fit a regression: C is 0.0, expected a positive number")
    #expect(
      message {
        _ = try SupportVectorRegression(
          trainSource: source.train, testSource: source.test, options: SupportVectorOptions(epsilon: -1))
      } == "cannot fit a regression: epsilon is -1.0, expected a number that is not negative")
    #expect(
      message { _ = try LinearMaps.pairwiseR2(train: [source.train], test: []) }
        == "cannot fit a regression: 0 test states, expected 1")
  }

  @Test func twoSamplesAreEnough() throws {
    let fit = try SupportVectorRegression(trainSource: source.train.rows(0..<2), testSource: source.test)
      .fit(trainTargets: source.nextTrain.rows(0..<2), testTargets: source.nextTest)
    #expect(fit.missed == 0 && fit.r2.allSatisfy { $0?.isFinite ?? true })
  }

  @Test func oneTestSampleHasNoR2() throws {
    let fit = try SupportVectorRegression(trainSource: source.train, testSource: source.test.rows(0..<1))
      .fit(trainTargets: source.nextTrain, testTargets: source.nextTest.rows(0..<1))
    #expect(fit.r2.allSatisfy { $0 == nil } && fit.gaps.allSatisfy { $0 != nil })
  }
}
