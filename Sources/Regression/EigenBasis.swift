internal import Synchronization
internal import Tensors

/// The eigenbasis of a source layer, which all its targets share where there are fewer dimensions than samples.
///
/// With X the centred sources, XᵀX = VΛVᵀ and U = XVΛ^(−½): UᵀU = I and Uᵀ1 = 0, so that ridge regression with any
/// penalty ρ is the diagonal Λ/(Λ + ρ) between Uᵀ and U. No matrix of n × n numbers is formed where d < n.
struct EigenBasis: Sendable {
  /// X, `[n, d]`.
  let source: DoubleMatrix
  /// λ that are not negligible, ascending, `[r]`.
  let spectrum: [Double]
  /// Λ^(−½)Vᵀ: what turns projections Uᵀx into weights, `[r, d]`.
  let directions: DoubleMatrix
  /// U in single precision, `[n, r]`.
  let left: PanelFactor
  /// Share that each sample has in its own prediction by ridge regression with penalty 1, `[n]`.
  let leverages: [Double]
  /// U in double precision, made when first asked for.
  private let exact = Late<DoubleMatrix>()

  /// Eigenvalues below this share of the largest one are rounding.
  private static let negligible = 1e-11

  /// Samples.
  var count: Int { source.rows }
  /// Dimensions that vary independently.
  var rank: Int { spectrum.count }

  /// Decomposes centred sources, through XᵀX or XXᵀ, whichever is smaller.
  init(_ source: DoubleMatrix) throws(LinearAlgebraError) {
    self.source = source
    let isTall = source.columns <= source.rows
    let eigen = try SymmetricEigen(gram(source, ofColumns: isTall))
    let largest = eigen.values.last ?? 0
    let kept = eigen.values.indices.filter { largest > 0 && eigen.values[$0] > Self.negligible * largest }
    let spectrum = kept.map { eigen.values[$0] }
    let vectors = eigen.vectors.rows(at: kept)
    if isTall {
      directions = vectors.scalingRows(spectrum.map { 1 / $0.squareRoot() })
    } else {
      // The vectors are Uᵀ, and Vᵀ = Λ^(−½)UᵀX.
      directions = multiply(vectors.scalingRows(spectrum.map { 1 / $0 }), source)
    }
    self.spectrum = spectrum
    // In strips, since U in double precision is as large as X.
    let (n, strip) = (source.rows, 1024)
    let directions = directions
    let left = Matrix.vertical(
      stride(from: 0, to: n, by: strip).map {
        multiply(source.rows($0..<min($0 + strip, n)), directions, transposeB: true).single
      })
    let shares = spectrum.map { $0 / ($0 + 1) }
    self.left = PanelFactor(left)
    leverages = left.withUnsafePointer { u in
      (0..<n).map { row in
        let values = u + row * shares.count
        return shares.indices.reduce(1 / Double(n)) { $0 + Double(values[$1]) * Double(values[$1]) * shares[$1] }
      }
    }
  }

  /// U in double precision, `[n, r]`: as large as the sources, so it is made for the few targets that need it.
  func exactLeft() -> DoubleMatrix { exact.value { multiply(source, directions, transposeB: true) } }

  /// A factor UΛ^½ of K = XXᵀ that is no wider than K's rank, `[n, r]`.
  func factor() -> DoubleMatrix {
    // U = XVΛ^(−½), so UΛ^½ = XV.
    rank == source.columns
      ? source : multiply(source, directions.scalingRows(spectrum.map { $0.squareRoot() }), transposeB: true)
  }
}

/// A value that is made once, when it is first asked for, whichever thread asks.
final class Late<Value: Sendable>: Sendable {
  private let made = Mutex<Value?>(nil)

  func value(_ make: () -> Value) -> Value {
    made.withLock { stored in
      if let stored { return stored }
      let fresh = make()
      stored = fresh
      return fresh
    }
  }
}
