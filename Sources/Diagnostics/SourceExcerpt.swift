/// The source line of a span and the line of carets under it, both made safe for a terminal.
///
/// Tabs become spaces up to the next multiple of four, wide characters count two cells, combining marks none; control
/// and direction characters are shown, not sent. A long line is cut to a window around the caret.
struct SourceExcerpt {
  /// The source line and the caret line.
  let lines: [String]

  private static let tabStop = 4
  private static let widest = 120
  private static let context = 40

  /// Makes the excerpt for the first line of a span.
  init(file: SourceFile, span: SourceSpan) {
    let line = file.span(ofLine: file.position(ofByte: span.lower).line)
    let lower = min(max(span.lower, line.lower), line.upper)
    let upper = max(min(span.upper, line.upper), lower)
    // Only a window of the line is decoded: a line may be megabytes long.
    let window = SourceExcerpt.window(line: line, lower: lower, file: file)
    var cells = Cells()
    if window.lower > line.lower { cells.append("…", width: 1) }
    cells.append(file.text(SourceSpan(lower: window.lower, upper: lower)))
    let start = cells.width
    let marked = min(upper, window.upper)
    cells.append(file.text(SourceSpan(lower: lower, upper: marked)))
    let end = cells.width
    cells.append(file.text(SourceSpan(lower: marked, upper: max(marked, window.upper))))
    if window.upper < line.upper { cells.append("…", width: 1) }
    let caret = String(repeating: " ", count: start) + "^" + String(repeating: "~", count: max(end - start - 1, 0))
    lines = [cells.text, caret]
  }

  private static func window(line: SourceSpan, lower: Int, file: SourceFile) -> SourceSpan {
    guard line.count > widest else { return line }
    var from = max(line.lower, lower - context)
    var to = min(line.upper, from + widest)
    // Never cut inside a scalar.
    while from > line.lower, file.bytes[from] & 0xC0 == 0x80 { from -= 1 }
    while to < line.upper, file.bytes[to] & 0xC0 == 0x80 { to += 1 }
    return SourceSpan(lower: from, upper: to)
  }

  /// Text laid out in terminal cells.
  private struct Cells {
    var text = ""
    var width = 0

    mutating func append(_ piece: String, width: Int) {
      text += piece
      self.width += width
    }

    mutating func append(_ source: String) {
      for scalar in source.unicodeScalars {
        if scalar == "\t" {
          let spaces = SourceExcerpt.tabStop - width % SourceExcerpt.tabStop
          append(String(repeating: " ", count: spaces), width: spaces)
        } else if scalar.value < 0x20 {
          append(Unicode.Scalar(0x2400 + scalar.value).map(String.init) ?? "\u{FFFD}", width: 1)
        } else if TerminalWidth.isUnsafe(scalar) {
          append("\u{FFFD}", width: 1)
        } else {
          text.unicodeScalars.append(scalar)
          width += TerminalWidth.cells(scalar)
        }
      }
    }
  }
}
