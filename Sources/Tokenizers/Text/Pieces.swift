/// A text and the parts of it that are encoded one by one.
struct Pieces {
  var text: [UInt8]
  var ranges: [Range<Int>]
  /// Whether the text starts where the text given to `encode` does.
  var startsText: Bool

  /// Cuts every piece into smaller ones.
  mutating func cut(_ split: (_ text: [UInt8], _ range: Range<Int>, _ output: inout [Range<Int>]) -> Void) {
    var output: [Range<Int>] = []
    output.reserveCapacity(text.count / 4)
    for range in ranges { split(text, range, &output) }
    ranges = output
  }

  /// Cuts every piece by a rule.
  mutating func cut(by rule: SplitRule, budget: inout EncodingBudget) throws(EncodingFailure) {
    var output: [Range<Int>] = []
    output.reserveCapacity(text.count / 4)
    for range in ranges { try rule.split(text, range, budget: &budget, to: &output) }
    ranges = output
  }

  /// Puts `prefix` before every piece that asks for it, in a new text of all pieces one after another.
  mutating func prepend(_ prefix: [UInt8], where needsPrefix: (ArraySlice<UInt8>) -> Bool) {
    guard ranges.contains(where: { needsPrefix(text[$0]) }) else { return }
    var newText: [UInt8] = []
    newText.reserveCapacity(text.count + prefix.count * ranges.count)
    ranges = ranges.map { range in
      let start = newText.count
      if needsPrefix(text[range]) { newText.append(contentsOf: prefix) }
      newText.append(contentsOf: text[range])
      return start..<newText.count
    }
    text = newText
  }

  /// Writes every byte as its character of the byte alphabet.
  mutating func writeInByteAlphabet() {
    var newText: [UInt8] = []
    newText.reserveCapacity(text.count * 2)
    ranges = ranges.map { range in
      let start = newText.count
      for byte in text[range] { newText.append(contentsOf: ByteAlphabet.character(of: byte)) }
      return start..<newText.count
    }
    text = newText
  }
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
