import Analyses
import TestSupport
import Testing
import Transformers

@Suite struct ExitDecoderTests {
  private let prompt = [5, 17, 3, 40, 8, 21]
  private static let fixtures = [
    "gpt2", "llama", "llama-tied", "qwen2", "families/gemma2", "families/gpt_neox", "families/gptj", "families/opt",
  ]

  @Test(arguments: fixtures) func aThresholdThatIsNeverMetDecodesInFull(fixture: String) throws {
    let model = try Model.open(ProjectRoot.fixture(fixture))
    let decoder = ExitDecoder(model, lambda: 1.112)
    let tokens = try decoder.decode(24, after: prompt, stopTokens: [])
    #expect(tokens.map(\.id) == (try model.generate(24, after: prompt, stopTokens: []).map(\.id)))
    #expect(tokens.allSatisfy { $0.layer == model.configuration.blocks })
    #expect(try decoder.agreement(of: tokens, after: prompt) == 1)
  }

  @Test(arguments: fixtures) func whoLeavesEarlyLeavesKeysBehind(fixture: String) throws {
    let model = try Model.open(ProjectRoot.fixture(fixture))
    let c = model.configuration
    let tokens = try ExitDecoder(model, lambda: -2).decode(12, after: prompt, stopTokens: [])
    #expect(tokens.allSatisfy { $0.layer == 1 && $0.tests == 1 })
    // Step by step the same without a cache: positions from the prompt's last on pass the blocks from 1 on as they are.
    var ids = prompt
    for token in tokens {
      let early = Tap.Positions.at(Set(prompt.count - 1..<ids.count))
      let run = try ModelRun(model, [ids])
      try run.advance(to: c.blocks, taps: [.skip(blocks: Set(1..<c.blocks), positions: early)])
      #expect(try model.readTop(ofHeadInput: model.headInput(run.lastStates()))[0].token == token.id)
      ids.append(token.id)
    }
  }

  /// The rule in the decoder is the rule of the curve: the same layers for the same states.
  @Test func theRuleIsThatOfTheCurve() throws {
    let model = try Model.open(ProjectRoot.asset("models/atlas-llama"))
    let c = model.configuration
    let prompt = [0, 300, 41, 900]
    for lambda in [0.2, 0.5, 0.8, 0.95] {
      let tokens = try ExitDecoder(model, lambda: lambda).decode(1, after: prompt, stopTokens: [])
      let states = try model.states([CaptureRequest(ids: prompt, positions: [3])], levels: Set(0...c.blocks))
      let readings = try (0...c.blocks).map { try LensReading.read(try #require(states[$0]), through: model) }
      let curve = ExitCurve(readings: readings, decays: ExitRule().decays(positions: [3]), lambdas: [lambda])
      #expect(Double(tokens[0].layer) == curve.published[0].layers)
    }
  }

  @Test func testsOnlyWhereTheyAreAskedFor() throws {
    let model = try Model.open(ProjectRoot.asset("models/atlas-llama"))
    let decoder = ExitDecoder(model, lambda: 0.3, levels: [6, 9])
    let tokens = try decoder.decode(20, after: [0, 300, 41], stopTokens: [])
    #expect(tokens.allSatisfy { [6, 9, 12].contains($0.layer) })
    #expect(tokens.allSatisfy { $0.tests == ($0.layer == 6 ? 1 : 2) })
    let block = 181_248.0, keys = Double(2 * 128 * 64), head = Double(2048 * 128)
    let expected = tokens.map { token -> Double in
      let heads = Double(token.tests + (token.layer == 12 ? 1 : 0))
      return Double(token.layer) * block + Double(12 - token.layer) * keys + heads * head
    }
    #expect(decoder.multiplyAdds(of: tokens) == expected.reduce(0, +) / Double(tokens.count))
  }

  @Test func aMapThatIsTheRestOfTheNetworkLeavesAtOnceAndIsRight() throws {
    let network = try LinearNetwork()
    let maps = try (0..<LinearNetwork.blocks).map { try network.map(from: $0, to: LinearNetwork.blocks) }
    let decoder = ExitDecoder(network.model, lambda: -2, maps: maps)
    let tokens = try decoder.decode(30, after: [4, 9, 3], stopTokens: [])
    #expect(tokens.allSatisfy { $0.layer == 1 })
    #expect(try decoder.agreement(of: tokens, after: [4, 9, 3]) == 1)
    #expect(tokens.map(\.id) == (try network.model.generate(30, after: [4, 9, 3], stopTokens: []).map(\.id)))
  }

  @Test func decodingEndsWithTheContext() throws {
    let model = try Model.open(ProjectRoot.fixture("llama"))
    let context = model.configuration.context
    let tokens = try ExitDecoder(model, lambda: 0.5).decode(
      10, after: Array(repeating: 1, count: context - 3), stopTokens: [])
    #expect(tokens.count == 4)
    let first = try ExitDecoder(model, lambda: 0.5).decode(5, after: prompt, stopTokens: [])
    #expect(try ExitDecoder(model, lambda: 0.5).decode(5, after: prompt, stopTokens: [first[0].id]).count == 1)
  }
}
