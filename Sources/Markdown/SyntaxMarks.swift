import Diagnostics
import Directives

/// Something an author wrote that CommonMark would take apart, and that is taken out of the text before it.
struct SyntaxMark {
  enum Kind {
    /// `[^id]`.
    case footnote(id: String)
    /// `$…$` or `$$…$$`.
    case formula(AuthorFormula)
    /// `[@key, p. 3; @other]`, or `@key` in a sentence.
    case citation(CitationMark)
    /// One `~~`, and whether it may begin or end what is struck out: no blank stands on the inner side.
    case strike(opens: Bool, closes: Bool)
  }

  var kind: Kind
  /// Where it stands in the file.
  var span: SourceSpan
  /// The text as it was written, put back where nothing of the kind is looked for.
  var source: String

  /// The id of a footnote.
  var footnoteID: String? {
    if case .footnote(let id) = kind { id } else { nil }
  }
}

/// Takes every footnote mark, formula, citation and `~~` out of the text of a scan.
///
/// To CommonMark `[^1]: one` is a link definition that vanishes, `$a_1 * b_2 *c$` is emphasis and `\\` one backslash.
/// Code and comments are passed over.
struct SyntaxMarks {
  /// The marks by placeholder index.
  private(set) var marks: [SyntaxMark] = []
  /// Where formulas stand in the way of other tools, whose backslashes CommonMark eats.
  private(set) var escapedFormulas: [EscapedFormula] = []
  /// The text with placeholders.
  private(set) var text = ""
  /// By how much the file's line numbers run ahead of the text's behind a line of the text, in ascending order.
  private var shifts: [(line: Int, by: Int)] = []

  /// Replaces the marks in the text of a scan.
  ///
  /// - Parameters:
  ///   - isInline: whether the text is one that no block can stand in, such as a caption.
  ///   - citesKey: whether a key may be that of a work: `@key` without brackets may be anything.
  init(_ scan: ScanResult, isInline: Bool, citesKey: (String) -> Bool) {
    let bytes = Array(scan.text.utf8)
    guard bytes.contains(where: { [0x24, 0x40, 0x5B, 0x5C, 0x7E].contains($0) }) else {
      text = scan.text
      return
    }
    let code = CodeRegions(bytes).ranges
    var nextCode = 0
    var formulas = FormulaScan(bytes)
    var out = Output(capacity: bytes.count)
    var places = ScanOffsets(scan)
    var backslashes = 0
    var passed = 0
    var lineStart = 0
    var index = 0
    while index < bytes.count {
      while nextCode < code.count, code[nextCode].lowerBound < index { nextCode += 1 }
      if nextCode < code.count, code[nextCode].lowerBound == index {
        let region = bytes[code[nextCode]]
        out.copy(region)
        if let end = region.lastIndex(of: 0x0A) { lineStart = end + 1 }
        index = region.endIndex
        backslashes = 0
        continue
      }
      let byte = bytes[index]
      let isEscaped = backslashes % 2 == 1
      if !isEscaped, let found = Self.mark(bytes, index, &formulas, citesKey) {
        let lower = places.fileOffset(ofText: index)
        var kind = found.kind
        if case .formula(var formula) = kind {
          formula.start += lower - index
          kind = .formula(formula)
        }
        let source = String(decoding: bytes[index..<found.end], as: UTF8.self)
        let placeholder = TextPieces.syntax(marks.count)
        let span = SourceSpan(lower: lower, upper: lower + found.end - index)
        marks.append(SyntaxMark(kind: kind, span: span, source: source))
        if case .formula(let formula) = kind, formula.isDisplay, !isInline {
          out.paragraph(placeholder, source, line: bytes[lineStart..<index], in: bytes, end: found.end)
        } else {
          out.inline(placeholder, source)
        }
        if let end = bytes[index..<found.end].lastIndex(of: 0x0A) { lineStart = end + 1 }
        index = found.end
        backslashes = 0
        continue
      }
      if byte == 0x5C, !isEscaped, index >= passed, let found = EscapedFormula(bytes, index) {
        escapedFormulas.append(found.moved(to: places.fileOffset(ofText: index)))
        passed = found.span.upper
      }
      backslashes = byte == 0x5C ? backslashes + 1 : 0
      out.copy(bytes[index...index])
      index += 1
      if byte == 0x0A { lineStart = index }
    }
    text = String(decoding: out.bytes, as: UTF8.self)
    shifts = out.shifts
  }

  /// How many lines a line of the text stands further down in the scanned text.
  func shift(ofLine line: Int) -> Int {
    var (low, high) = (0, shifts.count)
    while low < high {
      let middle = (low + high) / 2
      if shifts[middle].line < line { low = middle + 1 } else { high = middle }
    }
    return low == 0 ? 0 : shifts[low - 1].by
  }

  private static func mark(
    _ bytes: [UInt8], _ index: Int, _ formulas: inout FormulaScan, _ citesKey: (String) -> Bool
  ) -> (kind: SyntaxMark.Kind, end: Int)? {
    switch bytes[index] {
    case 0x5B:
      if let (id, end) = footnote(bytes, index) { return (.footnote(id: id), end) }
      return CitationScan.bracketed(bytes, index).map { (.citation($0.mark), $0.end) }
    case 0x40: return CitationScan.bare(bytes, index, citesKey).map { (.citation($0.mark), $0.end) }
    case 0x24: return formulas.formula(at: index).map { (.formula($0.formula), $0.end) }
    case 0x7E: return strike(bytes, index)
    default: return nil
    }
  }

  /// Exactly two tildes.
  private static func strike(_ bytes: [UInt8], _ index: Int) -> (kind: SyntaxMark.Kind, end: Int)? {
    guard bytes[index...].prefix(while: { $0 == 0x7E }).count == 2, index == 0 || bytes[index - 1] != 0x7E else {
      return nil
    }
    func isText(_ place: Int) -> Bool {
      bytes.indices.contains(place) && ![0x20, 0x09, 0x0A, 0x0D].contains(bytes[place])
    }
    return (.strike(opens: isText(index + 2), closes: isText(index - 1)), index + 2)
  }

  /// A footnote mark: an id is letters, digits, `-`, `_` and non-ASCII characters.
  private static func footnote(_ bytes: [UInt8], _ index: Int) -> (id: String, end: Int)? {
    guard index + 3 < bytes.count, bytes[index + 1] == 0x5E else { return nil }
    var cursor = index + 2
    while cursor < bytes.count, cursor - index < 64 {
      switch bytes[cursor] {
      case 0x5D:
        guard cursor > index + 2 else { return nil }
        return (String(decoding: bytes[(index + 2)..<cursor], as: UTF8.self), cursor + 1)
      case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x5F: cursor += 1
      // U+E000 and U+E001 begin with 0xEE: a directive cannot be part of an id.
      case 0xC2...0xED, 0xEF...0xF4, 0x80...0xBF: cursor += 1
      default: return nil
      }
    }
    return nil
  }
}

extension SyntaxMarks {
  /// The text as it is made, with its lines counted.
  private struct Output {
    private(set) var bytes: [UInt8] = []
    private(set) var shifts: [(line: Int, by: Int)] = []
    private var line = 1
    /// Lines of the source that the text has not, less lines of the text that the source has not.
    private var ahead = 0

    init(capacity: Int) { bytes.reserveCapacity(capacity) }

    mutating func copy(_ part: ArraySlice<UInt8>) {
      bytes += part
      for byte in part where byte == 0x0A { line += 1 }
    }

    /// Writes a placeholder in the place of what it stands for.
    mutating func inline(_ placeholder: String, _ source: String) {
      bytes += placeholder.utf8
      let ends = source.utf8.count { $0 == 0x0A }
      guard ends > 0 else { return }
      ahead += ends
      shifts.append((line, ahead))
    }

    /// Writes a placeholder as a paragraph of its own, inside the quotes and lists that its line stands in.
    mutating func paragraph(
      _ placeholder: String, _ source: String, line: ArraySlice<UInt8>, in text: [UInt8], end: Int
    ) {
      let prefix = BlockPrefix(line)
      // In a table or a heading no paragraph can begin; what cannot stand there is said where it is met.
      guard prefix.takesParagraphs else { return inline(placeholder, source) }
      if prefix.length < line.count {
        breakLine(prefix.quote)
        breakLine(prefix.continued)
      } else if prefix.isPlain, !Self.isBlank(Self.lastLine(of: text[..<max(0, line.startIndex - 1)])) {
        // The line before belongs to a paragraph, which has to end there.
        bytes.removeLast(prefix.length)
        bytes += prefix.quote.utf8
        breakLine(prefix.continued)
      }
      inline(placeholder, source)
      let rest = text[end...].drop { $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }
      if let next = rest.first, next != 0x0A {
        breakLine(prefix.quote)
        breakLine(prefix.continued)
      } else if let next = rest.dropFirst().first(where: { ![0x20, 0x09, 0x0D, 0x3E].contains($0) }), next != 0x0A {
        breakLine(prefix.quote)
      }
    }

    private static func lastLine(of text: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
      text[(text.lastIndex(of: 0x0A).map { $0 + 1 } ?? text.startIndex)...]
    }

    private static func isBlank(_ line: ArraySlice<UInt8>) -> Bool {
      line.allSatisfy { [0x20, 0x09, 0x0D, 0x3E].contains($0) }
    }

    private mutating func breakLine(_ prefix: String) {
      bytes += ("\n" + prefix).utf8
      line += 1
      ahead -= 1
      shifts.append((line - 1, ahead))
    }
  }
}

/// Turns ascending offsets of a scanned text into offsets of its file.
struct ScanOffsets {
  private let scan: ScanResult
  private var mark = 0
  /// File offset minus text offset behind the marks passed so far.
  private var shift: Int

  init(_ scan: ScanResult) {
    self.scan = scan
    shift = scan.bodyStart
  }

  /// The file offset of a text offset that lies in no placeholder; offsets must ascend from call to call.
  mutating func fileOffset(ofText offset: Int) -> Int {
    while mark < scan.marks.count, scan.marks[mark].span.lower < offset + shift {
      shift += scan.marks[mark].span.count - Placeholder.text(mark).utf8.count
      mark += 1
    }
    return offset + shift
  }
}
