/// The properties of characters that splitting and cleaning a text depend on.
struct UnicodeClass: OptionSet, Sendable {
  let rawValue: UInt8

  /// Letters: `\p{L}`.
  static let letter = UnicodeClass(rawValue: 1)
  /// Numbers: `\p{N}`.
  static let number = UnicodeClass(rawValue: 2)
  /// `\s`, Unicode's White_Space.
  static let space = UnicodeClass(rawValue: 4)
  /// Word characters: `\w`.
  static let word = UnicodeClass(rawValue: 8)
  /// What BERT splits off as punctuation.
  static let punctuation = UnicodeClass(rawValue: 16)
  /// What BERT drops when it cleans a text.
  static let control = UnicodeClass(rawValue: 32)
  /// Nonspacing marks, which BERT drops as accents.
  static let accent = UnicodeClass(rawValue: 64)
}

/// The classes of all code points, in two stages: a block number for each 128 code points, and the distinct blocks.
struct UnicodeClassTable: Sendable {
  private var blocks: [UInt16] = []
  private var flags: [UInt8] = []

  /// The table of the generated file, expanded once.
  static let shared = UnicodeClassTable(runs: unicode16Classes)

  private init(runs: String) {
    var all: [UInt8] = []
    all.reserveCapacity(0x110000)
    for word in runs.utf8.split(separator: UInt8(ascii: " ")) {
      let parts = word.split(separator: UInt8(ascii: ":"))
      let length = Base36.value(parts[0])
      all.append(contentsOf: repeatElement(UInt8(Base36.value(parts[1])), count: length))
    }
    precondition(all.count == 0x110000, "the generated class table covers every code point")
    var known: [ArraySlice<UInt8>: UInt16] = [:]
    for start in stride(from: 0, to: all.count, by: 128) {
      let block = all[start..<start + 128]
      if let number = known[block] {
        blocks.append(number)
      } else {
        let number = UInt16(known.count)
        known[block] = number
        blocks.append(number)
        flags.append(contentsOf: block)
      }
    }
  }

  /// The classes of a code point.
  @inline(__always)
  subscript(scalar: UInt32) -> UnicodeClass {
    UnicodeClass(rawValue: flags[Int(blocks[Int(scalar >> 7)]) << 7 + Int(scalar & 127)])
  }

  /// The classes of the character that starts at a place of a UTF-8 text, and its length in bytes.
  @inline(__always)
  func classify(_ text: [UInt8], _ index: Int) -> (classes: UnicodeClass, length: Int) {
    let byte = text[index]
    if byte < 0x80 { return (UnicodeClass(rawValue: flags[Int(byte)]), 1) }
    let (scalar, length) = UTF8Text.decode(text, index)
    return (self[scalar], length)
  }
}

/// Numbers of the generated tables.
enum Base36 {
  /// The value of a word of digits and lower-case letters.
  static func value(_ word: Substring.UTF8View) -> Int {
    word.reduce(0) { $0 * 36 + Int($1 < 0x3A ? $1 - 0x30 : $1 - 0x61 + 10) }
  }
}
