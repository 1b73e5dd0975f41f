import Tensors

/// Attention of rows that each continue the same earlier positions by one, forwards and back; what came before is constant.
///
/// Rows hold the queries of all heads, then keys, then values, `headWidth` numbers to a head, as for `AttentionPart`.
struct PastAttention<Element: KernelElement> {
  private let part: AttentionPart<Element>
  /// Keys and values of the earlier positions that a row sees, [count, H_kv · d_h] each.
  private let keys: NumberBuffer<Element>
  private let values: NumberBuffer<Element>
  /// How many earlier positions there are, seen or not: where the rows stand.
  let position: Int
  private let count: Int

  private var keyWidth: Int { part.kvHeads * part.headWidth }
  private var queryWidth: Int { part.heads * part.headWidth }
  /// Numbers to a row of the pattern: the earlier positions and the row itself.
  private var seen: Int { count + 1 }

  /// Attention after some positions.
  ///
  /// - Parameters:
  ///   - keys: Of every earlier position, [n, H_kv · d_h], after norm and rotation.
  ///   - values: As many.
  init(_ part: AttentionPart<Element>, keys: [Element], values: [Element]) {
    self.part = part
    let width = part.kvHeads * part.headWidth
    position = keys.count / width
    count = min(position, (part.window ?? position + 1) - 1)
    self.keys = NumberBuffer(Array(keys.suffix(count * width)))
    self.values = NumberBuffer(Array(values.suffix(count * width)))
  }

  /// z [rows, H · d_h] ← the weighted values of every head.
  func apply(_ p: UnsafePointer<Element>, rows: Int, to z: UnsafeMutablePointer<Element>) {
    Compute.parallelFor(count: part.heads) { head in
      let pattern = NumberBuffer<Element>(count: rows * seen)
      let own = place(head)
      fill(pattern.pointer, capped: nil, p, head, rows: rows)
      let target = z + head * part.headWidth
      weigh(values.pointer + own.shared, by: pattern.pointer, rows: rows, to: target, stride: queryWidth)
      for row in 0..<rows {
        let (value, weight) = (p + row * part.stride + own.value, pattern.pointer[row * seen + count])
        for index in 0..<part.headWidth { target[row * queryWidth + index] += weight * value[index] }
      }
    }
  }

  /// dp ← the gradient of queries, keys and values of the rows for the gradient dz of the weighted values.
  func backward(
    _ p: UnsafePointer<Element>, dz: UnsafePointer<Element>, rows: Int, to dp: UnsafeMutablePointer<Element>
  ) {
    let perKey = part.heads / part.kvHeads
    // Heads that share keys are one task, so that their sums are made in order.
    Compute.parallelFor(count: part.kvHeads) { group in
      let room = rows * seen
      let (pattern, asked) = (NumberBuffer<Element>(count: room), NumberBuffer<Element>(count: room))
      let capped = part.softCap.map { _ in NumberBuffer<Element>(count: room) }
      let own = place(group * perKey)
      for row in 0..<rows {
        (dp + row * part.stride + own.key).update(repeating: 0, count: part.headWidth)
        (dp + row * part.stride + own.value).update(repeating: 0, count: part.headWidth)
      }
      for head in group * perKey..<(group + 1) * perKey {
        fill(pattern.pointer, capped: capped?.pointer, p, head, rows: rows)
        scores(pattern.pointer, capped?.pointer, asked.pointer, p, dz: dz, head, rows: rows)
        gradients(pattern.pointer, asked.pointer, p, dz: dz, head, rows: rows, to: dp)
      }
    }
  }

  /// Where a head's queries, keys and values begin in a row, and where its keys begin in those of earlier positions.
  private func place(_ head: Int) -> (query: Int, key: Int, value: Int, shared: Int) {
    let group = head / (part.heads / part.kvHeads)
    let key = (part.heads + group) * part.headWidth
    return (head * part.headWidth, key, key + keyWidth, group * part.headWidth)
  }

  /// Sums over the earlier positions, [rows, d_h]; none are no sum of 0 to BLAS, whatever was there.
  private func weigh(
    _ vectors: UnsafePointer<Element>, by weights: UnsafePointer<Element>, rows: Int,
    to sums: UnsafeMutablePointer<Element>, stride: Int
  ) {
    guard count > 0 else {
      for row in 0..<rows { (sums + row * stride).update(repeating: 0, count: part.headWidth) }
      return
    }
    Element.gemm(false, false, rows, part.headWidth, count, 1, weights, seen, vectors, keyWidth, 0, sums, stride)
  }

  /// P [rows, seen] of one head, the row itself last.
  private func fill(
    _ pattern: UnsafeMutablePointer<Element>, capped: UnsafeMutablePointer<Element>?, _ p: UnsafePointer<Element>,
    _ head: Int, rows: Int
  ) {
    let own = place(head)
    Element.gemm(
      false, true, rows, count, part.headWidth, part.scale, p + own.query, part.stride, keys.pointer + own.shared,
      keyWidth, 0, pattern, seen)
    for row in 0..<rows {
      let from = p + row * part.stride
      pattern[row * seen + count] = part.scale * Element(Element.dot(from + own.query, from + own.key, part.headWidth))
    }
    if let cap = part.softCap {
      for index in 0..<rows * seen { pattern[index] /= cap }
      Element.activate(.tanh, pattern, count: rows * seen)
      for index in 0..<rows * seen { pattern[index] *= cap }
      capped?.update(from: pattern, count: rows * seen)
    }
    for row in 0..<rows { Element.softmax(pattern + row * seen, count: seen) }
  }

  /// dS [rows, seen] of one head: dP = dZ Vᵀ, then through the softmax, the soft cap and the scale.
  private func scores(
    _ pattern: UnsafePointer<Element>, _ capped: UnsafePointer<Element>?, _ ds: UnsafeMutablePointer<Element>,
    _ p: UnsafePointer<Element>, dz: UnsafePointer<Element>, _ head: Int, rows: Int
  ) {
    let own = place(head)
    Element.gemm(
      false, true, rows, count, part.headWidth, 1, dz + own.query, queryWidth, values.pointer + own.shared, keyWidth, 0,
      ds, seen)
    for row in 0..<rows {
      let line = ds + row * seen
      line[count] = Element(
        Element.dot(dz + row * queryWidth + own.query, p + row * part.stride + own.value, part.headWidth))
      Element.softmaxGradient(pattern + row * seen, gradient: line, scale: part.scale, count: seen)
      guard let cap = part.softCap, let capped else { continue }
      for index in 0..<seen {
        let share = capped[row * seen + index] / cap
        line[index] *= 1 - share * share
      }
    }
  }

  /// dQ = dS K, and what a row's own key and value take of it.
  private func gradients(
    _ pattern: UnsafePointer<Element>, _ ds: UnsafePointer<Element>, _ p: UnsafePointer<Element>,
    dz: UnsafePointer<Element>, _ head: Int, rows: Int, to dp: UnsafeMutablePointer<Element>
  ) {
    let own = place(head)
    weigh(keys.pointer + own.shared, by: ds, rows: rows, to: dp + own.query, stride: part.stride)
    for row in 0..<rows {
      let (from, to) = (p + row * part.stride, dp + row * part.stride)
      let (score, weight) = (ds[row * seen + count], pattern[row * seen + count])
      let asked = dz + row * queryWidth + own.query
      for index in 0..<part.headWidth {
        to[own.query + index] += score * from[own.key + index]
        to[own.key + index] += score * from[own.query + index]
        to[own.value + index] += weight * asked[index]
      }
    }
  }
}
