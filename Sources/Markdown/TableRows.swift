/// A table written with pipes, still as text.
struct TableRows {
  /// How a column is aligned.
  enum Alignment: String {
    case none
    case left
    case center
    case right
  }

  /// The cells of the head.
  var head: [String]
  /// The alignment of the columns, as many as there are cells in the head.
  var alignments: [Alignment]
  /// The cells of the rows, as many in each as there are in the head.
  var rows: [[String]]
  /// 0-based lines of rows with more cells than the head.
  var overlong: [Int] = []
  /// Why it is not printed: every row is filled up to the width of the head, so a few bytes could ask for gigabytes.
  var excess: String?

  /// The most columns and the most cells of a table.
  static let (mostColumns, mostCells) = (500, 100_000)

  /// Reads lines as a table; nil where the first two are not a head and a delimiter row of the same width.
  init?(lines: [String]) {
    guard lines.count >= 2, lines[0].utf8.contains(0x7C), let alignments = TableRows.delimiters(lines[1]) else {
      return nil
    }
    let head = TableRows.cells(lines[0])
    guard head.count == alignments.count else { return nil }
    self.head = head
    self.alignments = alignments
    rows = []
    guard head.count <= Self.mostColumns, head.count * (lines.count - 2) <= Self.mostCells else {
      excess =
        "a table of \(head.count) columns and \(lines.count - 2) rows: at most \(Self.mostColumns) columns and "
        + "\(Self.mostCells) cells are printed"
      return
    }
    for (index, line) in lines.enumerated().dropFirst(2) {
      var cells = TableRows.cells(line)
      if cells.count > head.count { overlong.append(index) }
      while cells.count < head.count { cells.append("") }
      rows.append(Array(cells.prefix(head.count)))
    }
  }

  private static func delimiters(_ line: String) -> [Alignment]? {
    guard line.utf8.contains(0x2D), line.utf8.allSatisfy({ [0x7C, 0x3A, 0x2D, 0x20, 0x09].contains($0) }) else {
      return nil
    }
    var result: [Alignment] = []
    for cell in cells(line) {
      let inner = cell.drop { $0 == ":" }
      let dashes = inner.prefix { $0 == "-" }
      guard !dashes.isEmpty, cell.utf8.count - inner.utf8.count <= 1, inner.utf8.count - dashes.utf8.count <= 1 else {
        return nil
      }
      switch (cell.hasPrefix(":"), cell.hasSuffix(":")) {
      case (true, true): result.append(.center)
      case (true, false): result.append(.left)
      case (false, true): result.append(.right)
      case (false, false): result.append(.none)
      }
    }
    return result
  }

  /// The cells of a row: cut at pipes that are neither escaped nor inside a code span; outer pipes are optional.
  static func cells(_ line: String) -> [String] {
    let bytes = Array(line.utf8)
    var cells: [[UInt8]] = [[]]
    var index = 0
    // Widths of backticks that nothing closes from here on: looked for once, not at each of them.
    var unclosed: Set<Int> = []
    while index < bytes.count {
      if bytes[index] == 0x5C, index + 1 < bytes.count {
        if bytes[index + 1] != 0x7C { cells[cells.count - 1].append(0x5C) }
        cells[cells.count - 1].append(bytes[index + 1])
        index += 2
      } else if bytes[index] == 0x60, let end = codeSpan(bytes, index, &unclosed) {
        cells[cells.count - 1] += bytes[index..<end]
        index = end
      } else if bytes[index] == 0x7C {
        cells.append([])
        index += 1
      } else {
        cells[cells.count - 1].append(bytes[index])
        index += 1
      }
    }
    var texts = cells.map { trimmed(String(decoding: $0, as: UTF8.self)) }
    if texts.count > 1, texts.first == "" { texts.removeFirst() }
    if texts.count > 1, texts.last == "" { texts.removeLast() }
    return texts
  }

  /// The offset after the code span that starts at a backtick; nil where it does not close on the line.
  private static func codeSpan(_ bytes: [UInt8], _ start: Int, _ unclosed: inout Set<Int>) -> Int? {
    let width = bytes[start...].prefix { $0 == 0x60 }.count
    if unclosed.contains(width) { return nil }
    var index = start + width
    while index < bytes.count {
      guard bytes[index] == 0x60 else {
        index += 1
        continue
      }
      let run = bytes[index...].prefix { $0 == 0x60 }.count
      index += run
      if run == width { return index }
    }
    unclosed.insert(width)
    return nil
  }

  private static func trimmed(_ text: String) -> String {
    var scalars = Substring(text).unicodeScalars
    while let first = scalars.first, first == " " || first == "\t" || first == "\r" { scalars.removeFirst() }
    while let last = scalars.last, last == " " || last == "\t" || last == "\r" { scalars.removeLast() }
    return String(scalars)
  }
}
