import Tensors
import Transformers

/// The states of a batch at every layer, and what the loss asks of them.
struct DistilledBatch {
  /// e_0 … e_{L−1}, each [rows, d].
  let states: [Matrix]
  /// d(loss)/d(e_l), each [rows, d].
  private var gradients: [Matrix]
  /// KL of every layer, summed over the rows so far.
  private var sums: [Double]

  init(states: [Matrix]) {
    self.states = states
    gradients = states.map { Matrix(rows: $0.rows, columns: $0.columns) }
    sums = [Double](repeating: 0, count: states.count)
  }

  var rows: Int { states[0].rows }

  /// KL of every layer, the mean over the rows.
  var divergences: [Double] { sums.map { $0 / Double(rows) } }

  /// Gradients as `ReverseRun` takes them, by level.
  var gradientsByLevel: [Int: Matrix] {
    Dictionary(uniqueKeysWithValues: gradients.enumerated().map { ($0.offset + 1, $0.element) })
  }

  /// About how many bytes of logits are held at once.
  private static let tileBytes = 64 << 20

  /// The rows in parts whose logits fit in a tile.
  func tiles(vocabulary: Int) -> [Range<Int>] {
    let step = max(1, Self.tileBytes / (vocabulary * MemoryLayout<Float>.stride))
    return stride(from: 0, to: rows, by: step).map { $0..<min(rows, $0 + step) }
  }

  mutating func add(_ head: HeadGradient, block: Int, rows: Range<Int>) {
    sums[block] += head.values.reduce(0, +)
    gradients[block].add(head.states, toRowsFrom: rows.lowerBound)
  }

  /// Adds the movement from the layer before; its mean over the rows.
  mutating func addMovement(_ block: Int, weight: Double, holdsLength: Bool) -> Double {
    var movement = RelativeMovement(from: states[block - 1], to: states[block])
    movement.holdsLength = holdsLength
    // Taken out of the array, so that the two are not one access.
    var before = gradients[block - 1]
    let values = movement.addGradient(weight: weight, before: &before, after: &gradients[block])
    gradients[block - 1] = before
    return values.reduce(0, +) / Double(rows)
  }
}
