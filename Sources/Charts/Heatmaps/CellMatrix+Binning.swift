/// How neighbouring columns of a wide map become one.
public enum BinningRule: String, Sendable, Hashable, CaseIterable {
  /// Their mean.
  case mean
  /// Their largest value.
  case maximum = "max"
  /// Their smallest value.
  case minimum = "min"
  /// Their median; the mean of the middle two where their count is even.
  case median

  func apply(_ values: [Double]) -> Double? {
    guard !values.isEmpty else { return nil }
    switch self {
    case .mean: return values.reduce(0, +) / Double(values.count)
    case .maximum: return values.max()
    case .minimum: return values.min()
    case .median:
      let sorted = values.sorted()
      let middle = sorted.count / 2
      return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
    }
  }
}

/// A matrix whose neighbouring columns were joined, and how.
public struct BinnedColumns: Sendable {
  /// The narrower matrix.
  public let matrix: CellMatrix
  /// Which original columns each new one joins.
  public let ranges: [Range<Int>]
  public let rule: BinningRule

  /// Whether anything was joined.
  public var isBinned: Bool { ranges.contains { $0.count > 1 } }

  /// The sentence for the caption; empty where nothing was joined.
  public func note(_ words: ChartWords = .english) -> String {
    guard isBinned, let least = ranges.map(\.count).min(), let most = ranges.map(\.count).max() else { return "" }
    let rule =
      switch rule {
      case .mean: words.mean
      case .maximum: words.maximum
      case .minimum: words.minimum
      case .median: words.median
      }
    return ChartWords.fill(
      least == most ? words.binned : words.binnedUnevenly,
      ["rule": rule, "count": String(least), "more": String(most)])
  }

  /// The name of each new column: "7" or "16–23".
  public var labels: [String] {
    ranges.map { $0.count == 1 ? String($0.lowerBound) : "\($0.lowerBound)–\($0.upperBound - 1)" }
  }
}

extension CellMatrix {
  /// Joins neighbouring columns until at most `limit` are left.
  ///
  /// A browser that is left to shrink an image drops columns silently (of 43 bright columns among 4096, 11 survived), so
  /// the joining is done here and said in the caption. 256 columns keep at least a pixel each on a phone. Counts that
  /// divide the columns evenly are preferred where one of at least half the limit exists. Undefined cells do not take
  /// part; a bin of nothing but undefined cells is undefined.
  public func binColumns(to limit: Int = 256, rule: BinningRule = .mean) -> BinnedColumns {
    let limit = max(1, limit)
    guard columns > limit else {
      return BinnedColumns(matrix: self, ranges: (0..<columns).map { $0..<($0 + 1) }, rule: rule)
    }
    let even = stride(from: limit, through: (limit + 1) / 2, by: -1).first { columns % $0 == 0 }
    let count = even ?? limit
    let ranges = (0..<count).map { ($0 * columns / count)..<(($0 + 1) * columns / count) }
    var joined: [Cell] = []
    joined.reserveCapacity(rows * count)
    for row in 0..<rows {
      for range in ranges {
        let cells = range.map { self[row, $0] }
        let values = cells.compactMap { if case .value(let value) = $0 { value } else { nil } }
        if let value = rule.apply(values) {
          joined.append(.value(value))
        } else {
          joined.append(cells.allSatisfy { $0 == .blank } ? .blank : .undefined)
        }
      }
    }
    return BinnedColumns(matrix: CellMatrix(rows: rows, columns: count, cells: joined), ranges: ranges, rule: rule)
  }
}
