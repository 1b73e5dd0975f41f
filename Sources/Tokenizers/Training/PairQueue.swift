/// Two symbols that stand next to each other.
struct SymbolPair: Hashable, Comparable {
  var left: Int32
  var right: Int32

  init(_ left: Int32, _ right: Int32) { (self.left, self.right) = (left, right) }

  static func < (one: SymbolPair, other: SymbolPair) -> Bool { (one.left, one.right) < (other.left, other.right) }
}

/// Pairs that wait to be joined: the commonest first, of equally common ones that of the smallest ids.
struct PairQueue {
  struct Entry {
    /// How often the pair stood in all texts when it was queued.
    var count: Int
    var pair: SymbolPair
    /// The words to look for it in, in rising order.
    var words: [Int32]
    /// The number of merges there were when it was queued: the earlier of two entries for a pair goes first.
    var round: Int

    fileprivate func goes(before other: Entry) -> Bool {
      if count != other.count { return count > other.count }
      return pair == other.pair ? round < other.round : pair < other.pair
    }
  }

  /// A binary heap: no entry goes before the one at half its place.
  private var entries: [Entry] = []

  mutating func push(_ entry: Entry) {
    entries.append(entry)
    var place = entries.count - 1
    while place > 0, entries[place].goes(before: entries[(place - 1) / 2]) {
      entries.swapAt(place, (place - 1) / 2)
      place = (place - 1) / 2
    }
  }

  mutating func pop() -> Entry? {
    guard !entries.isEmpty else { return nil }
    entries.swapAt(0, entries.count - 1)
    let first = entries.removeLast()
    var place = 0
    while true {
      var child = 2 * place + 1
      guard child < entries.count else { return first }
      if child + 1 < entries.count, entries[child + 1].goes(before: entries[child]) { child += 1 }
      guard entries[child].goes(before: entries[place]) else { return first }
      entries.swapAt(place, child)
      place = child
    }
  }
}
