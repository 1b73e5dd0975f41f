internal import CKernels

/// Many small symmetric positive definite systems, each a principal submatrix of one large matrix.
///
/// Solved in single precision, where the processor is twice as fast, for callers that correct what is missing. The
/// memory is reused from system to system, so use one value per thread.
public struct SmallSystems {
  private var factor: [Float] = []
  private var scratch: [Float] = []
  private var solution: [Float] = []

  /// Makes empty working memory.
  public init() {}

  /// Solves A[index, index] · x = b to about 10⁻⁷ times the condition of the submatrix.
  ///
  /// - Parameters:
  ///   - matrix: A, symmetric, rows `order` apart.
  ///   - index: the chosen rows and columns.
  ///   - x: on entry b, on return the solution; `index.count` numbers.
  /// - Returns: false when the submatrix is not positive definite in single precision; x is then unchanged.
  public mutating func solve(
    _ matrix: UnsafePointer<Float>, order: Int, index: [Int32], x: UnsafeMutablePointer<Double>
  ) -> Bool {
    let m = index.count
    if m == 0 { return true }
    let stride = lb_small_stride(m)
    if factor.count < stride * stride {
      factor = [Float](repeating: 0, count: stride * stride)
      scratch = [Float](repeating: 0, count: 16 * stride)
      solution = [Float](repeating: 0, count: stride)
    }
    lb_gather_lower(matrix, order, index, m, &factor, stride)
    guard lb_small_cholesky(&factor, m, &scratch) != 0 else { return false }
    // Scaled, so that small corrections keep their digits.
    var size = 0.0
    for i in 0..<m { size = max(size, x[i].magnitude) }
    let unit = size > 0 ? size : 1
    for i in 0..<m { solution[i] = Float(x[i] / unit) }
    for i in m..<stride { solution[i] = 0 }
    factor.withUnsafeBufferPointer { factor in
      guard let base = factor.baseAddress else { return }
      lb_small_solve(base, m, &solution)
    }
    for i in 0..<m { x[i] = Double(solution[i]) * unit }
    return true
  }
}

extension Kernels {
  /// One update of the alternating direction method of multipliers; see `ActiveSetGuess` in Regression.
  ///
  /// t = mix·β + (1 − mix)·z + u; z ← clip(soft(t, threshold), ±bound); u ← t − z; right ← y + ρ(z − u).
  package static func admmUpdate(
    beta: UnsafePointer<Float>, y: UnsafePointer<Float>, z: UnsafeMutablePointer<Float>,
    u: UnsafeMutablePointer<Float>, right: UnsafeMutablePointer<Float>, count: Int, mix: Float, threshold: Float,
    bound: Float, rho: Float
  ) {
    lb_admm_update(beta, y, z, u, right, count, mix, threshold, bound, rho)
  }
}
