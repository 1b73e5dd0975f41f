/// The tokens of a vocabulary by their bytes, to find all that start at a place of a text in one walk.
struct PrefixTree: Sendable {
  /// Keys (node, byte) and child nodes in turn; a free place has key `free`.
  private var cells: [UInt64]
  private var shift: UInt64
  private var edgeCount = 0
  /// The value of the key that ends at each node, or -1.
  private var values: [Int32] = [-1]

  private static let free = UInt64.max

  /// An empty tree with room for so many bytes of keys.
  init(capacity: Int) {
    var bits: UInt64 = 4
    while 1 << bits < capacity * 2 { bits += 1 }
    shift = 64 - bits
    cells = [UInt64](repeating: Self.free, count: 2 << bits)
  }

  /// The node at the end of an empty key.
  static let root: Int32 = 0

  @inline(__always)
  private func cell(_ key: UInt64) -> Int { Int(truncatingIfNeeded: (key &* 0x9E37_79B9_7F4A_7C15) >> shift) * 2 }

  /// The node one byte further, or -1.
  @inline(__always)
  func child(_ node: Int32, _ byte: UInt8) -> Int32 {
    let key = UInt64(UInt32(bitPattern: node)) << 8 | UInt64(byte)
    var cell = cell(key)
    while true {
      if cells[cell] == key { return Int32(truncatingIfNeeded: cells[cell + 1]) }
      if cells[cell] == Self.free { return -1 }
      cell = (cell + 2) & (cells.count - 1)
    }
  }

  /// The value of the key that ends at a node, or -1.
  @inline(__always)
  func value(_ node: Int32) -> Int32 { values[Int(node)] }

  /// Adds a key; the bytes of all keys together must not exceed the capacity.
  mutating func insert(_ key: [UInt8], value: Int) {
    var node = Self.root
    for byte in key {
      let next = child(node, byte)
      node = next >= 0 ? next : addNode(node, byte)
    }
    values[Int(node)] = Int32(value)
  }

  private mutating func addNode(_ node: Int32, _ byte: UInt8) -> Int32 {
    let key = UInt64(UInt32(bitPattern: node)) << 8 | UInt64(byte)
    var cell = cell(key)
    while cells[cell] != Self.free { cell = (cell + 2) & (cells.count - 1) }
    cells[cell] = key
    cells[cell + 1] = UInt64(values.count)
    values.append(-1)
    edgeCount += 1
    precondition(edgeCount * 4 <= cells.count, "a prefix tree is made with room for its keys")
    return Int32(values.count - 1)
  }
}
