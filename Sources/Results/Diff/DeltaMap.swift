import JSONText

/// New minus old for a matrix of a result, for a heatmap of differences.
public struct DeltaMap: Sendable, Equatable {
  /// The matrix's place in the result.
  public let path: ValuePath
  /// Number of rows.
  public let rows: Int
  /// Number of columns.
  public let columns: Int
  /// Differences in row order; nil where either side is undefined.
  public let values: [Double?]
  /// The largest magnitude, for the colour scale; 0 where nothing changed.
  public var largest: Double { values.reduce(0) { max($0, $1?.magnitude ?? 0) } }

  /// The maps of all matrices that both results have in the same shape, in the order of the new result.
  public static func maps(old: JSONValue, new: JSONValue) -> [DeltaMap] {
    maps(old, new, ValuePath(steps: []))
  }

  private static func maps(_ old: JSONValue, _ new: JSONValue, _ path: ValuePath) -> [DeltaMap] {
    if let before = grid(old), let now = grid(new) {
      guard before.map(\.count) == now.map(\.count), let width = now.first?.count else { return [] }
      let values = zip(before.joined(), now.joined()).map { old, new in
        old.flatMap { old in new.map { $0 - old } }
      }
      return [DeltaMap(path: path, rows: now.count, columns: width, values: values)]
    }
    guard case .object(let before) = old, case .object(let now) = new else { return [] }
    return now.flatMap { name, value in
      before[name].map { maps($0, value, path.appending(.member(name))) } ?? []
    }
  }

  /// A non-empty array of equally long, non-empty arrays of numbers and nulls.
  private static func grid(_ value: JSONValue) -> [[Double?]]? {
    guard let rows = value.arrayValue, let width = rows.first?.arrayValue?.count, width > 0 else { return nil }
    var grid: [[Double?]] = []
    for row in rows {
      guard let cells = row.arrayValue, cells.count == width,
        cells.allSatisfy({ $0.isNull || $0.doubleValue != nil })
      else { return nil }
      grid.append(cells.map(\.doubleValue))
    }
    return grid
  }
}
