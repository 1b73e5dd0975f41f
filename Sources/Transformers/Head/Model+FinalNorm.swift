import Tensors

extension Model {
  /// The final norm of every state, its statistics those of the state itself (`norm=recompute`).
  ///
  /// - Parameter states: [n, d], before the norm.
  /// - Returns: [n, d].
  /// - Throws: `ModelError` with code `noHead` where the architecture has no final norm (BERT).
  public func finalNorm(_ states: Matrix) throws(ModelError) -> Matrix {
    check(states)
    return try ownedFinalNorm().applied(to: states)
  }

  /// What the final norm divides each state by, √(var + ε) or √(mean square + ε) (ln_final.hook_scale).
  ///
  /// - Parameter states: [n, d], before the norm.
  /// - Returns: n numbers, to freeze the norm with.
  /// - Throws: `ModelError` with code `noHead` where the architecture has no final norm (BERT).
  public func finalNormScales(of states: Matrix) throws(ModelError) -> [Float] {
    check(states)
    let norm = try ownedFinalNorm()
    return states.withUnsafePointer { source in
      (0..<states.rows).map { norm.statistics(source + $0 * states.columns).scale }
    }
  }

  /// The final norm with frozen scales (`norm=frozen`): g · (v − mean v) / scale, without the mean for RMSNorm.
  ///
  /// It is linear in v, so the parts of a state, each frozen to the state's scale, add up to the norm of the state once the
  /// bias is added. Source: TransformerLens' `apply_ln_to_stack`.
  ///
  /// - Parameters:
  ///   - vectors: [n, d].
  ///   - scales: n numbers from `finalNormScales`, those of the states that the vectors are parts of.
  ///   - addsBias: Whether to add the norm's bias; false for parts.
  /// - Returns: [n, d].
  /// - Throws: `ModelError` with code `noHead` where the architecture has no final norm (BERT).
  public func finalNorm(
    _ vectors: Matrix, frozenTo scales: [Float], addsBias: Bool = false
  ) throws(ModelError) -> Matrix {
    check(vectors)
    precondition(scales.count == vectors.rows, "\(scales.count) scales for \(vectors.rows) vectors")
    return try ownedFinalNorm().applied(to: vectors, scales: scales, addsBias: addsBias)
  }

  /// The final norm's gain g, 1 added where the checkpoint stores the difference, [d].
  ///
  /// - Throws: `ModelError` with code `noHead` where the architecture has no final norm (BERT).
  public func finalNormGain() throws(ModelError) -> [Float] { try ownedFinalNorm().gain }

  private func ownedFinalNorm() throws(ModelError) -> OwnedNorm {
    guard let norm = tensors.finalNorm, let plan = configuration.head.norm else {
      throw .run(.noHead, directory, "\(configuration.family.name) has no final norm")
    }
    return try OwnedNorm(norm, plan, self)
  }
}

/// A norm with the memory its pointers lead to.
struct OwnedNorm {
  let weights: NormWeights
  private let memory: FloatBuffer

  init(_ tensors: NormTensors, _ plan: NormPlan, _ model: Model) throws(ModelError) {
    var loader = WeightLoader(checkpoint: model.checkpoint)
    let slot = loader.plan(tensors, plan, model.configuration.width)
    memory = try loader.load()
    weights = slot.norm(UnsafePointer(memory.pointer), plan)
  }

  var gain: [Float] {
    withExtendedLifetime(memory) { Array(UnsafeBufferPointer(start: weights.gain, count: weights.width)) }
  }

  /// The norm of every row.
  func applied(to states: Matrix) -> Matrix { map(states) { _, x, y in weights.apply(x, to: y) } }

  /// The norm of every row, divided by the scale given.
  func applied(to vectors: Matrix, scales: [Float], addsBias: Bool) -> Matrix {
    map(vectors) { row, x, y in
      let mean = weights.kind == .layerNorm ? Kernels.sum(x, count: vectors.columns) / Double(vectors.columns) : 0
      weights.apply(x, mean: mean, scale: scales[row], addsBias: addsBias, to: y)
    }
  }

  /// What the norm subtracts and divides by.
  func statistics(_ x: UnsafePointer<Float>) -> (mean: Double, scale: Float) {
    withExtendedLifetime(memory) { weights.statistics(x) }
  }

  private func map(
    _ states: Matrix, _ body: (Int, UnsafePointer<Float>, UnsafeMutablePointer<Float>) -> Void
  ) -> Matrix {
    let d = states.columns
    return withExtendedLifetime(memory) {
      Matrix(rows: states.rows, columns: d) { target in
        states.withUnsafePointer { source in
          Compute.parallelFor(count: states.rows, chunk: 32) { part in
            for row in part { body(row, source + row * d, target + row * d) }
          }
        }
      }
    }
  }
}
