import Files
import JSONText
import Tensors
import TestSupport
import Testing
import Transformers

/// Gradients of every parameter of every family's small checkpoints against PyTorch's autograd in float64; see
/// Tests/Generators/gradient_fixture.py.
@Suite struct FamilyGradientTests {
  static let references: JSONObject = {
    guard let bytes = try? readFile(ProjectRoot.fixture("gradients/families.json")) else { return JSONObject([]) }
    return (try? JSON.parse(bytes))?.objectValue ?? JSONObject([])
  }()

  @Test func theFixtureIsThere() { #expect(Self.references.count >= 35) }

  @Test(arguments: references.map(\.key)) func gradientsEqualAutograd(_ name: String) throws {
    let reference = try #require(Self.references[name])
    let isFirst = ["gpt2", "llama", "llama-tied", "qwen2", "bert"].contains(name)
    let parameters = try ParameterList(try Model.open(ProjectRoot.fixture(isFirst ? name : "families/" + name)))
    let ids = try #require(reference["ids"]?.arrayValue).compactMap { $0.intValue }
    let run = try ReverseRun(parameters, texts: [ids])
    let (total, last) = (parameters.zeros(), run.levels.upperBound)
    let vocabulary = parameters.model.configuration.vocabulary
    let head = try parameters.gradient(
      of: .crossEntropy(tokens: ids.indices.map { ($0 * 37 + 5) % vocabulary }), at: run.state(last), addingTo: total)
    try run.backward(from: [last: head.states], addingTo: total)
    let loss = try #require(reference["loss"]?.doubleValue)
    #expect(abs(head.values.reduce(0, +) - loss) < 1e-5 * loss)
    try compare(total, try #require(reference["gradients"]?.objectValue), name)
  }

  private func compare(_ found: ParameterList, _ expected: JSONObject, _ name: String) throws {
    let scale = expected.map { abs($0.value[2]?.doubleValue ?? 0) }.max() ?? 0
    var worst = (0.0, "")
    for (tensor, gradient) in expected {
      let values = try #require(found.values(of: tensor), "\(name) has no \(tensor)")
      let norm = values.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
      let largest = try #require(gradient[2]?.doubleValue)
      let place = try #require(gradient[1]?.intValue)
      // Without rotation a key's bias moves all scores of a query alike: its gradient is 0 but for rounding, which in the
      // reference is that of its softmax in float32.
      if abs(largest) < 1e-7 * scale {
        #expect(norm < 1e-6 * scale, "\(name): \(tensor)")
        continue
      }
      let difference = abs(Double(values[place]) - largest) / abs(largest)
      let ofNorm = abs(norm - (try #require(gradient[0]?.doubleValue))) / norm
      if max(difference, ofNorm) > worst.0 { worst = (max(difference, ofNorm), tensor) }
    }
    #expect(worst.0 < 1e-4, "\(name): \(worst.1)")
    let listed = Set(expected.map(\.key))
    let unlisted = found.names.filter { !listed.contains($0) }
    #expect(unlisted.isEmpty, "\(name) has gradients of \(unlisted)")
    print("gradients of \(name): largest relative difference \(worst.0) (\(worst.1))")
  }
}
