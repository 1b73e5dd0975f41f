import Foundation
import Tensors
import TestSupport
import Testing
import Transformers

@Suite struct HeadTests {
  private static let withFinalNorm = FixtureModels.all.filter {
    (try? FixtureModels.open($0).configuration.head.norm) != nil
  }

  /// Parts of a state, each frozen to the state's scale, add up to the norm of the state once the bias is added.
  @Test(arguments: withFinalNorm) func frozenNormIsLinearInItsParts(fixture: String) throws {
    let model = try FixtureModels.open(fixture)
    let levels = try model.states([FixtureModels.texts(model)[0]])
    let last = try #require(levels.last)
    let scales = try model.finalNormScales(of: last)
    let whole = try model.finalNorm(last)
    #expect(relativeDifference(try model.finalNorm(last, frozenTo: scales, addsBias: true).values, whole.values) < 1e-6)
    var sum = [Double](repeating: 0, count: last.values.count)
    var below = Matrix(rows: last.rows, columns: last.columns)
    for level in levels {
      let part = Matrix(
        rows: last.rows, columns: last.columns, values: zip(level.values, below.values).map { $0 - $1 })
      for (index, value) in try model.finalNorm(part, frozenTo: scales).values.enumerated() {
        sum[index] += Double(value)
      }
      below = level
    }
    let zero = Matrix(rows: last.rows, columns: last.columns)
    let bias = try model.finalNorm(zero, frozenTo: scales, addsBias: true)
    let found = zip(sum, bias.values).map { Float($0 + Double($1)) }
    #expect(relativeDifference(found, whole.values) < 2e-5)
    // Frozen to its own scale is recomputed; frozen to another's is not.
    let other = try model.finalNorm(levels[1], frozenTo: scales, addsBias: true)
    #expect(relativeDifference(other.values, try model.finalNorm(levels[1]).values) > 1e-3)
  }

  @Test(arguments: FixtureModels.all) func readingsAreThoseOfTheLogits(fixture: String) throws {
    let model = try FixtureModels.open(fixture)
    guard model.configuration.hasHead else { return }
    let v = model.configuration.vocabulary
    let last = try #require(try model.states([FixtureModels.texts(model)[2]]).last)
    let logits = try model.logits(of: last)
    let input = try model.headInput(last)
    let tokens = (0..<last.rows).map { [($0 * 29) % v, 7] }
    // One position to a tile, and all in one.
    for bytes in [1, 5 * v * 4, 64 << 20] {
      let readings = try model.readLogits(ofHeadInput: input, tokens: tokens, top: 5, tileBytes: bytes)
      #expect(readings.count == last.rows)
      for (row, reading) in readings.enumerated() {
        let line = logits.row(row)
        let top = Double(line.max() ?? 0)
        let sum = line.reduce(0) { $0 + exp(Double($1) - top) }
        #expect(abs(reading.logSumExp - (top + log(sum))) < 1e-4)
        let entropy = line.reduce(0.0) { partial, logit in
          let p = exp(Double(logit) - top) / sum
          return partial - (p > 0 ? p * log(p) : 0)
        }
        #expect(abs(reading.entropy - entropy) < 1e-4)
        let order = line.indices.sorted { (-line[$0], $0) < (-line[$1], $1) }
        for (entry, expected) in zip(reading.top, order.prefix(5)) {
          #expect(entry.token == expected || abs(entry.logit - line[expected]) < 1e-4)
        }
        for (entry, rank) in zip(reading.chosen, reading.ranks) {
          #expect(abs(entry.logit - line[entry.token]) < 1e-4)
          #expect(abs(rank - 1 - line.count { $0 > line[entry.token] }) <= 1)
          #expect(abs(reading.probability(entry) - exp(Double(line[entry.token]) - top) / sum) < 1e-5)
        }
      }
    }
    var rows: [Float] = []
    try model.forEachLogitTile(ofHeadInput: input, tileBytes: 3 * v * 4) { part, tile in
      #expect(part.count <= 3 && part.count == tile.rows)
      rows += tile.values
    }
    #expect(relativeDifference(rows, logits.values) < 1e-5)
  }

  @Test func tiesGoToTheLowerToken() {
    let logits: [Float] = [1, 5, 2, 5, 5, 0]
    let reading = logits.withUnsafeBufferPointer { LogitReading($0, tokens: [3, 2], top: 2) }
    #expect(reading.top.map(\.token) == [1, 3] && reading.ranks == [1, 4])
    let all = logits.withUnsafeBufferPointer { LogitReading($0, tokens: [], top: 9) }
    #expect(all.top.map(\.token) == [1, 3, 4, 2, 0, 5])
  }

  @Test func tilesThrowOnAndHeadsMayBeMissing() throws {
    struct Stop: Error {}
    let model = try FixtureModels.open("gpt2")
    let states = try model.states([[1, 2, 3]])[0]
    #expect(throws: Stop.self) {
      try model.forEachLogitTile(ofHeadInput: states) { _, _ in throw Stop() }
    }
    #expect(throws: ModelError.self) { try FixtureModels.open("bert").finalNormScales(of: states) }
  }
}
