/// A factor U `[n, r]` that an operator splitting multiplies by in each step, for many rows at once.
package protocol SplittingFactor: Sendable {
  /// The numbers that it is made of.
  associatedtype Element: SplittingElement
  /// projections `[count, r]` ← rows `[count, n]` · U.
  func project(_ rows: UnsafePointer<Element>, count: Int, to projections: UnsafeMutablePointer<Element>)
  /// rows `[count, n]` ← projections `[count, r]` · Uᵀ.
  func expand(_ projections: UnsafePointer<Element>, count: Int, to rows: UnsafeMutablePointer<Element>)
}

/// A factor in single precision laid out once for either product: OpenBLAS would lay it out anew in every one.
package struct PanelFactor: SplittingFactor {
  private let across: PanelMatrix
  private let down: PanelMatrix
  private let (n, rank): (Int, Int)

  /// Lays out U, `[n, r]`.
  package init(_ factor: Matrix) {
    (n, rank) = (factor.rows, factor.columns)
    (across, down) = factor.withUnsafePointer { u in
      (
        PanelMatrix(u, inner: factor.rows, columns: factor.columns, stride: factor.columns, transposed: false),
        PanelMatrix(u, inner: factor.columns, columns: factor.rows, stride: factor.columns, transposed: true)
      )
    }
  }

  package func project(_ rows: UnsafePointer<Float>, count: Int, to projections: UnsafeMutablePointer<Float>) {
    across.multiply((rows, n), rows: count, to: (projections, rank))
  }

  package func expand(_ projections: UnsafePointer<Float>, count: Int, to rows: UnsafeMutablePointer<Float>) {
    down.multiply((projections, rank), rows: count, to: (rows, n))
  }

  /// Rows · U, `[rows, r]`.
  package func projections(of rows: Matrix) -> Matrix {
    Matrix(
      rows: rows.rows, columns: rank,
      filledBy: { result in rows.withUnsafePointer { project($0, count: rows.rows, to: result) } })
  }

  /// Projections · Uᵀ, `[rows, n]`.
  package func expansions(of projections: Matrix) -> Matrix {
    Matrix(
      rows: projections.rows, columns: n,
      filledBy: { result in projections.withUnsafePointer { expand($0, count: projections.rows, to: result) } })
  }
}

/// A factor in double precision, for the few targets that need it.
package struct PlainFactor: SplittingFactor {
  private let factor: DoubleMatrix

  /// Takes U, `[n, r]`.
  package init(_ factor: DoubleMatrix) { self.factor = factor }

  package func project(_ rows: UnsafePointer<Double>, count: Int, to projections: UnsafeMutablePointer<Double>) {
    let (n, rank) = (factor.rows, factor.columns)
    factor.withUnsafePointer { Double.gemm(false, false, count, rank, n, 1, rows, n, $0, rank, 0, projections, rank) }
  }

  package func expand(_ projections: UnsafePointer<Double>, count: Int, to rows: UnsafeMutablePointer<Double>) {
    let (n, rank) = (factor.rows, factor.columns)
    factor.withUnsafePointer { Double.gemm(false, true, count, n, rank, 1, projections, rank, $0, rank, 0, rows, n) }
  }
}
