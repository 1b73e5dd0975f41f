import Tensors

/// States on the few directions in which they differ most.
///
/// Rows are centred over all of them and decomposed, X − mean = U · diag(s) · Vᵀ; the coordinates of a row are its products
/// with the first rows of Vᵀ. A component's sign is arbitrary: its loading of the largest absolute value, the first of
/// equal ones, is made positive, so that neither the order of the rows nor the machine decides it.
public struct PrincipalComponents: Sendable {
  /// What happens to rows before they are centred.
  public enum Scaling: String, Sendable, CaseIterable {
    /// Nothing.
    case none
    /// Each is brought to length 1: directions alone count, as they do for the movement D.
    case unit
  }

  /// Coordinates of every row, `[rows][count]`; 0 on components that do not exist.
  public var coordinates: [[Double]]
  /// Share of the rows' variance that each component holds, `s² / Σ s²`, `[count]`; nil where the rows do not differ.
  public var explained: [Double?]

  /// Decomposes rows `[n, d]`.
  ///
  /// - Parameter count: how many components.
  /// - Throws: `LinearAlgebraError` for numbers that are not finite.
  public init(of rows: Matrix, count: Int = 3, scaling: Scaling = .none) throws {
    precondition(rows.rows > 0 && count > 0, "components of no rows")
    let (n, d) = (rows.rows, rows.columns)
    var values = (0..<n).map { rows.row($0).map(Double.init) }
    if scaling == .unit {
      for row in values.indices {
        let length = values[row].reduce(0) { $0 + $1 * $1 }.squareRoot()
        if length > 0 { values[row] = values[row].map { $0 / length } }
      }
    }
    let mean = (0..<d).map { column in values.reduce(0) { $0 + $1[column] } / Double(n) }
    let centred = values.map { zip($0, mean).map { $0 - $1 } }
    let parts = try SingularValues(DoubleMatrix(rows: n, columns: d, values: centred.flatMap { $0 }))
    let total = parts.values.reduce(0) { $0 + $1 * $1 }
    let axes = (0..<count).map { index -> [Double] in
      guard index < parts.values.count else { return Array(repeating: 0, count: d) }
      return Self.signed(parts.vt.row(index))
    }
    coordinates = centred.map { row in axes.map { axis in zip(row, axis).reduce(0) { $0 + $1.0 * $1.1 } } }
    explained = (0..<count).map { index in
      guard total > 0 else { return nil }
      return index < parts.values.count ? parts.values[index] * parts.values[index] / total : 0
    }
  }

  private static func signed(_ axis: [Double]) -> [Double] {
    var largest = 0
    for index in axis.indices where abs(axis[index]) > abs(axis[largest]) { largest = index }
    return axis.isEmpty || axis[largest] >= 0 ? axis : axis.map { -$0 }
  }
}
