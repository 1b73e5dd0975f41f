import Tensors

extension BlockRunner {
  /// h ← h + attention(x), as the plan joins it.
  func attend(
    _ h: UnsafeMutablePointer<Float>, _ x: UnsafeMutablePointer<Float>, rows: Range<Int>, texts: [Range<Int>]
  ) throws {
    let branch = Branch(
      part: .attention, site: .attentionOut, place: .attentionOut, norm: weights.attentionOutNorm,
      product: weights.attentionOut, input: scratch.attended.pointer, stride: configuration.queryWidth)
    let replacement = Replacement(of: .attention, taps, input: x, rows: rows, width: width)
    if !replacement.isWhole { try weighValues(of: x, rows: rows, texts: texts) }
    try join(branch, to: h, rows: rows, replacement)
  }

  /// z ← every head's weighted values.
  private func weighValues(of x: UnsafePointer<Float>, rows: Range<Int>, texts: [Range<Int>]) throws {
    project(x, rows: rows, texts: texts)
    try show(rows)
    keep(rows)
    let (p, z) = (scratch.projections.pointer, scratch.attended.pointer)
    let attention = Attention(
      plan: plan.attention, heads: configuration.heads, kvHeads: configuration.kvHeads,
      headWidth: configuration.headWidth, past: past)
    try attention.apply(p, texts: texts, taps: taps, to: z)
    try taps.visit(.heads, z, stride: configuration.queryWidth, columns: configuration.queryWidth, rows: rows)
  }

  /// p ← queries, keys and values as attention sees them.
  func project(_ x: UnsafePointer<Float>, rows: Range<Int>, texts: [Range<Int>]) {
    weights.attentionIn.apply(x, stride: width, rows: rows.count, to: scratch.projections.pointer)
    finishProjections(scratch.projections.pointer, texts: texts)
  }

  private func show(_ rows: Range<Int>) throws {
    let p = scratch.projections.pointer
    let (q, k, all) = (configuration.queryWidth, configuration.keyWidth, weights.attentionIn.outputs)
    try taps.visit(.queries, p, stride: all, columns: q, rows: rows)
    try taps.visit(.keys, p + q, stride: all, columns: k, rows: rows)
    try taps.visit(.values, p + q + k, stride: all, columns: k, rows: rows)
  }

  /// Keys and values join the past where it grows.
  func keep(_ rows: Range<Int>) {
    let keys = scratch.projections.pointer + configuration.queryWidth
    past?.append(
      keys: keys, values: keys + configuration.keyWidth, stride: weights.attentionIn.outputs, count: rows.count)
  }

  /// Adds biases, normalises queries and keys where the plan says so, and turns them.
  private func finishProjections(_ p: UnsafeMutablePointer<Float>, texts: [Range<Int>]) {
    let bias = weights.attentionIn.bias
    guard bias != nil || rotary != nil || weights.queryNorm != nil else { return }
    let (all, heads, d) = (weights.attentionIn.outputs, configuration.heads, configuration.headWidth)
    let turned = heads + configuration.kvHeads
    let firstPosition = taps.firstPosition
    Compute.parallelFor(count: texts.count) { index in
      for (position, row) in texts[index].enumerated() {
        let line = p + row * all
        if let bias { Kernels.add(bias, to: line, count: all) }
        if let norm = weights.queryNorm { norm.applyToParts(of: line, count: configuration.queryWidth) }
        if let norm = weights.keyNorm {
          norm.applyToParts(of: line + configuration.queryWidth, count: configuration.keyWidth)
        }
        guard let rotary else { continue }
        for head in 0..<turned { rotary.rotate(line + head * d, position: firstPosition + position) }
      }
    }
  }
}

extension NormWeights {
  /// Normalises every stretch of `width` elements by itself.
  fileprivate func applyToParts(of line: UnsafeMutablePointer<Float>, count: Int) {
    for start in stride(from: 0, to: count, by: width) { apply(line + start, to: line + start) }
  }
}
