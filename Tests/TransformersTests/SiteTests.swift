import Tensors
import TestSupport
import Testing
import Transformers

@Suite struct SiteTests {
  private static let models = ["gpt2", "llama", "llama-tied", "qwen2"]
  private let requests = (0..<12).map { text in
    CaptureRequest(ids: (0..<10 + text).map { (text * 31 + $0 * 17) % 600 }, positions: [3, 9 + text])
  }

  private func sum(_ a: Matrix, _ b: Matrix) -> [Float] { zip(a.values, b.values).map { $0 + $1 } }

  @Test(arguments: models) func whatBlocksAddMakesTheStream(fixture: String) throws {
    let model = try Model.open(ProjectRoot.fixture(fixture))
    let states = try model.capture(requests)
    let sites = try model.capture(sites: ActivationSite.allCases, requests)
    for block in 0..<model.configuration.blocks {
      let attention = try #require(sites[.attentionOut])[block]
      let middle = try #require(sites[.residualMid])[block]
      let ffn = try #require(sites[.ffnOut])[block]
      #expect(relativeDifference(sum(states[block], attention), middle.values) < 2e-6)
      #expect(relativeDifference(sum(middle, ffn), states[block + 1].values) < 2e-6)
      #expect(try #require(sites[.attentionInput])[block].values != states[block].values)
    }
    let few = try model.capture(sites: [.ffnInput], requests, options: CaptureOptions(memory: 1))
    #expect(few.count == 1)
    #expect(
      relativeDifference(try #require(few[.ffnInput])[2].values, try #require(sites[.ffnInput])[2].values) < 2e-6)
  }

  @Test(arguments: models) func replacedPartsGetTheirInputs(fixture: String) throws {
    let model = try Model.open(ProjectRoot.fixture(fixture))
    let pass = try model.forward([5, 6, 7, 8], withLogits: false)
    let nothing = BlockReplacement(parts: []) { _, _, input in input }
    let same = try model.run(blocks: 1..<4, on: pass.hidden[1], lengths: [4], replacing: nothing)
    #expect(relativeDifference(same.values, pass.hidden[4].values) < 2e-6)
    let silent = BlockReplacement(parts: [.attention, .ffn]) { _, _, input in
      Matrix(rows: input.rows, columns: input.columns)
    }
    #expect(try model.run(blocks: 1..<4, on: pass.hidden[1], lengths: [4], replacing: silent) == pass.hidden[1])
    // Attention replaced by its own outputs must give the model back.
    let sites = try model.capture(sites: ActivationSite.allCases, [CaptureRequest(ids: [5, 6, 7, 8])])
    let own = BlockReplacement(parts: Set(BlockReplacement.Part.allCases)) { block, part, _ in
      let site: ActivationSite =
        switch part {
        case .attentionNorm: .attentionInput
        case .attention: .attentionOut
        case .ffnNorm: .ffnInput
        case .ffn: .ffnOut
        }
      return sites[site]?[block] ?? Matrix(rows: 4, columns: 48)
    }
    let replayed = try model.run(blocks: 0..<5, on: pass.hidden[0], lengths: [4], replacing: own)
    #expect(relativeDifference(replayed.values, pass.hidden[5].values) < 2e-6)
  }

  @Test func postNormModelsAreRefused() throws {
    let path = ProjectRoot.fixture("bert")
    let model = try Model.open(path)
    let error = try #require(throws: ModelError.self) { try model.capture(sites: [.ffnOut], requests) }
    #expect(
      error.description == "cannot run \(path): BERT norms after each addition, so parts of a block do not add up in "
        + "its stream")
  }
}
