import Diagnostics
import Directives
import Markdown

/// Finds numerals in prose that stand near the name of a metric or a model and that no directive produced.
///
/// "Near" is: in the same sentence, or in the same table. Such a number was typed, and nothing keeps it true.
public struct NumberAudit {
  private let template: ReportTemplate
  private let models: [String]

  /// Names of what engines measure, in lower case.
  private static let metrics: [String] = [
    "r2", "r²", "score", "scores", "distance", "distances", "precision", "surprisal", "perplexity", "accuracy",
    "agreement", "speedup", "saved", "saves", "saving", "ratio", "variance", "probability", "contribution", "bits",
    "スコア", "距離", "精度", "パープレキシティ", "一致率", "決定係数",
  ]

  /// An audit of one template.
  ///
  /// - Parameter models: names of the book's models.
  public init(_ template: ReportTemplate, models: [String]) {
    self.template = template
    self.models = models.map { $0.lowercased() }.filter { !$0.isEmpty }
  }

  /// A warning for each such numeral.
  public var warnings: [Diagnostic] {
    let prose = ProseText(template)
    return prose.sentences.flatMap { sentence -> [Diagnostic] in
      guard let name = name(in: sentence) else { return [] }
      return numerals(in: sentence).map { range in
        let span = SourceSpan(lower: sentence[range.lowerBound].offset, upper: sentence[range.upperBound - 1].end)
        return Diagnostic(
          .warning, file: template.body.scan.file, span: span,
          message:
            "the number '\(template.body.scan.file.text(span))' stands near '\(name)' and no directive produced it",
          hints: [
            "write <<value …>> so that it follows the data, or <<expect …>> so that the build fails when it is wrong"
          ])
      }
    }
  }

  // MARK: - Words and numbers

  /// The first name of a metric or a model in a sentence.
  private func name(in sentence: [ProseText.Scalar]) -> String? {
    let text = sentence.map { Self.lowered($0.scalar) }
    for name in models + Self.metrics {
      let wanted = Array(name.unicodeScalars)
      guard text.count >= wanted.count else { continue }
      for start in 0...(text.count - wanted.count) where text[start..<start + wanted.count].elementsEqual(wanted) {
        let isWhole =
          Self.isBoundary(text, start - 1, wanted[0])
          && Self.isBoundary(text, start + wanted.count, wanted[wanted.count - 1])
        if isWhole { return name }
      }
    }
    return nil
  }

  private static func lowered(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
    (0x41...0x5A).contains(scalar.value) ? Unicode.Scalar(UInt8(scalar.value) + 0x20) : scalar
  }

  /// Whether a word may begin or end here; Japanese has no spaces between words.
  private static func isBoundary(_ text: [Unicode.Scalar], _ index: Int, _ neighbour: Unicode.Scalar) -> Bool {
    guard text.indices.contains(index), neighbour.value < 0x3000 else { return true }
    return !isWord(text[index])
  }

  private static func isWord(_ scalar: Unicode.Scalar) -> Bool {
    scalar.value < 0x3000 && (scalar.properties.isAlphabetic || isDigit(scalar) || scalar == "_")
  }

  private static func isDigit(_ scalar: Unicode.Scalar) -> Bool { (0x30...0x39).contains(scalar.value) }

  /// Where a numeral begins whose first digit stands at `index`: at its sign, or at the point of `.5`.
  private static func start(_ at: (Int) -> Unicode.Scalar, _ index: Int) -> Int {
    var start = index
    if at(start - 1) == ".", !isWord(at(start - 2)) { start -= 1 }
    if ["-", "\u{2212}"].contains(at(start - 1)), !isWord(at(start - 2)), at(start - 2) != "-" { start -= 1 }
    return start
  }

  /// The length of `e-3` at `index`; 0 where none stands there.
  private static func exponent(_ at: (Int) -> Unicode.Scalar, _ index: Int) -> Int {
    guard at(index) == "e" || at(index) == "E" else { return 0 }
    var end = index + (["-", "+", "\u{2212}"].contains(at(index + 1)) ? 2 : 1)
    guard isDigit(at(end)) else { return 0 }
    while isDigit(at(end)) { end += 1 }
    return end - index
  }

  /// The numerals of a sentence: digits with decimals, sign and percent; not those inside words such as `gpt2` or `L12`.
  private func numerals(in sentence: [ProseText.Scalar]) -> [Range<Int>] {
    var found: [Range<Int>] = []
    var index = 0
    func at(_ place: Int) -> Unicode.Scalar { sentence.indices.contains(place) ? sentence[place].scalar : " " }
    while index < sentence.count {
      guard Self.isDigit(at(index)) else {
        index += 1
        continue
      }
      let start = Self.start(at, index)
      while Self.isDigit(at(index)) || ([".", ","].contains(at(index)) && Self.isDigit(at(index + 1))) { index += 1 }
      index += Self.exponent(at, index)
      let before = at(start - 1)
      let isInWord =
        Self.isWord(before) || Self.isWord(at(index)) || (before == "-" && Self.isWord(at(start - 2)))
        || (at(index) == "-" && Self.isWord(at(index + 1)))
      if isInWord || sentence[max(0, start)].isListMark {
        while Self.isWord(at(index)) { index += 1 }
        continue
      }
      if at(index) == "%" { index += 1 }
      found.append(start..<index)
    }
    return found
  }
}

/// The words of a template as an author wrote them, in text, front matter and captions: without directives, code,
/// formulas, comments and addresses.
private struct ProseText {
  struct Scalar {
    var scalar: Unicode.Scalar
    var offset: Int
    var end: Int
    /// Whether it begins a line as the number of a list.
    var isListMark = false
  }

  /// Sentences and tables.
  private(set) var sentences: [[Scalar]] = []

  init(_ template: ReportTemplate) {
    var kept = [Bool](repeating: true, count: template.body.scan.file.bytes.count)
    let front = [template.finding, template.abstract].compactMap { $0 }.flatMap(\.directives).map(\.directive)
    let marks = template.body.scan.marks.map(\.span) + front.filter { $0.file.path == template.file.path }.map(\.span)
    for span in marks { for byte in span.lower..<span.upper { kept[byte] = false } }
    Self.hideCode(template, &kept)
    let text = template.body.scan.file.bytes
    let starts = template.body.scan.bodyStart
    for (open, close) in [("<!--", "-->"), ("$$", "$$"), ("](", ")"), ("<", ">")] {
      Self.hide(from: open, to: close, in: text, after: starts, &kept)
    }
    split(template.body.scan.file, min(starts, text.count)..<text.count) { $0 < kept.count && kept[$0] }
    for span in Self.frontTexts(of: template) {
      split(template.body.scan.file, span.lower..<span.upper) { $0 < kept.count && kept[$0] }
    }
    for span in Self.captions(of: template) { split(template.body.scan.file, span.lower..<span.upper) { _ in true } }
    for index in sentences.indices { markLists(&sentences[index]) }
  }

  /// What an author writes in front matter.
  private static func frontTexts(of template: ReportTemplate) -> [SourceSpan] {
    let matter = template.matter
    let texts = [matter.title, matter.subtitle, matter.finding, matter.abstract].compactMap { $0 }
    return texts.filter { $0.file != nil }.map { template.file.whole($0.span) }
  }

  /// What an author writes in captions, which stand inside directives.
  private static func captions(of template: ReportTemplate) -> [SourceSpan] {
    template.body.directivesToRun.flatMap(\.directive.arguments).filter { $0.key == "caption" }.map(\.valueSpan)
  }

  /// Hides fenced blocks and code spans.
  private static func hideCode(_ template: ReportTemplate, _ kept: inout [Bool]) {
    let file = template.body.scan.file
    var fence: [UInt8]?
    for line in 1...max(1, file.lineCount) {
      let span = file.span(ofLine: line)
      guard span.lower >= template.body.scan.bodyStart else { continue }
      let content = file.bytes[span.lower..<span.upper].drop { $0 == 0x20 }
      let marks = content.prefix { $0 == content.first && ($0 == 0x60 || $0 == 0x7E) }
      let isFence = marks.count >= 3
      if let open = fence {
        for byte in span.lower..<span.upper { kept[byte] = false }
        if isFence, marks.first == open.first, marks.count >= open.count { fence = nil }
      } else if isFence {
        fence = Array(marks)
        for byte in span.lower..<span.upper { kept[byte] = false }
      }
    }
    var index = template.body.scan.bodyStart
    while index < file.bytes.count {
      guard kept[index], file.bytes[index] == 0x60 else {
        index += 1
        continue
      }
      let run = file.bytes[index...].prefix { $0 == 0x60 }.count
      var end = index + run
      while end < file.bytes.count {
        let length = file.bytes[end...].prefix { $0 == 0x60 }.count
        if length == run { break }
        end += max(1, length)
      }
      // A run of backticks that is never closed is text.
      let upper = end < file.bytes.count ? end + run : index + run
      for byte in index..<upper { kept[byte] = false }
      index = upper
    }
  }

  /// Hides what stands between two marks, on one line but for comments.
  private static func hide(
    from open: String, to close: String, in text: [UInt8], after start: Int, _ kept: inout [Bool]
  ) {
    let (open, close) = (Array(open.utf8), Array(close.utf8))
    var index = start
    while index < text.count {
      guard kept[index], text[index...].starts(with: open) else {
        index += 1
        continue
      }
      var end = index + open.count
      while end < text.count, !text[end...].starts(with: close), open.count == 4 || text[end] != 0x0A { end += 1 }
      if end < text.count, text[end...].starts(with: close) {
        for byte in index..<min(text.count, end + close.count) { kept[byte] = false }
        index = end + close.count
      } else {
        index += 1
      }
    }
  }

  /// Cuts at blank lines, headings and the ends of sentences.
  private mutating func split(_ file: SourceFile, _ range: Range<Int>, isKept: (Int) -> Bool) {
    var sentence: [Scalar] = []
    func isBlank(_ scalar: Unicode.Scalar) -> Bool {
      scalar == " " || scalar == "\n" || scalar == "\t" || scalar == "\r"
    }
    var offset = range.lowerBound
    var isLineStart = true
    let text = file.text(SourceSpan(lower: range.lowerBound, upper: range.upperBound))
    for scalar in text.unicodeScalars {
      let width = UTF8.width(scalar)
      // What is hidden separates words.
      let shown: Unicode.Scalar = isKept(offset) ? scalar : " "
      if scalar == "\n", isLineStart || sentence.first(where: { !isBlank($0.scalar) })?.scalar == "#" { cut(&sentence) }
      let endsBefore = isBlank(shown) && [".", "!", "?", "。"].contains(sentence.last?.scalar ?? " ")
      if endsBefore || sentence.last?.scalar == "。" { cut(&sentence) }
      var entry = Scalar(scalar: shown, offset: offset, end: offset + width)
      entry.isListMark = isLineStart && ("0"..."9").contains(scalar)
      sentence.append(entry)
      isLineStart = scalar == "\n" || (isLineStart && isBlank(scalar))
      offset += width
    }
    cut(&sentence)
  }

  private mutating func cut(_ sentence: inout [Scalar]) {
    if sentence.contains(where: { $0.scalar != " " && $0.scalar != "\n" }) { sentences.append(sentence) }
    sentence = []
  }

  /// A number that begins a line counts a list only where a full stop or a bracket follows it.
  private func markLists(_ sentence: inout [Scalar]) {
    for index in sentence.indices where sentence[index].isListMark {
      var end = index
      while end < sentence.count, ("0"..."9").contains(sentence[end].scalar) { end += 1 }
      let next = end < sentence.count ? sentence[end].scalar : " "
      let after = end + 1 < sentence.count ? sentence[end + 1].scalar : " "
      sentence[index].isListMark = (next == "." || next == ")") && (after == " " || after == "\n")
    }
  }
}
