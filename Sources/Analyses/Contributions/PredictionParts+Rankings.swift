import Tensors

extension PredictionParts {
  /// Ranks all neurons by several methods at once; what the head says of their vectors is worked out once for all.
  ///
  /// - Returns: for each method its `top` best, the largest scores first.
  public func neuronRankings(by methods: [ContributionMethod], top: Int) throws -> [[ScoredUnit]] {
    var scans = methods.map { UnitScan(self, $0, top: top) }
    for block in trace.blocks.indices {
      let output = try ffnOutput(block)
      let m = trace.blocks[block].activation.row(trace.last)
      for start in stride(from: 0, to: m.count, by: head.tileRows) {
        let columns = start..<min(start + head.tileRows, m.count)
        let scored = try ScoredParts(
          self, columns.map { ($0 - start, m[$0]) }, output.columns(columns), at: middle(block))
        for (place, method) in methods.enumerated() {
          let scores = try scored.scores(method)
          scans[place].take(
            columns.map {
              ScoredUnit(
                unit: .neuron(block: block, $0), coefficient: Double(m[$0]), score: scores[$0 - start])
            })
        }
      }
    }
    return scans.map(\.best)
  }

  /// Ranks all heads by several methods, none of which asks for a coefficient.
  ///
  /// - Returns: for each method its `top` best, the largest scores first.
  public func headRankings(by methods: [ContributionMethod], top: Int) throws -> [[ScoredUnit]] {
    try methods.map { method in
      let scores = try heads(method).heads
      let all = scores.indices.flatMap { block in
        scores[block].indices.map {
          ScoredUnit(unit: .head(block: block, $0), coefficient: 1, score: scores[block][$0])
        }
      }
      return Array(all.sorted(by: ScoredUnit.isBefore).prefix(top))
    }
  }
}
