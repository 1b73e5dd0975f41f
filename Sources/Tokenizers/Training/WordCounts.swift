/// The different words of texts, and how often each stands there.
struct WordCounts {
  /// From the words to their places in `counts`.
  private var table = ByteTable()
  /// How often each word was seen, in the order in which they were seen first.
  private(set) var counts: [Int] = []
  /// How many bytes the different words have together.
  private var length = 0

  /// What the table of words can address.
  private static let longest = Int(UInt32.max)

  /// A word, by its place in `counts`.
  func word(_ place: Int) -> [UInt8] { table.key(ofEntry: place) }

  /// Counts the pieces of a text.
  ///
  /// - Throws: `EncodingFailure` where there are too many different words.
  mutating func add(_ pieces: Pieces) throws(EncodingFailure) {
    for range in pieces.ranges where !range.isEmpty {
      if let place = table.find(pieces.text, range) {
        counts[place] += 1
      } else {
        length += range.count
        guard length <= Self.longest, counts.count < Int(Int32.max) else {
          throw EncodingFailure(.limit, "the different words of the texts have more than \(Self.longest) bytes")
        }
        _ = table.insert(Array(pieces.text[range]), value: counts.count)
        counts.append(1)
      }
    }
  }
}
