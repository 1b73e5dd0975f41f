import Tensors

/// A linear layer on the residual stream, h ← h W + b: what stands in for blocks that were taken out.
public struct StreamMap: Sendable, Equatable {
  /// W, [d, d]: row i says what coordinate i adds to every coordinate.
  public let weights: Matrix
  /// b, [d]; nil where nothing is added.
  public let bias: [Float]?

  /// A map between states of the same width.
  public init(weights: Matrix, bias: [Float]? = nil) {
    precondition(weights.rows == weights.columns, "a map of [\(weights.rows), \(weights.columns)]")
    precondition(bias.map { $0.count == weights.columns } ?? true, "a bias of another width")
    (self.weights, self.bias) = (weights, bias)
  }

  /// Weights that are not 0: the multiply-adds of one token.
  public var multiplyAdds: Int { weights.values.count { $0 != 0 } }

  /// Maps states.
  ///
  /// - Parameter states: [n, d].
  /// - Returns: [n, d].
  public func applied(to states: Matrix) -> Matrix {
    precondition(states.columns == weights.rows, "states \(states.columns) wide for a map of \(weights.rows)")
    return Matrix(rows: states.rows, columns: weights.columns) { target in
      states.withUnsafePointer { apply($0, rows: states.rows, to: target) }
    }
  }

  /// Maps rows in place.
  func apply(inPlace rows: UnsafeMutablePointer<Float>, count: Int) {
    let mapped = FloatBuffer(count: count * weights.columns)
    apply(rows, rows: count, to: mapped.pointer)
    rows.update(from: mapped.pointer, count: count * weights.columns)
  }

  private func apply(_ states: UnsafePointer<Float>, rows: Int, to target: UnsafeMutablePointer<Float>) {
    let d = weights.columns
    weights.withUnsafePointer { w in
      Products.gemm(
        m: rows, n: d, k: d, a: states, lda: d, b: w, ldb: d, c: target, ldc: d, fillsTiles: true)
    }
    bias?.withUnsafeBufferPointer { bias in
      guard let first = bias.baseAddress else { return }
      for row in 0..<rows { Kernels.add(first, to: target + row * d, count: d) }
    }
  }
}

/// Where a shortened checkpoint has a linear layer in the place of blocks that it lacks.
public struct StreamMapPlan: Hashable, Sendable {
  /// l ≥ 1: the layer maps what block l - 1 gives, and h_l is what comes of it.
  public var level: Int
  /// Whether it adds a bias.
  public var hasBias: Bool

  /// A linear layer.
  public init(level: Int, hasBias: Bool) { (self.level, self.hasBias) = (level, hasBias) }
}

extension Model {
  /// The linear layer of a shortened checkpoint, out of the cache or read; nil where the model is whole.
  ///
  /// - Throws: `ModelError` with code `notFinite`.
  func streamMap() throws(ModelError) -> StreamMap? {
    guard let tensors = tensors.streamMap else { return nil }
    if let known = cache.withLock({ $0.streamMap }) { return known }
    let d = configuration.width
    // The file has [outputs, inputs], as PyTorch's linear layers do.
    let weights = Matrix(rows: d, columns: d, values: try floats(tensors.weight, elements: 0..<d * d).values)
    let bias = try tensors.bias.map { name throws(ModelError) in try floats(name, elements: 0..<d).values }
    let map = StreamMap(weights: weights.transposed(), bias: bias)
    cache.withLock { $0.streamMap = map }
    return map
  }

  /// Refuses shortened checkpoints, for what takes the way through a model apart block by block.
  ///
  /// - Throws: `ModelError` with code `unsupported`.
  public func requireWhole() throws(ModelError) {
    guard let plan = configuration.streamMap else { return }
    throw .run(
      .unsupported, directory,
      "a linear layer stands before block \(plan.level) in the place of blocks, and this is not implemented for it")
  }
}
