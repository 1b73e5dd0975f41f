import Transformers

/// A trigger of a neuron.
public struct NeuronTrigger: Hashable, Sendable {
  /// The block.
  public var block: Int
  /// The neuron's number in it.
  public var neuron: Int
  public var trigger: Trigger

  public init(block: Int, neuron: Int, trigger: Trigger) {
    (self.block, self.neuron, self.trigger) = (block, neuron, trigger)
  }
}

/// How much a neuron's coefficient changes when one token of its trigger is taken away.
///
/// (m' − m) / m, with m' at the last position of what remains. Source: Geva et al. (2021), figure 3.
public struct RemovedTokens: Sendable, Equatable {
  /// Which token is taken away; the beginning-of-text token never is.
  public enum Place: String, Sendable, CaseIterable {
    case first
    case last
    case random
  }

  /// One trigger with its changes.
  public struct Change: Sendable, Equatable {
    public var of: NeuronTrigger
    /// (m' − m) / m of each place.
    public var changes: [Place: Double]
  }

  /// The triggers of two tokens or more, without the beginning of the text.
  public var changes: [Change]
  /// Triggers of a single token, from which nothing can be taken.
  public var tooShort: Int

  /// Mean change over the triggers of each block.
  public func means(_ place: Place, blocks: Int) -> [Double?] {
    var sums = [(sum: Double, count: Int)](repeating: (0, 0), count: blocks)
    for change in changes {
      sums[change.of.block].sum += change.changes[place] ?? 0
      sums[change.of.block].count += 1
    }
    return sums.map { $0.count == 0 ? nil : $0.sum / Double($0.count) }
  }

  /// Mean and median change over all triggers; nil without any.
  public func summary(_ place: Place) -> (mean: Double?, median: Double?) {
    let all = changes.map { $0.changes[place] ?? 0 }
    return (all.isEmpty ? nil : all.reduce(0, +) / Double(all.count), Quartiles.of(all)[1])
  }
}

extension Model {
  /// Takes tokens away from triggers, one at a time.
  ///
  /// - Parameters:
  ///   - triggers: triggers in the corpus.
  ///   - place: which token of the content to take for `random`, given how many there are.
  public func removingTokens(
    from triggers: [NeuronTrigger], in corpus: PrefixCorpus, options: CaptureOptions = CaptureOptions(),
    place: (Int) -> Int
  ) throws -> RemovedTokens {
    var kept: [NeuronTrigger] = []
    var wanted: [(ids: [Int], block: Int, neuron: Int)] = []
    for one in triggers {
      let (text, position) = (Int(one.trigger.text), Int(one.trigger.position))
      let start = corpus.first[text]
      let count = position + 1 - start
      guard count >= 2, one.trigger.coefficient != 0 else { continue }
      kept.append(one)
      let ids = Array(corpus.tokens(text, position))
      for removed in RemovedTokens.Place.allCases {
        var rest = ids
        switch removed {
        case .first: rest.remove(at: start)
        case .last: rest.removeLast()
        case .random: rest.remove(at: start + place(count))
        }
        wanted.append((rest, one.block, one.neuron))
      }
    }
    let found = try coefficients(wanted, options: options)
    let places = RemovedTokens.Place.allCases
    let changes = kept.enumerated().map { index, one in
      let m = Double(one.trigger.coefficient)
      return RemovedTokens.Change(
        of: one,
        changes: Dictionary(
          uniqueKeysWithValues: places.enumerated().map {
            ($1, (Double(found[index * places.count + $0]) - m) / m)
          }))
    }
    return RemovedTokens(changes: changes, tooShort: triggers.count - kept.count)
  }

  /// The coefficients of neurons at the ends of texts, each text run once whatever is asked of it.
  func coefficients(
    _ wanted: [(ids: [Int], block: Int, neuron: Int)], options: CaptureOptions = CaptureOptions()
  ) throws -> [Float] {
    struct Place: Hashable {
      var text: Int
      var block: Int
    }
    var numbers: [[Int]: Int] = [:]
    var texts: [[Int]] = []
    var asked: [Place: [Int]] = [:]
    for (index, one) in wanted.enumerated() {
      let number = numbers[one.ids] ?? texts.count
      if number == texts.count {
        numbers[one.ids] = number
        texts.append(one.ids)
      }
      asked[Place(text: number, block: one.block), default: []].append(index)
    }
    var found = [Float](repeating: 0, count: wanted.count)
    let tap = Tap.read(.ffnActivation, positions: .last) { visit, activations in
      for (row, text) in visit.texts.enumerated() {
        for index in asked[Place(text: text, block: visit.block)] ?? [] {
          found[index] = activations[row, wanted[index].neuron]
        }
      }
    }
    try capture(texts.map { CaptureRequest(ids: $0, positions: [$0.count - 1]) }, options: options, taps: [tap])
    return found
  }
}
