import Files
import Foundation
import JSONText
import Optimization
import TestSupport
import Testing
import Training
import Transformers

/// A model and what plain Python in float64 makes of the distillation loss on it.
struct DistillationCase: Sendable, CustomTestStringConvertible {
  /// Which parts of the loss, and which choices.
  enum Variant: String, CaseIterable, Sendable {
    case loss, l1, reverse, detach

    var settings: SelfDistillation.Settings {
      var settings = SelfDistillation.Settings()
      if self == .l1 { settings.lambda = 0 }
      if self == .reverse { settings.divergence = .reverse }
      if self == .detach { settings.detached = .denominator }
      return settings
    }
  }

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

  func open() throws -> (model: Model, json: JSONValue, batches: [[[Int]]]) {
    let json = try JSON.parse(try readFile(reference))
    let batches = try #require(json["ids"]?.arrayValue).map { batch in
      (batch.arrayValue ?? []).map { ($0.arrayValue ?? []).compactMap { $0.intValue } }
    }
    return (try Model.open(model), json, batches)
  }
}

/// The loss and its gradients against float64 autograd, parameter by parameter, and the steps of the optimizer after them.
@Suite struct DistillationTests {
  @Test(arguments: DistillationCase.fixtures, DistillationCase.Variant.allCases)
  func gradients(_ reference: DistillationCase, _ variant: DistillationCase.Variant) throws {
    try compareGradients(reference, variant)
  }

  @Test(.enabled(if: SharedMaterial.isPresent), arguments: DistillationCase.Variant.allCases)
  func gradientsOfATrainedModel(_ variant: DistillationCase.Variant) throws {
    try compareGradients(DistillationCase.atlas, variant)
  }

  @Test(arguments: DistillationCase.fixtures, ["constant", "cosine"])
  func twentySteps(_ reference: DistillationCase, _ schedule: String) throws { try compareSteps(reference, schedule) }

  @Test(.enabled(if: SharedMaterial.isPresent), arguments: ["constant", "cosine"])
  func twentyStepsOfATrainedModel(_ schedule: String) throws { try compareSteps(DistillationCase.atlas, schedule) }

  private func compareGradients(_ reference: DistillationCase, _ variant: DistillationCase.Variant) throws {
    let (model, json, batches) = try reference.open()
    let expected = try #require(json["gradient"]?[variant.rawValue])
    let parameters = try ParameterList(model)
    let gradient = parameters.zeros()
    let found = try SelfDistillation(of: model, variant.settings).evaluate(
      parameters, texts: batches[0], step: 0, addingTo: gradient, keeping: 0)
    // The reference lists the value of the part alone.
    #expect(relative(found.total, expected["value"]) < 1e-4)
    let tensors = try #require(expected["parameters"]?.objectValue)
    #expect(Set(tensors.map(\.key)) == Set(parameters.names))
    var worst = 0.0
    for (name, tensor) in tensors {
      let values = try #require(gradient.values(of: name))
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
    if variant == .loss {
      let kl = try #require(expected["kl_per_layer"]?.arrayValue)
      let parts = try #require(found.distillation)
      for (value, wanted) in zip(parts.divergences, kl) { #expect(relative(value, wanted) < 1e-4) }
      #expect(parts.divergences.count == kl.count && parts.movements.count == kl.count && parts.movements[0] == nil)
    }
    print("gradients of \(reference.name), \(variant.rawValue): largest relative difference \(worst)")
  }

  private func compareSteps(_ reference: DistillationCase, _ schedule: String) throws {
    let (model, json, batches) = try reference.open()
    let expected = try #require(json["run"]?[schedule])
    let losses = try #require(expected["loss"]?.arrayValue)
    let loss = try SelfDistillation(of: model)
    let parameters = try ParameterList(model)
    let peak = try #require(json["settings"]?["lr"]?.doubleValue)
    let rates: LearningRate = schedule == "constant" ? .constant : .cosine(warmup: 0, total: losses.count)
    var optimizer = try AdamW(count: parameters.count)
    let gradient = parameters.zeros()
    var worst = 0.0
    for step in losses.indices {
      gradient.clear()
      let found = try loss.evaluate(
        parameters, texts: batches[step % batches.count], step: step, addingTo: gradient, keeping: 0)
      worst = max(worst, relative(found.total, losses[step]))
      let norm = try gradient.withNumbers { span throws(OptimizationError) in try GradientClipping.norm(span.span) }
      worst = max(worst, relative(norm, expected["gradient_norm"]?[step]))
      gradient.withNumbers { gradient in
        parameters.withNumbers {
          optimizer.step(&$0, gradient: gradient.span, learningRate: rates.rate(at: step, peak: peak))
        }
      }
    }
    let after = try loss.evaluate(parameters, texts: batches[0], step: 0, addingTo: gradient, keeping: 0)
    worst = max(worst, relative(after.total, expected["after"]?["loss"]))
    #expect(worst < 1e-4, "\(reference.name), \(schedule)")
    print("20 steps of AdamW on \(reference.name), \(schedule): largest relative difference \(worst)")
  }

  private func relative(_ found: Double, _ expected: JSONValue?) -> Double {
    guard let value = expected?.doubleValue else { return .infinity }
    return abs(found - value) / max(abs(value), 1e-9)
  }
}
