import Tensors

/// Runs one block over rows of the residual stream, in place.
///
/// Legend: rows are positions of one or more whole texts; h [rows, d]; x normed h [rows, d]; p queries, keys and values
/// [rows, (H + 2 H_kv) d_h]; z weighted values [rows, H d_h]; f feed-forward [rows, d_ff or 2 d_ff].
struct BlockRunner {
  let configuration: ModelConfiguration
  let weights: BlockWeights
  let rotary: RotaryTable?
  let scratch: BlockScratch

  /// h ← block(h).
  ///
  /// - Parameters:
  ///   - h: [rows, d], rows contiguous.
  ///   - texts: The rows of each text; together all rows, in order.
  func run(_ h: UnsafeMutablePointer<Float>, texts: [Range<Int>]) {
    let rows = texts.last?.upperBound ?? 0
    attend(h, rows: rows, texts: texts)
    let step = scratch.ffnRows
    for start in stride(from: 0, to: rows, by: step) {
      feedForward(h + start * configuration.width, rows: min(step, rows - start))
    }
  }

  private func attend(_ h: UnsafeMutablePointer<Float>, rows: Int, texts: [Range<Int>]) {
    let x = scratch.normed.pointer
    if !configuration.isPostNorm { normalize(h, weights.norm1, to: x, rows: rows) }
    attention(of: configuration.isPostNorm ? h : x, rows: rows, texts: texts, keep: 1, to: h)
    finishResidual(h, bias: weights.attentionOut.bias, norm: weights.norm1, rows: rows)
  }

  private func feedForward(_ h: UnsafeMutablePointer<Float>, rows: Int) {
    let x = scratch.normed.pointer
    if !configuration.isPostNorm { normalize(h, weights.norm2, to: x, rows: rows) }
    ffn(of: configuration.isPostNorm ? h : x, rows: rows, keep: 1, to: h)
    finishResidual(h, bias: weights.ffnOut.bias, norm: weights.norm2, rows: rows)
  }

  /// target ← attention(x) + keep · target, without the output bias.
  func attention(
    of x: UnsafePointer<Float>, rows: Int, texts: [Range<Int>], keep: Float, to target: UnsafeMutablePointer<Float>
  ) {
    let (p, z) = (scratch.projections.pointer, scratch.attended.pointer)
    weights.attentionIn.apply(x, stride: configuration.width, rows: rows, to: p)
    addBiasAndRotate(p, texts: texts)
    attention.apply(p, texts: texts, to: z)
    weights.attentionOut.apply(z, stride: configuration.queryWidth, rows: rows, keep: keep, to: target)
  }

  /// target ← ffn(x) + keep · target, without the output bias; at most `scratch.ffnRows` rows.
  func ffn(of x: UnsafePointer<Float>, rows: Int, keep: Float, to target: UnsafeMutablePointer<Float>) {
    let f = scratch.ffn.pointer
    weights.ffnIn.apply(x, stride: configuration.width, rows: rows, to: f)
    activate(f, rows: rows)
    weights.ffnOut.apply(f, stride: weights.ffnIn.outputs, rows: rows, keep: keep, to: target)
  }

  private var attention: Attention {
    Attention(
      heads: configuration.heads, kvHeads: configuration.kvHeads, headWidth: configuration.headWidth,
      isCausal: !configuration.isBidirectional)
  }

  func normalize(
    _ h: UnsafePointer<Float>, _ norm: NormWeights, to x: UnsafeMutablePointer<Float>, rows: Int
  ) {
    let d = configuration.width
    Compute.parallelFor(count: rows, chunk: 32) { part in
      for row in part { norm.apply(h + row * d, to: x + row * d) }
    }
  }

  /// Adds the output bias to h, which already holds the sum of input and product, and norms it where norms come after.
  private func finishResidual(
    _ h: UnsafeMutablePointer<Float>, bias: UnsafePointer<Float>?, norm: NormWeights, rows: Int
  ) {
    guard bias != nil || configuration.isPostNorm else { return }
    let d = configuration.width
    Compute.parallelFor(count: rows, chunk: 32) { part in
      for row in part {
        let line = h + row * d
        if let bias { Kernels.add(bias, to: line, count: d) }
        if configuration.isPostNorm { norm.apply(line, to: line) }
      }
    }
  }

  private func addBiasAndRotate(_ p: UnsafeMutablePointer<Float>, texts: [Range<Int>]) {
    guard weights.attentionIn.bias != nil || rotary != nil else { return }
    let width = weights.attentionIn.outputs
    let turned = configuration.heads + configuration.kvHeads
    Compute.parallelFor(count: texts.count) { index in
      for (position, row) in texts[index].enumerated() {
        let line = p + row * width
        if let bias = weights.attentionIn.bias { Kernels.add(bias, to: line, count: width) }
        guard let rotary else { continue }
        for head in 0..<turned { rotary.rotate(line + head * configuration.headWidth, position: position) }
      }
    }
  }

  private func activate(_ f: UnsafeMutablePointer<Float>, rows: Int) {
    let (width, half) = (weights.ffnIn.outputs, configuration.ffnWidth)
    Compute.parallelFor(count: rows, chunk: 16) { part in
      for row in part {
        let line = f + row * width
        if let bias = weights.ffnIn.bias { Kernels.add(bias, to: line, count: width) }
        if configuration.isGated {
          gate(line, up: line + half, count: half)
        } else {
          configuration.activation.apply(line, count: width)
        }
      }
    }
  }

  private func gate(_ line: UnsafeMutablePointer<Float>, up: UnsafePointer<Float>, count: Int) {
    switch configuration.activation {
    case .silu: Kernels.siluGate(line, up: up, count: count)
    case .geluTanh: Kernels.geluTanhGate(line, up: up, count: count)
    default:
      configuration.activation.apply(line, count: count)
      Kernels.multiply(line, by: up, count: count)
    }
  }
}

extension ModelConfiguration.Activation {
  /// Replaces every element by the activation of it.
  func apply(_ x: UnsafeMutablePointer<Float>, count: Int) {
    switch self {
    case .geluTanh: Kernels.geluTanh(x, count: count)
    case .geluErf: Kernels.geluErf(x, count: count)
    case .silu: Kernels.silu(x, count: count)
    case .relu: Kernels.relu(x, count: count)
    case .tanh: Kernels.tanh(x, count: count)
    }
  }
}

/// Intermediate results of a block, reused from chunk to chunk and block to block.
struct BlockScratch: Sendable {
  let normed: FloatBuffer
  let projections: FloatBuffer
  let attended: FloatBuffer
  let ffn: FloatBuffer
  /// Rows the feed-forward network takes at once; it needs the most memory and does not care where texts end.
  let ffnRows: Int

  /// Room for chunks of at most `rows` positions.
  init(_ c: ModelConfiguration, rows: Int, ffnRows: Int) {
    self.ffnRows = min(rows, ffnRows)
    normed = FloatBuffer(count: rows * c.width)
    projections = FloatBuffer(count: rows * (c.queryWidth + 2 * c.keyWidth))
    attended = FloatBuffer(count: rows * c.queryWidth)
    ffn = FloatBuffer(count: self.ffnRows * c.ffnWidth * (c.isGated ? 2 : 1))
  }

  /// Elements one position needs before the feed-forward network.
  static func elementsPerRow(_ c: ModelConfiguration) -> Int { c.width + 2 * c.queryWidth + 2 * c.keyWidth }
}
