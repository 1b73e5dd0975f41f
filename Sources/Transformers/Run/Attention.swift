import Tensors

/// Scaled dot-product attention over the texts of a chunk: softmax(cap(scale · Q Kᵀ)) V, head by head.
///
/// Each text attends to itself and to its past only, so its result does not depend on what else is in the chunk.
/// Source: Vaswani et al., Attention Is All You Need, equation 1; grouped keys as in Ainslie et al., GQA; soft cap as in
/// Gemma 2's report; windows as in Beltagy et al., Longformer.
struct Attention {
  let plan: AttentionPlan
  let heads: Int
  let kvHeads: Int
  let headWidth: Int
  let past: PastKeys?

  /// Queries handled at once: enough for a fast product, few enough that scores stay in the cache.
  private static let queryBlock = 128

  /// Elements from one position's queries, keys and values to the next one's.
  var stride: Int { (heads + 2 * kvHeads) * headWidth }

  /// Computes the weighted values of every head.
  ///
  /// - Parameters:
  ///   - projections: [rows, stride]: queries of all heads, then keys, then values.
  ///   - texts: The rows of each text.
  ///   - taps: What looks at the weights.
  ///   - output: [rows, heads × headWidth].
  func apply(
    _ projections: UnsafePointer<Float>, texts: [Range<Int>], taps: BlockTaps, to output: UnsafeMutablePointer<Float>
  ) throws {
    if taps.has(.pattern) {
      for index in texts.indices {
        try applySeen(projections, text: texts[index], index: index, taps: taps, to: output)
      }
      return
    }
    Compute.parallelFor(count: texts.count * heads) { index in
      let head = self.head(index % heads, projections, text: texts[index / heads], to: output)
      let tiles = self.tiles(texts[index / heads].count)
      let scores = UnsafeMutablePointer<Float>.allocate(capacity: tiles.map(\.count).max() ?? 0)
      defer { scores.deallocate() }
      for tile in tiles {
        weigh(head, tile, to: scores)
        sum(head, tile, scores)
      }
    }
  }

  /// The same products in the same order, with all weights of a text between them.
  private func applySeen(
    _ projections: UnsafePointer<Float>, text: Range<Int>, index: Int, taps: BlockTaps,
    to output: UnsafeMutablePointer<Float>
  ) throws {
    let tiles = self.tiles(text.count)
    var starts = [0]
    for tile in tiles { starts.append(starts[starts.count - 1] + tile.count) }
    let perHead = starts[tiles.count]
    let scores = FloatBuffer(count: heads * perHead)
    Compute.parallelFor(count: heads) { number in
      let head = self.head(number, projections, text: text, to: output)
      for (tile, start) in zip(tiles, starts) { weigh(head, tile, to: scores.pointer + number * perHead + start) }
    }
    let keys = (past?.count ?? 0) + text.count
    func line(_ row: Int, _ head: Int) -> (values: UnsafeMutablePointer<Float>, tile: Tile) {
      let number = row / Attention.queryBlock
      let tile = tiles[number]
      let start = head * perHead + starts[number] + (row - tile.rows.lowerBound) * tile.keys.count
      return (scores.pointer + start, tile)
    }
    try taps.visitPattern(
      text: index, heads: heads, keys: keys,
      read: { row, head, target in
        let (values, tile) = line(row, head)
        target.update(repeating: 0, count: keys)
        (target + tile.keys.lowerBound).update(from: values, count: tile.keys.count)
      },
      write: { row, head, source in
        let (values, tile) = line(row, head)
        values.update(from: source + tile.keys.lowerBound, count: tile.keys.count)
      })
    Compute.parallelFor(count: heads) { number in
      let head = self.head(number, projections, text: text, to: output)
      for (tile, start) in zip(tiles, starts) { sum(head, tile, scores.pointer + number * perHead + start) }
    }
  }

  /// Where one head of one text finds its queries, keys and values, and puts its result.
  private struct Head {
    let queries: UnsafePointer<Float>
    let keys: [KeyRows]
    let output: UnsafeMutablePointer<Float>
  }

  private func head(
    _ number: Int, _ projections: UnsafePointer<Float>, text: Range<Int>, to output: UnsafeMutablePointer<Float>
  ) -> Head {
    let rows = projections + text.lowerBound * stride
    let group = number / (heads / kvHeads) * headWidth
    let own = rows + heads * headWidth + group
    let before = past?.count ?? 0
    var keys: [KeyRows] = []
    if let past { keys = past.rows(offset: group) }
    if past?.isGrowing != true {
      keys.append(
        KeyRows(
          keys: own, values: own + kvHeads * headWidth, stride: stride, positions: before..<before + text.count))
    }
    return Head(
      queries: rows + number * headWidth, keys: keys,
      output: output + (text.lowerBound * heads + number) * headWidth)
  }

  /// Some queries of a text and the keys that any of them sees.
  private struct Tile {
    /// Rows of the text.
    let rows: Range<Int>
    /// Positions of the text and its past.
    let keys: Range<Int>
    var count: Int { rows.count * keys.count }
  }

  private func tiles(_ length: Int) -> [Tile] {
    let before = past?.count ?? 0
    return Swift.stride(from: 0, to: length, by: Attention.queryBlock).map { start in
      let end = min(start + Attention.queryBlock, length)
      let first = plan.window.map { max(0, before + start - $0 + 1) } ?? 0
      return Tile(rows: start..<end, keys: first..<(plan.isCausal ? before + end : lastKey(end, length) + before))
    }
  }

  /// One past the last key that queries before `end` see without a causal mask.
  private func lastKey(_ end: Int, _ length: Int) -> Int { plan.window.map { min(length, end + $0 - 1) } ?? length }

  /// scores [rows, keys] ← the weights of a tile.
  private func weigh(_ head: Head, _ tile: Tile, to scores: UnsafeMutablePointer<Float>) {
    let (count, before) = (tile.keys.count, past?.count ?? 0)
    let queries = head.queries + tile.rows.lowerBound * stride
    for part in head.keys {
      let seen = part.positions.clamped(to: tile.keys)
      guard !seen.isEmpty else { continue }
      let keys = part.keys + (seen.lowerBound - part.positions.lowerBound) * part.stride
      let target = scores + seen.lowerBound - tile.keys.lowerBound
      if tile.rows.count == 1, past != nil {
        Float.gemv(false, seen.count, headWidth, plan.scale, keys, part.stride, queries, 0, target)
      } else {
        Float.gemm(
          false, true, tile.rows.count, seen.count, headWidth, plan.scale, queries, stride, keys, part.stride, 0,
          target, count)
      }
    }
    for row in tile.rows {
      let line = scores + (row - tile.rows.lowerBound) * count
      let position = before + row
      let first = max(tile.keys.lowerBound, plan.window.map { position - $0 + 1 } ?? 0) - tile.keys.lowerBound
      let ahead = plan.isCausal ? position : plan.window.map { position + $0 - 1 } ?? tile.keys.upperBound - 1
      let end = min(tile.keys.upperBound, ahead + 1) - tile.keys.lowerBound
      if let cap = plan.softCap { Kernels.softCap(line + first, at: cap, count: end - first) }
      Kernels.softmax(line + first, count: end - first)
      if first > 0 { line.update(repeating: 0, count: first) }
      if end < count { (line + end).update(repeating: 0, count: count - end) }
    }
  }

  /// z ← the sum of values, weighted.
  private func sum(_ head: Head, _ tile: Tile, _ scores: UnsafePointer<Float>) {
    let output = head.output + tile.rows.lowerBound * heads * headWidth
    var keep: Float = 0
    for part in head.keys {
      let seen = part.positions.clamped(to: tile.keys)
      guard !seen.isEmpty else { continue }
      let values = part.values + (seen.lowerBound - part.positions.lowerBound) * part.stride
      let weights = scores + seen.lowerBound - tile.keys.lowerBound
      if tile.rows.count == 1, past != nil {
        Float.gemv(true, seen.count, headWidth, 1, values, part.stride, weights, keep, output)
      } else {
        Float.gemm(
          false, false, tile.rows.count, headWidth, seen.count, 1, weights, tile.keys.count, values, part.stride, keep,
          output, heads * headWidth)
      }
      keep = 1
    }
  }
}
