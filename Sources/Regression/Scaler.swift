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
    var squares = means
    var largest = means
    samples.withUnsafePointer { x in
      means.withUnsafeMutableBufferPointer { means in
        squares.withUnsafeMutableBufferPointer { squares in
          largest.withUnsafeMutableBufferPointer { largest in
            guard let sum = means.baseAddress, let square = squares.baseAddress, let size = largest.baseAddress else {
              return
            }
            Self.moments(x, n, d, sum, square, size)
          }
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

  /// Means, sums of squared differences from them, and largest magnitudes of the columns of `x`, `[n, d]`.
  private static func moments(
    _ x: UnsafePointer<Float>, _ n: Int, _ d: Int, _ means: UnsafeMutablePointer<Double>,
    _ squares: UnsafeMutablePointer<Double>, _ largest: UnsafeMutablePointer<Double>
  ) {
    // Strips of columns, so that each thread walks down its own.
    Compute.parallelFor(count: d, chunk: 512) { part in
      let width = part.count
      let (mean, square, size) = (means + part.lowerBound, squares + part.lowerBound, largest + part.lowerBound)
      for row in 0..<n {
        let values = x + row * d + part.lowerBound
        for column in 0..<width { mean[column] += Double(values[column]) }
      }
      for column in 0..<width { mean[column] /= Double(max(n, 1)) }
      for row in 0..<n {
        let values = x + row * d + part.lowerBound
        for column in 0..<width {
          let value = Double(values[column])
          let distance = value - mean[column]
          square[column] += distance * distance
          size[column] = value.magnitude > size[column] ? value.magnitude : size[column]
        }
      }
    }
  }

  /// Whether column `column` has no spread.
  public func isConstant(_ column: Int) -> Bool { deviations[column] == 0 }

  /// Number of constant columns.
  public var constantCount: Int { deviations.count { $0 == 0 } }

  /// Centres and, where asked for, divides; constant columns become zeros.
  ///
  /// - Returns: `[n, d]` in double precision.
  public func transform(_ samples: Matrix) -> DoubleMatrix {
    precondition(samples.columns == means.count, "the scaler was fitted to another width")
    let d = samples.columns
    let factors = (0..<d).map { deviations[$0] == 0 ? 0 : 1 / divisors[$0] }
    return DoubleMatrix(rows: samples.rows, columns: d) { target in
      samples.withUnsafePointer { x in
        means.withUnsafeBufferPointer { means in
          factors.withUnsafeBufferPointer { factors in
            guard let mean = means.baseAddress, let factor = factors.baseAddress else { return }
            Compute.parallelFor(count: samples.rows, chunk: 64) { part in
              for row in part {
                let (values, result) = (x + row * d, target + row * d)
                for column in 0..<d { result[column] = (Double(values[column]) - mean[column]) * factor[column] }
              }
            }
          }
        }
      }
    }
  }

  /// Like `transform`, for chosen columns as rows: `[columns.count, n]`, the layout in which targets are solved.
  func transformColumns(_ columns: Range<Int>, of targets: Matrix, indices: [Int]) -> DoubleMatrix {
    let (n, d) = (targets.rows, targets.columns)
    let chosen = columns.map { indices[$0] }
    return DoubleMatrix(rows: columns.count, columns: n) { result in
      targets.withUnsafePointer { y in
        // Sixteen samples at a time: the columns of a block stay in the cache while its rows are written.
        for start in stride(from: 0, to: n, by: 16) {
          let end = min(start + 16, n)
          for (place, column) in chosen.enumerated() {
            let (mean, factor) = (means[column], deviations[column] == 0 ? 0 : 1 / divisors[column])
            for row in start..<end { result[place * n + row] = (Double(y[row * d + column]) - mean) * factor }
          }
        }
      }
    }
  }
}
