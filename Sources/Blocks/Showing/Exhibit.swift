import Charts

/// What a directive shows, before it has a number and a place on the page: a chart and a table, of which `as=` selects.
public struct Exhibit: Sendable {
  /// How it is counted.
  public enum Kind: Sendable, Hashable {
    case figure
    case table
    case equation
  }

  /// What is drawn.
  public enum Content: Sendable {
    case chart(any Chart)
    case table(Table)
  }

  /// A wording of each form.
  public struct Caption: Sendable, ExpressibleByStringInterpolation {
    var chart: String
    var table: String

    public init(chart: String, table: String) { (self.chart, self.table) = (chart, table) }

    /// What both forms say, and what is added to it where one of them is shown.
    public init(_ both: String, chart: String = "", table: String = "") {
      self.init(chart: both + chart, table: both + table)
    }

    public init(stringLiteral both: String) { self.init(both) }
  }

  /// The notes of each form.
  public struct Notes: Sendable, ExpressibleByArrayLiteral {
    var chart: [String]
    var table: [String]

    public init(chart: [String], table: [String]) { (self.chart, self.table) = (chart, table) }
    public init(_ both: [String]) { self.init(chart: both, table: both) }

    static func + (left: Notes, right: Notes) -> Notes {
      Notes(chart: left.chart + right.chart, table: left.table + right.table)
    }
    public init(arrayLiteral both: String...) { self.init(both) }
  }

  /// The drawing; nil where there is only a table.
  var chart: (any Chart)?
  /// The same in numbers.
  var table: Table
  /// All the rows, where the table shows the first of them.
  var rest: Table?
  private var captions: Caption
  private var allNotes: Notes
  /// What explains words of the notes, in Markdown: a page says it once, under the first exhibit that has it.
  public let explanations: [String]
  /// Whether the table is shown.
  var isTable: Bool

  public init(
    chart: (any Chart)?, table: Table, caption: Caption, notes: Notes = [], explanations: [String] = []
  ) {
    (self.chart, self.table, captions, allNotes) = (chart, table, caption, notes)
    self.explanations = explanations
    isTable = chart == nil
  }

  /// How it is counted.
  public var kind: Kind { isTable ? .table : .figure }

  /// What is shown.
  public var content: Content {
    if !isTable, let chart { return .chart(chart) }
    return .table(table)
  }

  /// Its numbers, all of them.
  public func numbers(_ words: ChartWords) -> DataTable {
    switch content {
    case .chart(let chart): chart.data(words: words)
    case .table(let table): (rest ?? table).data
    }
  }

  /// The caption where the author gives none, in Markdown.
  public var caption: String { isTable ? captions.table : captions.chart }

  /// What a reader must know to read the numbers, in Markdown: definitions, undefined cells, warnings.
  public var notes: [String] { isTable ? allNotes.table : allNotes.chart }
}
