import Tensors

/// Rotary position embedding of whole texts, forwards and back: a rotation's gradient is the rotation by minus its angle.
package struct Rotation<Element: KernelElement> {
  private let pairs: Int
  private let layout: RotaryPlan.Layout
  private let cosines: [Element]
  private let sines: [Element]

  /// Makes the angles of the first `positions` positions, rounded as the forward pass rounds them.
  package init(_ plan: RotaryPlan, positions: Int) {
    self.init(RotaryTable(plan, positions: positions))
  }

  /// The angles of a run's table.
  init(_ table: RotaryTable) {
    (pairs, layout) = (table.pairs, table.layout)
    (cosines, sines) = (table.cosines.map { Element($0) }, table.sines.map { Element($0) })
  }

  /// Turns the first `heads` heads of every row of the texts, or turns them back; every text begins at position `first`.
  package func turn(
    _ rows: UnsafeMutablePointer<Element>, stride: Int, heads: Int, headWidth: Int, texts: [Range<Int>],
    from first: Int = 0, backwards: Bool = false
  ) {
    let (near, far) = layout == .halfSplit ? (1, pairs) : (2, 1)
    cosines.withUnsafeBufferPointer { cosines in
      sines.withUnsafeBufferPointer { sines in
        Compute.parallelFor(count: texts.count) { index in
          for (place, row) in texts[index].enumerated() {
            let position = first + place
            for head in 0..<heads {
              let x = rows + row * stride + head * headWidth
              for pair in 0..<pairs {
                let c = cosines[position * pairs + pair]
                let s = backwards ? -sines[position * pairs + pair] : sines[position * pairs + pair]
                let (a, b) = (x[pair * near], x[pair * near + far])
                x[pair * near] = a * c - b * s
                x[pair * near + far] = b * c + a * s
              }
            }
          }
        }
      }
    }
  }
}
