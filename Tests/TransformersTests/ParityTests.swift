import Checkpoints
import TestSupport
import Testing
import Transformers

/// A checkpoint and what transformers computes with it in float32.
struct ParityCase: Sendable, CustomTestStringConvertible {
  var name: String
  var model: String
  var expected: String
  var testDescription: String { name }

  static let fixtures =
    ["gpt2", "llama", "llama-tied", "qwen2", "bert"].map {
      ParityCase(
        name: $0, model: ProjectRoot.fixture($0), expected: ProjectRoot.fixture($0 + "/expected.safetensors"))
    }
    + ["atlas-llama", "atlas-gpt2", "atlas-bert"].map {
      ParityCase(
        name: $0, model: ProjectRoot.referenceModel($0), expected: ProjectRoot.fixture($0 + "/expected.safetensors"))
    }

  static let shared = ["stories260K", "capp-gpt"].map {
    ParityCase(
      name: $0, model: SharedMaterial.path("models/" + $0),
      expected: SharedMaterial.path("models/\($0)/expected.safetensors"))
  }
}

/// The largest difference between two lists, relative to the largest magnitude of the second.
func relativeDifference(_ found: [Float], _ expected: [Float]) -> Float {
  guard found.count == expected.count else { return .infinity }
  var difference: Float = 0
  var largest: Float = 0
  for (a, b) in zip(found, expected) {
    guard a.isFinite else { return .infinity }
    difference = max(difference, abs(a - b))
    largest = max(largest, abs(b))
  }
  return difference / largest
}

@Suite struct ParityTests {
  @Test(arguments: ParityCase.fixtures) func equalsTransformers(_ parity: ParityCase) throws {
    #expect(try Self.largestDifference(parity) < 1e-4)
  }

  @Test(.enabled(if: SharedMaterial.isPresent), arguments: ParityCase.shared)
  func equalsTransformersOnPublishedModels(_ parity: ParityCase) throws {
    #expect(try Self.largestDifference(parity) < 1e-4)
  }

  /// The largest relative difference of any state, final norm or logits of any text; infinite where something is missing.
  static func largestDifference(_ parity: ParityCase) throws -> Float {
    let model = try Model.open(parity.model)
    let expected = try SafetensorsFile(path: parity.expected)
    var largest: Float = 0
    var texts = 0
    while expected.contains("ids.\(texts)") {
      let pass = try model.forward(try expected.int64s("ids.\(texts)").map(Int.init))
      let hidden = try expected.floats("hidden.\(texts)")
      let size = hidden.count / pass.hidden.count
      for (level, state) in pass.hidden.enumerated() {
        largest = max(largest, relativeDifference(state.values, Array(hidden[level * size..<(level + 1) * size])))
      }
      if expected.contains("final_norm.\(texts)") {
        let found = try #require(pass.finalNorm)
        largest = max(largest, relativeDifference(found.values, try expected.floats("final_norm.\(texts)")))
      }
      let logits = try #require(pass.logits)
      largest = max(largest, relativeDifference(logits.values, try expected.floats("logits.\(texts)")))
      texts += 1
    }
    return texts > 0 ? largest : .infinity
  }
}
