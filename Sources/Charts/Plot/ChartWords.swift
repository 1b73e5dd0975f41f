import Markup

/// The words that drawings, their descriptions and their tables use, so that a report can speak its readers' language.
///
/// Names in braces are filled in. English is the default; `japanese` is supplied; others can be made.
public struct ChartWords: Sendable {
  /// For a number that does not exist.
  public var undefined = "undefined"
  /// Explains the word above, under a table.
  public var undefinedNote = "“undefined”: the quantity does not exist here; it is neither zero nor left out."
  /// Legend entry of hatched cells.
  public var undefinedCells = "undefined"
  /// What stands in a plot without a single number.
  public var nothing = "no defined values"
  /// One line of a chart in words.
  public var series =
    "{name}: from {first} at {firstAt} to {last} at {lastAt}, lowest {low} at {lowAt}, highest {high} at {highAt}, {trend}."
  /// A line without values in words.
  public var emptySeries = "{name}: no defined values."
  /// How many values a line lacks.
  public var missing = "{count} values undefined."
  /// The same for a single one.
  public var missingOne = "1 value undefined."
  /// Trend of a line.
  public var risingAlways = "rising at every step"
  /// Trend of a line.
  public var fallingAlways = "falling at every step"
  /// Trend of a line.
  public var mostlyRising = "mostly rising"
  /// Trend of a line.
  public var mostlyFalling = "mostly falling"
  /// Trend of a line.
  public var constant = "constant"
  /// Trend of a line.
  public var unsteady = "without a steady direction"
  /// A map of cells in words.
  public var map =
    "{name}: {rows} by {columns} cells, lowest {low} at {lowAt}, highest {high} at {highAt}, mean {mean}."
  /// A map without values in words.
  public var emptyMap = "{name}: no defined cells."
  /// Adds to the description of a map.
  public var cutCells = "Colours are limited to the range {low} to {high}; {count} cells lie beyond it."
  /// A cell of a map.
  public var cell = "{row}, {column}"
  /// Mark of the highest cell of a map.
  public var highest = "highest"
  /// Mark of the lowest cell of a map.
  public var lowest = "lowest"
  /// How neighbouring columns were joined; {rule} is one of the words below.
  public var binned = "each column shows the {rule} of {count} neighbouring columns"
  /// As above, where the counts differ by one.
  public var binnedUnevenly = "each column shows the {rule} of {count} to {more} neighbouring columns"
  /// Rule for joining columns.
  public var mean = "mean"
  /// Rule for joining columns.
  public var maximum = "maximum"
  /// Rule for joining columns.
  public var minimum = "minimum"
  /// Rule for joining columns.
  public var median = "median"
  /// Bars in words.
  public var bars = "{name}: lowest {low} at {lowAt}, highest {high} at {highAt}."
  /// Heading in the table of the redundancy paths.
  public var predictedDimension = "predicted dimension"
  /// Heading in the table of the redundancy paths.
  public var contributingDimension = "contributing dimension"
  /// Heading of the contributions in the table of the redundancy paths.
  public var contribution = "contribution"
  /// Legend of the redundancy paths: a dimension that is predicted by itself.
  public var ownDimension = "by itself"
  /// Legend of the redundancy paths: a contributor of few dimensions.
  public var otherDimension = "by another"
  /// Legend of the redundancy paths: a contributor of many dimensions.
  public var hubDimension = "by {dimension}: {count}"
  /// Row of counts over the redundancy paths.
  public var pathCount = "all"
  /// Row of counts over the redundancy paths.
  public var ownCount = "own"
  /// The redundancy paths in words.
  public var paths =
    "{count} predicted dimensions with R² from {low} to {high}; {own} of them are predicted most strongly by the dimension of the same index; most often predicted: {targets}; contributing most often: {sources}."
  /// Legend of a range plot: the single values.
  public var singleValues = "single values ({count} of {all})"
  /// Legend of a range plot.
  public var wholeRange = "range"
  /// A two-dimensional path in words.
  public var trajectory = "{name}: {count} points from ({firstX}, {firstY}) to ({lastX}, {lastY})."
  /// The button that opens the numbers behind a figure.
  public var data = "Data"
  /// The heading of the numbers behind a figure.
  public var dataHeading = "Data of {figure}"
  /// The button that puts a drawing over the whole page and back.
  public var zoom = "Enlarge or reduce"
  /// The button that closes what lies over the page.
  public var close = "Close"
  /// Where the numbers of a figure are cut.
  public var dataCut =
    "Shown are {rows} of {allRows} rows and {columns} of {allColumns} columns; the CSV file of the figure has all."
  /// Heading of a column of positions.
  public var position = "position"
  /// Heading of a column of the names of lines.
  public var seriesHeading = "series"
  /// Explains the bold numbers of a table.
  public var bestNote = "Bold: best of its column."

  public init() {}

  /// The English words.
  public static let english = ChartWords()

  /// How many values are undefined, as a sentence.
  func missing(_ count: Int) -> String {
    count == 1 ? missingOne : Self.fill(missing, ["count": NumberText.integer(count)])
  }

  /// Fills the names in braces.
  static func fill(_ template: String, _ values: KeyValuePairs<String, String>) -> String {
    var out = ""
    var rest = Substring(template)
    while let open = rest.firstIndex(of: "{"), let close = rest[open...].firstIndex(of: "}") {
      out += rest[..<open]
      let name = rest[rest.index(after: open)..<close]
      out += values.first { $0.key == name }?.value ?? String(rest[open...close])
      rest = rest[rest.index(after: close)...]
    }
    return out + rest
  }
}
