import Tensors
import TestSupport
import Testing
import Transformers

@Suite struct DecodingTests {
  private let prompt = [5, 17, 3, 40, 8, 21]

  /// The token with the largest logit, step by step without a cache.
  private func uncached(_ model: Model, _ prompt: [Int], _ count: Int) throws -> (tokens: [Int], last: Matrix) {
    var ids = prompt
    var last = Matrix(rows: 0, columns: 0)
    for _ in 0..<count {
      let pass = try model.forward(ids)
      let row = try #require(pass.logits).row(ids.count - 1)
      ids.append(row.indices.reduce(0) { row[$1] > row[$0] ? $1 : $0 })
      last = try #require(pass.hidden.last).rows(at: [pass.ids.count - 1])
    }
    return (Array(ids[prompt.count...]), last)
  }

  @Test(arguments: FixtureModels.causal) func equalsTheUncachedPassTokenForToken(fixture: String) throws {
    let model = try FixtureModels.open(fixture)
    guard model.configuration.hasHead else { return }
    let (expected, last) = try uncached(model, prompt, 24)
    let decoded = try model.generate(24, after: prompt, stopTokens: [])
    #expect(decoded.map(\.id) == expected)
    // The states too, whatever parts the text is run in.
    let whole = prompt + expected.dropLast()
    for parts in [[0, 1, whole.count], [0, 13, 14, whole.count], Array(0...whole.count)] {
      let cache = try KeyValueCache(model)
      var state = Matrix(rows: 0, columns: 0)
      for (start, end) in zip(parts, parts.dropFirst()) {
        state = try model.extend(cache, with: Array(whole[start..<end]))
      }
      #expect(cache.length == whole.count)
      #expect(relativeDifference(state.values, last.values) < 1e-5, "\(fixture) \(parts)")
    }
  }

  @Test(arguments: FixtureModels.causal) func severalTextsShareAPrefix(fixture: String) throws {
    let model = try FixtureModels.open(fixture)
    let cache = try KeyValueCache(model)
    _ = try model.extend(cache, with: prompt)
    let endings = [[9], [30, 31, 32], [7, 7]]
    let shared = try ModelRun(model, endings, after: cache)
    var positions: [[Int]] = []
    try shared.advance(
      to: model.configuration.blocks,
      taps: [
        .read(.pattern, blocks: [1]) { visit, values in
          positions.append(visit.positions)
          #expect(values.columns == 6 + endings[visit.texts[0]].count)
          for row in 0..<values.rows { #expect(abs(values.row(row).reduce(0, +) - 1) < 1e-5) }
        }
      ])
    #expect(cache.length == 6 && positions.map { $0.last ?? 0 } == [6, 8, 7])
    let states = try shared.lastStates()
    for (row, ending) in endings.enumerated() {
      let pass = try model.forward(prompt + ending, withLogits: false)
      let expected = try #require(pass.hidden.last).row(5 + ending.count)
      #expect(relativeDifference(states.row(row), expected) < 1e-5)
    }
    // From saved states in the middle: only the blocks above run, over the keys the prefix left there.
    let lower = try ModelRun(model, endings, after: cache)
    try lower.advance(to: 2)
    let upper = try ModelRun(
      model, states: lower.allStates(), lengths: endings.map(\.count), level: 2, after: cache)
    try upper.advance(to: model.configuration.blocks)
    #expect(try upper.lastStates() == states)
  }

  @Test(arguments: FixtureModels.causal) func positionsThatLeaveEarlyStillHaveKeys(fixture: String) throws {
    let model = try FixtureModels.open(fixture)
    let c = model.configuration
    let cache = try KeyValueCache(model)
    let early = try ModelRun(model, [prompt], after: cache)
    try early.advance(to: 1)
    while early.level < c.blocks { try early.advanceKeysOnly() }
    #expect(cache.length == prompt.count)
    // The same as a run in which blocks from 1 on pass the state through but for what later positions read.
    let expected = try model.states(
      [prompt + [11]],
      taps: (1..<c.blocks).map { block in
        .skip(blocks: [block], positions: .at(Set(prompt.indices)))
      })
    let found = try model.extend(cache, with: [11])
    #expect(relativeDifference(found.values, try #require(expected.last).row(prompt.count)) < 1e-5)
  }

  @Test func cachesAreCutAndRefused() throws {
    let model = try FixtureModels.open("llama")
    let cache = try KeyValueCache(model)
    let first = try model.extend(cache, with: [1, 2, 3])
    _ = try model.extend(cache, with: [4, 5])
    cache.truncate(to: 2)
    #expect(relativeDifference(try model.extend(cache, with: [3]).values, first.values) < 1e-5)
    let path = ProjectRoot.fixture("bert")
    let error = try #require(throws: ModelError.self) { try KeyValueCache(Model.open(path)) }
    #expect(error.code == .unsupported && error.description.contains("lets every position see later ones"))
    let context = model.configuration.context
    let long = try #require(throws: ModelError.self) {
      try model.extend(cache, with: Array(repeating: 1, count: context - 2))
    }
    #expect(long.code == .input && cache.length == 3)
    // Decoding ends where the context does.
    let decoded = try model.generate(10, after: Array(repeating: 1, count: context - 3), stopTokens: [])
    #expect(decoded.count == 4)
  }

  @Test(arguments: ["gpt2", "llama", "qwen2"]) func keptWeightsChangeNothing(fixture: String) throws {
    let model = try FixtureModels.open(fixture)
    let kept = try model.generate(12, after: prompt, stopTokens: [])
    for limit in [0, 200_000] {
      model.weightLimit = limit
      #expect(try model.generate(12, after: prompt, stopTokens: []) == kept)
      #expect(model.weightLimit == limit)
    }
  }

  @Test func samplingIsSeededAndKeepsToItsSet() throws {
    let model = try FixtureModels.open("gpt2")
    let sampling = Sampling(temperature: 0.8, top: 20, mass: 0.9, seed: 7)
    let first = try model.generate(30, after: prompt, sampling: sampling, stopTokens: [])
    #expect(try model.generate(30, after: prompt, sampling: sampling, stopTokens: []) == first)
    let other = Sampling(temperature: 0.8, top: 20, mass: 0.9, seed: 8)
    #expect(try model.generate(30, after: prompt, sampling: other, stopTokens: []) != first)
    let logits: [Float] = [1, 3, 3, 2, -1]
    var greedy = TokenSampler(.greedy)
    #expect(greedy.choose(logits) == 1)
    var counts = [Int](repeating: 0, count: 5)
    var sampler = TokenSampler(Sampling(temperature: 1, top: 3))
    for _ in 0..<30_000 { counts[sampler.choose(logits)] += 1 }
    // e³ : e³ : e² among the three that are left.
    #expect(counts[0] == 0 && counts[4] == 0 && abs(Double(counts[3]) / 30_000 - 0.1554) < 0.01)
    var nucleus = TokenSampler(Sampling(temperature: 1, mass: 0.5))
    let drawn = Set((0..<500).map { _ in nucleus.choose(logits) })
    // p₁ = p₂ = 0.392 and p₃ = 0.144: the first two are the fewest that reach a half.
    #expect(drawn == [1, 2])
  }

  @Test func decodingStopsWhereItIsTold() throws {
    let model = try FixtureModels.open("llama")
    let all = try model.generate(8, after: prompt, stopTokens: [])
    let third = all[2].id
    let first = try #require(all.firstIndex { $0.id == third })
    #expect(try model.generate(8, after: prompt, stopTokens: [third]).count == first + 1)
    #expect(try model.generate(8, after: prompt, stopTokens: []) { _ in false }.count == 1)
    let taps = [Tap.scale(.heads, by: 0, blocks: [1])]
    #expect(try model.generate(8, after: prompt, stopTokens: [], taps: taps) != all)
  }
}
