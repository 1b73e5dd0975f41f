import Checkpoints
import Tensors

extension ReverseRun {
  /// Goes back from given gradients at given states.
  ///
  /// - Parameters:
  ///   - gradients: dL/dh_l, [rows, d], at any of the run's levels, L taking h_l as it is before any later block; levels
  ///     that are not named have none. Nothing above the highest level runs.
  ///   - place: A block and a site to stop at, for activations alone; nil to go back to the first level.
  ///   - total: Where the gradients of the weights are added, those of the embedding too where the run began with
  ///     tokens; nil where they are not wanted.
  ///   - taps: What looks at the gradient of an activation, or changes it, at any site. That of a norm's input is what
  ///     goes through the norm alone, that of its scale is part of it: taken away it leaves the norm's scale frozen.
  /// - Returns: dL/dh of the first level, [rows, d]; nil where it stopped before.
  /// - Throws: `ModelError`, with code `notFinite` for a gradient that overflowed, or what a tap throws.
  @discardableResult
  public func backward(
    from gradients: [Int: Matrix], until place: (block: Int, site: Site)? = nil, addingTo total: ParameterList? = nil,
    taps: [Tap] = []
  ) throws -> Matrix? {
    try refuseTaps(taps)
    for (level, gradient) in gradients {
      precondition(levels.contains(level), "no states h_\(level) of a run through \(levels)")
      precondition(gradient.rows == rows && gradient.columns == width, "gradients of another shape at h_\(level)")
    }
    guard let top = gradients.keys.max() else { return Matrix(rows: rows, columns: width) }
    let own = NumberBuffer<Float>(count: rows * width)
    own.clear()
    add(gradients[top], to: own)
    for block in (levels.lowerBound..<top).reversed() {
      if let place, block < place.block { return nil }
      let last = place?.block == block ? place?.site : nil
      for chunk in chunks.indices.reversed() { try backward(block, chunk, own, until: last, total, taps) }
      if last != nil { return nil }
      add(gradients[block], to: own)
    }
    if let total, ids != nil { embeddingBackward(own, addingTo: total) }
    if let bad = firstNonFinite(UnsafeBufferPointer(start: own.pointer, count: own.count)) {
      throw ModelError.run(
        .notFinite, parameters.model.directory,
        "the gradient at h_\(levels.lowerBound) is not finite in row \(bad / width), coordinate \(bad % width)")
    }
    return Matrix(rows: rows, columns: width, values: own.values)
  }

  private func backward(
    _ block: Int, _ chunk: Int, _ gradient: NumberBuffer<Float>, until last: Site?, _ total: ParameterList?,
    _ taps: [Tap]
  ) throws {
    let tape = try retaped(block, chunk)
    let way = BlockTape<Float>.Return(
      taped(block), parameters: total.map { $0.layout.block(block, in: $0.base) },
      hook: hook(visits(taps, block, chunk)), until: last)
    try tape.backward(gradient.pointer + firstRow(chunk) * width, way)
  }

  /// The tape of a block, run again where it was not kept.
  private func retaped(_ block: Int, _ chunk: Int) throws -> BlockTape<Float> {
    if let kept = tapes.removeValue(forKey: TapeKey(block: block, chunk: chunk)) { return kept }
    // Later blocks' tapes are used up by now; what they held may be taken again only if it is asked for.
    keptTapes = 0
    let output = NumberBuffer<Float>(count: tapeRows * width)
    // What only looks has seen all of it.
    return try withExtendedLifetime(output) {
      try forward(block, chunk, taps: taps.filter(\.writes), to: output.pointer)
    }
  }

  private func add(_ gradient: Matrix?, to sum: NumberBuffer<Float>) {
    gradient?.withUnsafePointer { RowLoop.add($0, to: sum.pointer, count: sum.count) }
  }

  private func embeddingBackward(_ gradient: NumberBuffer<Float>, addingTo total: ParameterList) {
    let (embedding, places) = (parameters.layout.embedding(in: parameters.base), places)
    let asked = total.layout.embedding(in: total.base)
    var sum = gradient
    if let norm = embedding.norm {
      let before = embedded(normed: false)
      sum = NumberBuffer(count: gradient.count)
      sum.clear()
      withExtendedLifetime(before) {
        norm.backward(
          before.pointer, .init(rows: rows, stride: width), dy: gradient.pointer, to: sum.pointer, gradient: asked.norm)
      }
    }
    withExtendedLifetime(sum) { asked.addGradient(of: sum.pointer, ids: ids ?? [], places: places) }
  }

  /// Only what reads and writes goes both ways; the rest would silently be missed.
  func refuseTaps(_ taps: [Tap]) throws(ModelError) {
    for tap in taps {
      let reason: String? =
        switch tap.action {
        case .replace: "a part that is replaced has no gradient"
        case .skip: "a block that is skipped has no gradient here; leave it out of the run"
        case .read, .write: nil
        }
      guard let reason else { continue }
      throw .run(.unsupported, parameters.model.directory, "a tap cannot take part in reverse mode: \(reason)")
    }
  }
}

extension EmbeddingPlan {
  /// The row of the table of positions of each token of a text.
  func places(_ ids: [Int]) -> [Int] {
    var next = positionOffset ?? 0
    return ids.map { id in
      if id == unplacedToken { return (positionOffset ?? 0) - 1 }
      defer { next += 1 }
      return next
    }
  }
}

extension Tap {
  /// Whether it changes an activation in place.
  fileprivate var writes: Bool { if case .write = action { true } else { false } }
}
