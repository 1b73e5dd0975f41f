import Tensors

extension BlockRunner {
  /// h ← h + ffn(x), as the plan joins it; at most `scratch.ffnRows` rows.
  func feedForward(_ h: UnsafeMutablePointer<Float>, _ x: UnsafeMutablePointer<Float>, _ rows: Range<Int>) throws {
    let branch = Branch(
      part: .ffn, site: .ffnOut, place: .ffnOut, norm: weights.ffnOutNorm, product: weights.ffnOut,
      input: scratch.ffn.pointer, stride: weights.ffnIn.outputs)
    let replacement = Replacement(of: .ffn, taps, input: x, rows: rows, width: width)
    if !replacement.isWhole { try activate(x, rows) }
    try join(branch, to: h, rows: rows, replacement)
  }

  /// f ← the network up to its second product.
  private func activate(_ x: UnsafePointer<Float>, _ rows: Range<Int>) throws {
    let f = scratch.ffn.pointer
    let (all, half) = (weights.ffnIn.outputs, configuration.ffnWidth)
    weights.ffnIn.apply(x, stride: width, rows: rows.count, to: f)
    let isSeen = taps.has(.ffnIn) || taps.has(.ffnUp)
    if isSeen {
      forEachLine(f, count: rows.count) { addInBias($0) }
      try taps.visit(.ffnIn, f, stride: all, columns: half, rows: rows)
      if plan.ffn.isGated { try taps.visit(.ffnUp, f + half, stride: all, columns: half, rows: rows) }
    }
    forEachLine(f, count: rows.count) { line in
      if !isSeen { addInBias(line) }
      if plan.ffn.isGated {
        gate(line, up: line + half, count: half)
      } else {
        plan.ffn.activation.apply(line, count: half)
      }
    }
    try taps.visit(.ffnActivation, f, stride: all, columns: half, rows: rows)
  }

  private func forEachLine(
    _ f: UnsafeMutablePointer<Float>, count: Int, _ body: (UnsafeMutablePointer<Float>) -> Void
  ) {
    let all = weights.ffnIn.outputs
    Compute.parallelFor(count: count, chunk: 16) { part in for row in part { body(f + row * all) } }
  }

  private func addInBias(_ line: UnsafeMutablePointer<Float>) {
    if let bias = weights.ffnIn.bias { Kernels.add(bias, to: line, count: weights.ffnIn.outputs) }
  }

  private func gate(_ line: UnsafeMutablePointer<Float>, up: UnsafePointer<Float>, count: Int) {
    switch plan.ffn.activation {
    case .silu: Kernels.siluGate(line, up: up, count: count)
    case .geluTanh: Kernels.geluTanhGate(line, up: up, count: count)
    default:
      plan.ffn.activation.apply(line, count: count)
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
