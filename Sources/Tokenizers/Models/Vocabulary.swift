/// The entries of a model: byte strings and their ids.
struct Vocabulary: Sendable {
  /// Ids are kept in tables of this length at most, so that a wild id in a file cannot fill the memory.
  static let largestID = 1 << 24 - 1

  /// From an entry's bytes, as the file spells it, to its id.
  private(set) var table = ByteTable()
  /// From ids to entry numbers in `table`, -1 where an id is not used.
  private var entryOfID: [Int32] = []

  /// The number of entries.
  var count: Int { table.count }

  /// One more than the highest id.
  var endID: Int { entryOfID.count }

  /// Adds an entry with an id from 0 to `largestID`, and says false (adding nothing) when the key is taken.
  mutating func insert(_ key: [UInt8], id: Int) -> Bool {
    let entry = table.count
    guard table.insert(key, value: id) else { return false }
    if id >= entryOfID.count {
      entryOfID.append(contentsOf: repeatElement(-1, count: id + 1 - entryOfID.count))
    }
    entryOfID[id] = Int32(entry)
    return true
  }

  /// Whether an id is used.
  func contains(id: Int) -> Bool { entryOfID.indices.contains(id) && entryOfID[id] >= 0 }

  /// The entry with an id.
  func token(_ id: Int) -> [UInt8]? { contains(id: id) ? table.key(ofEntry: Int(entryOfID[id])) : nil }

  /// The id of an entry.
  func id(of token: [UInt8]) -> Int? { table.find(token) }

  /// The table a byte-level model searches: the same ids under the bytes that the entries stand for.
  ///
  /// Entries outside the byte alphabet are left out: no text can reach them.
  func byteLevelTable() -> ByteTable {
    var result = ByteTable()
    for entry in 0..<table.count {
      guard let bytes = ByteAlphabet.bytes(of: table.key(ofEntry: entry)) else { continue }
      _ = result.insert(bytes, value: table.value(ofEntry: entry))
    }
    return result
  }
}
