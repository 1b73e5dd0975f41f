import Files
import JSONText
import Regression
import Tensors
import TestSupport
import Testing

/// One case of Tests/Fixtures/regression/reference.json, which scikit-learn and numpy solved; the last target is constant.
struct RegressionCase: CustomTestStringConvertible {
  let name: String
  let json: JSONValue
  let trainX: Matrix
  let testX: Matrix
  let trainY: Matrix
  let testY: Matrix

  var testDescription: String { name }

  static let all: [RegressionCase] = {
    guard let bytes = try? readFile(ProjectRoot.fixture("regression/reference.json")), let json = try? JSON.parse(bytes)
    else { return [] }
    return (json.arrayValue ?? []).map { RegressionCase($0) }
  }()

  init(_ json: JSONValue) {
    self.json = json
    name = json["name"]?.stringValue ?? ""
    let train = json["train"]?.intValue ?? 0
    func matrix(_ key: String, _ width: String) -> Matrix {
      let values = (json[key]?.arrayValue ?? []).map { Float($0.doubleValue ?? .nan) }
      let columns = json[width]?.intValue ?? 1
      return Matrix(rows: values.count / columns, columns: columns, values: values)
    }
    let (x, y) = (matrix("x", "width"), matrix("y", "targets"))
    (trainX, testX) = (x.rows(0..<train), x.rows(train..<x.rows))
    (trainY, testY) = (y.rows(0..<train), y.rows(train..<y.rows))
  }

  func numbers(_ keys: String...) -> [Double] {
    var value: JSONValue? = json
    for key in keys { value = value?[key] }
    return value?.arrayValue?.compactMap { $0.doubleValue } ?? [value?.doubleValue].compactMap { $0 }
  }

  func fit(_ options: SupportVectorOptions) throws -> SupportVectorFit {
    try SupportVectorRegression(trainSource: trainX, testSource: testX, options: options)
      .fit(trainTargets: trainY, testTargets: testY)
  }
}

@Suite struct FixtureTests {
  @Test func theFixtureIsThere() { #expect(RegressionCase.all.map(\.name) == ["tall", "wide", "square"]) }

  @Test(arguments: RegressionCase.all, [Standardization.train, .none])
  func supportVectorsMatchScikitLearn(_ reference: RegressionCase, _ mode: Standardization) throws {
    let fit = try reference.fit(SupportVectorOptions(standardize: mode))
    let key = mode == .train ? "standardized" : "raw"
    let expected = reference.numbers(key, "r2")
    let support = reference.numbers(key, "support")
    #expect(expected.count == fit.targets.count - 1)
    for (target, value) in expected.enumerated() {
      #expect(abs(try #require(fit.r2[target]) - value) < 1e-4, "target \(target)")
      #expect(try #require(fit.gaps[target]) <= 1e-4)
      #expect(abs(fit.supportVectors[target] - Int(support[target])) <= 1)
    }
    #expect(fit.missed == 0)
    // The constant target.
    #expect(fit.r2.last == .some(nil) && fit.gaps.last == .some(nil) && fit.undefinedCount == 1)
  }

  @Test(arguments: RegressionCase.all) func linearMapsMatchNumpy(_ reference: RegressionCase) throws {
    func r2(_ options: LinearMapOptions) throws -> Double {
      let result = try LinearMaps.pairwiseR2(
        train: [reference.trainX, reference.trainY], test: [reference.testX, reference.testY], options: options)
      #expect(result.undefinedCoordinates[1] == 1)
      return try #require(result.map[0][1])
    }
    #expect(abs(try r2(LinearMapOptions()) - reference.numbers("linear")[0]) < 1e-5)
    #expect(abs(try r2(LinearMapOptions(intercept: true)) - reference.numbers("intercept")[0]) < 1e-5)
    #expect(abs(try r2(LinearMapOptions(ridge: 2)) - reference.numbers("ridge")[0]) < 1e-5)
  }

  @Test(arguments: RegressionCase.all) func mapsPredictWhatPairsScore(_ reference: RegressionCase) throws {
    let states = [reference.trainX, reference.trainY]
    for options in [LinearMapOptions(), LinearMapOptions(intercept: true), LinearMapOptions(ridge: 2)] {
      let maps = try LinearMaps.toFinal(train: states, options: options)
      #expect(maps.count == 2 && maps[1].weights == .identity(reference.trainY.columns))
      let predictions = maps[0].apply(reference.testX)
      let direct = R2.mean(R2.columns(truth: reference.testY, predictions: predictions))
      let paired = try LinearMaps.pairwiseR2(
        train: states, test: [reference.testX, reference.testY], options: options)
      #expect(abs(try #require(direct) - (try #require(paired.map[0][1]))) < 1e-4)
    }
  }

  @Test(arguments: RegressionCase.all) func ridgePreviewMatchesNumpy(_ reference: RegressionCase) throws {
    let fit = try reference.fit(SupportVectorOptions(solver: .ridge(penalty: 3)))
    for (target, value) in reference.numbers("dual_ridge").enumerated() {
      #expect(abs(try #require(fit.r2[target]) - value) < 1e-8)
    }
    #expect(fit.gaps.allSatisfy { $0 == nil } && fit.missed == 0)
  }
}
