/// SentencePiece's spaces as visible characters.
struct Metaspace: Sendable {
  /// Which pieces get a replacement in front, where they have none.
  enum PrependScheme: String, Sendable, CaseIterable { case always, first, never }

  /// What stands for a space, such as `▁`.
  var replacement: [UInt8]
  var scheme: PrependScheme
  /// Whether the pieces are cut before every replacement.
  var splits: Bool

  /// Rewrites and cuts the pieces there are.
  func apply(to pieces: inout Pieces, budget: inout EncodingBudget) throws(EncodingFailure) {
    let rule = SplitRule(pattern: .literal(replacement), behavior: .mergedWithNext, isInverted: false)
    var newText: [UInt8] = []
    var output: [Range<Int>] = []
    for range in pieces.ranges where !range.isEmpty {
      let isFirst = pieces.startsText && range.lowerBound == 0
      let piece = UTF8Text.replacing([UInt8(ascii: " ")], with: replacement, in: Array(pieces.text[range]))
      let start = newText.count
      if !piece.starts(with: replacement), scheme == .always || (scheme == .first && isFirst) {
        newText.append(contentsOf: replacement)
      }
      newText.append(contentsOf: piece)
      try budget.check(length: newText.count)
      output.append(start..<newText.count)
    }
    pieces.text = newText
    pieces.ranges = output
    if splits { try pieces.cut(by: rule, budget: &budget) }
  }
}
