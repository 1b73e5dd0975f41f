internal import CBLASShim

/// The eigendecomposition A = V · diag(λ) · Vᵀ of a symmetric matrix.
public struct SymmetricEigen: Sendable {
  /// Eigenvalues in ascending order.
  public let values: [Double]
  /// Eigenvectors as rows, in the order of the eigenvalues: `[order, order]`.
  public let vectors: DoubleMatrix

  /// Decomposes a symmetric matrix, reading its lower triangle.
  ///
  /// - Throws: `LinearAlgebraError` when it holds a number that is not finite, or the iteration fails.
  public init(_ matrix: consuming DoubleMatrix) throws(LinearAlgebraError) {
    precondition(matrix.rows == matrix.columns, "an eigendecomposition needs a square matrix")
    Compute.prepare()
    let n = matrix.rows
    guard matrix.symmetricOneNorm().isFinite else {
      throw LinearAlgebraError(code: .notFinite, operation: "eigendecomposition", order: n)
    }
    var eigenvalues = [Double](repeating: 0, count: n)
    var work = matrix
    let info = work.withUnsafeMutablePointer { Int(lb_dsyevd(Int32(n), $0, &eigenvalues)) }
    guard info == 0 else {
      throw LinearAlgebraError(code: .noConvergence(info: info), operation: "eigendecomposition", order: n)
    }
    values = eigenvalues
    vectors = work
  }
}

/// The thin singular value decomposition A = U · diag(s) · Vᵀ, r = min(rows, columns).
public struct SingularValues: Sendable {
  /// Left singular vectors as columns: `[rows, r]`.
  public let u: DoubleMatrix
  /// Singular values in descending order.
  public let values: [Double]
  /// Right singular vectors as rows: `[r, columns]`.
  public let vt: DoubleMatrix

  /// Decomposes a matrix of any shape.
  ///
  /// - Throws: `LinearAlgebraError` when it holds a number that is not finite, or the iteration fails.
  public init(_ matrix: consuming DoubleMatrix) throws(LinearAlgebraError) {
    Compute.prepare()
    let (m, n) = (matrix.rows, matrix.columns)
    let rank = min(m, n)
    guard matrix.values.allSatisfy({ $0.isFinite }) else {
      throw LinearAlgebraError(code: .notFinite, operation: "singular value decomposition", order: rank)
    }
    var work = matrix
    var left = DoubleMatrix(rows: m, columns: rank)
    var right = DoubleMatrix(rows: rank, columns: n)
    var singular = [Double](repeating: 0, count: rank)
    let info = work.withUnsafeMutablePointer { a in
      left.withUnsafeMutablePointer { u in
        right.withUnsafeMutablePointer { vt in Int(lb_dgesdd(Int32(m), Int32(n), a, u, &singular, vt)) }
      }
    }
    guard info == 0 else {
      throw LinearAlgebraError(code: .noConvergence(info: info), operation: "singular value decomposition", order: rank)
    }
    u = left
    values = singular
    vt = right
  }
}
