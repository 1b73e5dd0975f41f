/// Finds the directives of an earlier state of a document again in a later one.
enum SlotMatching {
  /// For each element of `new`, the place of its counterpart in `old`: the same text, the first with the first, the
  /// second with the second; and nil where there is none.
  static func counterparts(of new: [String], in old: [String]) -> [Int?] {
    var places: [[UInt8]: [Int]] = [:]
    for (place, text) in old.enumerated().reversed() { places[Array(text.utf8), default: []].append(place) }
    return new.map { places[Array($0.utf8)]?.popLast() }
  }

  /// For each canonical directive of `new`, the place of the one in `old` that it was made from; nil where none is left.
  ///
  /// Directives with the same name, view and model come first, then those with the same name; of several, those with
  /// most words in common. The closest pairs are found first, so that a new directive takes no other's counterpart.
  static func nearest(of new: [String], in old: [String]) -> [Int?] {
    let newWords = new.map(words)
    let oldWords = old.map(words)
    var candidates: [(closeness: (Int, Int), new: Int, old: Int)] = []
    for (place, mine) in newWords.enumerated() {
      for (other, theirs) in oldWords.enumerated() where mine.first == theirs.first {
        let common = Set(mine).intersection(theirs).count
        candidates.append(((bare(mine) == bare(theirs) ? 1 : 0, common), place, other))
      }
    }
    candidates.sort { first, second in
      first.closeness == second.closeness
        ? (first.new, first.old) < (second.new, second.old) : first.closeness > second.closeness
    }
    var result = [Int?](repeating: nil, count: new.count)
    var taken: Set<Int> = []
    for candidate in candidates where result[candidate.new] == nil && !taken.contains(candidate.old) {
      result[candidate.new] = candidate.old
      taken.insert(candidate.old)
    }
    return result
  }

  private static func words(_ directive: String) -> [String] { directive.split(separator: " ").map(String.init) }

  /// Name, view and model: the words that are no settings.
  private static func bare(_ words: [String]) -> [String] { words.filter { !$0.contains("=") } }
}
