import Analyses
import Foundation
import Tensors
import TestSupport
import Testing
import Transformers

/// What must hold of every model whose stream is a sum, whatever its family.
@Suite struct ContributionInvariantTests {
  private static let families: [String] =
    ["gpt2", "llama", "llama-tied", "qwen2"]
    + ((try? FileManager.default.contentsOfDirectory(atPath: ProjectRoot.fixture("families"))) ?? []).sorted()
    .map { "families/" + $0 }

  private static func trace(_ name: String) throws -> PromptTrace? {
    let model = try Model.open(ProjectRoot.fixture(name))
    guard !model.configuration.isPostNorm else { return nil }
    let v = model.configuration.vocabulary
    return try PromptTrace(model, (0..<9).map { ($0 * 31 + 7) % v })
  }

  @Test(arguments: families) func postNormIsRefusedAndAllOthersAddUp(name: String) throws {
    let model = try Model.open(ProjectRoot.fixture(name))
    guard let trace = try Self.trace(name) else {
      let error = #expect(throws: ModelError.self) { try PromptTrace(model, [1, 2, 3]) }
      #expect(error?.code == .unsupported)
      return
    }
    guard model.configuration.hasHead else { return }
    let parts = try PredictionParts(trace)
    try Self.checkTelescoping(parts)
    for block in trace.blocks.indices { try Self.checkSums(parts, block) }
    try Self.checkInfluence(parts)
    try Self.checkLinearity(parts)
  }

  /// Invariant 2: the layers' increases are all there is between h_0 and the model's own log-probability.
  private static func checkTelescoping(_ parts: PredictionParts) throws {
    let model = parts.trace.model
    let final = parts.trace.states.rows(parts.trace.blocks.count..<parts.trace.blocks.count + 1)
    let own = try model.readLogits(ofHeadInput: model.headInput(final), tokens: [[parts.target.token]], top: 1)[0]
    #expect(own.top[0].token == parts.target.token)
    let found = try parts.layers()
    #expect(abs(found.end - own.logProbability(own.chosen[0])) < 1e-5)
    let sum = (found.attention + found.ffn).reduce(0, +)
    #expect(abs(found.start + sum - found.end) < 1e-9)
    let logits = found.logits
    let whole = logits.embedding + (logits.attention + logits.ffn).reduce(0, +) + logits.constant
    #expect(abs(whole - logits.total) < 1e-4 * max(1, abs(whole)))
    let probabilities = try parts.layers(.probIncrease)
    #expect(abs(try #require(probabilities.remainder)) < 1e-9)
  }

  /// Invariant 3: heads and bias are the attention output, neurons and bias the feed-forward output.
  private static func checkSums(_ parts: PredictionParts, _ block: Int) throws {
    let (c, trace) = (parts.trace.model.configuration, parts.trace)
    let constants = try parts.constants(block: block)
    func compare(_ units: [StreamUnit], _ constant: [Float]?, _ whole: [Float], _ what: Comment) throws {
      let vectors = try parts.vectors(of: units)
      var sum = constant.map { $0.map { Double($0) } } ?? [Double](repeating: 0, count: c.width)
      for (row, unit) in units.enumerated() {
        for index in sum.indices { sum[index] += parts.coefficient(of: unit) * Double(vectors[row, index]) }
      }
      let size = whole.map { Double(abs($0)) }.max() ?? 1
      #expect(zip(sum, whole).allSatisfy { abs($0 - Double($1)) < 1e-5 * max(size, 1e-3) }, what)
    }
    let (attention, ffn) = (trace.blocks[block].attention.row(trace.last), trace.blocks[block].ffn.row(trace.last))
    try compare(
      (0..<c.heads).map { .head(block: block, $0) }, constants.attention, attention, "heads of block \(block)")
    try compare((0..<c.ffnWidth).map { .neuron(block: block, $0) }, constants.ffn, ffn, "neurons of block \(block)")
    let dimensions = (0..<c.heads).flatMap { head in
      (0..<c.headWidth).flatMap { dimension in
        trace.ids.indices.map {
          StreamUnit.headDimension(block: block, head: head, dimension: dimension, position: $0)
        }
      }
    }
    if block == 0 { try compare(dimensions, constants.attention, attention, "dimensions of block \(block)") }
  }

  /// Invariant 25: shares of a pre-activation add up to it, the constant included.
  private static func checkInfluence(_ parts: PredictionParts) throws {
    let (trace, c) = (parts.trace, parts.trace.model.configuration)
    for block in trace.blocks.indices {
      let taken = trace.blocks[block]
      for neuron in [0, c.ffnWidth - 1] {
        let unit = StreamUnit.neuron(block: block, neuron)
        let gate = try parts.influence(on: unit, key: .gate)
        let z = Double(taken.before[0, neuron])
        #expect(abs(gate.total - z) < 2e-5 * max(1, abs(z)), "\(unit)")
        if let factor = taken.factor.map({ Double($0[0, neuron]) }) {
          let up = try parts.influence(on: unit, key: .up)
          #expect(abs(up.total - factor) < 2e-5 * max(1, abs(factor)), "\(unit) up")
        } else {
          #expect(try parts.influence(on: unit, key: .up).parts == gate.parts, "one key only")
        }
        #expect(gate.attention.count == block + 1 && gate.ffn.count == block)
        #expect((gate.attention[block] == nil) == (c.plans[block].residual == .parallel))
      }
      for position in [0, trace.last] {
        let unit = StreamUnit.headDimension(block: block, head: c.heads - 1, dimension: 1, position: position)
        let value = Double(taken.values[position, (c.kvHeads - 1) * c.headWidth + 1])
        #expect(abs(try parts.influence(on: unit).total - value) < 2e-5 * max(1, abs(value)), "\(unit)")
      }
    }
  }

  /// Invariant 4: before-softmax values of sums are sums of before-softmax values.
  private static func checkLinearity(_ parts: PredictionParts) throws {
    let states = parts.trace.states
    let (a, b) = (states.row(0), states.row(states.rows - 1))
    let sum = Matrix(rows: 3, columns: a.count, values: a + b + zip(a, b).map { $0 + $1 })
    let values = try parts.head.values(of: sum)
    let size = Double(values.values.map(abs).max() ?? 1)
    for token in 0..<values.columns {
      let difference = Double(values[0, token]) + Double(values[1, token]) - Double(values[2, token])
      #expect(abs(difference) < 2e-5 * max(1, size))
    }
  }

  /// Every method names the units that a plain search over all of them would.
  @Test(arguments: ContributionMethod.allCases) func everyMethodFindsTheLargest(method: ContributionMethod) throws {
    for name in ["llama", "families/gpt_neox", "families/gemma2"] {
      let parts = try PredictionParts(try #require(try Self.trace(name)))
      let all = try parts.neurons(method, top: 1_000_000)
      #expect(all.best.count == all.total && all.scored == all.total)
      #expect(zip(all.best, all.best.dropFirst()).allSatisfy { $0.score >= $1.score })
      let few = try parts.neurons(method, top: 5, scoresAll: false)
      #expect(few.best.map(\.unit) == all.best.prefix(5).map(\.unit), "\(name) \(method)")
      let attention = try parts.attentionNeurons(method, top: 1_000_000)
      let best = try parts.attentionNeurons(method, top: 5, scoresAll: false)
      #expect(best.best.map(\.unit) == attention.best.prefix(5).map(\.unit), "\(name) \(method)")
    }
  }

  /// The scores themselves, written out again from before-softmax values.
  @Test func methodsAreWhatTheySay() throws {
    let parts = try PredictionParts(try #require(try Self.trace("gpt2")))
    let unit = StreamUnit.neuron(block: 1, 3)
    let m = parts.coefficient(of: unit)
    let vector = try parts.vectors(of: [unit])
    let values = try parts.head.values(of: vector).row(0).map { Double($0) }
    let x = zip(try parts.head.values(of: parts.trace.blocks[1].middle).row(0), parts.head.base).map { Double($0 + $1) }
    func log(_ logits: [Double]) -> Double {
      logits[parts.target.token] - Foundation.log(logits.reduce(0) { $0 + exp($1) })
    }
    let after = zip(x, values).map { $0 + m * $1 }
    let alone = zip(parts.head.base, values).map { Double($0) + m * $1 }
    let length = vector.values.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
    let own = values[parts.target.token]
    let rank = Double(1 + values.filter { m < 0 ? $0 < own : $0 > own }.count)
    let wanted: [ContributionMethod: Double] = [
      .logprobIncrease: log(after) - log(x), .logprob: log(alone), .probIncrease: exp(log(after)) - exp(log(x)),
      .norm: length, .coef: abs(m), .rank: 1 / rank, .coefNorm: abs(m) * length, .coefRank: abs(m) / rank,
    ]
    #expect(wanted.count == ContributionMethod.allCases.count)
    for (method, value) in wanted {
      let found = try #require(try parts.neurons(method, top: 1_000_000).best.first { $0.unit == unit })
      #expect(abs(found.score - value) < 1e-5 * max(1, abs(value)), "\(method)")
      #expect(abs(found.coefficient - m) < 1e-12)
    }
  }

  /// Against a second token every score is a difference of logits, so parts add up to the whole exactly.
  @Test func contrastsAddUp() throws {
    let trace = try #require(try Self.trace("llama"))
    let parts = try PredictionParts(trace, target: PredictionTarget(token: 5, contrast: 9))
    for found in [try parts.neurons(top: 3), try parts.attentionNeurons(top: 3)] {
      for remainder in found.remainder { #expect(abs(try #require(remainder)) < 1e-5) }
    }
    for remainder in try parts.heads().remainder { #expect(abs(try #require(remainder)) < 1e-5) }
    let positions = try parts.positions(0..<trace.blocks.count)
    #expect(abs(try #require(positions.remainder)) < 1e-5)
    #expect(abs(positions.attention.reduce(0, +) - 1) < 1e-5)
  }

  @Test func threadsChangeNothing() throws {
    let trace = try #require(try Self.trace("families/gpt_neox"))
    let threads = Compute.threads
    defer { Compute.threads = threads }
    var found: [[ScoredUnit]] = []
    for count in [1, 3] {
      Compute.threads = count
      let parts = try PredictionParts(trace)
      found.append(try parts.neurons(top: 50).best + parts.attentionNeurons(top: 50, scoresAll: false).best)
    }
    #expect(found[0] == found[1])
  }

  @Test func nothingAtZeroChangesNothingAndEverythingAtZeroDoes() throws {
    let trace = try #require(try Self.trace("llama"))
    let (model, token) = (trace.model, 5)
    let heads = (0..<model.configuration.heads).map { StreamUnit.head(block: 0, $0) }
    let found = try model.outcomes(of: trace.ids, token: token, zeroing: [[], heads, []])
    #expect(abs(found[0].logProbability - found[2].logProbability) < 1e-6)
    #expect(abs(found[0].logProbability - found[1].logProbability) > 1e-4)
    let tap = Tap.scale(.heads, by: 0, blocks: [0], positions: .last)
    let run = try ModelRun(model, [trace.ids])
    try run.advance(to: model.configuration.blocks, taps: [tap])
    let state = try run.states(at: [trace.last])
    let reading = try model.readLogits(ofHeadInput: model.headInput(state), tokens: [[token]])[0]
    #expect(abs(reading.logProbability(reading.chosen[0]) - found[1].logProbability) < 1e-6)
  }
}
