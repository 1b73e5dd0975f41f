internal import Glibc

/// Cosines and sines of every angle of the first positions.
struct RotaryTable: Sendable {
  /// Pairs of elements that are turned.
  let pairs: Int
  /// Positions the table reaches.
  let positions: Int
  let layout: RotaryPlan.Layout
  let cosines: [Float]
  let sines: [Float]

  init(_ plan: RotaryPlan, positions: Int) {
    let frequencies = plan.frequencies.frequencies(headWidth: plan.width)
    pairs = frequencies.count
    layout = plan.layout
    self.positions = positions
    var cosines: [Float] = []
    var sines: [Float] = []
    cosines.reserveCapacity(positions * pairs)
    sines.reserveCapacity(positions * pairs)
    for position in 0..<positions {
      for frequency in frequencies {
        let angle = Double(Float(position) * frequency)
        cosines.append(Float(cos(angle)))
        sines.append(Float(sin(angle)))
      }
    }
    (self.cosines, self.sines) = (cosines, sines)
  }

  /// Turns one head of one position in place.
  @inline(__always)
  func rotate(_ head: UnsafeMutablePointer<Float>, position: Int) {
    let (step, distance) = layout == .halfSplit ? (1, pairs) : (2, 1)
    cosines.withUnsafeBufferPointer { cosines in
      sines.withUnsafeBufferPointer { sines in
        let start = position * pairs
        for pair in 0..<pairs {
          let (c, s) = (cosines[start + pair], sines[start + pair])
          let (x, y) = (head[step * pair], head[step * pair + distance])
          head[step * pair] = x * c - y * s
          head[step * pair + distance] = y * c + x * s
        }
      }
    }
  }
}

/// The tables of a model's blocks; blocks with the same plan share one.
struct RotaryTables: Sendable {
  private var tables: [RotaryPlan: RotaryTable] = [:]

  /// Makes sure that every table reaches so many positions.
  mutating func reach(_ positions: Int, for plans: [BlockPlan]) {
    for case let plan? in Set(plans.map(\.attention.rotary)) where (tables[plan]?.positions ?? 0) < positions {
      // Decoding asks for one position more each time.
      let room = tables[plan] == nil ? positions : positions + positions / 2
      tables[plan] = RotaryTable(plan, positions: room)
    }
  }

  /// The table of one block; nil where it has no rotary positions.
  subscript(plan: BlockPlan) -> RotaryTable? { plan.attention.rotary.flatMap { tables[$0] } }
}
