import Tensors

/// Scaled dot-product attention over the texts of a chunk: softmax(Q Kᵀ / √d_h) V, head by head.
///
/// Each text attends to itself only, so its result does not depend on what else is in the chunk.
/// Source: Vaswani et al., Attention Is All You Need, equation 1; grouped keys as in Ainslie et al., GQA.
struct Attention {
  let heads: Int
  let kvHeads: Int
  let headWidth: Int
  let isCausal: Bool

  /// Queries handled at once: enough for a fast product, few enough that scores stay in the cache.
  private static let queryBlock = 128

  /// Elements from one position's queries, keys and values to the next one's.
  var stride: Int { (heads + 2 * kvHeads) * headWidth }

  /// Computes the weighted values of every head.
  ///
  /// - Parameters:
  ///   - projections: [rows, stride]: queries of all heads, then keys, then values.
  ///   - texts: The rows of each text.
  ///   - output: [rows, heads × headWidth].
  func apply(_ projections: UnsafePointer<Float>, texts: [Range<Int>], to output: UnsafeMutablePointer<Float>) {
    Compute.parallelFor(count: texts.count * heads) { index in
      let (text, head) = (texts[index / heads], index % heads)
      let rows = projections + text.lowerBound * stride
      let target = output + text.lowerBound * heads * headWidth + head * headWidth
      apply(rows, head: head, length: text.count, to: target)
    }
  }

  private func apply(_ rows: UnsafePointer<Float>, head: Int, length: Int, to output: UnsafeMutablePointer<Float>) {
    let queries = rows + head * headWidth
    let group = head / (heads / kvHeads)
    let keys = rows + (heads + group) * headWidth
    let values = keys + kvHeads * headWidth
    let height = min(Attention.queryBlock, length)
    let scores = UnsafeMutablePointer<Float>.allocate(capacity: height * length)
    defer { scores.deallocate() }
    let scale = 1 / Float(headWidth).squareRoot()
    var start = 0
    while start < length {
      let end = min(start + height, length)
      let visible = isCausal ? end : length
      Float.gemm(
        false, true, end - start, visible, headWidth, scale, queries + start * stride, stride, keys, stride, 0, scores,
        visible)
      for row in start..<end {
        let line = scores + (row - start) * visible
        let seen = isCausal ? row + 1 : length
        Kernels.softmax(line, count: seen)
        if seen < visible { (line + seen).update(repeating: 0, count: visible - seen) }
      }
      Float.gemm(
        false, false, end - start, headWidth, visible, 1, scores, visible, values, stride, 0,
        output + start * heads * headWidth, heads * headWidth)
      start = end
    }
  }
}
