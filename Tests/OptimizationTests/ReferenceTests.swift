import Files
import JSONText
import Optimization
import TestSupport
import Testing

/// Tests/Fixtures/optimization/reference.json, which PyTorch computed; see Tests/Generators/optimizer_reference.py.
enum Reference {
  static let json: JSONValue = {
    guard let bytes = try? readFile(ProjectRoot.fixture("optimization/reference.json")) else { return .null }
    return (try? JSON.parse(bytes)) ?? .null
  }()

  static func cases(_ name: String) -> [JSONValue] { json[name]?.arrayValue ?? [] }
}

extension JSONValue {
  func number(_ name: String) -> Double { self[name]?.doubleValue ?? .nan }
  func floats(_ name: String) -> [Float] { self[name]?.floats ?? [] }
  var floats: [Float] { (arrayValue ?? []).map { Float($0.doubleValue ?? .nan) } }
  var settings: AdamW.Settings {
    AdamW.Settings(
      beta1: number("beta1"), beta2: number("beta2"), epsilon: number("epsilon"), weightDecay: number("decay"))
  }
}

/// The largest difference, in units of the last place at 1 or of the number where that is larger.
func largestDifference(_ found: [Float], _ expected: [Float]) -> Float {
  guard found.count == expected.count, !found.isEmpty else { return .infinity }
  return zip(found, expected).map { abs($0 - $1) / max(1, abs($1)) }.max() ?? .infinity
}

@Suite struct ReferenceTests {
  @Test func theFixtureIsThere() {
    #expect(Reference.cases("adamw").count == 3)
    #expect(Reference.cases("annealing").count == 2 && Reference.cases("warmup").count == 3)
  }

  @Test(arguments: 0..<3) func stepsEqualPyTorch(_ index: Int) throws {
    let run = Reference.cases("adamw")[index]
    var parameters = run.floats("start")
    var optimizer = try AdamW(count: parameters.count, settings: run.settings)
    for (step, gradient) in try #require(run["gradients"]?.arrayValue).enumerated() {
      var gradient = gradient.floats
      if let limit = run["limit"]?.doubleValue {
        var span = gradient.mutableSpan
        let norm = try GradientClipping.clip(&span, to: limit)
        let expected = try #require(run["norms"]?[step]?.doubleValue)
        #expect(abs(norm - expected) < 1e-6 * expected)
      }
      var span = parameters.mutableSpan
      optimizer.step(&span, gradient: gradient.span, learningRate: run.number("rate"))
      let expected = try #require(run["parameters"]?[step]).floats
      #expect(largestDifference(parameters, expected) < 5e-7, "run \(index), step \(step)")
    }
    #expect(optimizer.steps == run["gradients"]?.arrayValue?.count)
  }

  @Test func learningRatesEqualPyTorchAndTransformers() throws {
    for reference in Reference.cases("annealing") {
      let schedule = LearningRate.annealing(
        period: try #require(reference["period"]?.intValue), floor: reference.number("floor"))
      for (step, rate) in try #require(reference["rates"]?.arrayValue).enumerated() {
        let found = schedule.rate(at: step, peak: reference.number("peak"))
        #expect(abs(found - (rate.doubleValue ?? .nan)) < 1e-12)
      }
    }
    for reference in Reference.cases("warmup") {
      let schedule = LearningRate.cosine(
        warmup: try #require(reference["warmup"]?.intValue), total: try #require(reference["total"]?.intValue))
      for (step, rate) in try #require(reference["rates"]?.arrayValue).enumerated() {
        let found = schedule.rate(at: step, peak: reference.number("peak"))
        #expect(abs(found - (rate.doubleValue ?? .nan)) < 1e-15)
      }
    }
    #expect(LearningRate.constant.rate(at: 7, peak: 0.5) == 0.5)
  }
}
