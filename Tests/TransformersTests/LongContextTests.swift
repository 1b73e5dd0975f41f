import Checkpoints
import Files
import JSONText
import TestSupport
import Testing
import Tokenizers
import Transformers

/// Texts longer than one block of queries, which the fixtures' own texts are not.
@Suite struct LongContextTests {
  @Test(arguments: ["gpt2", "llama", "llama-tied", "qwen2"]) func laterTokensDoNotReachEarlierOnes(fixture: String)
    throws
  {
    let model = try Model.open(ProjectRoot.fixture(fixture))
    let ids = (0..<250).map { ($0 * 37 + 11) % 600 }
    let whole = try model.forward(ids, withLogits: false)
    for length in [1, 127, 128, 129] {
      let part = try model.forward(Array(ids[..<length]), withLogits: false)
      for (a, b) in zip(part.hidden, whole.hidden) {
        #expect(relativeDifference(a.values, b.rows(0..<length).values) < 2e-6)
      }
    }
  }

  /// Against a double-precision forward pass in numpy.
  @Test func bidirectionalAttentionOverManyTokens() throws {
    let model = try Model.open(ProjectRoot.fixture("bert"))
    let pass = try model.forward((0..<200).map { $0 * 7 % 434 }, withLogits: false)
    let expected: [(Int, [Float])] = [
      (0, [-0.125077, -1.28171, -2.780864, -0.037387]), (127, [0.878225, -1.418928, -2.857149, -0.707589]),
      (128, [-0.120367, 0.273757, -2.968793, -0.304374]), (199, [-0.558384, -0.461367, -2.836474, 0.037699]),
    ]
    for (row, values) in expected {
      for (column, value) in values.enumerated() { #expect(abs(pass.hidden[5][row, column] - value) < 1e-5) }
    }
  }

  @Test(.enabled(if: SharedMaterial.isPresent)) func storiesFromTextToStates() throws {
    let expected = try CapturedStates(path: SharedMaterial.path("reference/stories260K/states.last.safetensors"))
    let positions = try #require(expected.positions)
    let texts =
      try JSON.parse(readFile(SharedMaterial.path("data/tinystories-wikitext-snippets/tinystories_1000.json")))
      .arrayValue ?? []
    let tokenizer = try Tokenizer.load(directory: SharedMaterial.path("models/stories260K"))
    let model = try Model.open(SharedMaterial.path("models/stories260K"))
    let requests = try zip(texts, positions).map { text, position in
      let ids = try tokenizer.encode(text.stringValue ?? text["text"]?.stringValue ?? "")
      return CaptureRequest(ids: Array(ids.prefix(position + 1)), positions: [position])
    }
    try #require(requests.count == expected.samples)
    let captured = try model.capture(requests)
    for level in 0..<expected.count {
      #expect(relativeDifference(captured[level].values, try expected.states(level).values) < 1e-4)
    }
  }
}
