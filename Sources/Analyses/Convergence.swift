import JSONText
import Tensors

/// How far the residual stream turns in each block, and how steadily that movement dies down.
///
/// Movement of block l at one position (values in [0, 1]):
/// ```
/// D_l = (1 - cos(h_l, h_{l+1})) / 2
/// ```
/// Score of a curve of movements (1 = never rises, 0 = never falls):
/// ```
/// S = 1 - sum_{l>=1} max(0, D_l - D_{l-1}) / sum_{l>=1} |D_l - D_{l-1}|
/// ```
/// The curve is averaged over positions first and S taken of the average; the mean of S over single positions is
/// reported beside it, because averaging hides the wiggles of single positions.
///
/// Source: the hidden-state convergence study (movement D_l and convergence S, its equations 1 and 2).
public struct Convergence: Codable, Sendable, Equatable {
  @Field("movement D of each block, mean over positions, [L]; null where no position has two non-zero states")
  public var distance: [Double?] = []
  @Field("convergence score S of that mean curve; null where a movement is undefined")
  public var score: Double? = nil
  @Field("mean over positions of S of each position's own curve")
  public var scorePerToken: Double? = nil
  @Field("movement of the last block")
  public var lastDistance: Double? = nil
  @Field("movement of the last block over that of the block before it; null where that one is still")
  public var lastRatio: Double? = nil
  @Field("positions left out because one of their states is the zero vector")
  public var undefinedPositions = 0

  /// A result of the usual shape.
  public static let example = Convergence(
    distance: [0.3, 0.1], score: 1, scorePerToken: 0.9, lastDistance: 0.1, lastRatio: 1.0 / 3, undefinedPositions: 1)
}

extension Convergence {
  /// What follows from a mean curve.
  init(distance: [Double?], scorePerToken: Double?, undefinedPositions: Int) {
    let defined = distance.compactMap { $0 }
    self.init(
      distance: distance, score: defined.count == distance.count ? Self.score(of: defined) : nil,
      scorePerToken: scorePerToken, lastDistance: distance.last ?? nil, lastRatio: Self.ratioOfLast(distance),
      undefinedPositions: undefinedPositions)
  }

  private static func ratioOfLast(_ distance: [Double?]) -> Double? {
    guard distance.count >= 2, let last = distance[distance.count - 1], let before = distance[distance.count - 2],
      before > 0
    else { return nil }
    return last / before
  }

  /// The score S of one curve of movements; 1 for a curve without any change (0/0), nil for fewer than two values.
  public static func score(of curve: [Double]) -> Double? {
    guard curve.count >= 2 else { return nil }
    var rise = 0.0
    var total = 0.0
    for (before, after) in zip(curve, curve.dropFirst()) {
      rise += max(0, after - before)
      total += abs(after - before)
    }
    return total == 0 ? 1 : 1 - rise / total
  }

  /// The movement between two states; nil where either is the zero vector.
  public static func movement(from a: [Float], to b: [Float]) -> Double? {
    var dot = 0.0
    var aa = 0.0
    var bb = 0.0
    for (x, y) in zip(a, b) {
      dot += Double(x) * Double(y)
      aa += Double(x) * Double(x)
      bb += Double(y) * Double(y)
    }
    guard aa > 0, bb > 0 else { return nil }
    let cosine = dot / (aa.squareRoot() * bb.squareRoot())
    return (1 - min(1, max(-1, cosine))) / 2
  }
}

/// Gathers movements over batches of positions, so that the states of a large corpus need not be held at once.
public struct ConvergenceMeter: Meter {
  private var sums: [Double]
  private var scoreSum = 0.0
  private var scored = 0
  private var counted = 0
  private var skipped = 0

  /// Starts with no positions for a model of `blocks` blocks.
  public init(blocks: Int) {
    precondition(blocks >= 1, "a model has at least one block")
    sums = Array(repeating: 0, count: blocks)
  }

  public mutating func add(_ batch: StateBatch) {
    let states = batch.states
    precondition(states.count == sums.count + 1, "one state more than blocks")
    for position in 0..<states[0].rows {
      let rows = states.map { $0.row(position) }
      let movements = zip(rows, rows.dropFirst()).map { Convergence.movement(from: $0, to: $1) }
      let defined = movements.compactMap { $0 }
      guard defined.count == movements.count else {
        skipped += 1
        continue
      }
      counted += 1
      for (block, value) in defined.enumerated() { sums[block] += value }
      if let score = Convergence.score(of: defined) {
        scoreSum += score
        scored += 1
      }
    }
  }

  public mutating func merge(_ other: ConvergenceMeter) {
    precondition(other.sums.count == sums.count, "two meters of one model")
    for (block, value) in other.sums.enumerated() { sums[block] += value }
    scoreSum += other.scoreSum
    scored += other.scored
    counted += other.counted
    skipped += other.skipped
  }

  public func result() -> Convergence {
    Convergence(
      distance: sums.map { counted == 0 ? nil : $0 / Double(counted) },
      scorePerToken: scored == 0 ? nil : scoreSum / Double(scored), undefinedPositions: skipped)
  }
}
