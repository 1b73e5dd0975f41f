import Tensors

/// Some words of the vocabulary, over which every unit's vector is read before any meets all of it.
///
/// Each of them that a vector gives more than the target puts the target one place down: the ranks found here are never
/// below the ranks among all words, and mostly far above 1 where those are.
struct RankProbe: Sendable {
  /// Directions of the words, the target's last, [words + 1, d].
  private let directions: Matrix

  /// About how many words are asked.
  private static let words = 256

  init(_ head: FrozenHead, target: Int) throws {
    let vocabulary = head.base.count
    let step = max(1, vocabulary / Self.words)
    let words = stride(from: 0, to: vocabulary, by: step).filter { $0 != target } + [target]
    directions = Matrix.vertical(
      try words.map { word in
        let direction = try head.direction(to: PredictionTarget(token: word)).map { Float($0) }
        return Matrix(rows: 1, columns: direction.count, values: direction)
      })
  }

  /// The least rank the target can have under every vector of a branch: when values fall, and when they rise.
  func leastRanks(_ output: BranchOutput) -> [(falling: Int, rising: Int)] {
    let values = output.reach(along: directions)
    let last = values.rows - 1
    let byUnit = values.transposed()
    return Compute.parallelMap(count: byUnit.rows, multiplies: false) { unit in
      let row = byUnit.row(unit)
      // What rounding may turn round counts for neither side.
      let margin = 1e-4 * (row.lazy.map(abs).max() ?? 0)
      return (1 + row.count { $0 > row[last] + margin }, 1 + row.count { $0 < row[last] - margin })
    }
  }
}
