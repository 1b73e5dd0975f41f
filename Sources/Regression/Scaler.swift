public import Tensors

/// Whether columns are divided by their standard deviation before a fit.
public enum Standardization: String, Sendable, CaseIterable {
  /// Subtract the mean and divide by the standard deviation of the training samples.
  case train
  /// Leave the units of the states alone (columns are still centred, which an unpenalised intercept makes harmless).
  case none
}

/// Column means and standard deviations of training samples.
///
/// The deviation is the population's, √(Σ(x − mean)² / n). A column whose deviation is within rounding of zero is
/// *constant*: it carries no information, is mapped to exact zeros, and as a target it is undefined.
public struct Scaler: Sendable, Equatable {
  /// Mean of each column.
  public let means: [Double]
  /// Population standard deviation of each column; exactly 0 where the column is constant.
  public let deviations: [Double]
  /// What centred columns are divided by: the deviation, or 1 where nothing is divided.
  let divisors: [Double]

  /// Measures the columns of `samples`, `[n, d]`.
  public init(fitting samples: Matrix, standardization: Standardization) {
    let (n, d) = (samples.rows, samples.columns)
    var means = [Double](repeating: 0, count: d)
    var squares = [Double](repeating: 0, count: d)
    var largest = [Double](repeating: 0, count: d)
    samples.withUnsafePointer { x in
      for row in 0..<n {
        for column in 0..<d { means[column] += Double(x[row * d + column]) }
      }
      for column in 0..<d { means[column] /= Double(max(n, 1)) }
      for row in 0..<n {
        for column in 0..<d {
          let value = Double(x[row * d + column])
          squares[column] += (value - means[column]) * (value - means[column])
          largest[column] = max(largest[column], value.magnitude)
        }
      }
    }
    self.means = means
    // States are single precision: a spread below their rounding is none.
    deviations = (0..<d).map { column in
      let deviation = (squares[column] / Double(max(n, 1))).squareRoot()
      return deviation <= 1e-7 * largest[column] ? 0 : deviation
    }
    divisors = deviations.map { standardization == .train && $0 > 0 ? $0 : 1 }
  }

  /// Whether column `column` has no spread.
  public func isConstant(_ column: Int) -> Bool { deviations[column] == 0 }

  /// Number of constant columns.
  public var constantCount: Int { deviations.count { $0 == 0 } }

  /// Centres and, where asked for, divides; constant columns become zeros. `[n, d]` in double precision.
  public func transform(_ samples: Matrix) -> DoubleMatrix {
    precondition(samples.columns == means.count, "the scaler was fitted to another width")
    let d = samples.columns
    return DoubleMatrix(rows: samples.rows, columns: d) { target in
      samples.withUnsafePointer { x in
        Compute.parallelFor(count: samples.rows, chunk: 64) { part in
          for row in part {
            for column in 0..<d {
              let centred = Double(x[row * d + column]) - means[column]
              target[row * d + column] = deviations[column] == 0 ? 0 : centred / divisors[column]
            }
          }
        }
      }
    }
  }

  /// Like `transform`, for chosen columns as rows: `[columns.count, n]`, the layout in which targets are solved.
  func transformColumns(_ columns: Range<Int>, of targets: Matrix, indices: [Int]) -> DoubleMatrix {
    let (n, d) = (targets.rows, targets.columns)
    return DoubleMatrix(rows: columns.count, columns: n) { result in
      targets.withUnsafePointer { y in
        for row in 0..<n {
          for position in columns {
            let column = indices[position]
            let centred = Double(y[row * d + column]) - means[column]
            result[(position - columns.lowerBound) * n + row] =
              deviations[column] == 0 ? 0 : centred / divisors[column]
          }
        }
      }
    }
  }
}
