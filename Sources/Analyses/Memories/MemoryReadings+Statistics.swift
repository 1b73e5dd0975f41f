/// What the readings of a sample add up to, block by block.
extension MemoryReadings {
  /// Positions that were read.
  public var count: Int { places.count }

  /// Share of the positions of each case in each block; they add up to 1, nil without positions.
  public func shares(_ kind: MemoryCase) -> [Double?] { share { $0.kind == kind } }

  /// Share of the positions that a condition holds at, by block.
  func share(_ holds: (MemoryReading) -> Bool) -> [Double?] {
    blocks.map { $0.isEmpty ? nil : Double($0.count(where: holds)) / Double($0.count) }
  }

  /// Quartiles of a quantity over the positions, by block.
  public func quartiles(_ quantity: (MemoryReading) -> Double) -> [[Double?]] {
    blocks.map { Quartiles.of($0.map(quantity)) }
  }

  /// Mean of a quantity over the positions, by block.
  public func means(_ quantity: (MemoryReading) -> Double) -> [Double?] {
    blocks.map { $0.isEmpty ? nil : $0.reduce(0) { $0 + quantity($1) } / Double($0.count) }
  }

  /// Share of the positions at which no active neuron promotes the token that the network's output gives most, by block.
  public var withoutAgreement: [Double?] { share { !$0.hasAgreeing } }

  /// The same where the output's token is that of another position, the mean over all others, by block.
  public var withoutAgreementByChance: [Double?] {
    blocks.indices.map { block in
      let readings = blocks[block]
      guard readings.count > 1 else { return nil }
      let all = readings.reduce(0) { $0 + promoted[block][$1.ffn, default: 0] }
      let own = readings.count { $0.hasAgreeing }
      return 1 - Double(all - own) / Double(readings.count * (readings.count - 1))
    }
  }

  /// Share of the positions at which the stream before the network already gives most to the token that the model says in
  /// the end, by block; and the same with the final token of another position, the mean over all others.
  public var residualIsFinal: [(rate: Double?, chance: Double?)] {
    blocks.map { readings in
      var pairs = TokenPairs()
      for (reading, place) in zip(readings, places) { pairs.add(reading.state, place.final) }
      return (pairs.rate, pairs.chance)
    }
  }

  /// Share of the positions at which the stream is longer than what any single neuron adds, by block.
  public var residualDominates: [Double?] { share { $0.residualRank == 1 } }

  /// Share of what a condition on token and place holds for: where some memory agrees with the network's output, and
  /// everywhere, over all positions of all blocks; nil where there are none.
  public func breakdown(_ holds: (MemoryReading, Place) -> Bool) -> (agreeing: Double?, all: Double?) {
    var (agreeing, agreeingHits, all, hits) = (0, 0, 0, 0)
    for readings in blocks {
      for (reading, place) in zip(readings, places) {
        let isHit = holds(reading, place)
        all += 1
        hits += isHit ? 1 : 0
        guard reading.hasAgreeing else { continue }
        agreeing += 1
        agreeingHits += isHit ? 1 : 0
      }
    }
    return (
      agreeing == 0 ? nil : Double(agreeingHits) / Double(agreeing), all == 0 ? nil : Double(hits) / Double(all)
    )
  }
}

extension PrefixCorpus {
  /// The commonest tokens of the texts: the fewest that make up half of all tokens after prefixes, whatever the language.
  public var commonTokens: Set<Int> {
    var counts: [Int: Int] = [:]
    for text in texts.indices { for position in positions(text) { counts[next(text, position), default: 0] += 1 } }
    var common: Set<Int> = []
    var sum = 0
    for (token, count) in counts.sorted(by: { ($1.value, $0.key) < ($0.value, $1.key) }) where 2 * sum < self.count {
      common.insert(token)
      sum += count
    }
    return common
  }
}
