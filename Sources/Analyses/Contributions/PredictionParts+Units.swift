import Tensors
import Transformers

/// What single neurons, or single dimensions of heads, contribute to a prediction.
public struct UnitContributions: Sendable {
  /// The units with the largest scores, the largest first.
  public var best: [ScoredUnit]
  /// The sum of all units' scores in each block, [L]; nil where not every unit was scored.
  public var sums: [Double?]
  /// The score of the output's bias, [L]; nil where a block has none.
  public var bias: [Double?]
  /// Units and bias together less the score of the whole branch, [L]; nil where one of them is not known.
  public var remainder: [Double?]
  /// Units that were scored; the others are certain to score less than the last of `best`.
  public var scored: Int
  /// All units.
  public var total: Int
}

extension PredictionParts {
  /// Scores the neurons of the feed-forward networks, each at the state its network's output is added to.
  ///
  /// - Parameters:
  ///   - top: how many to name.
  ///   - scoresAll: whether every neuron is scored; nil where that takes few multiply-adds.
  ///   - progress: gets the blocks done and all blocks.
  public func neurons(
    _ method: ContributionMethod = .logprobIncrease, top: Int, scoresAll: Bool? = nil,
    progress: (Int, Int) -> Void = { _, _ in }
  ) throws -> UnitContributions {
    let width = model.configuration.ffnWidth
    let states = try trace.blocks.indices.map { try scored(method, middle($0)) }
    return try units(method, top: top, columns: width, scoresAll, states, progress) { block in
      let m = trace.blocks[block].activation.row(trace.last)
      return (
        try ffnOutput(block), m.map { [$0] }, { column, _ in .neuron(block: block, column) },
        try change(method, from: middle(block), to: entering(block + 1))
      )
    }
  }

  /// Scores the dimensions of the heads' values as each source position brings them, each at the state that enters.
  ///
  /// Parameters as for `neurons`.
  public func attentionNeurons(
    _ method: ContributionMethod = .logprobIncrease, top: Int, scoresAll: Bool? = nil,
    progress: (Int, Int) -> Void = { _, _ in }
  ) throws -> UnitContributions {
    let c = model.configuration
    let d = c.headWidth
    let states = try trace.blocks.indices.map { try scored(method, entering($0)) }
    return try units(method, top: top, columns: c.queryWidth, scoresAll, states, progress) { block in
      let taken = trace.blocks[block]
      let coefficients = (0..<c.queryWidth).map { column in
        trace.ids.indices.map { position in
          taken.pattern[column / d, position]
            * taken.values[position, column / d / (c.heads / c.kvHeads) * d + column % d]
        }
      }
      return (
        try attentionOutput(block), coefficients,
        { .headDimension(block: block, head: $0 / d, dimension: $0 % d, position: $1) },
        try change(method, from: entering(block), to: middle(block))
      )
    }
  }

  private typealias Branch = (
    output: BranchOutput, coefficients: [[Float]], unit: (Int, Int) -> StreamUnit, whole: Double?
  )

  private func units(
    _ method: ContributionMethod, top: Int, columns: Int, _ scoresAll: Bool?, _ states: [ScoredState],
    _ progress: (Int, Int) -> Void, _ branch: (Int) throws -> Branch
  ) throws -> UnitContributions {
    let count = trace.blocks.count
    let cost = Double(count * columns) * Double(head.base.count) * Double(model.configuration.width)
    let isBounded = UnitScan.hasBound(method, self) && !(scoresAll ?? (cost <= UnitScan.exhaustiveLimit))
    let limits = isBounded ? try self.limits(method, states) : nil
    var scan = UnitScan(self, method, top: top)
    var found = UnitContributions(best: [], sums: [], bias: [], remainder: [], scored: 0, total: 0)
    // The best are mostly near the end: what is found there leaves out the most below.
    for block in (0..<count).reversed() {
      let taken = try branch(block)
      let sum = try scan.scan(
        SubvalueBranch(
          output: taken.output, state: states[block], limit: limits?[block], coefficients: taken.coefficients,
          unit: taken.unit))
      let bias = try taken.output.constant.map { constant in
        method.isIncrease ? try scores(method, of: constant, at: states[block])[0] : nil
      }
      found.sums.append(method.isIncrease ? sum : nil)
      found.bias.append(bias ?? nil)
      let whole = method.isIncrease ? taken.whole : nil
      found.remainder.append(sum.flatMap { sum in whole.map { sum + ((bias ?? nil) ?? 0) - $0 } })
      progress(count - block, count)
    }
    (found.best, found.scored, found.total) = (scan.best, scan.scored, scan.total)
    found.sums.reverse()
    found.bias.reverse()
    found.remainder.reverse()
    return found
  }

  /// What leaves units out in each block; nil where there is no bound.
  private func limits(_ method: ContributionMethod, _ states: [ScoredState]) throws -> [UnitLimit]? {
    if method.ranksTarget {
      let probe = try RankProbe(head, target: target.token)
      return states.map { _ in .rank(probe) }
    }
    return try slopes(states)?.map { .slope($0) }
  }

  /// Where the score's gradient at each state points in the stream; nil where there is no bound.
  private func slopes(_ states: [ScoredState]) throws -> [[Double]]? {
    let weights = states.compactMap { $0.slopeWeights() }
    guard weights.count == states.count else { return nil }
    let vocabulary = head.base.count
    return try head.directions(
      weighing: Matrix(rows: weights.count, columns: vocabulary, values: weights.flatMap { $0 }))
  }
}
