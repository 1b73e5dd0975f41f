/// A hash table from byte strings to numbers, with all keys in one array.
///
/// Vocabularies are keyed by bytes because `String ==` takes canonically equal spellings for the same key.
struct ByteTable: Sendable {
  private var pool: [UInt8] = []
  /// Where the keys start in `pool`, and the end of the last.
  private var starts: [UInt32] = [0]
  private var hashes: [UInt32] = []
  private var values: [Int32] = []
  /// Entry numbers, -1 where free; a power of two.
  private var slots = [Int32](repeating: -1, count: 16)
  /// The longest key, in bytes.
  private(set) var longestKey = 0

  /// The number of keys.
  var count: Int { values.count }

  /// The hash that starts every key's.
  static let emptyHash: UInt32 = 0x811C_9DC5

  /// Continues a hash with one more byte (FNV-1a), so that all prefixes of a text can be looked up in one walk.
  @inline(__always)
  static func extend(_ hash: UInt32, _ byte: UInt8) -> UInt32 { (hash ^ UInt32(byte)) &* 0x0100_0193 }

  /// The hash of a part of a text.
  @inline(__always)
  static func hash(_ text: [UInt8], _ range: Range<Int>) -> UInt32 {
    var hash = emptyHash
    for index in range { hash = extend(hash, text[index]) }
    return hash
  }

  /// FNV's low bits mix badly; slots are chosen by the high bits of a product.
  @inline(__always)
  private func slot(_ hash: UInt32) -> Int {
    Int(truncatingIfNeeded: (UInt64(hash) &* 0x9E37_79B9_7F4A_7C15) >> 32) & (slots.count - 1)
  }

  /// The value of a part of a text whose hash is known.
  @inline(__always)
  func find(_ text: [UInt8], _ range: Range<Int>, hash: UInt32) -> Int? {
    var slot = slot(hash)
    while true {
      let entry = Int(slots[slot])
      if entry < 0 { return nil }
      if hashes[entry] == hash, isKey(entry, text, range) { return Int(values[entry]) }
      slot = (slot + 1) & (slots.count - 1)
    }
  }

  /// The value of a part of a text.
  func find(_ text: [UInt8], _ range: Range<Int>) -> Int? { find(text, range, hash: Self.hash(text, range)) }

  /// The value of a key.
  func find(_ key: [UInt8]) -> Int? { find(key, 0..<key.count) }

  @inline(__always)
  private func isKey(_ entry: Int, _ text: [UInt8], _ range: Range<Int>) -> Bool {
    let start = Int(starts[entry])
    guard Int(starts[entry + 1]) - start == range.count else { return false }
    for offset in 0..<range.count where pool[start + offset] != text[range.lowerBound + offset] { return false }
    return true
  }

  /// The key of an entry, in the order of insertion.
  func key(ofEntry entry: Int) -> [UInt8] { Array(pool[Int(starts[entry])..<Int(starts[entry + 1])]) }

  /// The value of an entry, in the order of insertion.
  func value(ofEntry entry: Int) -> Int { Int(values[entry]) }

  /// Adds a key, and says false (adding nothing) when it is there already.
  mutating func insert(_ key: [UInt8], value: Int) -> Bool {
    let hash = Self.hash(key, 0..<key.count)
    guard find(key, 0..<key.count, hash: hash) == nil else { return false }
    if values.count * 2 >= slots.count { grow() }
    var slot = slot(hash)
    while slots[slot] >= 0 { slot = (slot + 1) & (slots.count - 1) }
    slots[slot] = Int32(values.count)
    hashes.append(hash)
    values.append(Int32(value))
    pool.append(contentsOf: key)
    starts.append(UInt32(pool.count))
    longestKey = max(longestKey, key.count)
    return true
  }

  private mutating func grow() {
    slots = [Int32](repeating: -1, count: slots.count * 2)
    for (entry, hash) in hashes.enumerated() {
      var slot = slot(hash)
      while slots[slot] >= 0 { slot = (slot + 1) & (slots.count - 1) }
      slots[slot] = Int32(entry)
    }
  }
}
