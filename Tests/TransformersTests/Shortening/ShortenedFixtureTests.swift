import Checkpoints
import TestSupport
import Testing
import Transformers

@Suite struct ShortenedFixtureTests {
  /// A folder that `layerbook bypass` wrote, beside what transformers computes with it.
  @Test func equalsTransformers() throws {
    let path = ProjectRoot.fixture("bypass/llama")
    let model = try Model.open(path)
    #expect(model.configuration.streamMap == StreamMapPlan(level: 1, hasBias: true))
    let expected = try SafetensorsFile(path: path + "/expected.safetensors")
    for text in 0..<3 {
      let ids = try expected.int64s("ids.\(text)").map { Int($0) }
      let pass = try model.forward(ids)
      let logits = try expected.floats("logits.\(text)")
      #expect(relativeDifference(try #require(pass.logits).values, logits) < 1e-5)
    }
  }
}
