import Tensors

/// How a branch of a block ends: a product whose result joins the stream.
struct Branch {
  let part: Tap.Part
  /// Where its output is looked at.
  let site: Site
  /// The norm of its output, or of its sum with the stream in a post-norm block.
  let place: NormPlace
  let norm: NormWeights?
  let product: Linear
  /// What the product multiplies; rows `stride` elements apart.
  let input: UnsafePointer<Float>
  let stride: Int
}

extension BlockRunner {
  /// Adds a branch to the stream, and normalises its output or the sum where the plan says so.
  func join(_ branch: Branch, to h: UnsafeMutablePointer<Float>, rows: Range<Int>, _ replacement: Replacement) throws {
    let normsSum = plan.residual == .postNorm
    if replacement.isWhole || (branch.norm != nil && !normsSum) {
      try compute(branch, rows, replacement)
      Kernels.add(scratch.added.pointer, to: h, count: rows.count * width)
    } else if !replacement.isEmpty || taps.has(branch.site) {
      try joinSeen(branch, to: h, rows: rows, replacement)
    } else {
      branch.product.apply(branch.input, stride: branch.stride, rows: rows.count, keep: 1, to: h)
      addBias(branch.product.bias, to: h, rows: rows.count)
    }
    if normsSum, let norm = branch.norm { try normalize(h, norm, at: branch.place, rows: rows, to: h) }
  }

  /// Adds a branch whose output is looked at: rows that a tap changed take what it wrote.
  private func joinSeen(
    _ branch: Branch, to h: UnsafeMutablePointer<Float>, rows: Range<Int>, _ replacement: Replacement
  ) throws {
    let changed = try compute(branch, rows, replacement).sorted()
    let kept = TapWindow(
      first: h, stride: width, columns: width, offsets: changed.map { $0 - rows.lowerBound })
    let before = kept.copy()
    branch.product.apply(branch.input, stride: branch.stride, rows: rows.count, keep: 1, to: h)
    addBias(branch.product.bias, to: h, rows: rows.count)
    _ = kept.take(before)
    for offset in kept.offsets {
      Kernels.add(scratch.added.pointer + offset * width, to: h + offset * width, count: width)
    }
  }

  /// Writes what the branch adds to `scratch.added`, taps included.
  ///
  /// - Returns: The rows of the chunk that are no longer what the model computes.
  @discardableResult
  private func compute(_ branch: Branch, _ rows: Range<Int>, _ replacement: Replacement) throws -> Set<Int> {
    let added = scratch.added.pointer
    if !replacement.isWhole {
      branch.product.apply(branch.input, stride: branch.stride, rows: rows.count, keep: 0, to: added)
      addBias(branch.product.bias, to: added, rows: rows.count)
      if plan.residual != .postNorm, let norm = branch.norm {
        try normalize(added, norm, at: branch.place, rows: rows, to: added)
      }
    }
    let replaced = try replacement.apply(to: added)
    return try taps.visit(branch.site, added, stride: width, columns: width, rows: rows).union(replaced)
  }

  private func addBias(_ bias: UnsafePointer<Float>?, to values: UnsafeMutablePointer<Float>, rows: Int) {
    guard let bias else { return }
    let d = width
    Compute.parallelFor(count: rows, chunk: 32) { part in
      for row in part { Kernels.add(bias, to: values + row * d, count: d) }
    }
  }
}
