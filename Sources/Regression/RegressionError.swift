import Diagnostics
public import Tensors

/// A regression that cannot be computed from what it was given.
public struct RegressionError: Error, Equatable, Sendable, CustomStringConvertible {
  /// What is wrong.
  public enum Code: Equatable, Sendable {
    /// Two matrices disagree in a size: what is counted, the number expected and the number found.
    case sizeMismatch(what: String, expected: Int, found: Int)
    /// A matrix holds NaN or infinity: which matrix, and where first.
    case notFinite(matrix: String, row: Int, column: Int)
    /// There are fewer samples than the computation needs.
    case tooFewSamples(part: String, needed: Int, found: Int)
    /// A setting is outside its range.
    case badSetting(name: String, found: Double, expected: String)
    /// A column that does not exist was asked for.
    case noSuchTarget(Int, count: Int)
    /// A matrix could not be factorised.
    case linearAlgebra(LinearAlgebraError)
    /// The caller asked to stop.
    case cancelled
  }

  /// What is wrong.
  public var code: Code

  public init(_ code: Code) { self.code = code }

  /// The error as one sentence.
  public var description: String {
    switch code {
    case .sizeMismatch(let what, let expected, let found):
      "cannot fit a regression: \(found) \(what), expected \(expected)"
    case .notFinite(let matrix, let row, let column):
      "cannot fit a regression: \(matrix) hold a number that is not finite (row \(row), dimension \(column))"
    case .tooFewSamples(let part, let needed, let found):
      "cannot fit a regression: \(counted(found, "\(part) sample")), expected at least \(needed)"
    case .badSetting(let name, let found, let expected):
      "cannot fit a regression: \(name) is \(found), expected \(expected)"
    case .noSuchTarget(let target, let count):
      "cannot fit a regression: no target dimension \(target), expected one below \(count)"
    case .linearAlgebra(let error): "cannot fit a regression: \(error)"
    case .cancelled: "the regression was stopped before it was finished"
    }
  }
}

extension RegressionError {
  /// Checks that every number of a matrix is finite.
  static func checkFinite(_ matrix: Matrix, _ name: String) throws(RegressionError) {
    let count = matrix.values.withUnsafeBufferPointer { buffer in
      buffer.baseAddress.map { Kernels.countNonFinite($0, count: buffer.count) } ?? 0
    }
    guard count > 0, let place = matrix.values.firstIndex(where: { !$0.isFinite }) else { return }
    throw RegressionError(
      .notFinite(matrix: name, row: place / matrix.columns, column: place % matrix.columns))
  }

  /// Checks that two counts agree.
  static func checkCount(_ what: String, expected: Int, found: Int) throws(RegressionError) {
    if expected != found { throw RegressionError(.sizeMismatch(what: what, expected: expected, found: found)) }
  }
}
