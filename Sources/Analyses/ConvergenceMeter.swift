import Tensors

/// Gathers movements over batches of positions, so that the states of a large corpus need not be held at once.
///
/// Of each position its movements stay, for the quartiles: one number a block.
public struct ConvergenceMeter: Meter {
  /// Where the last state is taken.
  public enum FinalState: String, Sendable, CaseIterable {
    /// Before the final norm, as all others are.
    case pre
    /// After it.
    case post
  }

  /// The final norm of some states, `[n, d]`; nil where it cannot be computed.
  public typealias FinalNorm = @Sendable (Matrix) -> Matrix?

  private let final: FinalState
  private let norm: FinalNorm?
  /// The movements of each block at every position so far.
  private var movements: [[Double]]
  /// The last block's movement with the last state on the other side of the norm.
  private var others: [Double] = []
  /// The score of each position that has one: kept apart, so that parts of a corpus add up as the whole does.
  private var scores: [Double] = []
  private var skipped = 0

  /// Starts with no positions for a model of `blocks` blocks.
  ///
  /// - Parameters:
  ///   - final: where the last state is taken.
  ///   - norm: the final norm; nil where the model has none. `final` is then `pre`.
  public init(blocks: Int, final: FinalState = .pre, norm: FinalNorm? = nil) {
    precondition(blocks >= 1, "a model has at least one block")
    precondition(final == .pre || norm != nil, "a state after the norm needs a norm")
    (self.final, self.norm) = (final, norm)
    movements = Array(repeating: [], count: blocks)
  }

  public mutating func add(_ batch: StateBatch) {
    var states = batch.states
    let blocks = movements.count
    precondition(states.count == blocks + 1, "one state more than blocks")
    let normed = norm?(states[blocks])
    var other = normed
    if final == .post, let normed { (states[blocks], other) = (normed, states[blocks]) }
    for position in 0..<states[0].rows {
      let rows = states.map { $0.row(position) }
      let curve = zip(rows, rows.dropFirst()).map { Convergence.movement(from: $0, to: $1) }
      let defined = curve.compactMap { $0 }
      guard defined.count == curve.count else {
        skipped += 1
        continue
      }
      for (block, value) in defined.enumerated() { movements[block].append(value) }
      if let other, let value = Convergence.movement(from: rows[blocks - 1], to: other.row(position)) {
        others.append(value)
      }
      if let score = Convergence.score(of: defined) { scores.append(score) }
    }
  }

  public mutating func merge(_ other: ConvergenceMeter) {
    precondition(other.movements.count == movements.count && other.final == final, "two meters of one model")
    for (block, values) in other.movements.enumerated() { movements[block] += values }
    others += other.others
    scores += other.scores
    skipped += other.skipped
  }

  public var series: [String: [Double]] {
    var series = ["others": others, "scores": scores, "skipped": [Double(skipped)]]
    for (block, values) in movements.enumerated() { series["movements.\(block)"] = values }
    return series
  }

  public mutating func add(series: [String: [Double]]) -> Bool {
    let parts = movements.indices.compactMap { series["movements.\($0)"] }
    guard parts.count == movements.count, parts.allSatisfy({ $0.count == parts[0].count }),
      let others = series["others"], let scores = series["scores"], let skipped = series["skipped"]?.first,
      others.count <= parts[0].count, scores.count <= parts[0].count, let skipped = Int(exactly: skipped), skipped >= 0
    else { return false }
    for block in parts.indices { movements[block] += parts[block] }
    self.others += others
    self.scores += scores
    self.skipped += skipped
    return true
  }

  public func result() -> Convergence {
    let distance = movements.map(Self.mean)
    var found = Convergence(
      distance: distance, scorePerToken: Self.mean(scores), undefinedPositions: skipped)
    found.quartiles = movements.map { Quartiles.of($0) }
    let (last, other) = (distance[distance.count - 1], Self.mean(others))
    (found.preNormDistance, found.postNormDistance) = final == .pre ? (last, other) : (other, last)
    return found
  }

  private static func mean(_ values: [Double]) -> Double? {
    values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
  }
}
