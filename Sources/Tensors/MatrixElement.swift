internal import CBLASShim
internal import CKernels

/// A number type that matrices are made of: `Float` or `Double`, each with its own BLAS routines.
///
/// The requirements work on raw rows: `a` is row-major with `lda` elements from one row to the next. They run on the
/// calling thread. Use the functions of this module instead, which check shapes and share the work out.
public protocol MatrixElement: BinaryFloatingPoint, Sendable, BitwiseCopyable {
  /// Computes C = alpha · op(A) · op(B) + beta · C on the calling thread.
  static func gemm(
    _ transposeA: Bool, _ transposeB: Bool, _ m: Int, _ n: Int, _ k: Int, _ alpha: Self, _ a: UnsafePointer<Self>,
    _ lda: Int, _ b: UnsafePointer<Self>, _ ldb: Int, _ beta: Self, _ c: UnsafeMutablePointer<Self>, _ ldc: Int)
  /// Computes y = alpha · op(A) · x + beta · y on the calling thread; A is `rows` by `columns` as stored.
  static func gemv(
    _ transpose: Bool, _ rows: Int, _ columns: Int, _ alpha: Self, _ a: UnsafePointer<Self>, _ lda: Int,
    _ x: UnsafePointer<Self>, _ beta: Self, _ y: UnsafeMutablePointer<Self>)
  /// Computes the lower triangle of C = A · Aᵀ, or Aᵀ · A when transposed, on the calling thread.
  static func syrk(
    _ transpose: Bool, _ n: Int, _ k: Int, _ a: UnsafePointer<Self>, _ lda: Int, _ c: UnsafeMutablePointer<Self>,
    _ ldc: Int)
  /// Factorises the lower triangle in place; returns 0, or the order of the first minor that is not positive definite.
  static func potrf(_ n: Int, _ a: UnsafeMutablePointer<Self>, _ lda: Int) -> Int
  /// Turns a Cholesky factor into the lower triangle of the inverse, in place; returns 0 on success.
  static func potri(_ n: Int, _ a: UnsafeMutablePointer<Self>, _ lda: Int) -> Int
  /// Solves op(L) · X = B in place of B (`n` by `columns`).
  static func trsm(
    _ transpose: Bool, _ n: Int, _ columns: Int, _ l: UnsafePointer<Self>, _ ldl: Int, _ b: UnsafeMutablePointer<Self>,
    _ ldb: Int)
  /// Solves X · Lᵀ = B in place of B (`rows` by `n`).
  static func trsmRightTransposed(
    _ rows: Int, _ n: Int, _ l: UnsafePointer<Self>, _ ldl: Int, _ b: UnsafeMutablePointer<Self>, _ ldb: Int)
  /// The 1-norm of a symmetric matrix from its lower triangle; NaN when it holds a number that is not finite.
  static func symmetricNorm(_ n: Int, _ a: UnsafePointer<Self>, _ lda: Int) -> Double
  /// Computes the dot product of two contiguous arrays, accumulated in double precision.
  static func dot(_ x: UnsafePointer<Self>, _ y: UnsafePointer<Self>, _ n: Int) -> Double
}

extension Float: MatrixElement {
  /// Single-precision `gemm`.
  public static func gemm(
    _ transposeA: Bool, _ transposeB: Bool, _ m: Int, _ n: Int, _ k: Int, _ alpha: Float, _ a: UnsafePointer<Float>,
    _ lda: Int, _ b: UnsafePointer<Float>, _ ldb: Int, _ beta: Float, _ c: UnsafeMutablePointer<Float>, _ ldc: Int
  ) {
    lb_sgemm(
      transposeA ? 1 : 0, transposeB ? 1 : 0, Int32(m), Int32(n), Int32(k), alpha, a, Int32(lda), b, Int32(ldb), beta,
      c, Int32(ldc))
  }

  /// Single-precision `gemv`.
  public static func gemv(
    _ transpose: Bool, _ rows: Int, _ columns: Int, _ alpha: Float, _ a: UnsafePointer<Float>, _ lda: Int,
    _ x: UnsafePointer<Float>, _ beta: Float, _ y: UnsafeMutablePointer<Float>
  ) {
    lb_sgemv(transpose ? 1 : 0, Int32(rows), Int32(columns), alpha, a, Int32(lda), x, beta, y)
  }

  /// Single-precision `syrk`.
  public static func syrk(
    _ transpose: Bool, _ n: Int, _ k: Int, _ a: UnsafePointer<Float>, _ lda: Int, _ c: UnsafeMutablePointer<Float>,
    _ ldc: Int
  ) {
    lb_ssyrk(transpose ? 1 : 0, Int32(n), Int32(k), 1, a, Int32(lda), 0, c, Int32(ldc))
  }

  /// Single-precision `potrf`.
  public static func potrf(_ n: Int, _ a: UnsafeMutablePointer<Float>, _ lda: Int) -> Int {
    Int(lb_spotrf(Int32(n), a, Int32(lda)))
  }

  /// Single-precision `potri`.
  public static func potri(_ n: Int, _ a: UnsafeMutablePointer<Float>, _ lda: Int) -> Int {
    Int(lb_spotri(Int32(n), a, Int32(lda)))
  }

  /// Single-precision `trsm`.
  public static func trsm(
    _ transpose: Bool, _ n: Int, _ columns: Int, _ l: UnsafePointer<Float>, _ ldl: Int,
    _ b: UnsafeMutablePointer<Float>, _ ldb: Int
  ) {
    lb_strsm(transpose ? 1 : 0, Int32(n), Int32(columns), 1, l, Int32(ldl), b, Int32(ldb))
  }

  /// Single-precision `trsm` from the right.
  public static func trsmRightTransposed(
    _ rows: Int, _ n: Int, _ l: UnsafePointer<Float>, _ ldl: Int, _ b: UnsafeMutablePointer<Float>, _ ldb: Int
  ) { lb_strsm_right_transposed(Int32(rows), Int32(n), l, Int32(ldl), b, Int32(ldb)) }

  /// 1-norm of a symmetric matrix of `Float`s.
  public static func symmetricNorm(_ n: Int, _ a: UnsafePointer<Float>, _ lda: Int) -> Double {
    symmetricOneNorm(n) { Double(a[$0 * lda + $1].magnitude) }
  }

  /// Dot product of `Float`s.
  public static func dot(_ x: UnsafePointer<Float>, _ y: UnsafePointer<Float>, _ n: Int) -> Double { lb_dot(x, y, n) }
}

extension Double: MatrixElement {
  /// Double-precision `gemm`.
  public static func gemm(
    _ transposeA: Bool, _ transposeB: Bool, _ m: Int, _ n: Int, _ k: Int, _ alpha: Double, _ a: UnsafePointer<Double>,
    _ lda: Int, _ b: UnsafePointer<Double>, _ ldb: Int, _ beta: Double, _ c: UnsafeMutablePointer<Double>, _ ldc: Int
  ) {
    lb_dgemm(
      transposeA ? 1 : 0, transposeB ? 1 : 0, Int32(m), Int32(n), Int32(k), alpha, a, Int32(lda), b, Int32(ldb), beta,
      c, Int32(ldc))
  }

  /// Double-precision `gemv`.
  public static func gemv(
    _ transpose: Bool, _ rows: Int, _ columns: Int, _ alpha: Double, _ a: UnsafePointer<Double>, _ lda: Int,
    _ x: UnsafePointer<Double>, _ beta: Double, _ y: UnsafeMutablePointer<Double>
  ) {
    lb_dgemv(transpose ? 1 : 0, Int32(rows), Int32(columns), alpha, a, Int32(lda), x, beta, y)
  }

  /// Double-precision `syrk`.
  public static func syrk(
    _ transpose: Bool, _ n: Int, _ k: Int, _ a: UnsafePointer<Double>, _ lda: Int, _ c: UnsafeMutablePointer<Double>,
    _ ldc: Int
  ) {
    lb_dsyrk(transpose ? 1 : 0, Int32(n), Int32(k), 1, a, Int32(lda), 0, c, Int32(ldc))
  }

  /// Double-precision `potrf`.
  public static func potrf(_ n: Int, _ a: UnsafeMutablePointer<Double>, _ lda: Int) -> Int {
    Int(lb_dpotrf(Int32(n), a, Int32(lda)))
  }

  /// Double-precision `potri`.
  public static func potri(_ n: Int, _ a: UnsafeMutablePointer<Double>, _ lda: Int) -> Int {
    Int(lb_dpotri(Int32(n), a, Int32(lda)))
  }

  /// Double-precision `trsm`.
  public static func trsm(
    _ transpose: Bool, _ n: Int, _ columns: Int, _ l: UnsafePointer<Double>, _ ldl: Int,
    _ b: UnsafeMutablePointer<Double>, _ ldb: Int
  ) {
    lb_dtrsm(transpose ? 1 : 0, Int32(n), Int32(columns), 1, l, Int32(ldl), b, Int32(ldb))
  }

  /// Double-precision `trsm` from the right.
  public static func trsmRightTransposed(
    _ rows: Int, _ n: Int, _ l: UnsafePointer<Double>, _ ldl: Int, _ b: UnsafeMutablePointer<Double>, _ ldb: Int
  ) { lb_dtrsm_right_transposed(Int32(rows), Int32(n), l, Int32(ldl), b, Int32(ldb)) }

  /// 1-norm of a symmetric matrix of `Double`s.
  public static func symmetricNorm(_ n: Int, _ a: UnsafePointer<Double>, _ lda: Int) -> Double {
    symmetricOneNorm(n) { Double(a[$0 * lda + $1].magnitude) }
  }

  /// Dot product of `Double`s.
  public static func dot(_ x: UnsafePointer<Double>, _ y: UnsafePointer<Double>, _ n: Int) -> Double {
    lb_ddot(x, y, n)
  }
}

/// The largest column sum of absolute values of a symmetric matrix, from its lower triangle.
@inline(__always)
private func symmetricOneNorm(_ n: Int, _ size: (Int, Int) -> Double) -> Double {
  let sums = [Double](unsafeUninitializedCapacity: n) { sums, count in
    for r in 0..<n {
      var own = 0.0
      for c in 0..<r {
        let value = size(r, c)
        own += value
        sums[c] += value
      }
      sums[r] = own + size(r, r)
    }
    count = n
  }
  return sums.contains { !$0.isFinite } ? .nan : sums.max() ?? 0
}
