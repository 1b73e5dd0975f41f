/// SentencePiece's compiled normalisation rules, the `precompiled_charsmap` of a `Precompiled` normaliser: a
/// double-array trie from spellings to the places of their replacements.
///
/// Format: the trie's size in bytes, its units of four bytes (both little-endian), then the replacements, each ended by
/// a zero byte. A unit holds a label, whether a value follows, and the offset of its children, packed as in the library
/// Darts-clone.
struct CharacterMap: Sendable {
  private let units: [UInt32]
  private let replacements: [UInt8]

  /// Reads a map; nil where it is cut off, is no UTF-8, or points outside itself.
  init?(_ bytes: [UInt8]) {
    guard bytes.count >= 4 else { return nil }
    let size = Int(Self.number(bytes, 0))
    guard size > 0, size % 4 == 0, size <= bytes.count - 4 else { return nil }
    units = stride(from: 4, to: 4 + size, by: 4).map { Self.number(bytes, $0) }
    replacements = Array(bytes[(4 + size)...])
    guard String(validating: replacements, as: UTF8.self) != nil, !Self.isValue(units[0]), isClosed else { return nil }
  }

  private static func number(_ bytes: [UInt8], _ place: Int) -> UInt32 {
    (0..<4).reduce(0) { $0 | UInt32(bytes[place + $1]) << (8 * UInt32($1)) }
  }

  /// Whether every step from a unit stays inside, and every value is the start of a character of the replacements.
  private var isClosed: Bool {
    units.indices.allSatisfy { place in
      let unit = units[place]
      if Self.isValue(unit) { return true }
      let children = place ^ Self.offset(unit)
      guard children | 0xFF < units.count else { return false }
      guard Self.hasValue(unit) else { return true }
      let value = Self.value(units[children])
      return value < replacements.count && replacements[value] & 0xC0 != 0x80
    }
  }

  private static func isValue(_ unit: UInt32) -> Bool { unit >> 31 == 1 }
  private static func hasValue(_ unit: UInt32) -> Bool { unit >> 8 & 1 == 1 }
  private static func value(_ unit: UInt32) -> Int { Int(unit & 0x7FFF_FFFF) }
  private static func label(_ unit: UInt32) -> UInt32 { unit & 0x8000_00FF }
  private static func offset(_ unit: UInt32) -> Int { Int((unit >> 10) << ((unit & (1 << 9)) >> 6)) }

  /// A text with all its characters replaced that have a replacement.
  ///
  /// As in the reference implementation: a cluster of less than six bytes that starts with a known spelling becomes
  /// what the *shortest* such spelling stands for, the rest of the cluster being lost; other clusters are looked up
  /// character by character.
  func apply(to text: [UInt8], budget: EncodingBudget) throws(EncodingFailure) -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(text.count)
    var start = 0
    for cluster in String(decoding: text, as: UTF8.self) {
      let end = start + cluster.utf8.count
      if end - start < 6, let replacement = replacement(for: text[start..<end]) {
        result.append(contentsOf: replacement)
      } else {
        appendCharacters(text, start..<end, to: &result)
      }
      try budget.check(length: result.count)
      start = end
    }
    return result
  }

  private func appendCharacters(_ text: [UInt8], _ range: Range<Int>, to result: inout [UInt8]) {
    var index = range.lowerBound
    while index < range.upperBound {
      let next = index + UTF8Text.length(leadingByte: text[index])
      result.append(contentsOf: replacement(for: text[index..<next]) ?? text[index..<next])
      index = next
    }
  }

  /// What the shortest known spelling at the start of some bytes stands for.
  private func replacement(for spelling: ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
    var place = Self.offset(units[0])
    for byte in spelling {
      guard byte != 0 else { return nil }
      place ^= Int(byte)
      let unit = units[place]
      guard Self.label(unit) == UInt32(byte) else { return nil }
      place ^= Self.offset(unit)
      guard Self.hasValue(unit) else { continue }
      let start = Self.value(units[place])
      return replacements[start...].prefix { $0 != 0 }
    }
    return nil
  }
}
