internal import CBLASShim

/// A matrix that could not be factorised or decomposed.
public struct LinearAlgebraError: Error, Equatable, CustomStringConvertible, Sendable {
  public enum Code: Equatable, Sendable {
    /// The leading minor of this order is not positive definite.
    case notPositiveDefinite(order: Int)
    /// The iteration for eigenvalues or singular values did not converge, or memory ran out; LAPACK's code.
    case noConvergence(info: Int)
    /// The matrix holds NaN or infinity.
    case notFinite
  }
  public var code: Code
  /// Name of the operation, such as "Cholesky factorisation".
  public var operation: String
  /// Order of the matrix.
  public var order: Int

  /// The error as one sentence.
  public var description: String {
    switch code {
    case .notPositiveDefinite(let minor):
      "\(operation) of a matrix of order \(order) failed: its leading minor of order \(minor) is not positive definite"
    case .noConvergence(let info):
      "\(operation) of a matrix of order \(order) did not converge (LAPACK code \(info))"
    case .notFinite:
      "\(operation) of a matrix of order \(order) failed: it holds a number that is not finite"
    }
  }
}

/// The Cholesky factorisation A = L · Lᵀ of a symmetric positive definite matrix.
public struct Cholesky<Element: MatrixElement>: Sendable {
  /// The lower factor; the strict upper triangle holds what was there before and is not part of it.
  public let factor: DenseMatrix<Element>
  /// 1-norm of A.
  public let norm: Double

  /// Factorises a symmetric matrix, reading its lower triangle.
  ///
  /// - Throws: `LinearAlgebraError` when it is not positive definite in this precision.
  public init(_ matrix: consuming DenseMatrix<Element>) throws(LinearAlgebraError) {
    precondition(matrix.rows == matrix.columns, "a Cholesky factorisation needs a square matrix")
    let n = matrix.rows
    norm = matrix.symmetricOneNorm()
    guard norm.isFinite else {
      throw LinearAlgebraError(code: .notFinite, operation: "Cholesky factorisation", order: n)
    }
    var lower = matrix
    let info = lower.withUnsafeMutablePointer { CholeskyBlocks.factorize(n: n, $0, n) }
    guard info == 0 else {
      throw LinearAlgebraError(code: .notPositiveDefinite(order: info), operation: "Cholesky factorisation", order: n)
    }
    factor = lower
  }

  /// Order of the matrix.
  public var order: Int { factor.rows }

  /// Solves A · X = B in place of B, `[order, columns]`.
  public func solve(_ b: inout DenseMatrix<Element>) {
    solveLower(&b)
    solveLower(&b, transposed: true)
  }

  /// Solves L · X = B in place, or Lᵀ · X = B when `transposed`.
  public func solveLower(_ b: inout DenseMatrix<Element>, transposed: Bool = false) {
    precondition(b.rows == order, "\(b.rows) right-hand rows for a system of order \(order)")
    let (n, width) = (order, b.columns)
    // Narrow strips of B are solved independently; their width follows from the sizes alone.
    let strip = max(32, min(512, (width + 7) / 8 / 16 * 16))
    b.withUnsafeMutablePointer { target in
      factor.withUnsafePointer { l in
        Compute.parallelFor(count: width, chunk: strip) { columns in
          Element.trsm(transposed, n, columns.count, l, n, target + columns.lowerBound, width)
        }
      }
    }
  }

  /// The inverse of A, both triangles filled.
  public func inverse() throws(LinearAlgebraError) -> DenseMatrix<Element> {
    let n = order
    if n == 0 { return factor }
    // LAPACK's routine takes a third of the operations but one thread; which of the two, the order alone decides.
    if n <= 1536 {
      var result = factor
      let info = result.withUnsafeMutablePointer { a in
        let info = Element.potri(n, a, n)
        Products.mirrorLower(n: n, a, n)
        return info
      }
      if info == 0 { return result }
      throw LinearAlgebraError(code: .notPositiveDefinite(order: info), operation: "inversion", order: n)
    }
    var result = DenseMatrix<Element>.identity(order)
    solve(&result)
    // Rounding leaves the two triangles different in their last bits; the lower one stands for both.
    result.withUnsafeMutablePointer { Products.mirrorLower(n: n, $0, n) }
    return result
  }
}

extension Cholesky where Element == Double {
  /// Estimates the reciprocal condition number 1 / (‖A‖₁ ‖A⁻¹‖₁); 0 for a matrix that is singular to working precision.
  public func reciprocalCondition() -> Double {
    guard order > 0 else { return 1 }
    return factor.withUnsafePointer { max(0, lb_dpocon(Int32(order), $0, Int32(order), norm)) }
  }
}

extension DenseMatrix {
  /// The largest column sum of absolute values of a symmetric matrix, from its lower triangle.
  func symmetricOneNorm() -> Double { withUnsafePointer { Element.symmetricNorm(rows, $0, columns) } }
}

/// A blocked Cholesky factorisation whose products are shared out: LAPACK's own runs on one thread here.
enum CholeskyBlocks {
  static let width = 192

  /// Factorises the lower triangle in place; returns 0, or the order of the minor that is not positive definite.
  static func factorize<Element: MatrixElement>(n: Int, _ a: UnsafeMutablePointer<Element>, _ lda: Int) -> Int {
    Compute.prepare()
    if n == 0 { return 0 }
    if n <= 2 * width { return Element.potrf(n, a, lda) }
    for start in stride(from: 0, to: n, by: width) {
      let size = min(width, n - start)
      let diagonal = a + start * lda + start
      let info = Element.potrf(size, diagonal, lda)
      if info != 0 { return start + info }
      let below = n - start - size
      if below == 0 { break }
      let panel = a + (start + size) * lda + start
      solveRight(rows: below, order: size, diagonal, panel, lda)
      subtractOuter(rows: below, depth: size, panel, lda, a + (start + size) * lda + start + size)
    }
    return 0
  }

  /// P ← P · L⁻ᵀ for the panel under a factorised diagonal block.
  private static func solveRight<Element: MatrixElement>(
    rows: Int, order: Int, _ l: UnsafeMutablePointer<Element>, _ panel: UnsafeMutablePointer<Element>, _ lda: Int
  ) {
    Compute.parallelFor(count: rows, chunk: 128) { part in
      Element.trsmRightTransposed(part.count, order, l, lda, panel + part.lowerBound * lda, lda)
    }
  }

  /// T ← T − P · Pᵀ on the lower triangle, block by block.
  private static func subtractOuter<Element: MatrixElement>(
    rows: Int, depth: Int, _ panel: UnsafeMutablePointer<Element>, _ lda: Int, _ target: UnsafeMutablePointer<Element>
  ) {
    let side = 256
    let starts = Array(stride(from: 0, to: rows, by: side))
    var pairs: [(Int, Int)] = []
    for row in starts { for column in starts where column <= row { pairs.append((row, column)) } }
    Compute.parallelFor(count: pairs.count) { index in
      let (row, column) = pairs[index]
      Element.gemm(
        false, true, min(side, rows - row), min(side, rows - column), depth, -1, panel + row * lda, lda,
        panel + column * lda, lda, 1, target + row * lda + column, lda)
    }
  }
}
