import Analyses
import Foundation
import Tensors
import TestSupport
import Testing
import Transformers

@Suite struct BypassEngineTests {
  @Test func anyBypassOfALinearNetworkIsExact() throws {
    let network = try LinearNetwork()
    let texts = JudgedTexts(whole: LinearNetwork.texts)
    let judge = try BypassJudge(network.model, texts, levels: Set(0..<LinearNetwork.blocks))
    let full = try #require(judge.full.perplexity)
    #expect(full > 1.5, "the logits say something")
    var skipped: [Double] = []
    for i in 0..<LinearNetwork.blocks {
      for j in i + 1...LinearNetwork.blocks {
        for keepsFirst in [false, true] {
          let bypass = Bypass(i..<j, map: try network.map(from: i, to: j), keepsFirst: keepsFirst)
          let found = try judge.predictions(of: bypass)
          #expect(abs(try #require(found.perplexity) / full - 1) < 1e-4, "\(i)→\(j)")
          #expect(found.agreement(with: judge.full) == 1)
        }
        skipped.append(try #require(try judge.predictions(of: Bypass(i..<j, map: nil)).perplexity))
      }
    }
    #expect(skipped.allSatisfy { abs($0 / full - 1) > 1e-3 }, "leaving blocks out is not nothing here")
  }

  /// From saved states, from tokens, and by taps: three ways to the same numbers.
  @Test(arguments: ["gpt2", "llama", "qwen2"]) func aBypassIsWhatTapsDo(fixture: String) throws {
    let model = try Model.open(ProjectRoot.fixture(fixture))
    let c = model.configuration
    let texts = [9, 1, 17].enumerated().map { text, length in
      (0..<length).map { (text * 31 + $0 * 17 + 3) % c.vocabulary }
    }
    var stream = RandomStream(seed: 5, stream: "test.bypass")
    let weights = Matrix(
      rows: c.width, columns: c.width,
      values: (0..<c.width * c.width).map { ($0 % (c.width + 1) == 0 ? 1 : 0) + 0.05 * Float(stream.uniform()) })
    let map = StreamMap(weights: weights, bias: (0..<c.width).map { Float($0) * 0.01 })
    for span in [0..<1, 1..<2, 0..<c.blocks, 1..<c.blocks] {
      let taps: [Tap] = [
        .replace(.block, blocks: [span.lowerBound]) { _, h in map.applied(to: h) },
        .skip(blocks: Set(span.dropFirst())),
      ]
      let run = try ModelRun(model, texts)
      try run.advance(to: c.blocks, taps: taps)
      #expect(try Bypass(span, map: map).run(model, texts) == run.allStates(), "\(fixture) \(span)")
      let kept = try Bypass(span, map: map, keepsFirst: true).run(model, texts)
      let places = Tap.Positions.at(Set(1..<64))
      let exact = try ModelRun(model, texts)
      try exact.advance(
        to: c.blocks,
        taps: [
          .replace(.block, blocks: [span.lowerBound], positions: places) { _, h in map.applied(to: h) },
          .skip(blocks: Set(span.dropFirst()), positions: places),
        ])
      let other = try exact.allStates()
      let largest = other.values.map(abs).max() ?? 1
      #expect(zip(kept.values, other.values).allSatisfy { abs($0 - $1) < 2e-5 * largest }, "\(fixture) \(span)")
    }
  }

  @Test func wholeWordsAreHitOnlyWhole() throws {
    let model = try Model.open(ProjectRoot.fixture("llama"))
    let ids = (0..<12).map { ($0 * 17 + 3) % model.configuration.vocabulary }
    var pass = ids
    for _ in 0..<3 { pass.append(try #require(try model.generate(1, after: pass, stopTokens: []).first).id) }
    let judged = JudgedTexts([.init(pass, from: 12), .init(pass, from: 11), .init(Array(pass.prefix(14)), from: 13)])
    let judge = try BypassJudge(model, judged, levels: [])
    // The three decoded tokens are the most likely ones; the token before them was not decoded.
    let guess = try model.generate(1, after: Array(ids.prefix(11)), stopTokens: []).first
    let isGuessed = try #require(guess).id == ids[11]
    #expect(judge.full.wholeHits(of: judged) == (isGuessed ? 1 : 2.0 / 3))
    #expect(judge.full.agreement(with: judge.full) == 1)
    let forward = try #require(try model.forward(pass).logits)
    for (place, position) in (11...13).enumerated() {
      let row = forward.row(position)
      let sum = row.reduce(0.0) { $0 + Double($1 - row[pass[position + 1]]).exponential }
      #expect(abs(judge.full.logProbabilities[place] + sum.logarithm) < 1e-5)
    }
    #expect(JudgedTexts(whole: [[4]]).texts.isEmpty)
  }

  @Test func theThreadCountChangesNoBit() throws {
    let network = try LinearNetwork(seed: 3)
    let texts = JudgedTexts(whole: LinearNetwork.texts)
    let threads = Compute.threads
    defer { Compute.threads = threads }
    let bypass = Bypass(1..<3, map: try network.map(from: 1, to: 3))
    let found = try [1, 2, 5].map { count in
      Compute.threads = count
      return try BypassJudge(network.model, texts, levels: [1]).predictions(of: bypass)
    }
    #expect(found[0] == found[1] && found[1] == found[2])
  }
}

extension Double {
  fileprivate var exponential: Double { exp(self) }
  fileprivate var logarithm: Double { log(self) }
}
