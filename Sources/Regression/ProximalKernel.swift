internal import Tensors

/// A matrix as active sets use it: products that are kept in double precision, corrections of them in single.
struct TwoPrecisions: Sendable {
  let exact: DoubleMatrix
  let rounded: Matrix

  init(_ exact: DoubleMatrix) { (self.exact, rounded) = (exact, exact.single) }
}

/// What active sets need of a source layer whose kernel K has no inverse: those of K + δI for some δ, and for a first
/// guess that of K + ρI.
struct ProximalKernel: Sendable {
  /// K + δI for one δ.
  struct Level: Sendable {
    /// δ.
    let penalty: Double
    /// P of K + δI within the coefficients that sum to zero, `[n, n]`.
    let inverse: TwoPrecisions
  }

  /// From the largest δ, with which active sets are found from afar, to the least, with which few rounds are enough.
  let levels: [Level]
  let guess: GuessInverse
  /// Whether the rank is so near to the number of samples that targets may begin from a guess; others first go some steps
  /// of the splitting.
  let isWellGuessed: Bool

  /// δ as shares of ρ.
  private static let shares = [0.2, 0.02, 0.002]

  /// - Parameters:
  ///   - basis: of the sources.
  ///   - rho: what residuals are to coefficients: about twice a typical residual to C.
  init(_ basis: EigenBasis, rho: Double) {
    isWellGuessed = 4 * basis.rank >= 3 * basis.count
    let left = basis.exactLeft()
    levels = Self.shares.map { share in
      let penalty = share * rho
      return Level(penalty: penalty, inverse: TwoPrecisions(basis.centredInverse(left, penalty: penalty)))
    }
    guess = GuessInverse(basis.centredInverse(left, penalty: rho).single, penalty: rho)
  }

  /// Whether active sets are worth their price: they solve for the samples that do not lie on the edge of the tube, about
  /// n less the rank (and hold a few matrices of `[n, n]`).
  ///
  /// Below, targets take as many steps as before and each step is dearer than one of the splitting's (measured).
  static func suits(_ basis: EigenBasis) -> Bool {
    basis.count > SplittingSolver.smallCount && basis.count <= 2000 && 5 * basis.rank >= 3 * basis.count
  }
}

extension EigenBasis {
  /// H(K + penalty·I)⁻¹H with H = I − 11ᵀ/n, `[n, n]`, out of U.
  fileprivate func centredInverse(_ left: DoubleMatrix, penalty: Double) -> DoubleMatrix {
    // Within the eigenbasis 1/(λ + penalty), outside of it 1/penalty, and none along 1: U stands at right angles to it.
    let shares = spectrum.map { ($0 / (penalty * ($0 + penalty))).squareRoot() }
    var result = gram(left.scalingColumns(shares))
    let (n, all) = (count, 1 / penalty)
    result.withUnsafeMutablePointer { p in
      for i in 0..<n * n { p[i] = -p[i] - all / Double(n) }
      for i in 0..<n { p[i * n + i] += all }
    }
    return result
  }
}
