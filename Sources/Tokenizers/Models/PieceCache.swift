/// Ids of pieces of text that were encoded before; emptied when full.
struct PieceCache: Sendable {
  /// Longer pieces seldom return.
  static let longestPiece = 64
  private static let slotCount = 1 << 16
  private static let mostEntries = slotCount * 3 / 4

  private struct Entry {
    var hash: UInt32
    var keyStart: Int32
    var keyEnd: Int32
    var idStart: Int32
    var idEnd: Int32
  }

  private var slots = [Int32](repeating: -1, count: slotCount)
  private var entries: [Entry] = []
  private var keys: [UInt8] = []
  private var ids: [Int] = []

  @inline(__always)
  private func slot(_ hash: UInt32) -> Int {
    Int(truncatingIfNeeded: (UInt64(hash) &* 0x9E37_79B9_7F4A_7C15) >> 32) & (Self.slotCount - 1)
  }

  /// Appends the ids of a piece to `output`, and says whether they were known.
  @inline(__always)
  func append(_ text: [UInt8], _ range: Range<Int>, hash: UInt32, to output: inout [Int]) -> Bool {
    var slot = slot(hash)
    while slots[slot] >= 0 {
      let entry = entries[Int(slots[slot])]
      if entry.hash == hash, isKey(entry, text, range) {
        for index in Int(entry.idStart)..<Int(entry.idEnd) { output.append(ids[index]) }
        return true
      }
      slot = (slot + 1) & (Self.slotCount - 1)
    }
    return false
  }

  @inline(__always)
  private func isKey(_ entry: Entry, _ text: [UInt8], _ range: Range<Int>) -> Bool {
    let start = Int(entry.keyStart)
    guard Int(entry.keyEnd) - start == range.count else { return false }
    for offset in 0..<range.count where keys[start + offset] != text[range.lowerBound + offset] { return false }
    return true
  }

  /// Remembers the ids of a piece that is not known yet.
  mutating func insert(_ text: [UInt8], _ range: Range<Int>, hash: UInt32, ids new: ArraySlice<Int>) {
    if entries.count >= Self.mostEntries { self = PieceCache() }
    var slot = slot(hash)
    while slots[slot] >= 0 { slot = (slot + 1) & (Self.slotCount - 1) }
    slots[slot] = Int32(entries.count)
    let keyStart = Int32(keys.count)
    let idStart = Int32(ids.count)
    keys.append(contentsOf: text[range])
    ids.append(contentsOf: new)
    entries.append(
      Entry(hash: hash, keyStart: keyStart, keyEnd: Int32(keys.count), idStart: idStart, idEnd: Int32(ids.count)))
  }
}
