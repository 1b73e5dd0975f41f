import Markup

/// One colour of bars: a value per category.
public struct BarSeries: Sendable {
  /// The name in the legend.
  public var name: String
  /// The values, one per category; nil or not finite is undefined and drawn hatched.
  public var values: [Double?]
  /// Index into the series colours; nil follows from the place in the chart.
  public var color: Int?

  public init(_ name: String, values: [Double?], color: Int? = nil) {
    self.name = name
    self.values = values.map { $0.flatMap { $0.isFinite ? $0 : nil } }
    self.color = color
  }

  func value(_ index: Int) -> Double? { values.indices.contains(index) ? values[index] : nil }
}

/// Parts that all charts of bars share.
enum BarParts {
  /// The legend entries of the series and, where needed, of undefined values.
  static func legend(_ series: [BarSeries], hasUndefined: Bool, _ context: PlotContext) -> [Legend.Entry] {
    var entries =
      series.count < 2
      ? []
      : series.indices.map { index in
        Legend.Entry(label: series[index].name) { canvas, x, y in
          var path = PathData()
          path.rectangle(x + 8, y - 5, 14, 10)
          canvas.path(path, "mk c\((series[index].color ?? index) % 6)")
        }
      }
    if hasUndefined {
      entries.append(
        Legend.Entry(label: context.words.undefinedCells) { canvas, x, y in
          hatch(x + 4, y - 6, 20, 12, context, on: &canvas)
        })
    }
    return entries
  }

  /// A hatched box where a value is undefined.
  static func hatch(
    _ x: Double, _ y: Double, _ width: Double, _ height: Double, _ context: PlotContext, note: String? = nil,
    on canvas: inout Canvas
  ) {
    var path = PathData()
    path.rectangle(x, y, width, height)
    canvas.writer.element("path", ["fill": "url(#\(context.id("h")))", "d": path.text]) {
      if let note { $0.element("title", text: note) }
    }
  }

  /// One bar with its hover text.
  static func bar(_ x: Double, _ y: Double, _ width: Double, _ height: Double, note: String, on canvas: inout Canvas) {
    canvas.writer.element(
      "rect", ["x": coordinate(x), "y": coordinate(y), "width": coordinate(width), "height": coordinate(height)]
    ) { $0.element("title", text: note) }
  }

  /// The series in words.
  static func description(
    _ series: [BarSeries], categories: [String], format: NumberFormat, title: String, _ words: ChartWords
  ) -> String {
    series.map { line in
      let matrix = CellMatrix([line.values])
      let name = line.name.isEmpty ? title : line.name
      guard let high = matrix.extreme(>), let low = matrix.extreme(<) else {
        return ChartWords.fill(words.emptySeries, ["name": name])
      }
      func category(_ index: Int) -> String { categories.indices.contains(index) ? categories[index] : String(index) }
      let text = ChartWords.fill(
        words.bars,
        [
          "name": name, "low": format.text(low.value), "lowAt": category(low.column),
          "high": format.text(high.value), "highAt": category(high.column),
        ])
      let missing = line.values.filter { $0 == nil }.count
      return missing == 0 ? text : text + " " + words.missing(missing)
    }.joined(separator: " ")
  }

  /// The numbers behind the bars.
  static func data(_ series: [BarSeries], categories: [String], heading: String, words: ChartWords) -> DataTable {
    DataTable(
      columns: [heading.isEmpty ? words.position : heading] + series.map(\.name),
      rows: categories.indices.map { index in
        [.text(categories[index])] + series.map { .number($0.value(index)) }
      })
  }
}
