/// Runs one block over rows of the residual stream, in place: the one way through a block, tapped or not.
///
/// Legend: rows are positions of one or more whole texts; h [rows, d]; x what a branch reads [rows, d]; p queries, keys
/// and values [rows, (H + 2 H_kv) d_h]; z weighted values [rows, H d_h]; f feed-forward [rows, d_ff or 2 d_ff].
///
/// The products that end a branch add to h as they go. Where a branch's output is tapped it is computed once more by
/// itself; rows in which a tap changed a bit take the changed output, all others keep the bits of the untapped run.
struct BlockRunner {
  let configuration: ModelConfiguration
  let plan: BlockPlan
  let weights: BlockWeights
  let rotary: RotaryTable?
  let scratch: BlockScratch
  /// Keys and values from before the texts' first rows; nil where the texts begin there.
  var past: PastKeys?
  let taps: BlockTaps

  var width: Int { configuration.width }

  /// h ← block(h).
  ///
  /// - Parameters:
  ///   - h: [rows, d], rows contiguous.
  ///   - texts: The rows of each text; together all rows, in order.
  /// - Throws: What a tap throws, and nothing else.
  func run(_ h: UnsafeMutablePointer<Float>, texts: [Range<Int>]) throws {
    let rows = 0..<(texts.last?.upperBound ?? 0)
    try taps.visit(.residualIn, h, stride: width, columns: width, rows: rows)
    let replacement = Replacement(of: .block, taps, input: h, rows: rows, width: width)
    let x = try read(h, weights.attentionNorm, at: .attention, rows: rows, into: scratch.normed)
    if plan.residual == .parallel {
      let y = weights.ffnNorm == nil ? x : try read(h, weights.ffnNorm, at: .ffn, rows: rows, into: scratch.normedAlso)
      try attend(h, x, rows: rows, texts: texts)
      try forEachPart(of: rows) { part in
        try feedForward(h + part.lowerBound * width, y + part.lowerBound * width, part)
      }
    } else {
      try attend(h, x, rows: rows, texts: texts)
      try taps.visit(.residualMid, h, stride: width, columns: width, rows: rows)
      try forEachPart(of: rows) { part in
        let h = h + part.lowerBound * width
        try feedForward(h, try read(h, weights.ffnNorm, at: .ffn, rows: part, into: scratch.normed), part)
      }
    }
    try replacement.apply(to: h)
    try taps.visit(.residualOut, h, stride: width, columns: width, rows: rows)
  }

  /// Computes keys and values of h and lets them join the past; h stays as it is.
  func projectOnly(_ h: UnsafeMutablePointer<Float>, texts: [Range<Int>]) {
    let rows = 0..<(texts.last?.upperBound ?? 0)
    var x = UnsafePointer(h)
    if let norm = weights.attentionNorm {
      normalize(x, norm, count: rows.count, to: scratch.normed.pointer)
      x = UnsafePointer(scratch.normed.pointer)
    }
    project(x, rows: rows, texts: texts)
    keep(rows)
  }

  /// The feed-forward network needs the most memory and does not care where texts end.
  private func forEachPart(of rows: Range<Int>, _ body: (Range<Int>) throws -> Void) throws {
    for start in stride(from: rows.lowerBound, to: rows.upperBound, by: scratch.ffnRows) {
      try body(start..<min(start + scratch.ffnRows, rows.upperBound))
    }
  }

  /// What a branch reads: the norm of the stream, or the stream itself where there is none.
  private func read(
    _ h: UnsafeMutablePointer<Float>, _ norm: NormWeights?, at place: NormPlace, rows: Range<Int>,
    into buffer: FloatBuffer
  ) throws -> UnsafeMutablePointer<Float> {
    guard let norm else { return h }
    try normalize(h, norm, at: place, rows: rows, to: buffer.pointer)
    return buffer.pointer
  }
}

/// Intermediate results of a block, reused from chunk to chunk and block to block.
struct BlockScratch: Sendable {
  let normed: FloatBuffer
  /// What the second branch of parallel blocks reads.
  let normedAlso: FloatBuffer
  /// What a branch adds, where it is normalised or tapped before it is added.
  private(set) var added: FloatBuffer
  let projections: FloatBuffer
  let attended: FloatBuffer
  let ffn: FloatBuffer
  /// Rows the feed-forward network takes at once.
  let ffnRows: Int

  /// Room for chunks of at most `rows` positions.
  init(_ c: ModelConfiguration, rows: Int, ffnRows: Int) {
    self.ffnRows = min(rows, ffnRows)
    let hasTwo = c.plans.contains { $0.residual == .parallel && $0.ffnNorm != nil }
    let hasOutNorms = c.plans.contains { $0.residual != .postNorm && ($0.attentionOutNorm ?? $0.ffnOutNorm) != nil }
    normed = FloatBuffer(count: rows * c.width)
    normedAlso = FloatBuffer(count: hasTwo ? rows * c.width : 0)
    added = FloatBuffer(count: hasOutNorms ? rows * c.width : 0)
    projections = FloatBuffer(count: rows * (c.queryWidth + 2 * c.keyWidth))
    attended = FloatBuffer(count: rows * c.queryWidth)
    ffn = FloatBuffer(count: self.ffnRows * c.ffnInWidth)
  }

  /// Makes room for outputs of branches that are looked at.
  mutating func makeRoomForTaps() {
    if added.count == 0 { added = FloatBuffer(count: normed.count) }
  }

  /// Elements one position needs before the feed-forward network.
  static func elementsPerRow(_ c: ModelConfiguration) -> Int { c.width + 2 * c.queryWidth + 2 * c.keyWidth }
}
