/// Marks (general category M) of Unicode 9.0, which `StripAccents` drops.
struct MarkTable: Sendable {
  /// The table of the generated file, expanded once.
  static let shared = MarkTable(runs: unicode9Marks)

  private var isMark = [Bool](repeating: false, count: 0x110000)

  private init(runs: String) {
    var start = 0
    for (position, word) in runs.utf8.split(separator: UInt8(ascii: " ")).enumerated() {
      let end = start + Base36.value(word)
      if position % 2 == 1 { for scalar in start..<end { isMark[scalar] = true } }
      start = end
    }
    precondition(start == 0x110000, "the generated table of marks covers every code point")
  }

  /// Whether a code point is a mark.
  func contains(_ scalar: UInt32) -> Bool { isMark[Int(scalar)] }
}
