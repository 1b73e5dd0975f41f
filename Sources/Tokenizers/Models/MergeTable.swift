/// The merge rules of byte-pair encoding: which two neighbours may become one, and how early.
struct MergeTable: Sendable {
  /// No rule.
  static let none = UInt64.max

  /// Keys (left id, right id) and values (rank, new id) in turn; a free place has key `none`.
  private var cells: [UInt64]
  private let shift: UInt64

  /// A table with room for so many rules.
  init(capacity: Int) {
    var bits: UInt64 = 4
    while 1 << bits < capacity * 2 { bits += 1 }
    shift = 64 - bits
    cells = [UInt64](repeating: Self.none, count: 2 << bits)
  }

  @inline(__always)
  private func cell(_ key: UInt64) -> Int { Int(truncatingIfNeeded: (key &* 0x9E37_79B9_7F4A_7C15) >> shift) * 2 }

  @inline(__always)
  private static func key(_ left: Int32, _ right: Int32) -> UInt64 {
    UInt64(UInt32(bitPattern: left)) << 32 | UInt64(UInt32(bitPattern: right))
  }

  /// The rank (high half) and the new id (low half) of a pair, or `none`; lower ranks merge earlier.
  @inline(__always)
  func find(_ left: Int32, _ right: Int32) -> UInt64 {
    let key = Self.key(left, right)
    var cell = cell(key)
    while true {
      let found = cells[cell]
      if found == key { return cells[cell + 1] }
      if found == Self.none { return Self.none }
      cell = (cell + 2) & (cells.count - 1)
    }
  }

  /// Adds a rule; a repeated pair takes the later rank, as in the reference implementation.
  mutating func insert(_ left: Int32, _ right: Int32, rank: Int, newID: Int32) {
    let key = Self.key(left, right)
    var cell = cell(key)
    while cells[cell] != key, cells[cell] != Self.none { cell = (cell + 2) & (cells.count - 1) }
    cells[cell] = key
    cells[cell + 1] = UInt64(rank) << 32 | UInt64(UInt32(bitPattern: newID))
  }
}
