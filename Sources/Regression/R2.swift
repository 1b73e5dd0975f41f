public import Tensors

/// The coefficient of determination, column by column.
///
/// ```
/// R² = 1 − Σ(y − ŷ)² / Σ(y − mean y)²
/// ```
/// The mean is the evaluation set's own. A column that is constant there has no R²: it is undefined (nil), never 0.
public enum R2 {
  /// R² of each column; nil where `truth` is constant.
  ///
  /// - Parameters:
  ///   - truth: `[n, d]`.
  ///   - predictions: `[n, d]`.
  public static func columns(truth: Matrix, predictions: Matrix) -> [Double?] {
    precondition(
      truth.rows == predictions.rows && truth.columns == predictions.columns, "predictions have another shape")
    return columns(truth: truth, predictions: predictions, shift: nil, spreads: squares(truth))
  }

  /// R² of predictions that `shift` is still to be added to, where Σ(y − mean y)² of each column is known.
  static func columns<Element: MatrixElement>(
    truth: Matrix, predictions: DenseMatrix<Element>, shift: [Double]?, spreads: [Double]
  ) -> [Double?] {
    let (rows, d) = (truth.rows, truth.columns)
    let shift = shift ?? [Double](repeating: 0, count: d)
    var errors = [Double](repeating: 0, count: d)
    errors.withUnsafeMutableBufferPointer { errors in
      shift.withUnsafeBufferPointer { shift in
        guard let sums = errors.baseAddress, let shift = shift.baseAddress else { return }
        truth.withUnsafePointer { y in
          predictions.withUnsafePointer { p in
            // Strips of columns, so that each thread walks down its own.
            Compute.parallelFor(count: d, chunk: 128) { part in
              for row in 0..<rows {
                let (y, p) = (y + row * d, p + row * d)
                for column in part {
                  let error = Double(y[column]) - Double(p[column]) - shift[column]
                  sums[column] += error * error
                }
              }
            }
          }
        }
      }
    }
    return zip(errors, spreads).map { error, total in total == 0 ? nil : 1 - error / total }
  }

  /// The unweighted mean of the defined entries; nil when there are none.
  public static func mean(_ values: [Double?]) -> Double? {
    let defined = values.compactMap { $0 }
    return defined.isEmpty ? nil : defined.reduce(0, +) / Double(defined.count)
  }

  /// Σ(y − mean y)² of each column, exactly 0 where the column is constant to single precision.
  static func squares(_ truth: Matrix) -> [Double] {
    let scaler = Scaler(fitting: truth, standardization: .none)
    return scaler.deviations.map { $0 * $0 * Double(truth.rows) }
  }
}
