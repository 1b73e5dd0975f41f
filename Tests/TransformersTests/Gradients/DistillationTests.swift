import Files
import Foundation
import JSONText
import Optimization
import Tensors
import TestSupport
import Testing
import Transformers

func exponential(_ x: Double) -> Double { exp(x) }

/// A model and what plain Python in float64 makes of the distillation loss on it.
struct DistillationCase: Sendable, CustomTestStringConvertible {
  var name: String
  var model: String
  var reference: String
  var testDescription: String { name }

  static let fixtures = ["gpt2", "llama"].map {
    DistillationCase(name: $0, model: ProjectRoot.fixture($0), reference: ProjectRoot.fixture("gradients/\($0).json"))
  }
  static let atlas = DistillationCase(
    name: "atlas-llama", model: ProjectRoot.asset("models/atlas-llama"),
    reference: SharedMaterial.path("reference/atlas-llama/distil.json"))

  func open() throws -> (parameters: ParameterList, json: JSONValue, batches: [[[Int]]]) {
    let json = try JSON.parse(try readFile(reference))
    let batches = try #require(json["ids"]?.arrayValue).map { batch in
      (batch.arrayValue ?? []).map { ($0.arrayValue ?? []).compactMap { $0.intValue } }
    }
    return (try ParameterList(try Model.open(model)), json, batches)
  }
}

/// The logits of a model at every position of some texts.
func allLogits(_ parameters: ParameterList, _ ids: [[Int]]) throws -> Matrix {
  let run = try ReverseRun(parameters, texts: ids)
  return try parameters.logits(of: run.state(parameters.model.configuration.blocks))
}

/// Gradients of whole models against float64 autograd, parameter by parameter, and of the optimizer that follows them.
@Suite struct DistillationTests {
  @Test(arguments: DistillationCase.fixtures, DistillationLoss.Variant.allCases)
  func gradients(_ reference: DistillationCase, _ variant: DistillationLoss.Variant) throws {
    try compareGradients(reference, variant)
  }

  @Test(.enabled(if: SharedMaterial.isPresent), arguments: DistillationLoss.Variant.allCases)
  func gradientsOfATrainedModel(_ variant: DistillationLoss.Variant) throws {
    try compareGradients(DistillationCase.atlas, variant)
  }

  @Test(arguments: DistillationCase.fixtures, ["constant", "cosine"])
  func twentySteps(_ reference: DistillationCase, _ schedule: String) throws { try compareSteps(reference, schedule) }

  @Test(.enabled(if: SharedMaterial.isPresent), arguments: ["constant", "cosine"])
  func twentyStepsOfATrainedModel(_ schedule: String) throws { try compareSteps(DistillationCase.atlas, schedule) }

  private func compareGradients(_ reference: DistillationCase, _ variant: DistillationLoss.Variant) throws {
    let (parameters, json, batches) = try reference.open()
    let expected = try #require(json["gradient"]?[variant.rawValue])
    let target = try allLogits(parameters, batches[0])
    let loss = DistillationLoss(variant: variant, blocks: parameters.model.configuration.blocks)
    let found = try loss.evaluate(parameters, ids: batches[0], target: target)
    #expect(relative(found.value, expected["value"]) < 1e-4)
    let tensors = try #require(expected["parameters"]?.objectValue)
    #expect(Set(tensors.map(\.key)) == Set(parameters.names))
    var worst = 0.0
    for (name, tensor) in tensors {
      let values = try #require(found.gradient.values(of: name))
      let norm = values.reduce(0) { $0 + Double($1) * Double($1) }.squareRoot()
      // The main variant lists several entries, the largest first, the others the largest alone.
      let entries = try tensor["entries"]?.arrayValue ?? [#require(tensor[1])]
      let largest = abs(try #require(entries[0][1]?.doubleValue))
      for entry in entries {
        let (place, value) = (try #require(entry[0]?.intValue), try #require(entry[1]?.doubleValue))
        worst = max(worst, abs(Double(values[place]) - value) / max(largest, 1e-12))
      }
      worst = max(worst, relative(norm, tensor["norm"] ?? tensor[0]))
    }
    #expect(worst < 1e-4, "\(reference.name), \(variant)")
    print("gradients of \(reference.name), \(variant.rawValue): largest relative difference \(worst)")
  }

  private func compareSteps(_ reference: DistillationCase, _ schedule: String) throws {
    let (parameters, json, batches) = try reference.open()
    let expected = try #require(json["run"]?[schedule])
    let losses = try #require(expected["loss"]?.arrayValue)
    let targets = try batches.map { try allLogits(parameters, $0) }
    let loss = DistillationLoss(variant: .loss, blocks: parameters.model.configuration.blocks)
    let peak = try #require(json["settings"]?["lr"]?.doubleValue)
    let rates: LearningRate = schedule == "constant" ? .constant : .cosine(warmup: 0, total: losses.count)
    var optimizer = try AdamW(count: parameters.count)
    var worst = 0.0
    for step in losses.indices {
      let batch = step % batches.count
      let found = try loss.evaluate(parameters, ids: batches[batch], target: targets[batch])
      worst = max(worst, relative(found.value, losses[step]))
      let norm = try found.gradient.withNumbers { span throws(OptimizationError) in try GradientClipping.norm(span.span)
      }
      worst = max(worst, relative(norm, expected["gradient_norm"]?[step]))
      found.gradient.withNumbers { gradient in
        parameters.withNumbers {
          optimizer.step(&$0, gradient: gradient.span, learningRate: rates.rate(at: step, peak: peak))
        }
      }
    }
    let after = try loss.evaluate(parameters, ids: batches[0], target: targets[0])
    worst = max(worst, relative(after.value, expected["after"]?["loss"]))
    #expect(worst < 1e-4, "\(reference.name), \(schedule)")
    print("20 steps of AdamW on \(reference.name), \(schedule): largest relative difference \(worst)")
  }

  private func relative(_ found: Double, _ expected: JSONValue?) -> Double {
    guard let value = expected?.doubleValue else { return .infinity }
    return abs(found - value) / max(abs(value), 1e-9)
  }
}
