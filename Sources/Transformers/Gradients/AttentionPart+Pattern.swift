import Tensors

/// Attention whose weights are looked at, or were changed: those of a text lie in [n · H, n], row p · H + h for position p
/// and head h, zero where a query does not look.
extension AttentionPart {
  /// The weights of every text as they were left, after they were shown.
  func patterns(
    _ p: UnsafePointer<Element>, texts: [Range<Int>], show: (Int, UnsafeMutablePointer<Element>) throws -> Void
  ) rethrows -> [NumberBuffer<Element>] {
    try shown(texts, show) { tile, head, text, block in tile.fill(place(p, head: head, text: text), block) }
  }

  /// The gradient at the weights of every text, dP = dZ Vᵀ, after it was shown.
  func patternGradients(
    _ p: UnsafePointer<Element>, dz: UnsafeMutablePointer<Element>, texts: [Range<Int>],
    show: (Int, UnsafeMutablePointer<Element>) throws -> Void
  ) rethrows -> [NumberBuffer<Element>] {
    try shown(texts, show) { tile, head, text, block in
      patternGradient(
        place(p, head: head, text: text), block, dz: target(dz, head, text, block), to: tile.weights.pointer)
    }
  }

  /// The numbers of every text, which `fill` makes head by head and block by block, after they were shown.
  private func shown(
    _ texts: [Range<Int>], _ show: (Int, UnsafeMutablePointer<Element>) throws -> Void,
    _ fill: (Pattern, Int, Range<Int>, Block) -> Void
  ) rethrows -> [NumberBuffer<Element>] {
    try texts.enumerated().map { index, text in
      let all = NumberBuffer<Element>(count: text.count * heads * text.count)
      all.clear()
      Compute.parallelFor(count: heads) { head in
        let tile = Pattern(self, length: text.count, keepsCapped: false)
        for block in blocks(text.count) {
          fill(tile, head, text, block)
          put(tile.weights.pointer, in: all.pointer, head, block, text.count)
        }
      }
      try show(index, all.pointer)
      return all
    }
  }

  /// tile [queries, seen] ← one head's share of a text's numbers.
  func take(
    from all: UnsafePointer<Element>, _ head: Int, _ block: Block, _ length: Int, to tile: UnsafeMutablePointer<Element>
  ) {
    for (index, row) in block.rows.enumerated() {
      let line = all + (row * heads + head) * length + block.seen.lowerBound
      (tile + index * block.seen.count).update(from: line, count: block.seen.count)
    }
  }

  /// A text's numbers ← one head's share of them, where a query looks.
  private func put(
    _ tile: UnsafePointer<Element>, in all: UnsafeMutablePointer<Element>, _ head: Int, _ block: Block, _ length: Int
  ) {
    for (index, row) in block.rows.enumerated() {
      let (own, line) = (seen(by: row).clamped(to: block.seen), tile + index * block.seen.count)
      (all + (row * heads + head) * length + own.lowerBound)
        .update(from: line + own.lowerBound - block.seen.lowerBound, count: own.count)
    }
  }
}
