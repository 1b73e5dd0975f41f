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

  /// What a curve gives at a target.
  ///
  /// - Parameter target: the wanted share of agreement, in (0, 1].
  public init(lens: Lens, curve: ExitCurve, target: Double, costs: ExitCosts) {
    self.lens = lens
    self.curve = curve
    let (point, before) = curve.reached(target)
    (reached, self.before) = (point, before)
    let blocks = Double(curve.blocks)
    saved = 1 - point.layers / blocks
    let spent = point.layers * costs.block + point.heads * costs.head + (lens == .mat ? point.tests * costs.map : 0)
    savedNet = 1 - spent / (blocks * costs.block + costs.head)
  }

  /// Reads test states through a lens and sweeps the exit rule.
  ///
  /// "Agreement" is with the full model's top token, never with a correct answer.
  ///
  /// - Parameters:
  ///   - states: `h_0 … h_L` of the test samples before the final norm, each `[n, d]`.
  ///   - maps: for `mat` the maps of h_l to h_L for l = 0 … L-1; empty for `id`.
  ///   - positions: token position of each sample, `[n]`.
  ///   - target: the wanted share of agreement, in (0, 1].
  /// - Throws: what the head throws.
  public init(
    lens: Lens, states: [Matrix], maps: [AffineMap], positions: [Int], head: some Head, rule: ExitRule, target: Double,
    costs: ExitCosts, full: LensReading? = nil
  ) throws {
    let readings = try LensReading.all(states, lens: lens, maps: maps, head: head, full: full)
    let curve = ExitCurve(
      readings: readings, decays: rule.decays(positions: positions), lambdas: ExitRule.lambdas(for: lens),
      confidence: rule.confidence)
    self.init(lens: lens, curve: curve, target: target, costs: costs)
  }
}

extension LensReading {
  /// What a lens says at every depth; at the last one it is the model itself.
  ///
  /// - Parameters:
  ///   - states: `h_0 … h_L`, each `[n, d]`.
  ///   - maps: for `mat` the maps of h_l to h_L for l = 0 … L-1; not looked at for `id`.
  ///   - full: the reading of the last state, where it is already known.
  public static func all(
    _ states: [Matrix], lens: Lens, maps: [AffineMap], head: some Head, full: LensReading? = nil
  ) throws -> [LensReading] {
    let blocks = states.count - 1
    precondition(lens == .id || maps.count == blocks, "one map per state before the last")
    var readings: [LensReading] = []
    for depth in 0..<blocks {
      readings.append(try read(lens == .mat ? maps[depth].apply(states[depth]) : states[depth], through: head))
    }
    readings.append(try full ?? read(states[blocks], through: head))
    return readings
  }
}
