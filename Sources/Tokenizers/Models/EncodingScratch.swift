/// The working memory of one running `encode`, kept between calls.
struct EncodingScratch: Sendable {
  /// The symbols of the piece at hand.
  var symbols: [Int32] = []
  var cache = PieceCache()
  /// The best ways of a unigram model.
  var steps: [UnigramModel.Step] = []
  /// Rank and new id of each symbol with its right neighbour.
  private var pairs: [UInt64] = []
  private var next: [Int32] = []
  private var previous: [Int32] = []
  /// Pairs waiting to be merged, as rank (high half) and place of the left symbol, lowest first.
  private var heap = BinaryHeap<UInt64>()

  /// Up to so many symbols, looking at all pairs again and again is faster than keeping a heap.
  private static let fewSymbols = 48

  /// Merges `symbols` by the rules: always the pair of the lowest rank, the leftmost of equals.
  mutating func merge(using merges: MergeTable) {
    guard symbols.count > 1 else { return }
    if symbols.count <= Self.fewSymbols {
      mergeFew(merges)
    } else {
      mergeMany(merges)
    }
  }

  private mutating func mergeFew(_ merges: MergeTable) {
    pairs.removeAll(keepingCapacity: true)
    for index in 1..<symbols.count { pairs.append(merges.find(symbols[index - 1], symbols[index])) }
    while true {
      var best = MergeTable.none
      var place = -1
      for index in 0..<pairs.count where pairs[index] < best {
        best = pairs[index]
        place = index
      }
      guard place >= 0 else { return }
      symbols[place] = Int32(truncatingIfNeeded: best)
      symbols.remove(at: place + 1)
      pairs.remove(at: place)
      if place < pairs.count { pairs[place] = merges.find(symbols[place], symbols[place + 1]) }
      if place > 0 { pairs[place - 1] = merges.find(symbols[place - 1], symbols[place]) }
    }
  }

  /// The same with a linked list and a heap: n log n steps, so that a megabyte without a space does not hang.
  private mutating func mergeMany(_ merges: MergeTable) {
    let count = symbols.count
    next = (1...Int32(count)).map { $0 }
    previous = (-1..<Int32(count) - 1).map { $0 }
    pairs = [UInt64](repeating: MergeTable.none, count: count)
    heap.removeAll()
    for index in 0..<count - 1 { consider(index, merges) }
    while let entry = heap.pop() {
      let place = Int(entry & 0xFFFF_FFFF)
      let pair = pairs[place]
      guard pair != MergeTable.none, pair >> 32 == entry >> 32 else { continue }
      let right = Int(next[place])
      let after = Int(next[right])
      symbols[place] = Int32(truncatingIfNeeded: pair)
      symbols[right] = -1
      pairs[right] = MergeTable.none
      next[place] = Int32(after)
      if after < count { previous[after] = Int32(place) }
      consider(place, merges)
      if previous[place] >= 0 { consider(Int(previous[place]), merges) }
    }
    symbols.removeAll { $0 < 0 }
  }

  /// Looks up the pair that starts at a symbol, and queues it.
  private mutating func consider(_ place: Int, _ merges: MergeTable) {
    let right = Int(next[place])
    let pair = right < symbols.count ? merges.find(symbols[place], symbols[right]) : MergeTable.none
    pairs[place] = pair
    if pair != MergeTable.none { heap.push((pair & ~0xFFFF_FFFF) | UInt64(place)) }
  }
}
