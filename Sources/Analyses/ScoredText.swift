import Tensors
import Transformers

/// A text with tokens to be scored: at each position, how likely the token is that follows there.
public struct ScoredText: Sendable, Equatable {
  /// What the model is given.
  public var ids: [Int]
  /// Positions in `ids` at which it is read, rising.
  public var positions: [Int]
  /// The wanted token after each of these positions.
  public var targets: [Int]

  public init(ids: [Int], positions: [Int], targets: [Int]) {
    precondition(positions.count == targets.count, "\(targets.count) targets for \(positions.count) positions")
    (self.ids, self.positions, self.targets) = (ids, positions, targets)
  }
}

/// What every depth makes of some scored texts.
public struct DepthScores: Sendable, Equatable {
  /// Sum of the targets' log-probabilities in nats, by depth and text, [L + 1][texts].
  public var logLikelihood: [[Double]]
  /// Whether every target has the largest logit, by depth and text, [L + 1][texts].
  public var isHit: [[Bool]]

  public init(logLikelihood: [[Double]], isHit: [[Bool]]) {
    (self.logLikelihood, self.isHit) = (logLikelihood, isHit)
  }
}

extension DepthScores: Tally {
  /// Scores of no text yet.
  public init(blocks: Int) {
    self.init(
      logLikelihood: Array(repeating: [], count: blocks + 1), isHit: Array(repeating: [], count: blocks + 1))
  }

  public var series: [String: [Double]] {
    var series: [String: [Double]] = [:]
    for depth in logLikelihood.indices {
      series["log_likelihood.\(depth)"] = logLikelihood[depth]
      series["hits.\(depth)"] = isHit[depth].map { $0 ? 1 : 0 }
    }
    return series
  }

  public mutating func add(series: [String: [Double]]) -> Bool {
    let sums = logLikelihood.indices.compactMap { series["log_likelihood.\($0)"] }
    let hits = isHit.indices.compactMap { series["hits.\($0)"] }
    let counts = Set((sums + hits).map(\.count))
    guard sums.count == logLikelihood.count, hits.count == isHit.count, counts.count == 1 else { return false }
    for depth in sums.indices {
      logLikelihood[depth] += sums[depth]
      isHit[depth] += hits[depth].map { $0 != 0 }
    }
    return true
  }
}

extension Model {
  /// Scores texts at every depth: each state is read by the final norm, its statistics taken anew, and the head.
  ///
  /// States are scored as the blocks give them, so that none but those of one depth and one group of texts are held.
  ///
  /// - Parameters:
  ///   - texts: a corpus.
  ///   - part: which of them are scored, all where it is nil. Where it begins and ends with a chunk of the run, its
  ///     scores have the bits that they have among those of all.
  /// - Returns: the scores of h_0 … h_L, texts in their order.
  /// - Throws: `ModelError`.
  public func scoreDepths(
    _ texts: [ScoredText], part: Range<Int>? = nil, options: CaptureOptions = CaptureOptions()
  ) throws(ModelError) -> DepthScores {
    let depths = configuration.blocks + 1
    let requests = texts.map { CaptureRequest(ids: $0.ids, positions: $0.positions) }
    let (part, groups) = (part ?? texts.indices, try captureGroups(requests, options: options))
    let owners = part.flatMap { text in texts[text].targets.map { _ in text - part.lowerBound } }
    let targets = texts[part].flatMap(\.targets)
    let above = texts[..<part.lowerBound].reduce(0) { $0 + $1.targets.count }
    var scores = DepthScores(
      logLikelihood: Array(repeating: Array(repeating: 0, count: part.count), count: depths),
      isHit: Array(repeating: Array(repeating: true, count: part.count), count: depths))
    try capture(Array(requests[part]), options: options) { (depth, first, states) throws(ModelError) in
      // Rows are read with those that they are read with in the whole.
      for group in groups {
        let rows = group.clamped(to: above + first..<above + first + states.rows)
        guard !rows.isEmpty else { continue }
        let own = rows.lowerBound - above..<rows.upperBound - above
        let read = try scoreTokens(
          Array(targets[own]), at: states.rows(own.lowerBound - first..<own.upperBound - first),
          part: RowPart(first: rows.lowerBound - group.lowerBound, whole: group.count))
        for (row, score) in zip(own, read) {
          scores.logLikelihood[depth][owners[row]] += score.logProbability
          if !score.isTop { scores.isHit[depth][owners[row]] = false }
        }
      }
    }
    return scores
  }
}
