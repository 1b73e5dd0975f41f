/// A formula that an author wrote between dollars.
struct AuthorFormula {
  /// The TeX text; quote marks that begin its lines are blanks in it.
  var tex: String
  /// Whether it stands between two dollars on either side.
  var isDisplay: Bool
  /// The anchor of a displayed one, from `{#id}` behind it.
  var id: String?
  /// Where the TeX text begins: an offset of the text, then of the file.
  var start: Int
}

/// Tells formulas from dollars.
///
/// The rule is Pandoc's: an opening dollar is followed by something that is no blank; a closing one follows something
/// that is no blank, and no digit follows it; a dollar between the two is written `\$`. So "costs $5 and $6" stays text,
/// and `\$` is a dollar in any case. Neither a blank line nor a backtick nor a directive stands in a formula, nor, in
/// `$…$`, a line that would begin a block.
struct FormulaScan {
  /// The most bytes of `$…$` and of `$$…$$`.
  static let (longestInline, longestDisplay) = (2_000, 10_000)

  private let bytes: [UInt8]
  /// The next place of each kind, found once and kept until the scan has passed it.
  private var nextDollar = -1
  private var nextDisplayClosing = -1
  private var nextBarrier = -1

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// The formula whose first dollar stands at an offset.
  mutating func formula(at index: Int) -> (formula: AuthorFormula, end: Int)? {
    guard index + 2 < bytes.count else { return nil }
    return bytes[index + 1] == 0x24 ? displayed(index) : inline(index)
  }

  private mutating func inline(_ index: Int) -> (formula: AuthorFormula, end: Int)? {
    guard !Self.isBlank(bytes[index + 1]), bytes[index + 1] != 0x60 else { return nil }
    let start = index + 1
    if nextDollar < start { nextDollar = dollar(from: start) }
    if nextBarrier < start { nextBarrier = barrier(from: start) }
    let end = nextDollar
    guard end < bytes.count, !Self.isBlank(bytes[end - 1]),
      !(end + 1 < bytes.count && (0x30...0x39).contains(bytes[end + 1])), end <= nextBarrier,
      end - start <= Self.longestInline, isParagraph(start..<end)
    else {
      return nil
    }
    return (AuthorFormula(tex: tex(start..<end), isDisplay: false, start: start), end + 1)
  }

  private mutating func displayed(_ index: Int) -> (formula: AuthorFormula, end: Int)? {
    let start = index + 2
    if nextDisplayClosing < start { nextDisplayClosing = displayClosing(from: start) }
    if nextBarrier < start { nextBarrier = barrier(from: start) }
    let end = nextDisplayClosing
    guard end < bytes.count, end <= nextBarrier, end - start <= Self.longestDisplay,
      bytes[start..<end].contains(where: { !Self.isBlank($0) })
    else { return nil }
    var formula = AuthorFormula(tex: tex(start..<end), isDisplay: true, start: start)
    guard let (id, after) = anchor(end + 2) else { return (formula, end + 2) }
    formula.id = id
    return (formula, after)
  }

  /// `{#id}` at an offset, blanks before it.
  private func anchor(_ offset: Int) -> (id: String, end: Int)? {
    let rest = bytes[offset...].drop { $0 == 0x20 }
    guard rest.starts(with: [0x7B, 0x23]) else { return nil }
    let name = rest.dropFirst(2).prefix { $0 != 0x7D && !Self.isBlank($0) }
    guard name.endIndex < bytes.count, bytes[name.endIndex] == 0x7D, name.count <= 120 else { return nil }
    return (String(decoding: name, as: UTF8.self), name.endIndex + 1)
  }

  // MARK: - Ends

  private func dollar(from start: Int) -> Int {
    var index = start
    while index < bytes.count, bytes[index] != 0x24 { index += bytes[index] == 0x5C ? 2 : 1 }
    return min(index, bytes.count)
  }

  private func displayClosing(from start: Int) -> Int {
    var index = start
    while index + 1 < bytes.count {
      if bytes[index] == 0x5C {
        index += 2
      } else if bytes[index] == 0x24, bytes[index + 1] == 0x24 {
        return index
      } else {
        index += 1
      }
    }
    return bytes.count
  }

  /// Where no formula reaches beyond: a blank line, a backtick, a placeholder.
  private func barrier(from start: Int) -> Int {
    var index = start
    while index < bytes.count {
      switch bytes[index] {
      case 0x60: return index
      case 0xEE where bytes[index...].starts(with: [0xEE, 0x80, 0x80]): return index
      case 0x0A where isBlankLine(index + 1): return index
      default: index += 1
      }
    }
    return bytes.count
  }

  private func isBlankLine(_ start: Int) -> Bool {
    let rest = bytes[start...].drop { $0 == 0x20 || $0 == 0x09 || $0 == 0x3E }
    return rest.isEmpty || rest.first == 0x0A || rest.first == 0x0D
  }

  /// Whether no line of a range but its first begins as a block would.
  private func isParagraph(_ range: Range<Int>) -> Bool {
    var rest = bytes[range]
    while let end = rest.firstIndex(of: 0x0A) {
      rest = rest[(end + 1)...].drop { $0 == 0x20 || $0 == 0x09 }
      guard let first = rest.first else { return true }
      if [0x23, 0x3E, 0x7C, 0x7E].contains(first) { return false }
      let second = rest.dropFirst().first ?? 0x0A
      if [0x2D, 0x2A, 0x2B].contains(first), Self.isBlank(second) { return false }
      let digits = rest.prefix { (0x30...0x39).contains($0) }
      let mark = rest[digits.endIndex...].prefix(2)
      if !digits.isEmpty, mark.count == 2, [0x2E, 0x29].contains(mark.first), mark.last == 0x20 { return false }
    }
    return true
  }

  /// The TeX text of a range, byte for byte as long as the range.
  private func tex(_ range: Range<Int>) -> String {
    var text = Array(bytes[range])
    var index = 0
    while let end = text[index...].firstIndex(of: 0x0A) {
      index = end + 1
      var mark = index
      while mark < text.count, [0x20, 0x09, 0x3E].contains(text[mark]) {
        // `> ` begins a line of a quote; `>` alone may be a sign.
        if text[mark] == 0x3E, mark + 1 < text.count, text[mark + 1] == 0x20 { text[mark] = 0x20 }
        mark += 1
      }
    }
    return String(decoding: text, as: UTF8.self)
  }

  private static func isBlank(_ byte: UInt8) -> Bool { [0x20, 0x09, 0x0A, 0x0D].contains(byte) }
}
