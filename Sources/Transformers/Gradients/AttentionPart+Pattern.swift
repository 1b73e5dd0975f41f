import Tensors

/// Attention whose weights are looked at, or were changed: those of a text lie in [n · H, n], row p · H + h for position p
/// and head h, zero where a query does not look.
extension AttentionPart {
  /// z ← the weighted values of every head, after the weights of each text were shown.
  ///
  /// - Returns: the weights of every text as they were left.
  func apply(
    _ p: UnsafePointer<Element>, texts: [Range<Int>], to z: UnsafeMutablePointer<Element>,
    show: (Int, UnsafeMutablePointer<Element>) throws -> Void
  ) throws -> [NumberBuffer<Element>] {
    try texts.indices.map { index in
      let text = texts[index]
      let all = room(text)
      Compute.parallelFor(count: heads) { head in
        let (place, pattern) = (place(p, head: head, text: text), Pattern(self, length: text.count, keepsCapped: false))
        for block in blocks(text.count) {
          pattern.fill(place, block)
          put(pattern.weights.pointer, in: all.pointer, head, block, text.count)
        }
      }
      try show(index, all.pointer)
      Compute.parallelFor(count: heads) { head in
        let (place, pattern) = (place(p, head: head, text: text), Pattern(self, length: text.count, keepsCapped: false))
        for block in blocks(text.count) {
          take(from: all.pointer, head, block, text.count, to: pattern.weights.pointer)
          weigh(pattern, place, block, to: target(z, head, text, block))
        }
      }
      return all
    }
  }

  /// The gradient at the weights of every text, dP = dZ Vᵀ, after it was shown.
  func patternGradients(
    _ p: UnsafePointer<Element>, dz: UnsafeMutablePointer<Element>, texts: [Range<Int>],
    show: (Int, UnsafeMutablePointer<Element>) throws -> Void
  ) throws -> [NumberBuffer<Element>] {
    try texts.indices.map { index in
      let text = texts[index]
      let all = room(text)
      Compute.parallelFor(count: heads) { head in
        let (place, line) = (place(p, head: head, text: text), NumberBuffer<Element>(count: tile(text.count)))
        for block in blocks(text.count) {
          patternGradient(place, block, dz: target(dz, head, text, block), to: line.pointer)
          put(line.pointer, in: all.pointer, head, block, text.count)
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

  private func room(_ text: Range<Int>) -> NumberBuffer<Element> {
    let all = NumberBuffer<Element>(count: text.count * heads * text.count)
    all.clear()
    return all
  }
}
