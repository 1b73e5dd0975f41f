import Tensors

extension Model {
  /// U v: what the unembedding makes of vectors, without its bias and soft cap.
  ///
  /// It is linear: of parts that add up to a head input the results add up too.
  ///
  /// - Parameters:
  ///   - vectors: [n, d], such as a frozen `finalNorm` gives them.
  ///   - part: Where they stand among others, if they are to round as they do there.
  /// - Returns: [n, V].
  /// - Throws: `ModelError` with code `noHead` where the checkpoint has no head.
  public func unembed(_ vectors: Matrix, part: RowPart? = nil) throws(ModelError) -> Matrix {
    check(vectors)
    let (v, d) = (configuration.vocabulary, configuration.width)
    var failure: ModelError?
    let result = Matrix(rows: vectors.rows, columns: v) { target in
      do throws(ModelError) {
        try forEachUnembeddingBlock { rows, weights in
          vectors.withUnsafePointer {
            Products.gemm(
              transposeB: true, m: vectors.rows, n: rows.count, k: d, a: $0, lda: d, b: weights, ldb: d,
              c: target + rows.lowerBound, ldc: v, part: part)
          }
        }
      } catch {
        failure = error
        target.initialize(repeating: 0, count: vectors.rows * v)
      }
    }
    if let failure { throw failure }
    return result
  }

  /// Uᵀ p: sums of the unembedding's rows, such as the row that a distribution expects.
  ///
  /// - Parameter weights: [n, V].
  /// - Returns: [n, d].
  /// - Throws: `ModelError` with code `noHead` where the checkpoint has no head.
  public func sumsOfUnembedding(weighing weights: Matrix) throws(ModelError) -> Matrix {
    let (v, d) = (configuration.vocabulary, configuration.width)
    precondition(weights.columns == v, "\(weights.columns) weights for \(v) tokens")
    let count = weights.rows
    var result = Matrix(rows: count, columns: d)
    try forEachUnembeddingBlock { rows, unembedding in
      weights.withUnsafePointer { weights in
        result.withUnsafeMutablePointer { target in
          Products.gemm(
            m: count, n: d, k: rows.count, a: weights + rows.lowerBound, lda: v, b: unembedding, ldb: d, keep: 1,
            c: target, ldc: d)
        }
      }
    }
    return result
  }
}
