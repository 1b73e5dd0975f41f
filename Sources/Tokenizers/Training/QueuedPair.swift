/// Two symbols that stand next to each other.
struct SymbolPair: Hashable, Comparable {
  var left: Int32
  var right: Int32

  init(_ left: Int32, _ right: Int32) { (self.left, self.right) = (left, right) }

  static func < (one: SymbolPair, other: SymbolPair) -> Bool { (one.left, one.right) < (other.left, other.right) }
}

/// A pair that waits to be joined: the commonest first, of equally common ones that of the smallest ids.
struct QueuedPair: Comparable {
  /// How often the pair stood in all texts when it was queued.
  var count: Int
  var pair: SymbolPair
  /// The words to look for it in, in rising order.
  var words: [Int32]
  /// The number of merges there were when it was queued: the earlier of two entries for a pair goes first.
  var round: Int

  static func < (one: QueuedPair, other: QueuedPair) -> Bool {
    if one.count != other.count { return one.count > other.count }
    return one.pair == other.pair ? one.round < other.round : one.pair < other.pair
  }
}
