/// A half-open range of byte offsets in a source text.
public struct SourceSpan: Sendable, Hashable {
  /// Offset of the first byte.
  public var lower: Int
  /// Offset after the last byte.
  public var upper: Int

  /// Makes a span; an `upper` below `lower` becomes an empty span at `lower`.
  public init(lower: Int, upper: Int) {
    self.lower = lower
    self.upper = Swift.max(lower, upper)
  }

  /// Number of bytes.
  public var count: Int { upper - lower }
}

/// A place in a source text as people count it.
public struct SourcePosition: Sendable, Hashable, Comparable, CustomStringConvertible {
  /// 1-based line.
  public var line: Int
  /// 1-based column, counted in Unicode scalars.
  public var column: Int

  /// Makes a position from a 1-based line and column.
  public init(line: Int, column: Int) {
    self.line = line
    self.column = column
  }

  /// `line:column`.
  public var description: String { "\(line):\(column)" }

  /// Orders by line, then column.
  public static func < (left: SourcePosition, right: SourcePosition) -> Bool {
    (left.line, left.column) < (right.line, right.column)
  }
}

/// A part of a text that was put together, and where it was written.
public struct SourcePiece: Sendable {
  /// Offset of its first byte in the text that was put together.
  public var start: Int
  /// Where it was written.
  public var file: SourceFile
  /// What it was written as: as long as the part, or what the part stands for.
  public var span: SourceSpan
  /// Whether the part is that text byte for byte.
  public var isVerbatim: Bool
  /// The line of the outermost file where its text came in from another one; nil where it was written there.
  public var line: Int?

  public init(start: Int, file: SourceFile, span: SourceSpan, isVerbatim: Bool, line: Int?) {
    (self.start, self.file, self.span, self.isVerbatim, self.line) = (start, file, span, isVerbatim, line)
  }

  /// Where bytes of the text that was put together were written; never beyond the piece.
  func place(of span: SourceSpan) -> SourceSpan {
    guard isVerbatim else { return self.span }
    let lower = min(self.span.lower + max(0, span.lower - start), self.span.upper)
    return SourceSpan(lower: lower, upper: min(lower + span.count, max(lower, self.span.upper)))
  }
}

/// The bytes of one source text together with its line table.
///
/// A line ends at LF, CR LF or a lone CR, as in CommonMark. A byte order mark at the start belongs to no column.
public final class SourceFile: Sendable {
  /// The path as it is shown to the author.
  public let path: String
  /// The bytes as they were read, byte order mark included.
  public let bytes: [UInt8]
  /// Where the parts of a text that was put together come from, in the order of the text; empty for a file.
  private let pieces: [SourcePiece]
  /// Offset of the first byte of each line.
  private let lineStarts: [Int]
  /// How many scalars begin before each `markStep`th byte, so that a column costs the same wherever it is.
  private let scalarMarks: [Int]
  private static let markStep = 512

  /// Keeps the bytes and finds the lines.
  ///
  /// - Complexity: O(bytes).
  ///
  /// - Parameter pieces: for a text that was put together, where its parts come from, in the order of the text.
  public init(path: String, bytes: [UInt8], pieces: [SourcePiece] = []) {
    self.path = path
    self.bytes = bytes
    self.pieces = pieces
    self.lineStarts = SourceFile.findLines(bytes)
    self.scalarMarks = SourceFile.countScalars(bytes)
  }

  /// Makes a source from text held in memory.
  public convenience init(path: String, text: String) {
    self.init(path: path, bytes: Array(text.utf8))
  }

  /// Where a part of a text that was put together was written; nil in a file, which is written as it is.
  public func origin(of span: SourceSpan) -> (file: SourceFile, span: SourceSpan)? {
    piece(at: span.lower).map { ($0.file, $0.place(of: span)) }
  }

  /// The 1-based line of a byte, in a text that was put together that of the outermost file.
  public func line(ofByte offset: Int) -> Int {
    guard let piece = piece(at: offset) else { return position(ofByte: offset).line }
    return piece.line
      ?? piece.file.position(ofByte: piece.place(of: SourceSpan(lower: offset, upper: offset)).lower).line
  }

  private func piece(at offset: Int) -> SourcePiece? {
    guard !pieces.isEmpty else { return nil }
    var low = 0
    var high = pieces.count
    while high - low > 1 {
      let middle = (low + high) / 2
      if pieces[middle].start <= offset { low = middle } else { high = middle }
    }
    return pieces[low]
  }

  /// Whether the bytes start with the UTF-8 byte order mark.
  public var hasByteOrderMark: Bool { bytes.starts(with: SourceFile.byteOrderMark) }

  /// Number of lines; an empty text has one.
  public var lineCount: Int { lineStarts.count }

  /// The line and column of a byte offset; offsets beyond the ends are clamped.
  ///
  /// - Complexity: O(log lines).
  public func position(ofByte offset: Int) -> SourcePosition {
    let offset = Swift.min(Swift.max(offset, 0), bytes.count)
    let index = lineIndex(ofByte: offset)
    let start = lineStarts[index]
    var column = 1
    if start < offset {
      column += scalars(before: offset) - scalars(before: start)
      // An offset inside a multi-byte scalar belongs to that scalar, not to the next one.
      if offset < bytes.count, bytes[offset] & 0xC0 == 0x80, column > 1 { column -= 1 }
    }
    return SourcePosition(line: index + 1, column: column)
  }

  /// The byte range of a 1-based line without its line ending; empty for a line that does not exist.
  public func span(ofLine line: Int) -> SourceSpan {
    guard line >= 1, line <= lineStarts.count else { return SourceSpan(lower: bytes.count, upper: bytes.count) }
    let lower = lineStarts[line - 1]
    var upper = line < lineStarts.count ? lineStarts[line] : bytes.count
    if upper > lower, bytes[upper - 1] == 0x0A { upper -= 1 }
    if upper > lower, bytes[upper - 1] == 0x0D { upper -= 1 }
    return SourceSpan(lower: lower, upper: upper)
  }

  /// The text of a 1-based line without its line ending; invalid UTF-8 shows as U+FFFD.
  public func lineText(_ line: Int) -> String { text(span(ofLine: line)) }

  /// The text of a span, clamped to the file; invalid UTF-8 shows as U+FFFD.
  public func text(_ span: SourceSpan) -> String {
    let lower = Swift.min(Swift.max(span.lower, 0), bytes.count)
    let upper = Swift.min(Swift.max(span.upper, lower), bytes.count)
    return String(decoding: bytes[lower..<upper], as: UTF8.self)
  }

  /// The byte offset of a 1-based line and column (columns count Unicode scalars), clamped to the line's end.
  public func offset(of position: SourcePosition) -> Int {
    let span = span(ofLine: position.line)
    var column = 0
    for offset in span.lower..<span.upper where bytes[offset] & 0xC0 != 0x80 {
      column += 1
      if column == position.column { return offset }
    }
    return span.upper
  }

  private func scalars(before offset: Int) -> Int {
    let mark = offset / SourceFile.markStep
    return scalarMarks[mark] + SourceFile.scalars(in: bytes[mark * SourceFile.markStep..<offset])
  }

  private func lineIndex(ofByte offset: Int) -> Int {
    var low = 0
    var high = lineStarts.count
    while high - low > 1 {
      let middle = (low + high) / 2
      if lineStarts[middle] <= offset { low = middle } else { high = middle }
    }
    return low
  }

  private static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]

  private static func countScalars(_ bytes: [UInt8]) -> [Int] {
    var marks = [0]
    for start in stride(from: 0, through: bytes.count - markStep, by: markStep) {
      marks.append(marks[marks.count - 1] + scalars(in: bytes[start..<start + markStep]))
    }
    return marks
  }

  /// How many scalars begin in some bytes: all of these but continuations.
  private static func scalars(in bytes: ArraySlice<UInt8>) -> Int {
    bytes.reduce(0) { $1 & 0xC0 != 0x80 ? $0 + 1 : $0 }
  }

  private static func findLines(_ bytes: [UInt8]) -> [Int] {
    var starts = [bytes.starts(with: byteOrderMark) ? 3 : 0]
    for (index, byte) in bytes.enumerated() {
      if byte == 0x0A {
        starts.append(index + 1)
      } else if byte == 0x0D, index + 1 == bytes.count || bytes[index + 1] != 0x0A {
        starts.append(index + 1)
      }
    }
    return starts
  }
}
