import Tensors

/// What one exit test and one block cost, in multiply-adds per token.
public struct ExitCosts: Sendable, Equatable {
  /// Matrix products of one block.
  public var block: Double
  /// The unembedding, `V * d`.
  public var head: Double
  /// One fitted map, `d * d`.
  public var map: Double

  public init(block: Double, head: Double, map: Double) {
    self.block = block
    self.head = head
    self.map = map
  }
}

/// Early exit through one lens at a wanted share of agreement with the full model.
public struct EarlyExit: Sendable, Equatable {
  /// The lens the states were read through.
  public var lens: Lens
  /// The fewest blocks, on average, with which the rule reaches the wanted agreement.
  public var reached: ExitPoint
  /// The point of the curve before that; nil where it is the first.
  public var before: ExitPoint?
  /// Mean blocks run there.
  public var layers: Double { reached.layers }
  /// Share of blocks saved, `1 - layers / L`.
  public var saved: Double
  /// Share of multiply-adds saved when every exit test is charged a head and, for `mat`, a map; may be negative.
  public var savedNet: Double
  /// Agreement against depth, for every lambda and for fixed exits.
  public var curve: ExitCurve

  /// Reads test states through a lens and sweeps the exit rule.
  ///
  /// "Agreement" is with the full model's top token, never with a correct answer.
  ///
  /// - Parameters:
  ///   - states: `h_0 … h_L` of the test samples before the final norm, each `[n, d]`.
  ///   - maps: for `mat` the maps `A_l` `[d, d]` with `h_l A_l ≈ h_L` for l = 0 … L-1; empty for `id`.
  ///   - intercepts: what is added after each map, `[L][d]`, or empty.
  ///   - positions: token position of each sample, `[n]`.
  ///   - target: the wanted share of agreement, in (0, 1].
  /// - Throws: what the head throws.
  public init(
    lens: Lens, states: [Matrix], maps: [Matrix], intercepts: [[Float]] = [], positions: [Int], head: some Head,
    rule: ExitRule, target: Double, costs: ExitCosts, full: LensReading? = nil
  ) throws {
    let blocks = states.count - 1
    precondition(lens == .id || maps.count == blocks, "one map per state before the last")
    var readings: [LensReading] = []
    for layer in 0..<blocks {
      var seen = states[layer]
      if lens == .mat {
        seen = multiply(seen, maps[layer])
        if !intercepts.isEmpty { seen = Self.adding(intercepts[layer], toRowsOf: seen) }
      }
      readings.append(try LensReading.read(seen, through: head))
    }
    readings.append(try full ?? LensReading.read(states[blocks], through: head))
    curve = ExitCurve(
      readings: readings, decays: rule.decays(positions: positions), lambdas: ExitRule.lambdas(for: lens))
    self.lens = lens
    let (point, before) = curve.reached(target)
    (reached, self.before) = (point, before)
    saved = 1 - point.layers / Double(blocks)
    let spent = point.layers * costs.block + point.heads * costs.head + (lens == .mat ? point.tests * costs.map : 0)
    savedNet = 1 - spent / (Double(blocks) * costs.block + costs.head)
  }

  private static func adding(_ vector: [Float], toRowsOf matrix: Matrix) -> Matrix {
    var values = matrix.values
    for index in values.indices { values[index] += vector[index % matrix.columns] }
    return Matrix(rows: matrix.rows, columns: matrix.columns, values: values)
  }
}
