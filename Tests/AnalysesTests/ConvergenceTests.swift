import Analyses
import Checkpoints
import Files
import JSONText
import Tensors
import TestSupport
import Testing

@Suite struct ConvergenceTests {
  @Test func movementOfParallelOrthogonalAndOppositeStates() throws {
    #expect(Convergence.movement(from: [1, 2, 3], to: [2, 4, 6]) == 0)
    #expect(Convergence.movement(from: [1, 0], to: [0, 5]) == 0.5)
    #expect(Convergence.movement(from: [1, -2], to: [-3, 6]) == 1)
    #expect(Convergence.movement(from: [0, 0], to: [1, 0]) == nil)
  }

  @Test func movementIgnoresPositiveScale() throws {
    let a: [Float] = [0.3, -1.25, 2, 0.5]
    let b: [Float] = [1, 0.5, -0.75, 3]
    let plain = try #require(Convergence.movement(from: a, to: b))
    let scaled = try #require(Convergence.movement(from: a.map { $0 * 1024 }, to: b.map { $0 * 0.0625 }))
    #expect(abs(plain - scaled) < 1e-12)
  }

  @Test func scoreOfMonotoneAndConstantCurves() {
    #expect(Convergence.score(of: [0.5, 0.4, 0.1]) == 1)
    #expect(Convergence.score(of: [0.1, 0.4, 0.5]) == 0)
    #expect(Convergence.score(of: [0.2, 0.2, 0.2]) == 1)
    #expect(Convergence.score(of: [0.2]) == nil)
  }

  /// S = 1/2 + (D_0 - D_last) / (2 TV), and an affine change of D leaves S alone.
  @Test(arguments: 0..<20) func scoreIdentity(seed: Int) throws {
    var stream = RandomStream(seed: seed, stream: "test.convergence")
    let curve = (0..<9).map { _ in stream.uniform() }
    let variation = zip(curve, curve.dropFirst()).reduce(0.0) { $0 + abs($1.1 - $1.0) }
    let score = try #require(Convergence.score(of: curve))
    #expect(abs(score - (0.5 + (curve[0] - curve[8]) / (2 * variation))) < 1e-12)
    let moved = try #require(Convergence.score(of: curve.map { 0.25 * $0 + 0.1 }))
    #expect(abs(score - moved) < 1e-12)
  }

  @Test func averagingComesFirst() throws {
    // Two positions with curves (0, 0.5) and (0.5, 0): each has S of its own, their mean curve is flat.
    let states = [
      Matrix(rows: 2, columns: 2, values: [1, 0, 1, 0]), Matrix(rows: 2, columns: 2, values: [1, 0, 0, 1]),
      Matrix(rows: 2, columns: 2, values: [0, 1, 0, 1]),
    ]
    var meter = ConvergenceMeter(blocks: 2)
    meter.add(states)
    let found = meter.result()
    #expect(found.distance == [0.25, 0.25])
    #expect(found.score == 1)
    #expect(found.scorePerToken == 0.5)
  }

  @Test func batchesAddUpAndZeroStatesAreCounted() {
    let states = (0...3).map { layer in
      Matrix(rows: 4, columns: 3, values: (0..<12).map { Float(($0 * 7 + layer * 5) % 11) - 4 })
    }
    var whole = ConvergenceMeter(blocks: 3)
    whole.add(states)
    var parts = ConvergenceMeter(blocks: 3)
    parts.add(states.map { $0.rows(0..<1) })
    parts.add(states.map { $0.rows(1..<4) })
    #expect(whole.result() == parts.result())
    // By way of what is kept of a part, to the last bit.
    var kept = ConvergenceMeter(blocks: 3)
    for rows in [0..<3, 3..<4] {
      var part = ConvergenceMeter(blocks: 3)
      part.add(states.map { $0.rows(rows) })
      let isTaken = kept.add(series: part.series)
      #expect(isTaken)
    }
    #expect(kept.result() == whole.result())
    let isTaken = kept.add(series: ConvergenceMeter(blocks: 2).series) || kept.add(series: ["others": []])
    #expect(!isTaken && kept.result() == whole.result())
    parts.add((0...3).map { _ in Matrix(rows: 2, columns: 3) })
    #expect(parts.result().undefinedPositions == 2)
    #expect(parts.result().distance == whole.result().distance)
  }

  /// The values numpy computed from the same states.
  @Test(.enabled(if: SharedMaterial.isPresent)) func agreesWithReference() throws {
    let reference = try JSON.parse(try readFile(SharedMaterial.path("reference/stories260K/reference.json")))[
      "convergence"]
    let file = try SafetensorsFile(path: SharedMaterial.path("reference/stories260K/states.last.safetensors"))
    let states = try (0...5).map {
      Matrix(rows: 1000, columns: 64, values: try file.floats("hidden.\($0)"))
    }
    var meter = ConvergenceMeter(blocks: 5)
    meter.add(states)
    let found = meter.result()
    let expected = try #require(reference?["distance"]?.arrayValue?.compactMap { $0.doubleValue })
    for (mine, theirs) in zip(found.distance, expected) { #expect(abs((mine ?? .nan) - theirs) < 1e-6) }
    let score = try #require(reference?["score"]?.doubleValue)
    #expect(abs((found.score ?? .nan) - score) < 1e-5)
  }
}

extension ConvergenceMeter {
  fileprivate mutating func add(_ states: [Matrix]) {
    add(StateBatch(states: states, positions: Array(0..<states[0].rows)))
  }
}
