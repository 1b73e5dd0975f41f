import Directives

/// A piece of a text with placeholders.
enum TextPiece: Equatable {
  case text(String)
  /// A mark of the pre-scan.
  case mark(Int)
  /// A footnote mark, a formula, a citation or a `~~`.
  case syntax(Int)
}

/// Cuts texts at placeholders, byte by byte: as `Character`s a placeholder and a combining mark after it are one.
enum TextPieces {
  /// The mark that keeps a piece of text from being read as a block: printed as nothing, with the space after it.
  static let guardMark = "\u{E000}i\u{E001} "

  /// The placeholder of a mark of `SyntaxMarks`.
  static func syntax(_ index: Int) -> String { "\u{E000}f\(index)\u{E001}" }

  /// Whether there is a placeholder in a text.
  static func hasPlaceholder(_ text: String) -> Bool { text.unicodeScalars.contains(Placeholder.opening) }

  /// The pieces of a text.
  static func split(_ text: String) -> [TextPiece] {
    let bytes = Array(text.utf8)
    var pieces: [TextPiece] = []
    var start = 0
    var index = 0
    func flush(to end: Int) {
      if start < end { pieces.append(.text(String(decoding: bytes[start..<end], as: UTF8.self))) }
    }
    while index + 2 < bytes.count {
      guard isScalar(bytes, index, last: 0x80), let end = closing(bytes, index) else {
        index += 1
        continue
      }
      flush(to: index)
      let name = String(decoding: bytes[(index + 3)..<end], as: UTF8.self)
      index = end + 3
      if let number = Int(name) {
        pieces.append(.mark(number))
      } else if name.hasPrefix("f"), let number = Int(name.dropFirst()) {
        pieces.append(.syntax(number))
      } else if index < bytes.count, bytes[index] == 0x20 {
        index += 1
      }
      start = index
    }
    flush(to: bytes.count)
    return pieces
  }

  private static func closing(_ bytes: [UInt8], _ from: Int) -> Int? {
    var index = from + 3
    while index + 2 < bytes.count, index - from < 24 {
      if isScalar(bytes, index, last: 0x81) { return index }
      index += 1
    }
    return nil
  }

  /// Whether U+E000 (last byte 0x80) or U+E001 (0x81) stands at an index.
  private static func isScalar(_ bytes: [UInt8], _ index: Int, last: UInt8) -> Bool {
    bytes[index] == 0xEE && bytes[index + 1] == 0x80 && bytes[index + 2] == last
  }
}
