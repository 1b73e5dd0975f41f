/// What a line begins with before its text: indentation, quote marks, the mark of a list.
struct BlockPrefix {
  /// Bytes of the prefix.
  var length = 0
  /// What a further line of the same block begins with.
  var continued = ""
  /// What an empty line inside the same quotes begins with.
  var quote = ""
  /// Whether there is no list mark in it.
  var isPlain = true
  /// Whether the line is of a kind that a paragraph can follow.
  var takesParagraphs = true

  init(_ line: ArraySlice<UInt8>) {
    var index = line.startIndex
    reading: while index < line.endIndex {
      switch line[index] {
      case 0x20, 0x09:
        continued += " "
        index += 1
      case 0x3E:
        continued += ">"
        quote = continued
        index += 1
      case let mark where [0x2A, 0x2B, 0x2D].contains(mark) && index + 1 < line.endIndex && line[index + 1] == 0x20:
        continued += " "
        isPlain = false
        index += 1
      case 0x30...0x39:
        let digits = line[index...].prefix { (0x30...0x39).contains($0) }.count
        let mark = index + digits
        guard digits < 10, mark + 1 < line.endIndex, [0x2E, 0x29].contains(line[mark]), line[mark + 1] == 0x20 else {
          break reading
        }
        continued += String(repeating: " ", count: digits + 1)
        isPlain = false
        index = mark + 1
      case 0x7C:
        takesParagraphs = false
        break reading
      case 0x23:
        takesParagraphs = false
        break reading
      default: break reading
      }
    }
    length = index - line.startIndex
  }
}
