/// The splitting of a text into pieces that are encoded one by one.
indirect enum PreTokenizer: Sendable {
  /// White space separates, and every punctuation character stands alone.
  case bert
  /// GPT-2's words; the bytes themselves are handed on, since the model's table is keyed by them.
  case byteLevel(addsPrefixSpace: Bool, usesPattern: Bool)
  case metaspace(Metaspace)
  case split(SplitRule)
  /// Runs of word characters, and runs of other characters that are not white space.
  case words
  /// White space separates.
  case spaceSeparated
  case sequence([PreTokenizer])

  /// Cuts the pieces there are into smaller ones.
  func apply(to pieces: inout Pieces) {
    switch self {
    case .bert: Self.cut(&pieces, Self.splitLikeBert)
    case .byteLevel(let addsPrefixSpace, let usesPattern):
      if addsPrefixSpace { pieces.prepend([UInt8(ascii: " ")]) { !$0.starts(with: [UInt8(ascii: " ")]) } }
      if usesPattern { Self.cut(&pieces) { WordPattern.gpt2.split($0, $1, to: &$2) } }
    case .metaspace(let metaspace): metaspace.apply(to: &pieces)
    case .split(let rule): Self.cut(&pieces, rule.split)
    case .words: Self.cut(&pieces, Self.splitWords)
    case .spaceSeparated: Self.cut(&pieces, Self.splitAtSpace)
    case .sequence(let steps): for step in steps { step.apply(to: &pieces) }
    }
  }

  private static func cut(
    _ pieces: inout Pieces, _ split: (_ text: [UInt8], _ range: Range<Int>, _ output: inout [Range<Int>]) -> Void
  ) {
    var output: [Range<Int>] = []
    output.reserveCapacity(pieces.text.count / 4)
    for range in pieces.ranges { split(pieces.text, range, &output) }
    pieces.ranges = output
  }

  private static func splitAtSpace(_ text: [UInt8], _ range: Range<Int>, _ output: inout [Range<Int>]) {
    splitByKind(text, range, &output) { $0.contains(.space) ? .drop : .join(0) }
  }

  private static func splitWords(_ text: [UInt8], _ range: Range<Int>, _ output: inout [Range<Int>]) {
    splitByKind(text, range, &output) { $0.contains(.word) ? .join(0) : $0.contains(.space) ? .drop : .join(1) }
  }

  private static func splitLikeBert(_ text: [UInt8], _ range: Range<Int>, _ output: inout [Range<Int>]) {
    splitByKind(text, range, &output) {
      $0.contains(.space) ? .drop : $0.contains(.punctuation) ? .isolate : .join(0)
    }
  }

  private enum Fate: Equatable { case drop, isolate, join(Int) }

  private static func splitByKind(
    _ text: [UInt8], _ range: Range<Int>, _ output: inout [Range<Int>], _ fate: (UnicodeClass) -> Fate
  ) {
    let classes = UnicodeClassTable.shared
    var start = range.lowerBound
    var current = Fate.drop
    var index = range.lowerBound
    while index < range.upperBound {
      let (found, length) = classes.classify(text, index)
      let next = fate(found)
      if next != current || next == .isolate {
        if current != .drop { output.append(start..<index) }
        start = index
        current = next
      }
      index += length
    }
    if current != .drop, start < index { output.append(start..<index) }
  }
}

extension Pieces {
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
}

/// SentencePiece's spaces as visible characters.
struct Metaspace: Sendable {
  enum PrependScheme: String, Sendable, CaseIterable { case always, first, never }

  /// What stands for a space, such as `▁`.
  var replacement: [UInt8]
  var scheme: PrependScheme
  /// Whether the pieces are cut before every replacement.
  var splits: Bool

  func apply(to pieces: inout Pieces) {
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
      if splits {
        SplitRule(pattern: .literal(replacement), behavior: .mergedWithNext, isInverted: false)
          .split(newText, start..<newText.count, &output)
      } else {
        output.append(start..<newText.count)
      }
    }
    pieces.text = newText
    pieces.ranges = output
  }
}
