import Tensors

extension Model {
  /// What the unembedding multiplies: the final norm of the states, or BERT's head transform (dense, GELU, LayerNorm), or
  /// the states themselves where the architecture has neither (OPT with norms after the additions).
  ///
  /// - Parameters:
  ///   - states: [n, d], before any norm.
  ///   - part: Where they stand among others, if they are to round as they do there.
  /// - Returns: [n, d].
  /// - Throws: `ModelError` with code `noHead` where the checkpoint has no head.
  public func headInput(_ states: Matrix, part: RowPart? = nil) throws(ModelError) -> Matrix {
    check(states)
    let head = try requireHead()
    guard let transform = head.transform, let norm = head.transformNorm, let plan = configuration.head.transform else {
      return configuration.head.norm == nil ? states : try finalNorm(states)
    }
    var loader = WeightLoader(checkpoint: checkpoint)
    let slot = loader.plan([transform])
    let memory = try loader.load()
    let linear = slot.linear(UnsafePointer(memory.pointer))
    let d = configuration.width
    let dense = Matrix(rows: states.rows, columns: d) { target in
      states.withUnsafePointer { linear.apply($0, stride: d, rows: states.rows, to: target, part: part) }
      Compute.parallelFor(count: states.rows, chunk: 32) { part in
        for row in part {
          if let bias = linear.bias { Kernels.add(bias, to: target + row * d, count: d) }
          plan.activation.apply(target + row * d, count: d)
        }
      }
    }
    return try withExtendedLifetime(memory) { () throws(ModelError) in
      try OwnedNorm(norm, plan.norm, self).applied(to: dense)
    }
  }

  /// The model's logits for states of the residual stream: final norm recomputed, unembedding, bias, soft cap (the logit
  /// lens).
  ///
  /// - Parameter states: [n, d], before the final norm. On h_L these are the model's own logits.
  /// - Returns: [n, V].
  /// - Throws: `ModelError` with code `noHead` where the checkpoint has no head.
  public func logits(of states: Matrix) throws(ModelError) -> Matrix {
    try logits(of: states, part: RowPart(all: states.rows))
  }

  /// The same of states that are a part of others and are to round as they do there.
  public func logits(of states: Matrix, part: RowPart) throws(ModelError) -> Matrix {
    try logits(ofHeadInput: headInput(states, part: part), part: part)
  }

  /// The logits of states that have already passed the final norm (or BERT's transform).
  ///
  /// - Parameters:
  ///   - input: [n, d], as `headInput` returns it.
  ///   - part: Where they stand among others, if they are to round as they do there.
  /// - Returns: [n, V].
  public func logits(ofHeadInput input: Matrix, part: RowPart? = nil) throws(ModelError) -> Matrix {
    let bias = try unembeddingBias()
    var result = try unembed(input, part: part)
    result.withUnsafeMutablePointer { finishLogits($0, rows: input.rows, bias: bias) }
    return result
  }

  /// Adds the bias and caps, where the head does.
  private func finishLogits(_ logits: UnsafeMutablePointer<Float>, rows: Int, bias: [Float]?) {
    let v = configuration.vocabulary
    let cap = configuration.head.softCap
    guard bias != nil || cap != nil else { return }
    Compute.parallelFor(count: rows) { row in
      bias?.withUnsafeBufferPointer { bias in
        if let first = bias.baseAddress { Kernels.add(first, to: logits + row * v, count: v) }
      }
      if let cap { Kernels.softCap(logits + row * v, at: cap, count: v) }
    }
  }

  /// The bias added to the logits, [V]; nil where there is none.
  public func unembeddingBias() throws(ModelError) -> [Float]? {
    guard let name = try requireHead().bias else { return nil }
    let v = configuration.vocabulary
    let buffer = try floats(name, elements: 0..<v)
    return Array(UnsafeBufferPointer(start: buffer.pointer, count: v))
  }

  /// Some rows of the unembedding U, one row to a token.
  ///
  /// - Parameter rows: Token ids, within 0..<V.
  /// - Returns: [rows.count, d].
  public func unembedding(rows: Range<Int>) throws(ModelError) -> Matrix {
    let head = try requireHead()
    let d = configuration.width
    precondition(rows.lowerBound >= 0 && rows.upperBound <= configuration.vocabulary, "no rows \(rows)")
    let buffer = try floats(head.unembedding, elements: rows.lowerBound * d..<rows.upperBound * d)
    return Matrix(
      rows: rows.count, columns: d, values: Array(UnsafeBufferPointer(start: buffer.pointer, count: rows.count * d)))
  }

  /// Lends the unembedding block of rows after block, so that a large vocabulary needs little memory.
  ///
  /// - Parameters:
  ///   - rowsAtOnce: Most rows of one block; by default as many as take 64 MiB.
  ///   - body: Gets the token ids and their rows [ids.count, d]; the pointer must not outlive the call.
  /// - Throws: `ModelError` with code `noHead` where the checkpoint has no head.
  public func forEachUnembeddingBlock(
    rowsAtOnce: Int? = nil, _ body: (Range<Int>, UnsafePointer<Float>) -> Void
  ) throws(ModelError) {
    let head = try requireHead()
    let (v, d) = (configuration.vocabulary, configuration.width)
    let rowBytes = d * MemoryLayout<Float>.stride
    let step = max(1, rowsAtOnce ?? max(1024, (64 << 20) / rowBytes))
    if let known = try smallUnembedding() {
      return withExtendedLifetime(known) {
        for start in stride(from: 0, to: v, by: step) { body(start..<min(start + step, v), known.pointer + start * d) }
      }
    }
    for start in stride(from: 0, to: v, by: step) {
      let rows = start..<min(start + step, v)
      var loader = WeightLoader(checkpoint: checkpoint)
      loader.planRows(head.unembedding, rows.lowerBound * d..<rows.upperBound * d)
      let memory = try loader.load()
      withExtendedLifetime(memory) { body(rows, UnsafePointer(memory.pointer)) }
    }
  }

  /// The whole unembedding where it is small enough to keep.
  private func smallUnembedding() throws(ModelError) -> FloatBuffer? {
    let count = configuration.vocabulary * configuration.width
    let bytes = count * MemoryLayout<Float>.stride
    if let known = cache.withLock({ $0.unembedding }) { return known }
    guard cache.withLock({ $0.bytes + bytes <= $0.limit }) else { return nil }
    var loader = WeightLoader(checkpoint: checkpoint)
    loader.planRows(try requireHead().unembedding, 0..<count)
    let buffer = try loader.load()
    cache.withLock { cache in
      guard cache.unembedding == nil else { return }
      cache.unembedding = buffer
      cache.bytes += bytes
    }
    return buffer
  }

  private func requireHead() throws(ModelError) -> HeadTensors {
    if let head = tensors.head { return head }
    throw missingHead
  }

  /// What to say where logits are asked of a checkpoint without a head.
  public var missingHead: ModelError {
    let name = configuration.family.reader.headName
    let hint =
      configuration.head.transform != nil
      ? "the masked language model's head, '\(name)', is not in the checkpoint"
      : "'\(name)' is not in the checkpoint and config.json does not tie the head to the embedding"
    return .run(.noHead, directory, "the checkpoint has no head to compute logits with", hint: hint)
  }
}
