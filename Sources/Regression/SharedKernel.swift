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
  /// P of K + δI with δ below rounding; nil for ridge and where K is not regular.
  let inverse: TwoPrecisions?
  /// For the first guess; nil where there is no inverse.
  let guessInverse: GuessInverse?
  /// K and the sources, for the methods that solve one target.
  let products: KernelProducts
  /// Whether δ is below rounding: K has an inverse within the coefficients that sum to zero.
  let isRegular: Bool

  /// Samples.
  var count: Int { gram.rows }

  init(source: DoubleMatrix, options: SupportVectorOptions) throws(RegressionError) {
    let n = source.rows
    gram = Tensors.gram(source)
    var trace = 0.0
    for i in 0..<n { trace += gram[i, i] }
    scale = trace / Double(n)
    products = KernelProducts(factor: source, gram: gram, scale: scale)
    guard case .supportVectors = options.solver, scale > 0 else {
      inverse = nil
      guessInverse = nil
      isRegular = true
      return
    }
    // δ is below rounding where K is regular; where it is not, other methods take over.
    let found = try? Self.centredInverse(gram, penalty: 1e-14 * scale, scale: scale)
    isRegular = found?.rank == n
    guard let found, isRegular else {
      inverse = nil
      guessInverse = nil
      return
    }
    inverse = TwoPrecisions(found.matrix)
    do {
      // Half the typical eigenvalue leaves the fewest wrong codes after nine steps (measured).
      guessInverse = try GuessInverse(gram, penalty: 0.5 * found.typicalEigenvalue, scale: scale)
    } catch {
      throw RegressionError(.linearAlgebra(error))
    }
  }

  fileprivate struct CentredInverse {
    var matrix: DoubleMatrix
    /// Geometric mean of the eigenvalues that are not negligible.
    var typicalEigenvalue: Double
    /// Rank of K + c·11ᵀ, as far as pivots tell.
    var rank: Int
  }

  /// H(K + penalty·I)⁻¹H with H = I − 11ᵀ/n.
  ///
  /// K + c·11ᵀ has the eigenvector 1 with eigenvalue cn, which is taken out of the inverse again.
  fileprivate static func centredInverse(
    _ gram: DoubleMatrix, penalty: Double, scale: Double
  ) throws(LinearAlgebraError) -> CentredInverse {
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
    var rank = 0
    for i in 0..<n {
      let pivot = factor.factor[i, i] * factor.factor[i, i]
      if pivot >= max(1e-7 * scale, 10 * penalty) { rank += 1 }
      if pivot > 1e-6 * scale {
        logarithms += Logarithm.natural(pivot)
        counted += 1
      }
    }
    let typical = counted > 0 ? Logarithm.exponential(logarithms / Double(counted)) : scale
    return CentredInverse(matrix: inverse, typicalEigenvalue: typical, rank: rank)
  }
}

/// (K + ρI)⁻¹ within the coefficients that sum to zero, single precision, for guesses.
struct GuessInverse: Sendable {
  /// `[n, n]`.
  let matrix: Matrix
  /// ρ.
  let penalty: Float

  init(_ matrix: Matrix, penalty: Double) { (self.matrix, self.penalty) = (matrix, Float(penalty)) }

  init(_ gram: DoubleMatrix, penalty: Double, scale: Double) throws(LinearAlgebraError) {
    self.penalty = Float(penalty)
    matrix = try SharedKernel.centredInverse(gram, penalty: penalty, scale: scale).matrix.single
  }
}
