/// The values of a heatmap, row by row.
public struct CellMatrix: Sendable, Hashable {
  /// What one place holds.
  public enum Cell: Sendable, Hashable {
    case value(Double)
    /// A value that does not exist though one is asked for; drawn hatched.
    case undefined
    /// A place where nothing belongs, such as below the diagonal; left empty.
    case blank
  }

  /// Rows, from the first.
  public let rows: Int
  /// Columns, from the left.
  public let columns: Int
  /// The places, row by row.
  public private(set) var cells: [Cell]

  /// Makes a matrix of values; nil and numbers that are not finite are undefined.
  public init(rows: Int, columns: Int, values: [Double?]) {
    precondition(rows >= 0 && columns >= 0 && values.count == rows * columns, "a matrix needs rows × columns values")
    self.rows = rows
    self.columns = columns
    cells = values.map { value in
      guard let value, value.isFinite else { return .undefined }
      return .value(value)
    }
  }

  /// Makes a matrix of rows; rows that are shorter than the longest are filled with undefined cells.
  public init(_ rows: [[Double?]]) {
    let columns = rows.map(\.count).max() ?? 0
    let values = rows.flatMap { $0 + Array(repeating: nil, count: columns - $0.count) }
    self.init(rows: rows.count, columns: columns, values: values)
  }

  init(rows: Int, columns: Int, cells: [Cell]) {
    self.rows = rows
    self.columns = columns
    self.cells = cells
  }

  /// The place in a row and a column.
  public subscript(row: Int, column: Int) -> Cell {
    get { cells[row * columns + column] }
    set { cells[row * columns + column] = newValue }
  }

  /// The value in a row and a column, nil where there is none.
  public func value(_ row: Int, _ column: Int) -> Double? {
    guard case .value(let value) = self[row, column] else { return nil }
    return value
  }

  /// The same matrix with everything below the diagonal left empty, for maps from a source to a later target.
  public func blankBelowDiagonal() -> CellMatrix {
    var result = self
    for row in 0..<rows {
      for column in 0..<min(row, columns) { result[row, column] = .blank }
    }
    return result
  }

  /// All values that exist.
  var defined: [Double] { cells.compactMap { if case .value(let value) = $0 { value } else { nil } } }

  /// Whether a hatched cell exists.
  var hasUndefined: Bool { cells.contains(.undefined) }
}
