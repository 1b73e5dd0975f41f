/// Where some rows stand among those of a larger matrix that they are a part of.
///
/// How a product rounds a row depends on how many rows are multiplied with it and on its place among them. Of rows that
/// are multiplied apart this says what they are multiplied with in the whole, so that they come to the same bits.
public struct RowPart: Hashable, Sendable {
  /// The row of the whole that is the first of them.
  public var first: Int
  /// Rows of the whole.
  public var whole: Int

  public init(first: Int, whole: Int) { (self.first, self.whole) = (first, whole) }

  /// All rows of a matrix.
  public init(all rows: Int) { self.init(first: 0, whole: rows) }

  /// The tiles of the whole, of `step` rows each, that hold some of `count` rows.
  ///
  /// - Returns: which of these rows a tile holds, counted from the first of them, and where they stand in it.
  public func tiles(of step: Int, count: Int) -> [(rows: Range<Int>, part: RowPart)] {
    precondition(first >= 0 && first + count <= whole, "rows \(first)..<\(first + count) of \(whole)")
    guard count > 0 else { return [] }
    return stride(from: first / step * step, to: first + count, by: step).map { start in
      let rows = (start..<start + step).clamped(to: first..<first + count)
      return (
        rows.lowerBound - first..<rows.upperBound - first,
        RowPart(first: rows.lowerBound - start, whole: min(step, whole - start))
      )
    }
  }
}
