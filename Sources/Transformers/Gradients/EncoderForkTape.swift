import Tensors

/// One block of an encoder with norms behind its branches, as BERT's, over many forks of a short text, forwards and back.
///
/// Only what differs from the trunk, or is read later, is computed. A fork that left the trunk in the block below (`fresh`)
/// differs at its position alone: queries, keys and values of its other positions are the trunk's, and on the way back
/// nothing but that position's gradient is asked. In the last block (`isTop`) nothing but that position is read: of the
/// others there are keys and values and no more.
final class EncoderForkTape {
  /// The forks of one pass: those that differ at all positions come first.
  struct Shape {
    var whole: Int
    var fresh: Int
    var length: Int
    var position: Int
    var isTop: Bool

    var forks: Int { whole + fresh }
    /// Rows of a fork that leave the block.
    var perFork: Int { isTop ? 1 : length }
    var rows: Int { forks * perFork }
    /// The first row that is read of each fork's `length`.
    var first: Int { isTop ? position : 0 }
  }

  private enum Slot { case p, patterns, sum, slopes, total }

  private let sizes: BlockSizes
  private let scratch: Scratch
  private var kept: [Slot: NumberBuffer<Float>] = [:]
  private var shape = Shape(whole: 0, fresh: 0, length: 1, position: 0, isTop: false)

  private var d: Int { sizes.width }
  private var across: Int { sizes.projectionWidth }

  /// A tape whose passing results lie in memory shared with other blocks'.
  init(_ sizes: BlockSizes, _ scratch: Scratch) { (self.sizes, self.scratch) = (sizes, scratch) }

  /// Memory for results that only one step needs, taken once.
  final class Scratch {
    fileprivate enum Slot { case network, first, second, projections }
    private var buffers: [Slot: NumberBuffer<Float>] = [:]

    fileprivate func buffer(_ slot: Slot, _ count: Int) -> UnsafeMutablePointer<Float> {
      buffers.room(slot, count)
    }
  }

  /// Texts of more positions are better served by products of matrices.
  private static let longest = 64

  /// Whether forks of a text of `length` positions are run by this.
  static func serves(_ c: ModelConfiguration, length: Int) -> Bool {
    length <= longest && c.plans.allSatisfy(fits)
  }

  private static func fits(_ plan: BlockPlan) -> Bool {
    let attention = plan.attention
    return plan.residual == .postNorm && plan.attentionNorm == nil && plan.ffnNorm == nil
      && plan.attentionOutNorm != nil && plan.ffnOutNorm != nil && !plan.ffn.isGated && !attention.isCausal
      && attention.rotary == nil && attention.queryKeyNorm == nil && attention.softCap == nil && attention.window == nil
  }

  private func attention(_ block: TapedBlock<Float>) -> ShortAttention {
    ShortAttention(
      heads: sizes.heads, headWidth: sizes.headWidth, scale: block.plan.attention.scale, length: shape.length,
      stride: across)
  }

  private func vectors(_ rows: Int) -> NormPart<Float>.Vectors { .init(rows: rows, stride: d) }

  /// Runs the block.
  ///
  /// - Parameters:
  ///   - h: The states that enter, [forks, length, d], those of a fresh fork complete; those that leave take their place, of
  ///     the last block at the position alone.
  ///   - trunk: Queries, keys and values of the text without any change, [length, (H + 2 H_kv) d_h].
  func forward(
    _ h: UnsafeMutablePointer<Float>, _ block: TapedBlock<Float>, _ panels: ForkPanels, trunk: UnsafePointer<Float>,
    _ shape: Shape
  ) {
    self.shape = shape
    let (rows, weights) = (shape.rows, block.weights)
    let (sum, total) = (kept.room(.sum, rows * d), kept.room(.total, rows * d))
    project(h, panels, bias: weights.attentionIn.bias, trunk)
    let (z, m) = (scratch.buffer(.first, rows * sizes.queryWidth), scratch.buffer(.second, rows * d))
    attend(block, to: z)
    let stream = (pointer: UnsafePointer(h + shape.first * d), stride: shape.length / shape.perFork * d)
    panels.attentionOut.multiply(
      (UnsafePointer(z), sizes.queryWidth), rows: rows, bias: weights.attentionOut.bias, adding: stream, to: (sum, d))
    weights.attentionOutNorm?.apply(sum, vectors(rows), to: m)
    let f = scratch.buffer(.network, rows * sizes.ffnWidth)
    let slopes = kept.room(.slopes, rows * sizes.ffnWidth)
    panels.ffnIn.multiply(
      (UnsafePointer(m), d), rows: rows, bias: weights.ffnIn.bias, to: (slopes, sizes.ffnWidth))
    activate(block.plan.ffn.activation.function, slopes, to: f, rows: rows)
    panels.ffnOut.multiply(
      (UnsafePointer(f), sizes.ffnWidth), rows: rows, bias: weights.ffnOut.bias, adding: (UnsafePointer(m), d),
      to: (total, d))
    guard shape.isTop else {
      weights.ffnOutNorm?.apply(total, vectors(rows), to: h)
      return
    }
    let left = scratch.buffer(.first, rows * d)
    weights.ffnOutNorm?.apply(total, vectors(rows), to: left)
    for fork in 0..<rows {
      (h + (fork * shape.length + shape.position) * d).update(from: left + fork * d, count: d)
    }
  }

  /// What a block of a text without any change leaves for its forks.
  struct TrunkNote {
    /// Queries, keys and values of every position side by side, [length, (H + 2 H_kv) d_h].
    var projections: [Float]
    /// After the activation at the position, [d_ff].
    var activations: [Float]
    /// What the feed-forward network's output joins at the position, [d].
    var stream: [Float]
  }

  /// Runs the block over a text without any change.
  ///
  /// - Parameter h: The states that enter, [length, d]; those that leave take their place.
  func trunk(
    _ h: UnsafeMutablePointer<Float>, _ block: TapedBlock<Float>, _ panels: ForkPanels, length: Int, position: Int
  ) -> TrunkNote {
    // The text is a fork that differs everywhere.
    forward(
      h, block, panels, trunk: h, Shape(whole: 1, fresh: 0, length: length, position: position, isTop: false))
    func row(_ place: UnsafeMutablePointer<Float>, _ row: Int, _ count: Int) -> [Float] {
      Array(UnsafeBufferPointer(start: place + row * count, count: count))
    }
    return TrunkNote(
      projections: row(kept.room(.p, length * across), 0, length * across),
      activations: row(scratch.buffer(.network, length * sizes.ffnWidth), position, sizes.ffnWidth),
      stream: row(scratch.buffer(.second, length * d), position, d))
  }

  /// Goes back through the block that was run last.
  ///
  /// - Parameter h: On entry the gradients of the states that left; on return those of the states that enter, of a fresh
  ///   fork at its position alone.
  func backward(_ h: UnsafeMutablePointer<Float>, _ block: TapedBlock<Float>, _ panels: ForkPanels) {
    let (rows, weights) = (shape.rows, block.weights)
    guard let sum = kept[.sum], let total = kept[.total], let slopes = kept[.slopes] else { return }
    var leaving = h
    if shape.isTop {
      leaving = scratch.buffer(.first, rows * d)
      for fork in 0..<rows {
        (leaving + fork * d).update(from: h + (fork * shape.length + shape.position) * d, count: d)
      }
    }
    weights.ffnOutNorm?.backward(
      total.pointer, vectors(rows), dy: leaving, to: leaving, gradient: nil, replaces: true)
    let df = scratch.buffer(.network, rows * sizes.ffnWidth)
    panels.ffnOut.multiply((UnsafePointer(leaving), d), rows: rows, to: (df, sizes.ffnWidth))
    Compute.parallelFor(count: rows, chunk: 16, multiplies: false) { part in
      let place = part.lowerBound * sizes.ffnWidth
      Kernels.multiply(df + place, by: slopes.pointer + place, count: part.count * sizes.ffnWidth)
    }
    let dm = scratch.buffer(.second, rows * d)
    panels.ffnIn.multiply(
      (UnsafePointer(df), sizes.ffnWidth), rows: rows, adding: (UnsafePointer(leaving), d), to: (dm, d))
    weights.attentionOutNorm?.backward(sum.pointer, vectors(rows), dy: dm, to: dm, gradient: nil, replaces: true)
    let dz = scratch.buffer(.network, rows * sizes.queryWidth)
    panels.attentionOut.multiply((UnsafePointer(dm), d), rows: rows, to: (dz, sizes.queryWidth))
    let dp = scratch.buffer(.projections, shape.forks * shape.length * across)
    attendBackward(block, dz: dz, to: dp)
    projectBackward(dp, panels, stream: dm, to: h)
  }

  /// Queries, keys and values of every row, as far as they are asked; those of a fresh fork's other rows are the trunk's.
  private func project(
    _ h: UnsafePointer<Float>, _ panels: ForkPanels, bias: UnsafePointer<Float>?, _ trunk: UnsafePointer<Float>
  ) {
    let (length, position, width) = (shape.length, shape.position, sizes.queryWidth)
    let p = kept.room(.p, shape.forks * length * across)
    let wholeRows = shape.whole * length
    let (own, target) = (h + position * d, p + position * across)
    if shape.isTop {
      panels.queries.multiply(
        (own, length * d), rows: shape.whole, bias: bias, to: (target, length * across))
    } else {
      panels.queries.multiply((h, d), rows: wholeRows, bias: bias, to: (p, across))
    }
    panels.others.multiply((h, d), rows: wholeRows, bias: bias.map { $0 + width }, to: (p + width, across))
    for fork in shape.whole..<shape.forks {
      (p + fork * length * across).update(from: trunk, count: length * across)
    }
    let (fresh, freshTarget) = (own + wholeRows * d, target + wholeRows * across)
    panels.queries.multiply((fresh, length * d), rows: shape.fresh, bias: bias, to: (freshTarget, length * across))
    panels.others.multiply(
      (fresh, length * d), rows: shape.fresh, bias: bias.map { $0 + width },
      to: (freshTarget + width, length * across))
  }

  /// The way back through `project`, to which the gradient of the stream beside it is added.
  private func projectBackward(
    _ dp: UnsafePointer<Float>, _ panels: ForkPanels, stream: UnsafePointer<Float>, to h: UnsafeMutablePointer<Float>
  ) {
    let (length, position, width) = (shape.length, shape.position, sizes.queryWidth)
    let (own, ownGradient) = (h + position * d, dp + position * across)
    let wholeRows = shape.whole * length
    if shape.isTop {
      panels.others.multiply((dp + width, across), rows: wholeRows, to: (h, d))
      for fork in 0..<shape.whole { RowLoop.add(stream + fork * d, to: own + fork * length * d, count: d) }
      panels.queries.multiply(
        (ownGradient, length * across), rows: shape.whole, adding: (UnsafePointer(own), length * d),
        to: (own, length * d))
    } else {
      panels.others.multiply((dp + width, across), rows: wholeRows, adding: (stream, d), to: (h, d))
      panels.queries.multiply((dp, across), rows: wholeRows, adding: (UnsafePointer(h), d), to: (h, d))
    }
    let (fresh, gradient) = (own + wholeRows * d, ownGradient + wholeRows * across)
    let beside = stream + (shape.isTop ? shape.whole : wholeRows + position) * d
    panels.others.multiply(
      (gradient + width, length * across), rows: shape.fresh, adding: (beside, shape.perFork * d),
      to: (fresh, length * d))
    panels.queries.multiply(
      (gradient, length * across), rows: shape.fresh, adding: (UnsafePointer(fresh), length * d),
      to: (fresh, length * d))
  }

  private func attend(_ block: TapedBlock<Float>, to z: UnsafeMutablePointer<Float>) {
    let (shape, attention, width) = (shape, attention(block), sizes.queryWidth)
    let patternCount = sizes.heads * shape.perFork * shape.length
    let patterns = kept.room(.patterns, shape.forks * patternCount)
    guard let p = kept[.p]?.pointer else { return }
    Compute.parallelFor(count: shape.forks, chunk: 4, multiplies: false) { part in
      for fork in part {
        let rows = UnsafePointer(p + fork * shape.length * across)
        attention.apply(
          (rows + shape.first * across, rows + width, rows + 2 * width), queries: shape.perFork,
          patterns: patterns + fork * patternCount, to: z + fork * shape.perFork * width)
      }
    }
  }

  private func attendBackward(
    _ block: TapedBlock<Float>, dz: UnsafePointer<Float>, to dp: UnsafeMutablePointer<Float>
  ) {
    let (shape, attention, width) = (shape, attention(block), sizes.queryWidth)
    let patternCount = sizes.heads * shape.perFork * shape.length
    guard let p = kept[.p]?.pointer, let patterns = kept[.patterns]?.pointer else { return }
    Compute.parallelFor(count: shape.forks, chunk: 4, multiplies: false) { part in
      for fork in part {
        let (rows, to) = (UnsafePointer(p + fork * shape.length * across), dp + fork * shape.length * across)
        attention.backward(
          (rows + shape.first * across, rows + width, rows + 2 * width), queries: shape.perFork,
          patterns: patterns + fork * patternCount, dz: dz + fork * shape.perFork * width,
          to: (to + shape.first * across, to + width, to + 2 * width))
      }
    }
  }

  /// f ← the activation of u, in whose place its slope stays.
  private func activate(
    _ function: ActivationFunction, _ u: UnsafeMutablePointer<Float>, to f: UnsafeMutablePointer<Float>, rows: Int
  ) {
    let width = sizes.ffnWidth
    Compute.parallelFor(count: rows, chunk: 16, multiplies: false) { part in
      let (place, count) = (part.lowerBound * width, part.count * width)
      guard function != .geluErf else { return Kernels.geluErfAndSlope(u + place, to: f + place, count: count) }
      (f + place).update(from: u + place, count: count)
      Float.activate(function, f + place, count: count)
      Float.slope(of: function, at: u + place, to: u + place, count: count)
    }
  }
}

extension Dictionary where Value == NumberBuffer<Float> {
  /// The memory of a slot, taken anew where it is too small.
  fileprivate mutating func room(_ slot: Key, _ count: Int) -> UnsafeMutablePointer<Float> {
    if let known = self[slot], known.count >= count { return known.pointer }
    let made = NumberBuffer<Float>(count: count)
    self[slot] = made
    return made.pointer
  }
}
