/// A row-major matrix of `Float`.
public typealias Matrix = DenseMatrix<Float>
/// A row-major matrix of `Double`, for products whose conditioning needs it.
public typealias DoubleMatrix = DenseMatrix<Double>

/// A dense row-major matrix: element (r, c) is `values[r * columns + c]`.
///
/// A value type; copies share storage until one of them is written to.
public struct DenseMatrix<Element: MatrixElement>: Sendable, Equatable {
  /// Number of rows.
  public let rows: Int
  /// Number of columns.
  public let columns: Int
  /// All elements, row after row.
  public internal(set) var values: [Element]

  /// Makes a matrix of zeros.
  public init(rows: Int, columns: Int) {
    precondition(rows >= 0 && columns >= 0, "a matrix has no negative side")
    self.rows = rows
    self.columns = columns
    self.values = [Element](repeating: 0, count: rows * columns)
  }

  /// Makes a matrix of given elements, row after row.
  public init(rows: Int, columns: Int, values: [Element]) {
    precondition(values.count == rows * columns, "\(values.count) values for a matrix of \(rows) × \(columns)")
    self.rows = rows
    self.columns = columns
    self.values = values
  }

  /// Makes a matrix whose elements `fill` writes, all of them: the memory it is given is not initialised.
  public init(rows: Int, columns: Int, filledBy fill: (UnsafeMutablePointer<Element>) -> Void) {
    precondition(rows >= 0 && columns >= 0, "a matrix has no negative side")
    self.rows = rows
    self.columns = columns
    self.values = [Element](unsafeUninitializedCapacity: rows * columns) { buffer, count in
      count = rows * columns
      if count > 0, let base = buffer.baseAddress { fill(base) }
    }
  }

  /// The element in row `row`, column `column`.
  public subscript(row: Int, column: Int) -> Element {
    get {
      precondition(row >= 0 && row < rows && column >= 0 && column < columns, "no element (\(row), \(column))")
      return values[row * columns + column]
    }
    set {
      precondition(row >= 0 && row < rows && column >= 0 && column < columns, "no element (\(row), \(column))")
      values[row * columns + column] = newValue
    }
  }

  /// One row as an array.
  public func row(_ index: Int) -> [Element] {
    precondition(index >= 0 && index < rows, "no row \(index)")
    return Array(values[index * columns..<(index + 1) * columns])
  }

  /// One column as an array.
  public func column(_ index: Int) -> [Element] {
    precondition(index >= 0 && index < columns, "no column \(index)")
    return (0..<rows).map { values[$0 * columns + index] }
  }

  /// Replaces one row.
  public mutating func setRow(_ index: Int, _ newValues: [Element]) {
    precondition(index >= 0 && index < rows && newValues.count == columns, "row \(index) of \(newValues.count) values")
    values.replaceSubrange(index * columns..<(index + 1) * columns, with: newValues)
  }

  /// The rows of a range, in order.
  public func rows(_ range: Range<Int>) -> DenseMatrix {
    precondition(range.lowerBound >= 0 && range.upperBound <= rows, "no rows \(range)")
    return DenseMatrix(
      rows: range.count, columns: columns,
      values: Array(values[range.lowerBound * columns..<range.upperBound * columns]))
  }

  /// The rows with the given indices, in the given order; an index may occur more than once.
  public func rows(at indices: [Int]) -> DenseMatrix {
    DenseMatrix(rows: indices.count, columns: columns) { target in
      withUnsafePointer { source in
        for (position, index) in indices.enumerated() {
          precondition(index >= 0 && index < rows, "no row \(index)")
          (target + position * columns).initialize(from: source + index * columns, count: columns)
        }
      }
    }
  }

  /// The columns with the given indices, in the given order.
  public func columns(at indices: [Int]) -> DenseMatrix {
    for index in indices { precondition(index >= 0 && index < columns, "no column \(index)") }
    return DenseMatrix(rows: rows, columns: indices.count) { target in
      withUnsafePointer { source in
        for row in 0..<rows {
          for (position, index) in indices.enumerated() {
            (target + row * indices.count + position).initialize(to: source[row * columns + index])
          }
        }
      }
    }
  }

  /// The transpose, `[columns, rows]`.
  public func transposed() -> DenseMatrix {
    let (m, n) = (rows, columns)
    let block = 32
    return DenseMatrix(rows: n, columns: m) { target in
      withUnsafePointer { source in
        for rowStart in stride(from: 0, to: m, by: block) {
          for columnStart in stride(from: 0, to: n, by: block) {
            for r in rowStart..<min(rowStart + block, m) {
              for c in columnStart..<min(columnStart + block, n) { target[c * m + r] = source[r * n + c] }
            }
          }
        }
      }
    }
  }

  /// Stacks matrices of equal width on top of each other.
  public static func vertical(_ parts: [DenseMatrix]) -> DenseMatrix {
    let columns = parts.first?.columns ?? 0
    var values: [Element] = []
    values.reserveCapacity(parts.reduce(0) { $0 + $1.values.count })
    for part in parts {
      precondition(part.columns == columns, "matrices of \(columns) and \(part.columns) columns cannot be stacked")
      values += part.values
    }
    return DenseMatrix(rows: parts.reduce(0) { $0 + $1.rows }, columns: columns, values: values)
  }

  /// The identity matrix of order `order`.
  public static func identity(_ order: Int) -> DenseMatrix {
    var matrix = DenseMatrix(rows: order, columns: order)
    for index in 0..<order { matrix.values[index * order + index] = 1 }
    return matrix
  }

  /// Lends the elements, row-major, to `body`; the pointer must not outlive the call.
  public func withUnsafePointer<R, E: Error>(_ body: (UnsafePointer<Element>) throws(E) -> R) throws(E) -> R {
    let result: Result<R, E> = values.withUnsafeBufferPointer { buffer in
      do throws(E) {
        return .success(try body(buffer.baseAddress ?? Self.nothing))
      } catch {
        return .failure(error)
      }
    }
    return try result.get()
  }

  /// Lends the elements, row-major and writable, to `body`; the pointer must not outlive the call.
  public mutating func withUnsafeMutablePointer<R, E: Error>(
    _ body: (UnsafeMutablePointer<Element>) throws(E) -> R
  ) throws(E) -> R {
    let result: Result<R, E> = values.withUnsafeMutableBufferPointer { buffer in
      do throws(E) {
        return .success(try body(buffer.baseAddress ?? UnsafeMutablePointer(mutating: Self.nothing)))
      } catch {
        return .failure(error)
      }
    }
    return try result.get()
  }

  /// A pointer to no elements, for empty matrices, whose arrays have no address.
  static var nothing: UnsafePointer<Element> {
    // An aligned address that is never read from or written to.
    UnsafePointer(bitPattern: MemoryLayout<Element>.alignment).unsafelyUnwrapped
  }
}

extension DenseMatrix where Element == Float {
  /// Adds another matrix of as many columns to the rows from one on.
  public mutating func add(_ other: Matrix, toRowsFrom row: Int = 0) {
    precondition(other.columns == columns && row >= 0 && row + other.rows <= rows, "rows outside the matrix")
    let (start, count) = (row * columns, other.values.count)
    withUnsafeMutablePointer { own in other.withUnsafePointer { Kernels.add($0, to: own + start, count: count) } }
  }

  /// The same numbers in double precision, exactly.
  public var double: DoubleMatrix {
    DoubleMatrix(rows: rows, columns: columns) { target in
      withUnsafePointer { Kernels.widen($0, to: target, count: rows * columns) }
    }
  }
}

extension DenseMatrix where Element == Double {
  /// The same numbers rounded to single precision.
  public var single: Matrix {
    Matrix(rows: rows, columns: columns) { target in
      withUnsafePointer { Kernels.narrow($0, to: target, count: rows * columns) }
    }
  }
}
