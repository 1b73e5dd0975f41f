import Tensors

/// Scaled dot-product attention over whole texts, forwards and back; the pattern is made again on the way back.
///
/// Rows hold the queries of all heads, then keys, then values, `headWidth` numbers to a head.
package struct AttentionPart<Element: KernelElement> {
  let heads: Int
  let kvHeads: Int
  let headWidth: Int
  let scale: Element
  let softCap: Element?
  let window: Int?
  let isCausal: Bool

  /// Queries handled at once.
  private static var block: Int { 128 }

  /// Numbers from one row to the next.
  package var stride: Int { (heads + 2 * kvHeads) * headWidth }

  /// The attention of a plan.
  package init(_ plan: AttentionPlan, heads: Int, kvHeads: Int, headWidth: Int) {
    (self.heads, self.kvHeads, self.headWidth) = (heads, kvHeads, headWidth)
    (scale, softCap) = (Element(plan.scale), plan.softCap.map { Element($0) })
    (window, isCausal) = (plan.window, plan.isCausal)
  }

  /// z [rows, heads × headWidth] ← the weighted values of every head.
  ///
  /// - Parameter patterns: The weights of each text, where values are weighted by others than those that scores give.
  package func apply(
    _ p: UnsafePointer<Element>, texts: [Range<Int>], to z: UnsafeMutablePointer<Element>,
    patterns: [NumberBuffer<Element>]? = nil
  ) {
    Compute.parallelFor(count: texts.count * heads) { index in
      let (text, head) = (texts[index / heads], index % heads)
      let place = place(p, head: head, text: text)
      let pattern = Pattern(self, length: text.count, keepsCapped: false)
      for block in blocks(text.count) {
        if let patterns {
          take(from: patterns[index / heads].pointer, head, block, text.count, to: pattern.weights.pointer)
        } else {
          pattern.fill(place, block)
        }
        Element.gemm(
          false, false, block.rows.count, headWidth, block.seen.count, 1, pattern.weights.pointer, block.seen.count,
          place.values + block.seen.lowerBound * stride, stride, 0, target(z, head, text, block), heads * headWidth)
      }
    }
  }

  /// dp ← the gradient of queries, keys and values for the gradient dz of the weighted values.
  ///
  /// - Parameters:
  ///   - patterns: The weights of each text, where values were weighted by others than those that scores give.
  ///   - gradients: The gradient at the weights of each text, where it is another than dz gives.
  package func backward(
    _ p: UnsafePointer<Element>, dz: UnsafeMutablePointer<Element>, texts: [Range<Int>],
    to dp: UnsafeMutablePointer<Element>, patterns: [NumberBuffer<Element>]? = nil,
    gradients: [NumberBuffer<Element>]? = nil
  ) {
    // Heads that share keys are one task, so that their sums are made in order.
    Compute.parallelFor(count: texts.count * kvHeads) { index in
      let (text, group) = (texts[index / kvHeads], index % kvHeads)
      let pattern = Pattern(self, length: text.count, keepsCapped: softCap != nil)
      let asked = NumberBuffer<Element>(count: pattern.weights.count)
      clearKeys(dp, group: group, text: text)
      for head in group * (heads / kvHeads)..<(group + 1) * (heads / kvHeads) {
        let (from, to) = (place(p, head: head, text: text), place(dp, head: head, text: text))
        for block in blocks(text.count) {
          let (dz, number) = (target(dz, head, text, block), index / kvHeads)
          if let gradients {
            take(from: gradients[number].pointer, head, block, text.count, to: asked.pointer)
          } else {
            patternGradient(from, block, dz: dz, to: asked.pointer)
          }
          if let patterns {
            take(from: patterns[number].pointer, head, block, text.count, to: pattern.weights.pointer)
            valueGradient(pattern, block, to, dz: dz)
          }
          pattern.fill(from, block)
          if patterns == nil { valueGradient(pattern, block, to, dz: dz) }
          backward(pattern, asked.pointer, block, from, to)
        }
      }
    }
  }

  /// dP [queries, seen] ← dZ Vᵀ for a block of queries.
  func patternGradient(
    _ from: Place, _ block: Block, dz: UnsafePointer<Element>, to asked: UnsafeMutablePointer<Element>
  ) {
    Element.gemm(
      false, true, block.rows.count, block.seen.count, headWidth, 1, dz, heads * headWidth,
      from.values + block.seen.lowerBound * stride, stride, 0, asked, block.seen.count)
  }

  /// dV += Pᵀ dZ for a block of queries.
  private func valueGradient(_ pattern: Pattern, _ block: Block, _ to: Place, dz: UnsafePointer<Element>) {
    Element.gemm(
      true, false, block.seen.count, headWidth, block.rows.count, 1, pattern.weights.pointer, block.seen.count, dz,
      heads * headWidth, 1, UnsafeMutablePointer(mutating: to.values) + block.seen.lowerBound * stride, stride)
  }

  /// One block of queries: with P the pattern and S the scores before scaling, dS from dP, which it replaces, then
  /// dQ = dS K and dK += dSᵀ Q.
  private func backward(
    _ pattern: Pattern, _ ds: UnsafeMutablePointer<Element>, _ block: Block, _ from: Place, _ to: Place
  ) {
    let (height, seen) = (block.rows.count, block.seen.count)
    let (q, k) = (block.rows.lowerBound * stride, block.seen.lowerBound * stride)
    let p = pattern.weights.pointer
    for row in 0..<height {
      let line = ds + row * seen
      Element.softmaxGradient(p + row * seen, gradient: line, scale: scale, count: seen)
      guard let softCap, let capped = pattern.capped?.pointer else { continue }
      for column in 0..<seen {
        let share = capped[row * seen + column] / softCap
        line[column] *= 1 - share * share
      }
    }
    Element.gemm(
      false, false, height, headWidth, seen, 1, ds, seen, from.keys + k, stride, 0,
      UnsafeMutablePointer(mutating: to.queries) + q, stride)
    Element.gemm(
      true, false, seen, headWidth, height, 1, ds, seen, from.queries + q, stride, 1,
      UnsafeMutablePointer(mutating: to.keys) + k, stride)
  }

  /// Where one head's queries, keys and values of one text begin.
  struct Place {
    var queries: UnsafePointer<Element>
    var keys: UnsafePointer<Element>
    var values: UnsafePointer<Element>
  }

  /// Some queries and the positions that any of them sees.
  struct Block {
    var rows: Range<Int>
    var seen: Range<Int>
  }

  func place(_ p: UnsafePointer<Element>, head: Int, text: Range<Int>) -> Place {
    let rows = p + text.lowerBound * stride
    let keys = rows + (heads + head / (heads / kvHeads)) * headWidth
    return Place(queries: rows + head * headWidth, keys: keys, values: keys + kvHeads * headWidth)
  }

  func target(
    _ z: UnsafeMutablePointer<Element>, _ head: Int, _ text: Range<Int>, _ block: Block
  ) -> UnsafeMutablePointer<Element> {
    z + (text.lowerBound + block.rows.lowerBound) * heads * headWidth + head * headWidth
  }

  func blocks(_ length: Int) -> [Block] {
    Swift.stride(from: 0, to: length, by: Self.block).map { start in
      let end = min(start + Self.block, length)
      return Block(rows: start..<end, seen: seen(by: start).lowerBound..<min(seen(by: end - 1).upperBound, length))
    }
  }

  /// The positions that one position sees, perhaps beyond the end of the text where attention is not causal.
  func seen(by row: Int) -> Range<Int> {
    max(0, row + 1 - (window ?? row + 1))..<(isCausal ? row + 1 : window.map { row + $0 } ?? Int.max)
  }

  private func clearKeys(_ dp: UnsafeMutablePointer<Element>, group: Int, text: Range<Int>) {
    for row in text {
      let keys = dp + row * stride + (heads + group) * headWidth
      keys.update(repeating: 0, count: headWidth)
      (keys + kvHeads * headWidth).update(repeating: 0, count: headWidth)
    }
  }

  /// The attention pattern of one head and one block of queries.
  struct Pattern {
    let attention: AttentionPart
    /// P [queries, seen].
    let weights: NumberBuffer<Element>
    /// The capped scores that P was made of.
    let capped: NumberBuffer<Element>?

    init(_ attention: AttentionPart, length: Int, keepsCapped: Bool) {
      self.attention = attention
      let count = min(AttentionPart.block, length) * length
      weights = NumberBuffer(count: count)
      capped = keepsCapped ? NumberBuffer(count: count) : nil
    }

    func fill(_ place: Place, _ block: Block) {
      let (stride, width, height) = (attention.stride, block.seen.count, block.rows.count)
      let p = weights.pointer
      Element.gemm(
        false, true, height, width, attention.headWidth, attention.scale,
        place.queries + block.rows.lowerBound * stride, stride, place.keys + block.seen.lowerBound * stride, stride, 0,
        p, width)
      if let cap = attention.softCap {
        for index in 0..<height * width { p[index] /= cap }
        Element.activate(.tanh, p, count: height * width)
        for index in 0..<height * width { p[index] *= cap }
        capped?.pointer.update(from: p, count: height * width)
      }
      for row in block.rows {
        let line = p + (row - block.rows.lowerBound) * width
        let own = attention.seen(by: row)
        let from = own.lowerBound - block.seen.lowerBound
        let to = min(own.upperBound, block.seen.upperBound) - block.seen.lowerBound
        Element.softmax(line + from, count: to - from)
        line.update(repeating: 0, count: from)
        (line + to).update(repeating: 0, count: width - to)
      }
    }
  }
}
