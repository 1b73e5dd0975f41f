import Diagnostics

/// `\(…\)` or `\[…\]`, which other tools read as a formula: CommonMark takes the backslashes away, and a parenthesis or
/// a bracket is left.
struct EscapedFormula {
  /// The whole of it, in the text and then in the file.
  private(set) var span: SourceSpan
  /// Whether it stands in brackets, as a displayed one does.
  let isDisplay: Bool

  /// The most bytes that are looked through for its end.
  private static let longest = 2_000

  /// The formula that a backslash begins; nil where none does.
  ///
  /// Parentheses need no backslash in Markdown, so that a pair of them with one is a formula. A bracket does where it
  /// would begin a link or a citation: a formula there holds TeX, or stands alone on its lines.
  init?(_ bytes: [UInt8], _ index: Int) {
    guard index + 1 < bytes.count, bytes[index + 1] == 0x28 || bytes[index + 1] == 0x5B else { return nil }
    isDisplay = bytes[index + 1] == 0x5B
    guard let end = Self.end(bytes, from: index + 2, closing: isDisplay ? 0x5D : 0x29) else { return nil }
    let inner = bytes[(index + 2)..<(end - 2)]
    guard inner.contains(where: { ![0x20, 0x09, 0x0A, 0x0D].contains($0) }) else { return nil }
    guard !isDisplay || Self.looksLikeTeX(inner) || Self.standsAlone(bytes, index..<end) else { return nil }
    span = SourceSpan(lower: index, upper: end)
  }

  /// The same at another place.
  func moved(to lower: Int) -> EscapedFormula {
    var moved = self
    moved.span = SourceSpan(lower: lower, upper: lower + span.count)
    return moved
  }

  /// Behind the closing mark; nil where the paragraph ends before it, or code or a directive comes between.
  private static func end(_ bytes: [UInt8], from start: Int, closing: UInt8) -> Int? {
    var index = start
    while index + 1 < bytes.count, index - start < longest {
      switch bytes[index] {
      case 0x5C where bytes[index + 1] == closing: return index + 2
      case 0x5C: index += 2
      case 0x60, 0xEE: return nil
      case 0x0A:
        let next = bytes[(index + 1)...].drop { [0x20, 0x09, 0x0D, 0x3E].contains($0) }
        if next.first.map({ $0 == 0x0A }) ?? true { return nil }
        index += 1
      default: index += 1
      }
    }
    return nil
  }

  /// Whether a text holds a command or an exponent.
  private static func looksLikeTeX(_ text: ArraySlice<UInt8>) -> Bool {
    text.indices.contains { place in
      text[place] == 0x5E
        || text[place] == 0x5C && place + 1 < text.endIndex && (0x61...0x7A).contains(text[place + 1] | 0x20)
    }
  }

  /// Whether nothing but quote marks and blanks stands on its lines beside it.
  private static func standsAlone(_ bytes: [UInt8], _ range: Range<Int>) -> Bool {
    let before = bytes[..<range.lowerBound].reversed().prefix { $0 != 0x0A }
    let after = bytes[range.upperBound...].prefix { $0 != 0x0A }
    return before.allSatisfy { [0x20, 0x09, 0x3E].contains($0) }
      && after.allSatisfy { [0x20, 0x09, 0x0D].contains($0) }
  }
}

extension MarkdownPass {
  /// Says of formulas in the way of other tools how this one takes them.
  func reportEscapedFormulas() {
    for formula in syntax.escapedFormulas.prefix(20) {
      let (opening, closing, own) =
        formula.isDisplay ? ("\\[", "\\]", "$$…$$") : ("\\(", "\\)", "$…$")
      report(
        .error, at: formula.span, "'\(opening)…\(closing)' is no formula here: Markdown takes the backslashes away",
        hints: [
          "write \(own)", "for \(formula.isDisplay ? "brackets" : "parentheses") in the text leave the backslashes out",
        ])
    }
  }
}
