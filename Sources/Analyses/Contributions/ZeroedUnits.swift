import Transformers

/// What a model says at the end of a text while some units of it are held at zero.
public struct ZeroedOutcome: Hashable, Sendable {
  /// ln p of the token asked for.
  public var logProbability: Double
  /// Its rank: 1 + the number of tokens with a larger logit.
  public var rank: Int

  /// p of the token asked for.
  public var probability: Double { exponential(logProbability) }
}

extension Model {
  /// Runs a text several times, each time with other units at zero.
  ///
  /// - Parameters:
  ///   - ids: the text.
  ///   - token: what is asked for at its end.
  ///   - sets: neurons and heads, one list for each run; an empty list changes nothing.
  ///   - everywhere: whether units are zero at every position or at the last one alone.
  /// - Returns: one outcome for each list.
  public func outcomes(
    of ids: [Int], token: Int, zeroing sets: [[StreamUnit]], everywhere: Bool = false
  ) throws -> [ZeroedOutcome] {
    let run = try ModelRun(self, Array(repeating: ids, count: sets.count))
    let taps = scaleTaps(sets, by: sets.map { _ in 0 }, at: everywhere ? .all : .last)
    try run.advance(to: configuration.blocks, taps: taps)
    let rows = sets.indices.map { run.row(text: $0, position: ids.count - 1) }
    return try readLogits(ofHeadInput: headInput(run.states(at: rows)), tokens: [[token]]).map {
      ZeroedOutcome(logProbability: $0.logProbability($0.chosen[0]), rank: $0.ranks[0])
    }
  }

  /// Taps that multiply the units of each text's list, by 0 to hold them at zero.
  func scaleTaps(_ sets: [[StreamUnit]], by factors: [Float], at positions: Tap.Positions) -> [Tap] {
    struct Place: Hashable {
      var block: Int
      var isNeuron: Bool
    }
    var columns: [Place: [Int: [Int]]] = [:]
    for (text, units) in sets.enumerated() {
      for unit in units {
        switch unit {
        case .neuron(let block, let index):
          columns[Place(block: block, isNeuron: true), default: [:]][text, default: []].append(index)
        case .head(let block, let head):
          let d = configuration.headWidth
          columns[Place(block: block, isNeuron: false), default: [:]][text, default: []] += head * d..<(head + 1) * d
        case .headDimension: preconditionFailure("one position's share of a head's values cannot be held at zero")
        }
      }
    }
    return columns.map { place, texts in
      .write(place.isNeuron ? .ffnActivation : .heads, blocks: [place.block], positions: positions) { visit, values in
        for (row, text) in visit.texts.enumerated() {
          for column in texts[text] ?? [] { values[row, column] *= factors[text] }
        }
      }
    }
  }
}
