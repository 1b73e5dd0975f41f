import Diagnostics
import Directives

/// One `[^id]` of the text.
struct FootnoteMark {
  var id: String
  /// Where it stands in the file.
  var span: SourceSpan
  var source: String { "[^\(id)]" }
}

/// Takes every `[^id]` out of the text: to CommonMark `[^1]: one` is a link definition that vanishes.
struct FootnoteMarks {
  /// The marks by placeholder index.
  private(set) var marks: [FootnoteMark] = []
  /// The text with placeholders.
  private(set) var text = ""

  /// Replaces the marks in the text of a scan.
  init(_ scan: ScanResult) {
    let bytes = Array(scan.text.utf8)
    var output: [UInt8] = []
    output.reserveCapacity(bytes.count)
    var backslashes = 0
    var index = 0
    var places = ScanOffsets(scan)
    while index < bytes.count {
      if bytes[index] == 0x5B, backslashes % 2 == 0, let end = FootnoteMarks.end(bytes, index) {
        let lower = places.fileOffset(ofText: index)
        let id = String(decoding: bytes[(index + 2)..<(end - 1)], as: UTF8.self)
        output.append(contentsOf: TextPieces.footnote(marks.count).utf8)
        marks.append(FootnoteMark(id: id, span: SourceSpan(lower: lower, upper: lower + end - index)))
        index = end
        continue
      }
      backslashes = bytes[index] == 0x5C ? backslashes + 1 : 0
      output.append(bytes[index])
      index += 1
    }
    text = String(decoding: output, as: UTF8.self)
  }

  /// The offset after a mark; nil where there is none.
  ///
  /// An id is letters, digits, `-`, `_` and non-ASCII characters.
  private static func end(_ bytes: [UInt8], _ index: Int) -> Int? {
    guard index + 3 < bytes.count, bytes[index + 1] == 0x5E else { return nil }
    var cursor = index + 2
    while cursor < bytes.count, cursor - index < 64 {
      switch bytes[cursor] {
      case 0x5D: return cursor > index + 2 ? cursor + 1 : nil
      case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x5F: cursor += 1
      // U+E000 and U+E001 begin with 0xEE: a directive cannot be part of an id.
      case 0xC2...0xED, 0xEF...0xF4, 0x80...0xBF: cursor += 1
      default: return nil
      }
    }
    return nil
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
