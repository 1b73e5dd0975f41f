/// Words that are entries or nothing.
struct WordLevelModel: Sendable {
  let table: ByteTable
  let unknownID: Int

  /// Appends the id of one word.
  func encode(_ text: [UInt8], _ range: Range<Int>, to ids: inout [Int]) {
    ids.append(table.find(text, range) ?? unknownID)
  }
}

/// Greedy longest match from the left (Schuster and Nakajima 2012; as in BERT's tokenizer).
struct WordPieceModel: Sendable {
  let table: ByteTable
  let unknownID: Int
  /// What marks an entry that continues a word, such as `##`.
  let continuation: [UInt8]
  /// Longer words, in characters, are unknown.
  let longestWord: Int

  /// Appends the ids of one word; a word with an unknown part is unknown as a whole.
  func encode(_ text: [UInt8], _ range: Range<Int>, to ids: inout [Int]) {
    let characters = text[range].count { $0 & 0xC0 != 0x80 }
    guard characters <= longestWord else {
      ids.append(unknownID)
      return
    }
    let first = ids.count
    var start = range.lowerBound
    while start < range.upperBound {
      let key = start == range.lowerBound ? [] : continuation
      guard let (id, end) = longestEntry(text, start..<range.upperBound, after: key) else {
        ids.removeSubrange(first...)
        ids.append(unknownID)
        return
      }
      ids.append(id)
      start = end
    }
  }

  private func longestEntry(_ text: [UInt8], _ range: Range<Int>, after prefix: [UInt8]) -> (id: Int, end: Int)? {
    var key = prefix
    var hash = ByteTable.hash(key, 0..<key.count)
    var best: (Int, Int)?
    var index = range.lowerBound
    while index < range.upperBound, key.count < table.longestKey {
      for _ in 0..<UTF8Text.length(leadingByte: text[index]) {
        key.append(text[index])
        hash = ByteTable.extend(hash, text[index])
        index += 1
      }
      if let id = table.find(key, 0..<key.count, hash: hash) { best = (id, index) }
    }
    return best
  }
}
