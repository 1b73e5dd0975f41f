import Diagnostics
import JSONText

/// The numbers of an author's own that a plot shows.
struct Plot: Codable, Sendable, Equatable {
  /// One line.
  struct Series: Codable, Sendable, Equatable {
    @Field("its value in the column of by=, or the column of its numbers") var name = ""
    @Field("its positions; places in categories where these are words") var x: [Double] = []
    @Field("its numbers, null where the file has none") var y: [Double?] = []
    @Field("the least of them") var min: Double? = nil
    @Field("the largest of them") var max: Double? = nil
  }

  @Field("the column of the positions") var xName = ""
  @Field("how many rows the file has") var rows = 0
  @Field("rows without a position, which are left out") var unplaced = 0
  @Field("places without a number, which leave gaps") var undefined = 0
  @Field("the positions where they are words, in the order of the file; empty where they are numbers") var categories:
    [String] = []
  @Field("one for each value of by= and each column of y=, in the order of the file") var series: [Series] = []
}

/// Makes a plot's numbers of a table's columns.
struct PlotReading {
  let table: OwnTable
  /// The most lines, and the most points of all of them, that a figure holds.
  private static let seriesLimit = 24
  private static let pointLimit = 5_000

  /// The numbers.
  ///
  /// - Parameter joins: whether points are joined, so that a line may have one number only at each position.
  /// - Throws: `EngineError` with file, line and column.
  func plot(x: String?, y: [String], by: String?, joins: Bool) throws(EngineError) -> Plot {
    let position = try table.column(x ?? table.columns[0])
    let group = try by.map { (name) throws(EngineError) in try table.column(name).texts }
    let (places, categories) = Self.places(position)
    var plot = Plot(xName: position.name, rows: table.rowCount, categories: categories)
    plot.unplaced = places.count { $0 == nil }
    for column in y {
      let numbers = try table.numbers(column)
      for (name, rows) in groups(group) {
        let placed = rows.filter { places[$0] != nil }
        if joins { try requireOneEach(placed, places, position, name) }
        let ordered = placed.sorted { (places[$0] ?? 0, $0) < (places[$1] ?? 0, $1) }
        plot.series.append(Self.series(Self.name(name, column, of: y), ordered, places, numbers))
      }
    }
    plot.undefined = plot.series.reduce(0) { $0 + $1.y.count { $0 == nil } }
    try requireReadable(plot, by)
    return plot
  }

  private static func series(
    _ name: String, _ rows: [Int], _ places: [Double?], _ numbers: [Double?]
  ) -> Plot.Series {
    let values = rows.map { numbers[$0] }
    let defined = values.compactMap { $0 }
    return Plot.Series(
      name: name, x: rows.compactMap { places[$0] }, y: values, min: defined.min(), max: defined.max())
  }

  /// `a`, `accuracy`, or where both are needed `a, accuracy`.
  private static func name(_ group: String?, _ column: String, of columns: [String]) -> String {
    guard let group else { return column }
    return columns.count > 1 ? "\(group), \(column)" : group
  }

  /// Where each row stands on the horizontal axis, and what the places are called where they are words.
  private static func places(_ column: OwnTable.Column) -> ([Double?], [String]) {
    if column.isNumeric { return (column.numbers, []) }
    var names: [String] = []
    var known: [String: Int] = [:]
    let places = column.texts.map { text -> Double? in
      if text.isEmpty { return nil }
      if known[text] == nil {
        known[text] = names.count
        names.append(text)
      }
      return known[text].map { Double($0) }
    }
    return (places, names)
  }

  /// The rows of each value of a column, in the order in which the values first stand there; all rows without one.
  private func groups(_ values: [String]?) -> [(name: String?, rows: [Int])] {
    guard let values else { return [(nil, Array(0..<table.rowCount))] }
    var groups: [(name: String?, rows: [Int])] = []
    var known: [String: Int] = [:]
    for (row, value) in values.enumerated() {
      if known[value] == nil {
        known[value] = groups.count
        groups.append((value, []))
      }
      groups[known[value] ?? 0].rows.append(row)
    }
    return groups
  }

  /// Stops where two rows give one line two numbers at one place: which of them it goes through is not for us to say.
  private func requireOneEach(
    _ rows: [Int], _ places: [Double?], _ column: OwnTable.Column, _ group: String?
  ) throws(EngineError) {
    var seen: [Double: Int] = [:]
    for row in rows {
      guard let place = places[row] else { continue }
      if let first = seen[place] {
        let line = group.map { " of '\(quotable($0))'" } ?? ""
        throw EngineError(
          "'\(table.file)', \(self.table.place(first)) and \(self.table.place(row)): both are at "
            + "\(quotable(column.name)) = \(quotable(column.texts[row]))\(line)",
          hint: "name a column that tells them apart with by=, or draw kind=points")
      }
      seen[place] = row
    }
  }

  private func requireReadable(_ plot: Plot, _ by: String?) throws(EngineError) {
    let points = plot.series.reduce(0) { $0 + $1.x.count }
    if points == 0 { throw EngineError("'\(table.file)' has no row to plot") }
    if plot.series.count > Self.seriesLimit {
      throw EngineError(
        "'\(table.file)' gives \(plot.series.count) lines, and a figure holds \(Self.seriesLimit)",
        hint: by.map { "by=\($0) names a column with fewer values" } ?? "name fewer columns")
    }
    if points > Self.pointLimit {
      throw EngineError(
        "'\(table.file)' gives \(points) points, and a figure holds \(Self.pointLimit)", hint: "thin the file out")
    }
  }
}
