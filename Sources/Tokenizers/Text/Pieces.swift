/// A text and the parts of it that are encoded one by one.
struct Pieces {
  var text: [UInt8]
  var ranges: [Range<Int>]
  /// Whether the text starts where the text given to `encode` does.
  var startsText: Bool
}

/// What becomes of the matches of a splitting pattern.
enum SplitBehavior: String, Sendable, CaseIterable {
  case removed = "Removed"
  case isolated = "Isolated"
  case mergedWithPrevious = "MergedWithPrevious"
  case mergedWithNext = "MergedWithNext"
  case contiguous = "Contiguous"

  /// The parts that remain of a text cut into matches and the stretches between them.
  func parts(of cuts: [(range: Range<Int>, isMatch: Bool)]) -> [Range<Int>] {
    switch self {
    case .isolated: cuts.map(\.range)
    case .removed: cuts.lazy.filter { !$0.isMatch }.map(\.range)
    case .contiguous: Self.fold(cuts) { isMatch, wasMatch in isMatch == wasMatch }
    case .mergedWithPrevious: Self.fold(cuts) { isMatch, wasMatch in isMatch && !wasMatch }
    case .mergedWithNext:
      Self.fold(cuts.reversed()) { isMatch, wasMatch in isMatch && !wasMatch }.reversed()
    }
  }

  private static func fold(
    _ cuts: [(range: Range<Int>, isMatch: Bool)], joins: (_ isMatch: Bool, _ wasMatch: Bool) -> Bool
  ) -> [Range<Int>] {
    var parts: [Range<Int>] = []
    var wasMatch = false
    for (range, isMatch) in cuts {
      if let last = parts.last, joins(isMatch, wasMatch) {
        let start = min(last.lowerBound, range.lowerBound)
        parts[parts.count - 1] = start..<max(last.upperBound, range.upperBound)
      } else {
        parts.append(range)
      }
      wasMatch = isMatch
    }
    return parts
  }
}
