/// The splitting patterns of byte-level tokenizers, written out as a scanner over UTF-8.
///
/// Each case stands for one regular expression, whose matches cover every text without gaps; the alternatives are
/// tried in its order.
enum WordPattern: String, Sendable, CaseIterable {
  /// GPT-2's, also that of `ByteLevel` itself.
  case gpt2 = #"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"#
  /// Llama 3's: numbers in groups of three digits.
  case llama3 =
    #"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"#
  /// Qwen2's: every digit alone.
  case qwen2 =
    #"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"#

  /// Appends the matches in a part of a text.
  func split(_ text: [UInt8], _ range: Range<Int>, to ranges: inout [Range<Int>]) {
    let scanner = WordScanner(text: text, end: range.upperBound, classes: UnicodeClassTable.shared)
    var start = range.lowerBound
    while start < range.upperBound {
      let end =
        switch self {
        case .gpt2: scanner.endOfGPT2Word(start)
        case .llama3: scanner.endOfLlamaWord(start, longestNumber: 3)
        case .qwen2: scanner.endOfLlamaWord(start, longestNumber: 1)
        }
      ranges.append(start..<end)
      start = end
    }
  }
}

private struct WordScanner {
  let text: [UInt8]
  let end: Int
  let classes: UnicodeClassTable

  private static let newline = UInt8(ascii: "\n")
  private static let carriageReturn = UInt8(ascii: "\r")

  /// The end of the match of
  /// `'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+`.
  @inline(__always)
  func endOfGPT2Word(_ start: Int) -> Int {
    let first = text[start]
    if first == UInt8(ascii: "'"), let end = endOfContraction(start, ignoresCase: false) { return end }
    var place = start
    var (kind, length) = classes.classify(text, place)
    if first == UInt8(ascii: " "), start + 1 < end {
      let after = classes.classify(text, start + 1)
      if !after.classes.contains(.space) {
        place += 1
        (kind, length) = after
      }
    }
    if kind.contains(.letter) { return endOfRun(of: .letter, place + length) }
    if kind.contains(.number) { return endOfRun(of: .number, place + length) }
    if !kind.contains(.space) { return endOfSymbols(place + length) }
    return endOfSpace(start)
  }

  /// The end of the match, for groups of n digits, of
  /// `(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,n}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+`.
  @inline(__always)
  func endOfLlamaWord(_ start: Int, longestNumber: Int) -> Int {
    let first = text[start]
    if first == UInt8(ascii: "'"), let end = endOfContraction(start, ignoresCase: true) { return end }
    let (kind, length) = classes.classify(text, start)
    if kind.contains(.letter) { return endOfRun(of: .letter, start + length) }
    if kind.contains(.number) { return endOfNumber(start + length, digitsLeft: longestNumber - 1) }
    if start + length < end, first != Self.newline, first != Self.carriageReturn {
      let after = classes.classify(text, start + length)
      if after.classes.contains(.letter) { return endOfRun(of: .letter, start + length + after.length) }
      if first == UInt8(ascii: " "), after.classes.isDisjoint(with: [.space, .letter, .number]) {
        return endOfLineBreaks(endOfSymbols(start + length + after.length))
      }
    }
    if !kind.contains(.space) { return endOfLineBreaks(endOfSymbols(start + length)) }
    return endOfSpaceOrLines(start)
  }

  /// The end of `'s`, `'t`, `'re`, `'ve`, `'m`, `'ll` or `'d`.
  ///
  /// Case folding adds the long s to the letters s.
  private func endOfContraction(_ start: Int, ignoresCase: Bool) -> Int? {
    guard start + 1 < end else { return nil }
    let fold: UInt8 = ignoresCase ? 0x20 : 0
    let first = text[start + 1] | fold
    switch first {
    case UInt8(ascii: "s"), UInt8(ascii: "t"), UInt8(ascii: "m"), UInt8(ascii: "d"): return start + 2
    default: break
    }
    guard start + 2 < end else { return nil }
    if ignoresCase, text[start + 1] == 0xC5, text[start + 2] == 0xBF { return start + 3 }
    let second = text[start + 2] | fold
    switch (first, second) {
    case (UInt8(ascii: "r"), UInt8(ascii: "e")), (UInt8(ascii: "v"), UInt8(ascii: "e")),
      (UInt8(ascii: "l"), UInt8(ascii: "l")):
      return start + 3
    default: return nil
    }
  }

  @inline(__always)
  private func endOfRun(of kind: UnicodeClass, _ start: Int) -> Int {
    var index = start
    while index < end {
      let (found, length) = classes.classify(text, index)
      guard found.contains(kind) else { break }
      index += length
    }
    return index
  }

  private func endOfNumber(_ start: Int, digitsLeft: Int) -> Int {
    var index = start
    for _ in 0..<digitsLeft where index < end {
      let (found, length) = classes.classify(text, index)
      guard found.contains(.number) else { break }
      index += length
    }
    return index
  }

  /// The end of `[^\s\p{L}\p{N}]*`.
  private func endOfSymbols(_ start: Int) -> Int {
    var index = start
    while index < end {
      let (found, length) = classes.classify(text, index)
      guard found.isDisjoint(with: [.space, .letter, .number]) else { break }
      index += length
    }
    return index
  }

  private func endOfLineBreaks(_ start: Int) -> Int {
    var index = start
    while index < end, text[index] == Self.newline || text[index] == Self.carriageReturn { index += 1 }
    return index
  }

  /// `\s+(?!\S)|\s+`: all white space but the last character, which belongs to the word that follows.
  private func endOfSpace(_ start: Int) -> Int {
    var index = start
    var last = start
    while index < end {
      let (found, length) = classes.classify(text, index)
      guard found.contains(.space) else { return last > start ? last : index }
      last = index
      index += length
    }
    return index
  }

  /// `\s*[\r\n]+|\s+(?!\S)|\s+`: up to the last line break of the white space, if it has one.
  private func endOfSpaceOrLines(_ start: Int) -> Int {
    var index = start
    var endOfLines: Int?
    while index < end {
      let (found, length) = classes.classify(text, index)
      guard found.contains(.space) else { break }
      if text[index] == Self.newline || text[index] == Self.carriageReturn { endOfLines = index + 1 }
      index += length
    }
    return endOfLines ?? endOfSpace(start)
  }
}
