/// The largest and the smallest element of every column over some rows, and the first row that has each.
public struct ColumnExtremes: Sendable {
  /// The largest element of each column.
  public internal(set) var largest: [Float]
  /// The row of it, counted from the first of the rows looked at; of equal elements the first.
  public internal(set) var largestRow: [Int32]
  /// The smallest element of each column.
  public internal(set) var smallest: [Float]
  /// The row of it, counted as above.
  public internal(set) var smallestRow: [Int32]
}

extension DenseMatrix where Element == Float {
  /// The extremes of every column over some rows.
  ///
  /// - Parameter range: at least one row; elements that are not numbers are passed over.
  public func columnExtremes(rows range: Range<Int>) -> ColumnExtremes {
    precondition(!range.isEmpty && range.lowerBound >= 0 && range.upperBound <= rows, "no rows \(range) of \(rows)")
    let first = row(range.lowerBound)
    let zeros = [Int32](repeating: 0, count: columns)
    var found = ColumnExtremes(largest: first, largestRow: zeros, smallest: first, smallestRow: zeros)
    let columns = columns
    withUnsafePointer { values in
      found.largest.withUnsafeMutableBufferPointer { largest in
        found.largestRow.withUnsafeMutableBufferPointer { largestRow in
          for row in range.dropFirst() {
            let (line, place) = (values + row * columns, Int32(truncatingIfNeeded: row - range.lowerBound))
            // Written without branches, so that several columns go at once.
            for column in 0..<columns {
              let isLarger = line[column] > largest[column]
              largest[column] = isLarger ? line[column] : largest[column]
              largestRow[column] = isLarger ? place : largestRow[column]
            }
          }
        }
      }
      found.smallest.withUnsafeMutableBufferPointer { smallest in
        found.smallestRow.withUnsafeMutableBufferPointer { smallestRow in
          for row in range.dropFirst() {
            let (line, place) = (values + row * columns, Int32(truncatingIfNeeded: row - range.lowerBound))
            for column in 0..<columns {
              let isSmaller = line[column] < smallest[column]
              smallest[column] = isSmaller ? line[column] : smallest[column]
              smallestRow[column] = isSmaller ? place : smallestRow[column]
            }
          }
        }
      }
    }
    return found
  }
}
