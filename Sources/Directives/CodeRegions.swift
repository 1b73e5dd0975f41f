/// Where the code and the comments of a Markdown text stand: what is in them is not looked at by anything of ours.
///
/// Found line by line without CommonMark: fences (also in quotes and lists), spans of backticks, `<!-- … -->`. Code that
/// is code by its indentation alone is not among it.
/// - Complexity: O(bytes) for ordinary text; a paragraph is read once more for each width of backticks that it never
///   closes.
public struct CodeRegions: Sendable {
  /// The regions in ascending order; they do not touch.
  public private(set) var ranges: [Range<Int>] = []
  private let bytes: [UInt8]
  /// Whether it is known that no comment ends from here on.
  private var hasNoMoreComments = false

  /// Looks through a text from an offset on.
  public init(_ bytes: [UInt8], from start: Int = 0) {
    self.bytes = bytes
    var index = start
    while index < bytes.count { index = line(index) }
  }

  /// Whether a line holds nothing but blanks and quote marks.
  static func isBlank(_ bytes: [UInt8], lineAt start: Int) -> Bool {
    for byte in bytes[start...] {
      if byte == 0x0A || byte == 0x0D { return true }
      if byte != 0x20, byte != 0x09, byte != 0x3E { return false }
    }
    return true
  }

  // MARK: - Lines

  /// Reads the line at an offset, or all of the code that begins there; returns where to go on.
  private mutating func line(_ start: Int) -> Int {
    if let fence = fence(start) { return fenced(start, fence) }
    var unclosed: Set<Int> = []
    var index = start
    while index < bytes.count {
      switch bytes[index] {
      case 0x5C: index += 2
      case 0x60: index = span(index, &unclosed)
      case 0x3C where bytes[index...].starts(with: Self.comment): index = commented(index)
      case 0x0A:
        // A paragraph is read as one, so that widths without an end are looked for once.
        if index + 1 >= bytes.count || Self.isBlank(bytes, lineAt: index + 1) || fence(index + 1) != nil {
          return index + 1
        }
        index += 1
      default: index += 1
      }
    }
    return index
  }

  private static let bullets: [UInt8] = [0x2A, 0x2B, 0x2D]
  private static let comment = Array("<!--".utf8)
  private static let commentEnd = Array("-->".utf8)

  private mutating func commented(_ start: Int) -> Int {
    if hasNoMoreComments { return start + 4 }
    var index = start + 2
    while index < bytes.count, !bytes[index...].starts(with: Self.commentEnd) { index += 1 }
    guard index < bytes.count else {
      hasNoMoreComments = true
      return start + 4
    }
    add(start..<index + 3)
    return index + 3
  }

  // MARK: - Spans

  private mutating func span(_ start: Int, _ unclosed: inout Set<Int>) -> Int {
    let width = bytes[start...].prefix { $0 == 0x60 }.count
    var index = start + width
    if unclosed.contains(width) { return index }
    while index < bytes.count {
      if bytes[index] == 0x0A, index + 1 >= bytes.count || Self.isBlank(bytes, lineAt: index + 1) { break }
      guard bytes[index] == 0x60 else {
        index += 1
        continue
      }
      let run = bytes[index...].prefix { $0 == 0x60 }.count
      index += run
      if run == width {
        add(start..<index)
        return index
      }
    }
    unclosed.insert(width)
    return start + width
  }

  // MARK: - Fences

  private struct Fence {
    var mark: UInt8
    var width: Int
    var isQuoted: Bool
  }

  /// The fence that the line at an offset opens.
  private func fence(_ start: Int) -> Fence? {
    var index = start
    var isQuoted = false
    while index < bytes.count {
      switch bytes[index] {
      case 0x20, 0x09: index += 1
      case 0x3E:
        isQuoted = true
        index += 1
      case let mark where Self.bullets.contains(mark) && index + 1 < bytes.count && bytes[index + 1] == 0x20: index += 2
      case 0x30...0x39:
        let digits = bytes[index...].prefix { (0x30...0x39).contains($0) }.count
        let mark = index + digits
        guard digits < 10, mark + 1 < bytes.count, [0x2E, 0x29].contains(bytes[mark]), bytes[mark + 1] == 0x20 else {
          return nil
        }
        index = mark + 2
      case 0x60, 0x7E:
        let width = bytes[index...].prefix { $0 == bytes[index] }.count
        guard width >= 3 else { return nil }
        let info = bytes[(index + width)...].prefix { $0 != 0x0A }
        return bytes[index] == 0x60 && info.contains(0x60)
          ? nil : Fence(mark: bytes[index], width: width, isQuoted: isQuoted)
      default: return nil
      }
    }
    return nil
  }

  private mutating func fenced(_ start: Int, _ fence: Fence) -> Int {
    var index = lineEnd(start)
    while index < bytes.count {
      let content = bytes[index...].drop { $0 == 0x20 || $0 == 0x09 || fence.isQuoted && $0 == 0x3E }
      if fence.isQuoted, !bytes[index..<content.startIndex].contains(0x3E) { break }
      let width = content.prefix { $0 == fence.mark }.count
      let end = lineEnd(index)
      let rest = bytes[(content.startIndex + width)..<max(end, content.startIndex + width)]
      index = end
      if width >= fence.width, rest.allSatisfy({ [0x20, 0x09, 0x0A, 0x0D].contains($0) }) { break }
    }
    add(start..<index)
    return index
  }

  /// The offset after the line end of the line at an offset.
  private func lineEnd(_ start: Int) -> Int {
    bytes[start...].firstIndex(of: 0x0A).map { $0 + 1 } ?? bytes.count
  }

  private mutating func add(_ range: Range<Int>) { ranges.append(range) }
}
