/// The splitting of a text into pieces that are encoded one by one.
indirect enum PreTokenizer: Sendable {
  /// White space separates, and every punctuation character stands alone.
  case bert
  /// GPT-2's words; the bytes themselves are handed on, since the model's table is keyed by them.
  case byteLevel(addsPrefixSpace: Bool, usesPattern: Bool)
  /// Every byte becomes its character of the byte alphabet, for a model that is keyed by those.
  case byteAlphabet
  case metaspace(Metaspace)
  case split(SplitRule)
  /// Runs of word characters, and runs of other characters that are not white space.
  case words
  /// White space separates.
  case spaceSeparated
  /// Numbers stand apart from all else, as runs or every one alone.
  case digits(isolated: Bool)
  case punctuation(SplitBehavior)
  /// Pieces of so many characters.
  case fixedLength(Int)
  case sequence([PreTokenizer])

  /// Cuts the pieces there are into smaller ones.
  func apply(to pieces: inout Pieces, budget: inout EncodingBudget) throws(EncodingFailure) {
    switch self {
    case .bert: pieces.cut(Self.splitLikeBert)
    case .byteLevel(let addsPrefixSpace, let usesPattern):
      if addsPrefixSpace { pieces.prepend([UInt8(ascii: " ")]) { !$0.starts(with: [UInt8(ascii: " ")]) } }
      if usesPattern { pieces.cut { WordPattern.gpt2.split($0, $1, to: &$2) } }
    case .byteAlphabet:
      pieces.writeInByteAlphabet()
      try budget.check(length: pieces.text.count)
    case .metaspace(let metaspace): try metaspace.apply(to: &pieces, budget: &budget)
    case .split(let rule): try pieces.cut(by: rule, budget: &budget)
    case .words: pieces.cut(Self.splitWords)
    case .spaceSeparated: pieces.cut(Self.splitAtSpace)
    case .digits(let isolated): pieces.cut { Self.splitDigits($0, $1, &$2, isolated: isolated) }
    case .punctuation(let behavior): pieces.cut { Self.splitPunctuation($0, $1, &$2, behavior) }
    case .fixedLength(let length): pieces.cut { Self.splitEvenly($0, $1, &$2, length) }
    case .sequence(let steps): for step in steps { try step.apply(to: &pieces, budget: &budget) }
    }
  }

  /// The same splitting with the text itself in the byte alphabet where `byteLevel` only hands bytes on.
  var writingByteAlphabet: PreTokenizer {
    switch self {
    case .byteLevel: .sequence([self, .byteAlphabet])
    case .sequence(let steps): .sequence(steps.map(\.writingByteAlphabet))
    default: self
    }
  }

  private static func splitAtSpace(_ text: [UInt8], _ range: Range<Int>, _ output: inout [Range<Int>]) {
    splitByKind(text, range, &output) { found, _ in found.contains(.space) ? .drop : .join(0) }
  }

  private static func splitWords(_ text: [UInt8], _ range: Range<Int>, _ output: inout [Range<Int>]) {
    splitByKind(text, range, &output) { found, _ in
      found.contains(.word) ? .join(0) : found.contains(.space) ? .drop : .join(1)
    }
  }

  private static func splitLikeBert(_ text: [UInt8], _ range: Range<Int>, _ output: inout [Range<Int>]) {
    splitByKind(text, range, &output) { found, _ in
      found.contains(.space) ? .drop : found.contains(.punctuation) ? .isolate : .join(0)
    }
  }

  private static func splitDigits(
    _ text: [UInt8], _ range: Range<Int>, _ output: inout [Range<Int>], isolated: Bool
  ) {
    splitByKind(text, range, &output) { found, place in
      let isNumber = found.contains(.number) || NewerNumbers.contains(text, place)
      return isNumber ? (isolated ? .isolate : .join(1)) : .join(0)
    }
  }

  private static func splitPunctuation(
    _ text: [UInt8], _ range: Range<Int>, _ output: inout [Range<Int>], _ behavior: SplitBehavior
  ) {
    let classes = UnicodeClassTable.shared
    var cuts: [(range: Range<Int>, isMatch: Bool)] = []
    var start = range.lowerBound
    var index = start
    while index < range.upperBound {
      let (found, length) = classes.classify(text, index)
      if found.contains(.punctuation) {
        if start < index { cuts.append((start..<index, false)) }
        start = index + length
        cuts.append((index..<start, true))
      }
      index += length
    }
    if start < index { cuts.append((start..<index, false)) }
    output.append(contentsOf: behavior.parts(of: cuts))
  }

  private static func splitEvenly(
    _ text: [UInt8], _ range: Range<Int>, _ output: inout [Range<Int>], _ length: Int
  ) {
    var start = range.lowerBound
    var index = start
    var characters = 0
    while index < range.upperBound {
      index += UTF8Text.length(leadingByte: text[index])
      characters += 1
      if characters == length || index >= range.upperBound {
        output.append(start..<index)
        (start, characters) = (index, 0)
      }
    }
  }

  private enum Fate: Equatable { case drop, isolate, join(Int) }

  private static func splitByKind(
    _ text: [UInt8], _ range: Range<Int>, _ output: inout [Range<Int>], _ fate: (UnicodeClass, Int) -> Fate
  ) {
    let classes = UnicodeClassTable.shared
    var start = range.lowerBound
    var current = Fate.drop
    var index = range.lowerBound
    while index < range.upperBound {
      let (found, length) = classes.classify(text, index)
      let next = fate(found, index)
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

/// Numbers that Unicode 17.0 added: `Digits` of the reference implementation knows them, its regular expressions do not.
private enum NewerNumbers {
  static func contains(_ text: [UInt8], _ place: Int) -> Bool {
    guard text[place] == 0xF0 else { return false }
    switch UTF8Text.decode(text, place).scalar {
    case 0x11DE0...0x11DE9, 0x16FF4...0x16FF6: return true
    default: return false
    }
  }
}
