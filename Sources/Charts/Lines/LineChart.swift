import Markup

/// Lines over a common axis, such as one value per layer for several models.
///
/// Series differ by colour, dash and point shape, and are named at their ends where there is room. Undefined values leave
/// gaps and are hatched. Every point says its value when hovered.
public struct LineChart: Chart {
  /// What the drawing shows, in a few words.
  public var title: String
  /// The horizontal axis.
  public var x: Axis
  /// The vertical axis.
  public var y: Axis
  /// The lines, drawn in order.
  public var series: [LineSeries]
  /// Marked values.
  public var references: [ReferenceLine]
  /// How values are written in hover texts and in the description.
  public var format: NumberFormat
  /// Height of the data area in drawing units; nil follows from the size.
  public var height: Double?
  /// What the lines are, which heads their names in a table; nil where they have no word in common.
  public var nameTitle: String?
  /// Whether the first, the least and the last value of each line are written beside it.
  public var labelsExtremes = false

  public init(
    title: String, x: Axis, y: Axis, series: [LineSeries], references: [ReferenceLine] = [],
    format: NumberFormat = .significant(4), height: Double? = nil, nameTitle: String? = nil
  ) {
    self.title = title
    self.x = x
    self.y = y
    self.series = series
    self.references = references
    self.format = format
    self.height = height
    self.nameTitle = nameTitle
  }

  public func svg(in context: PlotContext) -> TrustedMarkup {
    let layout = LineLayout(self, context)
    return Canvas.svg(context, height: layout.totalHeight, title: title, description: description(context.words)) {
      layout.draw(on: &$0)
    }
  }

  /// The numbers behind the drawing: one column per line where they share positions, otherwise one row per point.
  public func data(words: ChartWords) -> DataTable {
    let first = series.first?.points.map(\.x) ?? []
    let heading = x.column.isEmpty ? words.position : x.column
    if series.allSatisfy({ $0.points.map(\.x) == first }) {
      let rows = first.indices.map { index in
        [name(of: first[index])] + series.map { DataTable.Cell.number($0.points[index].y) }
      }
      return DataTable(columns: [heading] + series.map(\.name), rows: rows)
    }
    let rows = series.flatMap { line in
      line.points.map { [DataTable.Cell.text(line.name), name(of: $0.x), .number($0.y)] }
    }
    return DataTable(
      columns: [nameTitle ?? words.seriesHeading, heading, y.column.isEmpty ? title : y.column], rows: rows)
  }

  private func name(of position: Double) -> DataTable.Cell {
    if let index = Int(exactly: position), x.labels.indices.contains(index) { return .text(x.labels[index]) }
    return .number(position)
  }
}
