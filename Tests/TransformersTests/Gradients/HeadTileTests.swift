import Tensors
import TestSupport
import Testing
import Transformers

/// Positions that do not fit in one tile of positions × vocabulary on the way back.
@Suite struct HeadTileTests {
  private static let positions = 11

  /// Values, gradients at the states and gradients of the weights, with so many positions to a tile.
  private func gradient(
    _ parameters: ParameterList, _ objective: LogitObjective, _ states: Matrix, tile: Int
  ) throws -> (head: HeadGradient, weights: ParameterList) {
    let weights = parameters.zeros()
    let head = try parameters.gradient(
      of: objective, at: states, weights: randomNumbers(Self.positions, "tile weights"), addingTo: weights,
      tileBytes: tile * parameters.model.configuration.vocabulary * MemoryLayout<Float>.stride)
    return (head, weights)
  }

  /// Tiles of 4 leave a last one of 3; of 1, every position is its own; a tile too small for one position holds one.
  ///
  /// Every position has a token, a target distribution and a weight of its own, so a tile that counts from the wrong
  /// position does not go unseen.
  @Test(arguments: ["gpt2", "llama-tied", "bert", "families/gemma2"], ["tokens", "distribution"])
  func tilesAddUpToTheWhole(_ name: String, _ kind: String) throws {
    let parameters = try ParameterList(try Model.open(ProjectRoot.fixture(name)))
    let configuration = parameters.model.configuration
    let (n, v) = (Self.positions, configuration.vocabulary)
    let run = try ReverseRun(parameters, texts: [[5, 17, 3, 20, 8, 9, 41], [7, 7, 10, 2]])
    let states = run.state(run.levels.upperBound)
    let objective =
      kind == "tokens"
      ? LogitObjective.crossEntropy(tokens: (0..<n).map { ($0 * 13 + 5) % v })
      : LogitObjective.divergence(
        fromLogits: Matrix(rows: n, columns: v, values: randomNumbers(n * v, "tile targets").map { Float($0) }))
    let whole = try gradient(parameters, objective, states, tile: n)
    #expect(whole.head.values.count == n && whole.head.states.rows == n)
    for tile in [4, 1, 0] {
      let parts = try gradient(parameters, objective, states, tile: tile)
      for (found, expected) in zip(parts.head.values, whole.head.values) {
        #expect(abs(found - expected) < 1e-5 * max(1, abs(expected)), "tile \(tile)")
      }
      #expect(relativeDifference(parts.head.states.values, whole.head.states.values) < 1e-5, "tile \(tile)")
      for tensor in parameters.names {
        let found = try #require(parts.weights.values(of: tensor))
        let expected = try #require(whole.weights.values(of: tensor))
        let isOfTheHead = expected.contains { $0 != 0 }
        let isSame = isOfTheHead ? relativeDifference(found, expected) < 1e-5 : found == expected
        #expect(isSame, "\(tensor), tile \(tile)")
      }
    }
  }
}
