internal import Tensors

/// The Gram matrix K of one layer as the methods for single targets use it: entire, or as a factor K = F·Fᵀ.
struct KernelProducts: Sendable {
  /// F, `[n, r]`.
  let factor: DoubleMatrix
  /// K, `[n, n]`; nil where there are too many samples to form it.
  let gram: DoubleMatrix?
  /// Mean of K's diagonal: the scale of the problem.
  let scale: Double

  init(factor: DoubleMatrix, gram: DoubleMatrix?, scale: Double) {
    self.factor = factor
    self.gram = gram
    self.scale = scale
  }

  /// The products of an eigenbasis, without K itself.
  init(_ basis: EigenBasis) {
    self.init(factor: basis.factor(), gram: nil, scale: basis.spectrum.reduce(0, +) / Double(basis.count))
  }

  /// Samples.
  var count: Int { factor.rows }

  /// K·x, through the factor where that takes fewer operations.
  func multiply(_ x: [Double]) -> [Double] {
    if let gram, 3 * factor.columns >= count { return Tensors.multiply(gram, x) }
    return Tensors.multiply(factor, Tensors.multiply(factor, x, transposed: true))
  }

  /// The rows and columns of K for some samples, `[samples.count, samples.count]`.
  func block(_ samples: [Int]) -> DoubleMatrix {
    guard let gram else { return Tensors.gram(factor.rows(at: samples)) }
    let (n, m) = (count, samples.count)
    return DoubleMatrix(rows: m, columns: m) { a in
      gram.withUnsafePointer { k in
        for (r, i) in samples.enumerated() { for (q, j) in samples.enumerated() { a[r * m + q] = k[i * n + j] } }
      }
    }
  }
}
