/// A cut at every match of a pattern.
struct SplitRule: Sendable {
  enum Pattern: Sendable {
    /// One of the word patterns, which match everything.
    case words(WordPattern)
    /// These bytes.
    case literal([UInt8])
    /// `\s*x\s*` for one ASCII character x.
    case delimiter(UInt8)
    /// Any other regular expression.
    case expression(RegularExpression)
  }

  var pattern: Pattern
  var behavior: SplitBehavior
  /// Whether matches and the stretches between them change places.
  var isInverted: Bool

  /// Appends the parts of one piece, none of them empty.
  func split(
    _ text: [UInt8], _ range: Range<Int>, budget: inout EncodingBudget, to output: inout [Range<Int>]
  ) throws(EncodingFailure) {
    if case .words(let words) = pattern, behavior == (isInverted ? .removed : .isolated) {
      words.split(text, range, to: &output)
      return
    }
    var cuts: [(range: Range<Int>, isMatch: Bool)] = []
    var last = range.lowerBound
    for match in try pattern.matches(text, range, budget: &budget) {
      if last < match.lowerBound { cuts.append((last..<match.lowerBound, isInverted)) }
      cuts.append((match, !isInverted))
      last = match.upperBound
    }
    if last < range.upperBound { cuts.append((last..<range.upperBound, isInverted)) }
    output.append(contentsOf: behavior.parts(of: cuts).lazy.filter { !$0.isEmpty })
  }
}

extension SplitRule.Pattern {
  /// All matches in a part of a text, from left to right.
  func matches(
    _ text: [UInt8], _ range: Range<Int>, budget: inout EncodingBudget
  ) throws(EncodingFailure) -> [Range<Int>] {
    switch self {
    case .words(let words):
      var ranges: [Range<Int>] = []
      words.split(text, range, to: &ranges)
      return ranges
    case .literal(let literal): return Self.occurrences(of: literal, text, range)
    case .delimiter(let byte):
      var ranges: [Range<Int>] = []
      for place in Self.occurrences(of: [byte], text, range) where place.lowerBound >= ranges.last?.upperBound ?? 0 {
        ranges.append(Self.widen(place, text, (ranges.last?.upperBound ?? range.lowerBound)..<range.upperBound))
      }
      return ranges
    case .expression(let expression): return try expression.matches(in: text, range, budget: &budget)
    }
  }

  private static func occurrences(of literal: [UInt8], _ text: [UInt8], _ range: Range<Int>) -> [Range<Int>] {
    var ranges: [Range<Int>] = []
    var index = range.lowerBound
    while index + literal.count <= range.upperBound {
      if text[index] == literal[0], text[index..<index + literal.count].elementsEqual(literal) {
        ranges.append(index..<index + literal.count)
        index += literal.count
      } else {
        index += 1
      }
    }
    return ranges
  }

  /// A match and the white space on both sides of it.
  private static func widen(_ match: Range<Int>, _ text: [UInt8], _ bounds: Range<Int>) -> Range<Int> {
    let classes = UnicodeClassTable.shared
    var start = match.lowerBound
    while start > bounds.lowerBound {
      let before = UTF8Text.start(before: start, in: text)
      guard classes.classify(text, before).classes.contains(.space) else { break }
      start = before
    }
    var end = match.upperBound
    while end < bounds.upperBound {
      let (found, length) = classes.classify(text, end)
      guard found.contains(.space) else { break }
      end += length
    }
    return start..<end
  }
}
