/// By what a neuron's triggers are ordered.
public enum TriggerSign: String, Sendable, CaseIterable {
  /// By |m|: networks with gates or GELU speak with both signs, and sign(m) decides which end of the value is promoted.
  case absolute
  /// By m, as for a network with ReLU.
  case signed

  /// What is compared.
  func score(_ coefficient: Float) -> Float { self == .absolute ? abs(coefficient) : coefficient }
}

/// A prefix that lights a neuron.
public struct Trigger: Hashable, Sendable {
  /// The number of the text.
  public var text: Int32
  /// The position at which the prefix ends.
  public var position: Int32
  /// The token that follows the prefix, which is no part of it.
  public var next: Int32
  /// m: the neuron's activation there, with its sign.
  public var coefficient: Float

  public init(text: Int32, position: Int32, next: Int32, coefficient: Float) {
    (self.text, self.position, self.next, self.coefficient) = (text, position, next, coefficient)
  }

  /// -1 where the coefficient is negative, so that the neuron writes the opposite of its value.
  public var sign: Int { coefficient < 0 ? -1 : 1 }
}

/// The texts whose best prefixes light one neuron most, from the largest down; of equal ones the lower text comes first.
///
/// Prefixes of the same tokens have the same coefficient, whatever the last bits of two runs say: the one met first counts.
struct TriggerList {
  private struct Entry {
    var trigger: Trigger
    var score: Float
    var prefix: Int32
  }

  private var entries: [Entry] = []

  var triggers: [Trigger] { entries.map(\.trigger) }
  /// The prefix in the first place.
  var firstPrefix: Int32? { entries.first?.prefix }

  /// The score below which nothing enters.
  func threshold(_ capacity: Int) -> Float { entries.count < capacity ? -.infinity : entries[capacity - 1].score }

  /// Takes the best prefix of a text that has not been offered yet.
  mutating func offer(_ trigger: Trigger, by sign: TriggerSign, prefix: Int32, capacity: Int) {
    var entry = Entry(trigger: trigger, score: sign.score(trigger.coefficient), prefix: prefix)
    if let same = entries.first(where: { $0.prefix == prefix }) {
      entry.score = same.score
      entry.trigger.coefficient = same.trigger.coefficient
    }
    insert(entry, capacity)
  }

  private mutating func insert(_ entry: Entry, _ capacity: Int) {
    // From below: most of those that enter at all enter near the end.
    var place = entries.count
    while place > 0, Self.isBefore(entry, entries[place - 1]) { place -= 1 }
    guard place < capacity else { return }
    entries.insert(entry, at: place)
    if entries.count > capacity { entries.removeLast() }
  }

  private static func isBefore(_ a: Entry, _ b: Entry) -> Bool {
    a.score != b.score ? a.score > b.score : a.trigger.text < b.trigger.text
  }
}
