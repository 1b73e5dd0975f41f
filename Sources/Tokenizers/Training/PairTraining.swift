/// Byte-pair encoding as it is learnt (Sennrich, Haddow and Birch 2016, algorithm 1): again and again the commonest pair
/// of neighbours in the words becomes an entry.
///
/// Entries and merges are those of `BpeTrainer` in the reference implementation, also where an entry can be made of two
/// pairs. Where symbols that continue a word are marked (`##`), it numbers their characters anew in every run, by a hash;
/// here they follow the characters that begin words, in the order of their code points.
struct PairTraining {
  private(set) var vocabulary = Vocabulary()
  private var joins: [(pair: SymbolPair, joined: Int32)] = []
  /// What marks a symbol that continues a word; empty for none.
  private let continuation: [UInt8]
  /// The symbols of every different word, as they are joined so far.
  private var words: [[Int32]] = []
  /// How often each word stands in the texts.
  private let counts: [Int]
  /// How often each pair stands in the texts.
  ///
  /// What it was before the pair was joined is kept, as in the reference implementation: if the same neighbours come about
  /// once more, they are at once as common as that.
  private var pairCounts: [SymbolPair: Int] = [:]
  /// The words in which pairs came about that are not queued yet.
  private var found: [SymbolPair: [Int32]] = [:]
  private var queue = BinaryHeap<QueuedPair>()

  /// Starts with all entries that are not made of others.
  ///
  /// - Parameters:
  ///   - special: Entries that come first.
  ///   - alphabet: Characters that are entries in any case, beside those of the words.
  ///   - words: The words in UTF-8.
  ///   - continuation: What marks entries that continue a word; empty for none.
  init(special: [[UInt8]], alphabet: [[UInt8]], words: WordCounts, continuation: [UInt8]) {
    self.continuation = continuation
    counts = words.counts
    for token in special { add(token) }
    addCharacters(alphabet, words)
    self.words = counts.indices.map { symbols(of: words.word($0)) }
    for (word, symbols) in self.words.enumerated() {
      for pair in zip(symbols, symbols.dropFirst()) {
        note(SymbolPair(pair.0, pair.1), in: Int32(truncatingIfNeeded: word))
      }
    }
    queueFound()
  }

  /// Joins pairs until there are so many entries or no pair is left that stands in the texts often enough.
  mutating func join(upTo entries: Int, atLeast least: Int) {
    while vocabulary.count < entries, var best = queue.pop() {
      let count = pairCounts[best.pair, default: 0]
      guard count == best.count else {
        best.count = count
        if count > 0 { queue.push(best) }
        continue
      }
      guard count >= least else { return }
      let joined = add(spelling(of: best.pair))
      joins.append((best.pair, joined))
      for word in best.words { join(best.pair, to: joined, in: word) }
      queueFound()
    }
  }

  /// The pairs that are joined, in their order; one that was joined twice stands where it was joined last.
  var merges: [SymbolPair] {
    var seen: Set<SymbolPair> = []
    return joins.reversed().compactMap { seen.insert($0.pair).inserted ? $0.pair : nil }.reversed()
  }

  // MARK: Entries

  /// The id of an entry, which is added where it is not there yet.
  @discardableResult
  private mutating func add(_ entry: [UInt8]) -> Int32 {
    if let id = vocabulary.id(of: entry) { return Int32(clamping: id) }
    let id = vocabulary.count
    _ = vocabulary.insert(entry, id: id)
    return Int32(clamping: id)
  }

  private mutating func addCharacters(_ alphabet: [[UInt8]], _ words: WordCounts) {
    var characters = Set(alphabet.flatMap(UTF8Text.scalars))
    var continuing: Set<UInt32> = []
    for place in counts.indices {
      let scalars = UTF8Text.scalars(words.word(place))
      characters.formUnion(scalars)
      continuing.formUnion(scalars.dropFirst())
    }
    for scalar in characters.sorted() { add(UTF8Text.bytes([scalar])) }
    guard !continuation.isEmpty else { return }
    for scalar in continuing.sorted() { add(continuation + UTF8Text.bytes([scalar])) }
  }

  /// The ids of a word's characters.
  private func symbols(of word: [UInt8]) -> [Int32] {
    var symbols: [Int32] = []
    var index = 0
    while index < word.count {
      let end = index + UTF8Text.length(leadingByte: word[index])
      let key = (index == 0 ? [] : continuation) + word[index..<end]
      symbols.append(Int32(clamping: vocabulary.id(of: key) ?? 0))
      index = end
    }
    return symbols
  }

  /// How the entry that a pair becomes is written.
  private func spelling(of pair: SymbolPair) -> [UInt8] {
    let left = vocabulary.token(Int(pair.left)) ?? []
    let right = vocabulary.token(Int(pair.right)) ?? []
    return left + (right.starts(with: continuation) ? right.dropFirst(continuation.count) : right[...])
  }

  // MARK: Pairs

  /// Counts a pair wherever a word stands.
  private mutating func note(_ pair: SymbolPair, in word: Int32) {
    pairCounts[pair, default: 0] += counts[Int(word)]
    if found[pair]?.last != word { found[pair, default: []].append(word) }
  }

  private mutating func queueFound() {
    for (pair, words) in found {
      let count = pairCounts[pair, default: 0]
      if count > 0 { queue.push(QueuedPair(count: count, pair: pair, words: words, round: joins.count)) }
    }
    found.removeAll(keepingCapacity: true)
  }

  /// Puts the joined symbol where the pair stands in a word, from the left.
  private mutating func join(_ pair: SymbolPair, to joined: Int32, in word: Int32) {
    var symbols: [Int32] = []
    swap(&symbols, &words[Int(word)])
    let count = counts[Int(word)]
    var (read, end) = (0, 0)
    while read < symbols.count {
      if symbols[read] == pair.left, read + 1 < symbols.count, symbols[read + 1] == pair.right {
        if end > 0 {
          pairCounts[SymbolPair(symbols[end - 1], pair.left), default: 0] -= count
          note(SymbolPair(symbols[end - 1], joined), in: word)
        }
        read += 2
        if read < symbols.count {
          pairCounts[SymbolPair(pair.right, symbols[read]), default: 0] -= count
          note(SymbolPair(joined, symbols[read]), in: word)
        }
        symbols[end] = joined
      } else {
        symbols[end] = symbols[read]
        read += 1
      }
      end += 1
    }
    symbols.removeSubrange(end...)
    swap(&symbols, &words[Int(word)])
  }
}
