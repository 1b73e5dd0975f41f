/// Which neurons the prompts of a fact have in common.
public struct RefinedFact: Hashable, Sendable {
  /// Neurons that enough prompts name, in the order of blocks and neurons.
  public var neurons: [StreamUnit]
  /// The share of the prompts that name each of them.
  public var shares: [Double]

  /// Neurons that at least `percent` of the prompts and no fewer than three of them name.
  ///
  /// - Parameter prompts: The neurons of each prompt of the fact.
  public init(_ prompts: [[StreamUnit]], percent: Int) {
    var counts: [StreamUnit: Int] = [:]
    for unit in prompts.joined() { counts[unit, default: 0] += 1 }
    let kept = counts.filter { 100 * $0.value >= percent * prompts.count && $0.value >= Self.fewest }
    neurons = kept.keys.sorted()
    shares = neurons.map { Double(counts[$0] ?? 0) / Double(prompts.count) }
  }

  /// A neuron that fewer prompts name is not the fact's, whatever their share.
  public static let fewest = 3
}

/// The neurons of the facts of a relation, by a share of prompts that brings their number between two and five a fact.
public struct RefinedRelation: Hashable, Sendable {
  /// Of each fact, in the order given.
  public var facts: [RefinedFact]
  /// The share of prompts they were refined with, in percent.
  public var percent: Int
  /// Whether the mean number of neurons came to lie between two and five: there is no guarantee.
  public var isSettled: Bool

  /// Starts at 70% and goes 5 points up or down for six rounds at most, as the code of the paper does.
  ///
  /// - Parameter facts: The neurons of each prompt of each fact.
  public init(_ facts: [[[StreamUnit]]], percent start: Int = 70) {
    percent = start
    (self.facts, isSettled) = ([], false)
    var next = start
    for _ in 0..<6 {
      percent = next
      self.facts = facts.map { RefinedFact($0, percent: next) }
      let mean = meanCount
      isSettled = (2...5).contains(mean)
      if isSettled { break }
      next = mean < 2 ? next - 5 : next + 5
    }
  }

  /// Neurons of a fact, mean over the facts.
  public var meanCount: Double {
    facts.isEmpty ? 0 : Double(facts.reduce(0) { $0 + $1.neurons.count }) / Double(facts.count)
  }

  /// How many facts have each neuron.
  public var counts: [StreamUnit: Int] {
    var counts: [StreamUnit: Int] = [:]
    for unit in facts.flatMap(\.neurons) { counts[unit, default: 0] += 1 }
    return counts
  }

  /// The neurons of most facts; of equals the lower block, then the lower number.
  public func mostCommon(_ count: Int) -> [StreamUnit] {
    let counts = counts
    return Array(counts.keys.sorted { (counts[$1] ?? 0, $0) < (counts[$0] ?? 0, $1) }.prefix(count))
  }

  /// A fact's neurons that belong to no more than a share of the relation's facts, or to none but this one.
  public func own(of fact: Int, sharedByAtMost share: Double = 0.1) -> [StreamUnit] {
    let counts = counts
    return facts[fact].neurons.filter { Double(counts[$0] ?? 0) <= max(1, share * Double(facts.count)) }
  }
}

extension RefinedRelation {
  /// Neurons that two facts have in common, mean over the pairs of this relation's facts; nil for a single fact.
  public var sharedWithin: Double? {
    let sets = facts.map { Set($0.neurons) }
    var (sum, pairs) = (0, 0)
    for (index, first) in sets.enumerated() {
      for second in sets.dropFirst(index + 1) { (sum, pairs) = (sum + first.intersection(second).count, pairs + 1) }
    }
    return pairs == 0 ? nil : Double(sum) / Double(pairs)
  }

  /// Neurons that a fact of this relation and one of another have in common, mean over the pairs.
  public func shared(with other: RefinedRelation) -> Double? {
    let (own, theirs) = (facts.map { Set($0.neurons) }, other.facts.map { Set($0.neurons) })
    guard !own.isEmpty, !theirs.isEmpty else { return nil }
    let sum = own.reduce(0) { sum, first in sum + theirs.reduce(0) { $0 + first.intersection($1).count } }
    return Double(sum) / Double(own.count * theirs.count)
  }
}

extension [RefinedRelation] {
  /// Neurons of a fact, mean over the facts of all relations; nil without any.
  public var meanCountOfFacts: Double? {
    let facts = flatMap(\.facts)
    return facts.isEmpty ? nil : Double(facts.reduce(0) { $0 + $1.neurons.count }) / Double(facts.count)
  }

  /// Neurons that two facts of one relation share, mean over the pairs of all relations; nil without pairs.
  public var sharedWithin: Double? {
    mean(map { ($0.sharedWithin, $0.facts.count * ($0.facts.count - 1) / 2) })
  }

  /// Neurons that two facts of different relations share, mean over the pairs; nil without pairs.
  public var sharedAcross: Double? {
    mean(
      indices.flatMap { first in
        dropFirst(first + 1).map { (self[first].shared(with: $0), self[first].facts.count * $0.facts.count) }
      })
  }

  private func mean(_ parts: [(value: Double?, pairs: Int)]) -> Double? {
    let defined = parts.compactMap { part in part.value.map { (value: $0, pairs: part.pairs) } }
    let pairs = defined.reduce(0) { $0 + $1.pairs }
    return pairs == 0 ? nil : defined.reduce(0) { $0 + $1.value * Double($1.pairs) } / Double(pairs)
  }
}
