import Tensors

extension Model {
  /// The final norm of every state, its statistics those of the state itself (`norm=recompute`).
  ///
  /// - Parameter states: [n, d], before the norm.
  /// - Returns: [n, d].
  /// - Throws: `ModelError` with code `noHead` where the architecture has no final norm (BERT).
  public func finalNorm(_ states: Matrix) throws(ModelError) -> Matrix {
    check(states)
    guard let norm = tensors.finalNorm, let plan = configuration.head.norm else {
      throw .run(.noHead, directory, "\(configuration.family.name) has no final norm")
    }
    return try OwnedNorm(norm, plan, self).applied(to: states)
  }

  /// What the unembedding multiplies: the final norm of the states, or BERT's head transform (dense, GELU, LayerNorm).
  ///
  /// - Parameter states: [n, d], before any norm.
  /// - Returns: [n, d].
  /// - Throws: `ModelError` with code `noHead` where the checkpoint has no head.
  public func headInput(_ states: Matrix) throws(ModelError) -> Matrix {
    check(states)
    let head = try requireHead()
    guard let transform = head.transform, let norm = head.transformNorm, let plan = configuration.head.transform else {
      return try finalNorm(states)
    }
    var loader = WeightLoader(checkpoint: checkpoint)
    let slot = loader.plan([transform])
    let memory = try loader.load()
    let linear = slot.linear(UnsafePointer(memory.pointer))
    let d = configuration.width
    let dense = Matrix(rows: states.rows, columns: d) { target in
      states.withUnsafePointer { linear.apply($0, stride: d, rows: states.rows, to: target) }
      Compute.parallelFor(count: states.rows, chunk: 32) { part in
        for row in part {
          if let bias = linear.bias { Kernels.add(bias, to: target + row * d, count: d) }
          plan.activation.apply(target + row * d, count: d)
        }
      }
    }
    return try withExtendedLifetime(memory) { () throws(ModelError) in try OwnedNorm(norm, plan.norm, self).applied(to: dense) }
  }

  /// The model's logits for states of the residual stream: final norm recomputed, unembedding, bias (the logit lens).
  ///
  /// - Parameter states: [n, d], before the final norm. On h_L these are the model's own logits.
  /// - Returns: [n, V].
  /// - Throws: `ModelError` with code `noHead` where the checkpoint has no head.
  public func logits(of states: Matrix) throws(ModelError) -> Matrix {
    try logits(ofHeadInput: headInput(states))
  }

  /// The logits of states that have already passed the final norm (or BERT's transform).
  ///
  /// - Parameter input: [n, d], as `headInput` returns it.
  /// - Returns: [n, V].
  public func logits(ofHeadInput input: Matrix) throws(ModelError) -> Matrix {
    check(input)
    let (v, d) = (configuration.vocabulary, configuration.width)
    let bias = try unembeddingBias()
    var failure: ModelError?
    let result = Matrix(rows: input.rows, columns: v) { target in
      do throws(ModelError) {
        try forEachUnembeddingBlock { rows, weights in
          input.withUnsafePointer {
            Products.gemm(
              transposeB: true, m: input.rows, n: rows.count, k: d, a: $0, lda: d, b: weights, ldb: d,
              c: target + rows.lowerBound, ldc: v)
          }
        }
      } catch {
        failure = error
        target.initialize(repeating: 0, count: input.rows * v)
        return
      }
      guard let bias else { return }
      bias.withUnsafeBufferPointer { bias in
        guard let bias = bias.baseAddress else { return }
        for row in 0..<input.rows { Kernels.add(bias, to: target + row * v, count: v) }
      }
    }
    if let failure { throw failure }
    return result
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
      for start in stride(from: 0, to: v, by: step) { body(start..<min(start + step, v), known.pointer + start * d) }
      return
    }
    for start in stride(from: 0, to: v, by: step) {
      let rows = start..<min(start + step, v)
      var loader = WeightLoader(checkpoint: checkpoint)
      loader.planRows(head.unembedding, rows.lowerBound * d..<rows.upperBound * d)
      body(rows, UnsafePointer(try loader.load().pointer))
    }
  }

  /// The whole unembedding where it is small enough to keep.
  private func smallUnembedding() throws(ModelError) -> FloatBuffer? {
    let count = configuration.vocabulary * configuration.width
    guard count * MemoryLayout<Float>.stride <= WeightCache.limit / 2 else { return nil }
    if let known = cache.withLock({ $0.unembedding }) { return known }
    var loader = WeightLoader(checkpoint: checkpoint)
    loader.planRows(try requireHead().unembedding, 0..<count)
    let buffer = try loader.load()
    cache.withLock { $0.unembedding = buffer }
    return buffer
  }

  private func requireHead() throws(ModelError) -> HeadTensors {
    if let head = tensors.head { return head }
    throw missingHead
  }

  /// What to say where logits are asked of a checkpoint without a head.
  var missingHead: ModelError {
    let hint =
      configuration.family == .bert
      ? "the masked language model's head, 'cls.predictions', is not in the checkpoint"
      : "'lm_head.weight' is not in the checkpoint and config.json does not tie the head to the embedding"
    return .run(.noHead, directory, "the checkpoint has no head to compute logits with", hint: hint)
  }
}
