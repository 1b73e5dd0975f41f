import Tensors

extension BlockRunner {
  /// target ← norm(source), which may be the same rows.
  func normalize(
    _ source: UnsafeMutablePointer<Float>, _ norm: NormWeights, at place: NormPlace, rows: Range<Int>,
    to target: UnsafeMutablePointer<Float>
  ) throws {
    let replacement = Replacement(of: .norm(place), taps, input: source, rows: rows, width: width)
    if !replacement.isWhole {
      if taps.has(.normInput(place)) || taps.has(.normScale(place)) {
        try normalizeSeen(source, norm, at: place, rows: rows, to: target)
      } else {
        normalize(source, norm, count: rows.count, to: target)
      }
    }
    try replacement.apply(to: target)
    try taps.visit(.normOutput(place), target, stride: width, columns: width, rows: rows)
  }

  /// target ← norm(source) for rows that no tap sees.
  func normalize(
    _ source: UnsafePointer<Float>, _ norm: NormWeights, count: Int, to target: UnsafeMutablePointer<Float>
  ) {
    let d = width
    Compute.parallelFor(count: count, chunk: 32) { part in
      for row in part { norm.apply(source + row * d, to: target + row * d) }
    }
  }

  /// Shows the input and the scale on the way; rows whose scale a tap changed are divided by what it wrote.
  private func normalizeSeen(
    _ source: UnsafePointer<Float>, _ norm: NormWeights, at place: NormPlace, rows: Range<Int>,
    to target: UnsafeMutablePointer<Float>
  ) throws {
    let d = width
    if source != UnsafePointer(target) { target.update(from: source, count: rows.count * d) }
    try taps.visit(.normInput(place), target, stride: d, columns: d, rows: rows)
    var scales = (0..<rows.count).map { norm.statistics(target + $0 * d).scale }
    let changed = try scales.withUnsafeMutableBufferPointer { scales -> Set<Int> in
      guard let first = scales.baseAddress else { return [] }
      return try taps.visit(.normScale(place), first, stride: 1, columns: 1, rows: rows)
    }
    for (offset, row) in rows.enumerated() {
      let line = target + offset * d
      if changed.contains(row) {
        norm.apply(line, mean: norm.statistics(line).mean, scale: scales[offset], to: line)
      } else {
        norm.apply(line, to: line)
      }
    }
  }
}

extension NormWeights {
  /// What the norm subtracts and divides by: mean and √(var + ε), or 0 and √(mean square + ε) for RMSNorm.
  func statistics(_ x: UnsafePointer<Float>) -> (mean: Double, scale: Float) {
    let mean = kind == .layerNorm ? Kernels.sum(x, count: width) / Double(width) : 0
    var squares = 0.0
    for index in 0..<width {
      let difference = Double(x[index]) - mean
      squares += difference * difference
    }
    return (mean, Float((squares / Double(width) + epsilon).squareRoot()))
  }

  /// Writes gain · (x − mean) / scale + bias to `y`, which may be `x`.
  func apply(
    _ x: UnsafePointer<Float>, mean: Double, scale: Float, addsBias: Bool = true, to y: UnsafeMutablePointer<Float>
  ) {
    for index in 0..<width {
      let value = gain[index] * Float((Double(x[index]) - mean) / Double(scale))
      y[index] = addsBias ? value + (bias?[index] ?? 0) : value
    }
  }
}
