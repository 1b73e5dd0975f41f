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
    let sums = squares(truth)
    let d = truth.columns
    var errors = [Double](repeating: 0, count: d)
    truth.withUnsafePointer { y in
      predictions.withUnsafePointer { p in
        for row in 0..<truth.rows {
          for column in 0..<d {
            let error = Double(y[row * d + column]) - Double(p[row * d + column])
            errors[column] += error * error
          }
        }
      }
    }
    return zip(errors, sums).map { error, total in total == 0 ? nil : 1 - error / total }
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
