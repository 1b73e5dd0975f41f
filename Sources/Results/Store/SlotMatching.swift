/// Finds the directives of an earlier state of a document again in a later one.
enum SlotMatching {
  /// For each element of `new`, the place of its counterpart in `old`: the same text, the first with the first, the
  /// second with the second; and nil where there is none.
  static func counterparts(of new: [String], in old: [String]) -> [Int?] {
    var places: [[UInt8]: [Int]] = [:]
    for (place, text) in old.enumerated().reversed() { places[Array(text.utf8), default: []].append(place) }
    return new.map { places[Array($0.utf8)]?.popLast() }
  }
}
