/// What a search for triggers leaves of some texts: for each neuron every prefix that a list over the whole corpus may take,
/// whatever the texts before have.
///
/// Lists cannot be merged themselves: a prefix that was met before counts with the coefficient it had then, down to the
/// last bits, and so which prefixes enter depends on all texts before. Offered one after the other, the candidates of all
/// parts make the lists that all texts would make.
public struct TriggerCandidates: Tally {
  /// The best prefix of one text.
  struct Candidate: Equatable {
    var text: Int32
    var position: Int32
    /// m.
    var coefficient: Float
  }

  /// By order, block and neuron, the texts rising.
  private(set) var found: [[[[Candidate]]]]

  /// Candidates of no text yet.
  public init(blocks: Int, neurons: Int) {
    let none = Array(repeating: Array(repeating: [Candidate](), count: neurons), count: blocks)
    found = Array(repeating: none, count: TriggerSign.allCases.count)
  }

  fileprivate mutating func append(_ candidate: Candidate, _ order: Int, _ block: Int, _ neuron: Int) {
    found[order][block][neuron].append(candidate)
  }

  /// The triggers of the corpus, of all parts of which these are the candidates.
  ///
  /// - Parameter count: how many triggers of each neuron; no more than the candidates were chosen for.
  public func tables(in corpus: PrefixCorpus, count: Int) -> [TriggerSign: TriggerTable] {
    let (blocks, neurons) = (found[0].count, found[0].first?.count ?? 0)
    var lists = TriggerLists(corpus, blocks: blocks, neurons: neurons, capacity: count)
    for order in found.indices {
      for block in 0..<blocks {
        for neuron in 0..<neurons {
          for one in found[order][block][neuron] {
            lists.offer(one.coefficient, Int(one.text), Int(one.position), order, block, neuron)
          }
        }
      }
    }
    return lists.tables
  }
}

// MARK: - In series

extension TriggerCandidates {
  public var series: [String: [Double]] {
    var series: [String: [Double]] = [:]
    for (order, blocks) in found.enumerated() {
      for (block, neurons) in blocks.enumerated() {
        let all = neurons.joined()
        let name = Self.name(order, block)
        series[name + "counts"] = neurons.map { Double($0.count) }
        series[name + "texts"] = all.map { Double($0.text) }
        series[name + "positions"] = all.map { Double($0.position) }
        series[name + "coefficients"] = all.map { Double($0.coefficient) }
      }
    }
    return series
  }

  public mutating func add(series: [String: [Double]]) -> Bool {
    var more = found
    for order in found.indices {
      for block in found[order].indices {
        guard let read = Self.candidates(series, Self.name(order, block), neurons: found[order][block].count) else {
          return false
        }
        for (neuron, candidates) in read.enumerated() { more[order][block][neuron] += candidates }
      }
    }
    found = more
    return true
  }

  private static func name(_ order: Int, _ block: Int) -> String { "\(TriggerSign.allCases[order].rawValue).\(block)." }

  /// The candidates of each neuron of a block; nil where these are none.
  private static func candidates(
    _ series: [String: [Double]], _ name: String, neurons: Int
  ) -> [ArraySlice<Candidate>]? {
    guard let counts = series[name + "counts"]?.map({ Int(exactly: $0) ?? -1 }), counts.count == neurons,
      let texts = series[name + "texts"], let positions = series[name + "positions"],
      let coefficients = series[name + "coefficients"], counts.allSatisfy({ $0 >= 0 && $0 <= texts.count }),
      [counts.reduce(0, +), positions.count, coefficients.count].allSatisfy({ $0 == texts.count })
    else { return nil }
    var all: [Candidate] = []
    all.reserveCapacity(texts.count)
    for index in texts.indices {
      guard let text = Int32(exactly: texts[index]), let position = Int32(exactly: positions[index]) else { return nil }
      all.append(Candidate(text: text, position: position, coefficient: Float(coefficients[index])))
    }
    var first = 0
    return counts.map { count in
      defer { first += count }
      return all[first..<first + count]
    }
  }
}

// MARK: - Search

/// Keeps the candidates of a part of a corpus.
///
/// The threshold of a list over the whole corpus never falls. A prefix that no text before this part has enters such a
/// list with a coefficient that it had in this part: one of its candidates'. So as soon as as many texts as a list holds
/// have such prefixes, each with no candidate below some score, the threshold is that score at least, and what does not
/// exceed it is no candidate.
struct TriggerCandidateSearch: TriggerKeeper {
  let corpus: PrefixCorpus
  private let capacity: Int
  /// The least number of a prefix that no text before this part has.
  private let firstNew: Int32
  private(set) var candidates: TriggerCandidates
  /// By order, block and neuron: the largest scores below which no coefficient of a text with a new prefix is, falling.
  private var sure: [[[[Float]]]]
  /// What no candidate may fall short of: the last of these scores once there are as many as a list holds.
  private var floors: [[[Float]]]

  init(_ corpus: PrefixCorpus, from text: Int, blocks: Int, neurons: Int, capacity: Int) {
    precondition(capacity > 0, "a list holds at least one trigger")
    (self.corpus, self.capacity) = (corpus, capacity)
    firstNew = corpus.firstNumber(newIn: text)
    candidates = TriggerCandidates(blocks: blocks, neurons: neurons)
    let orders = TriggerSign.allCases.count
    sure = Array(
      repeating: Array(repeating: Array(repeating: [], count: neurons), count: blocks), count: orders)
    floors = Array(
      repeating: Array(repeating: Array(repeating: -.infinity, count: neurons), count: blocks), count: orders)
  }

  mutating func take(_ extremes: TextExtremes, of text: Int, _ block: Int) {
    for (order, sign) in TriggerSign.allCases.enumerated() {
      for neuron in extremes.largest.indices {
        let (coefficient, position) = extremes.best(neuron, by: sign)
        guard sign.score(coefficient) > floors[order][block][neuron] else { continue }
        candidates.append(
          .init(text: Int32(clamping: text), position: position, coefficient: coefficient), order, block, neuron)
        let number = corpus.number(text, Int(position))
        if number >= firstNew { raise(number, by: sign, order, block, neuron) }
      }
    }
  }

  /// Raises the floor of a neuron by a text with a new prefix, its last candidate.
  private mutating func raise(_ number: Int32, by sign: TriggerSign, _ order: Int, _ block: Int, _ neuron: Int) {
    var least = Float.infinity
    for one in candidates.found[order][block][neuron]
    where corpus.number(Int(one.text), Int(one.position)) == number { least = min(least, sign.score(one.coefficient)) }
    var scores = sure[order][block][neuron]
    let place = scores.firstIndex { $0 < least } ?? scores.count
    guard place < capacity else { return }
    scores.insert(least, at: place)
    if scores.count > capacity { scores.removeLast() }
    if scores.count == capacity { floors[order][block][neuron] = scores[capacity - 1] }
    sure[order][block][neuron] = scores
  }
}
