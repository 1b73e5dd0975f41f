internal import Tensors

/// The Gram matrix of a source layer and the matrices that all its targets share.
///
/// Legend, here and in the solvers: n training samples, K the Gram matrix of centred sources, so that K·1 = 0; β the
/// dual coefficients, with Σβ = 0.
struct SharedKernel: Sendable {
  /// K, `[n, n]`.
  let gram: DoubleMatrix
  /// Mean of K's diagonal: the scale of the problem.
  let scale: Double
  /// P, the inverse of K + δI within the coefficients that sum to zero, `[n, n]`; empty for ridge.
  let inverse: DoubleMatrix
  /// δ of `inverse`.
  let inversePenalty: Double
  /// (K + ρI)⁻¹ within the coefficients that sum to zero, single precision, for the first guess; empty for ridge.
  let guessInverse: Matrix
  /// ρ of `guessInverse`.
  let guessPenalty: Float
  /// The sources, `[n, d]`; only the interior-point method reads them, and only where d < n.
  let source: DoubleMatrix

  /// Samples.
  var count: Int { gram.rows }

  /// Whether there are clearly more samples than dimensions. Almost every sample is then at a bound and as many as there
  /// are dimensions lie on the tube, a vertex that active sets reach only one exchange after the other.
  var hasLowRank: Bool { 2 * source.columns <= count }

  /// Kβ, by the shorter way.
  func product(with beta: [Double]) -> [Double] {
    guard hasLowRank else { return multiply(gram, beta) }
    return multiply(source, multiply(source, beta, transposed: true))
  }

  init(source: DoubleMatrix, options: SupportVectorOptions) throws(RegressionError) {
    self.source = source
    let n = source.rows
    gram = Tensors.gram(source)
    var trace = 0.0
    for i in 0..<n { trace += gram[i, i] }
    scale = trace / Double(n)
    guard case .supportVectors = options.solver, scale > 0 else {
      inverse = DoubleMatrix(rows: 0, columns: 0)
      guessInverse = Matrix(rows: 0, columns: 0)
      guessPenalty = 1
      inversePenalty = 0
      return
    }
    do {
      // δ lets matrices of low rank and repeated samples be factorised; where K is regular it is below rounding.
      var delta = 1e-14 * scale
      // With repeated samples rounding alone can make the matrix indefinite: that too is "not regular".
      let regular = try? Self.centredInverse(gram, penalty: delta, scale: scale)
      if (regular?.smallestPivot ?? 0) < 1e-7 * scale { delta = 1e-6 * scale }
      let exact: (inverse: DoubleMatrix, typicalEigenvalue: Double, smallestPivot: Double)
      if let regular, delta < 1e-6 * scale {
        exact = regular
      } else {
        exact = try Self.centredInverse(gram, penalty: delta, scale: scale)
      }
      inversePenalty = delta
      inverse = exact.inverse
      let penalty = 0.4 * exact.typicalEigenvalue
      guessPenalty = Float(penalty)
      guessInverse = try Self.centredInverse(gram, penalty: penalty, scale: scale).inverse.single
    } catch {
      throw RegressionError(.linearAlgebra(error))
    }
  }

  /// H(K + penalty·I)⁻¹H with H = I − 11ᵀ/n, and the geometric mean of the eigenvalues of K that are not negligible.
  ///
  /// K + c·11ᵀ has the eigenvector 1 with eigenvalue cn, which is taken out of the inverse again.
  private static func centredInverse(
    _ gram: DoubleMatrix, penalty: Double, scale: Double
  ) throws(LinearAlgebraError) -> (inverse: DoubleMatrix, typicalEigenvalue: Double, smallestPivot: Double) {
    let n = gram.rows
    let c = scale / Double(n)
    var shifted = gram
    shifted.withUnsafeMutablePointer { a in
      for i in 0..<n * n { a[i] += c }
      for i in 0..<n { a[i * n + i] += penalty }
    }
    let factor = try Cholesky(shifted)
    var inverse = try factor.inverse()
    let constant = 1 / ((penalty + c * Double(n)) * Double(n))
    inverse.withUnsafeMutablePointer { p in for i in 0..<n * n { p[i] -= constant } }
    // The squared pivots of Cholesky multiply to the determinant, as the eigenvalues do.
    var logarithms = 0.0
    var counted = 0
    var smallest = Double.infinity
    for i in 0..<n {
      let pivot = factor.factor[i, i] * factor.factor[i, i]
      smallest = min(smallest, pivot)
      if pivot > 1e-6 * scale {
        logarithms += Logarithm.natural(pivot)
        counted += 1
      }
    }
    let typical = counted > 0 ? Logarithm.exponential(logarithms / Double(counted)) : scale
    return (inverse, typical, smallest)
  }
}
