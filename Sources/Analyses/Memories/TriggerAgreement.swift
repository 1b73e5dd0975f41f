/// How well the values of neurons foretell what follows their triggers.
///
/// A neuron agrees where its value's most promoted token is the one that follows its first trigger; with a negative
/// coefficient the value is turned round. Source: Geva et al. (2021), section 4.
public struct TriggerAgreement: Sendable {
  /// Share of each block's neurons that agree, [L].
  public let rate: [Double]
  /// The same with each value judged by the first trigger of another neuron of its block, the mean over all others, [L].
  ///
  /// Common tokens follow many triggers and are promoted by many values: that much agrees without any neuron's doing.
  public let chance: [Double?]
  /// Share of the triggers of all neurons of a block, each with its own sign, whose next token is the one promoted, [L].
  public let precision: [Double?]
  /// Neurons of each block whose first place is shared by texts with different next tokens, [L].
  public let tiedFirst: [Int]
  /// Neurons of each block without a trigger or with a value of zeros; they do not agree, [L].
  public let undefined: [Int]

  /// Compares triggers with what values promote.
  ///
  /// - Parameter count: how many triggers of each neuron count for the precision.
  public init(_ table: TriggerTable, _ values: ValueReadings, count: Int) {
    var (rate, chance, precision): ([Double], [Double?], [Double?]) = ([], [], [])
    var (tied, undefined): ([Int], [Int]) = ([], [])
    for (block, neurons) in table.triggers.enumerated() {
      var pairs = TokenPairs()
      var (hits, seen) = (0, 0)
      for (neuron, triggers) in neurons.enumerated() {
        guard let first = triggers.first, values.length[block][neuron] > 0 else { continue }
        pairs.add(values[table.end(of: first)].top[block][neuron], Int(first.next))
        for trigger in triggers.prefix(count) {
          seen += 1
          if values[table.end(of: trigger)].top[block][neuron] == Int(trigger.next) { hits += 1 }
        }
      }
      rate.append(neurons.isEmpty ? 0 : Double(pairs.agreeing) / Double(neurons.count))
      chance.append(pairs.chance)
      precision.append(seen == 0 ? nil : Double(hits) / Double(seen))
      tied.append(table.tiedFirst[block].count { $0 })
      undefined.append(neurons.count - pairs.count)
    }
    (self.rate, self.chance, self.precision) = (rate, chance, precision)
    (tiedFirst, self.undefined) = (tied, undefined)
  }
}

/// Pairs of a token said and a token found, and how often they would agree if each were paired with the others' tokens.
struct TokenPairs {
  private var said: [Int: Int] = [:]
  private var found: [Int: Int] = [:]
  private(set) var count = 0
  private(set) var agreeing = 0

  mutating func add(_ said: Int, _ found: Int) {
    self.said[said, default: 0] += 1
    self.found[found, default: 0] += 1
    count += 1
    if said == found { agreeing += 1 }
  }

  /// Share of agreeing pairs; nil without pairs.
  var rate: Double? { count == 0 ? nil : Double(agreeing) / Double(count) }

  /// The share that agrees when a token said is paired with the token found of another pair, the mean over all others: the
  /// expectation of a random assignment, exactly; nil for fewer than two pairs.
  var chance: Double? {
    guard count > 1 else { return nil }
    let all = said.reduce(0) { $0 + $1.value * found[$1.key, default: 0] }
    return Double(all - agreeing) / Double(count * (count - 1))
  }
}

/// A neuron whose value promotes one token more than others, with how often that token follows its triggers.
public struct PredictiveValue: Hashable, Sendable {
  /// The block.
  public var block: Int
  /// The neuron's number in it.
  public var neuron: Int
  /// Which end of the value: that of the first trigger's coefficient.
  public var sign: Int
  /// The token promoted most.
  public var token: Int
  /// Its probability under the softmax of the value alone.
  public var probability: Double
  /// Share of the triggers that promote it and are followed by it.
  public var precision: Double

  /// Every neuron with a trigger and a value, those with the largest probability first; of equals the lower block and neuron.
  ///
  /// - Parameter count: how many triggers of each neuron count.
  public static func ranking(_ table: TriggerTable, _ values: ValueReadings, count: Int) -> [PredictiveValue] {
    var all: [PredictiveValue] = []
    for (block, neurons) in table.triggers.enumerated() {
      for (neuron, triggers) in neurons.enumerated() {
        guard let first = triggers.first, values.length[block][neuron] > 0 else { continue }
        let used = triggers.prefix(count)
        let hits = used.count { values[table.end(of: $0)].top[block][neuron] == Int($0.next) }
        all.append(
          PredictiveValue(
            block: block, neuron: neuron, sign: table.end(of: first),
            token: values[table.end(of: first)].top[block][neuron],
            probability: values[table.end(of: first)].probability[block][neuron],
            precision: Double(hits) / Double(used.count)))
      }
    }
    return all.sorted { a, b in
      a.probability != b.probability ? a.probability > b.probability : (a.block, a.neuron) < (b.block, b.neuron)
    }
  }
}
