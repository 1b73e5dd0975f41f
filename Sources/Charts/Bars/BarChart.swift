import Markup

/// Bars from zero, positive and negative, one group per category; upright, or lying where the names are long.
public struct BarChart: Chart {
  /// What the drawing shows, in a few words.
  public var title: String
  /// The names of the groups.
  public var categories: [String]
  /// What the groups are.
  public var categoryTitle: String
  /// The axis of the values; zero is always on it.
  public var value: Axis
  public var series: [BarSeries]
  /// Whether bars lie, one group per line.
  public var isHorizontal: Bool
  /// How values are written in hover texts and in the description.
  public var format: NumberFormat

  public init(
    title: String, categories: [String], categoryTitle: String = "", value: Axis, series: [BarSeries],
    isHorizontal: Bool = false, format: NumberFormat = .significant(4)
  ) {
    self.title = title
    self.categories = categories
    self.categoryTitle = categoryTitle
    self.value = value
    self.series = series
    self.isHorizontal = isHorizontal
    self.format = format
  }

  public func svg(in context: PlotContext) -> TrustedMarkup {
    let words = BarParts.description(series, categories: categories, format: format, title: title, context.words)
    let legend = Legend(
      BarParts.legend(series, hasUndefined: hasUndefined, context), from: 0, to: context.size.width, top: 0,
      font: context.size.layoutFont)
    if isHorizontal {
      let layout = LyingBars(self, context, top: legend.height)
      return Canvas.svg(context, height: layout.totalHeight, title: title, description: words) {
        if hasUndefined { ColorBar.drawPattern(context, on: &$0) }
        legend.draw(on: &$0)
        layout.draw(on: &$0)
      }
    }
    let area = PlotArea(
      context, xAxis: BarChart.axis(categoryTitle, categories), yAxis: value, xValues: [],
      yValues: series.flatMap { $0.values.compactMap { $0 } } + [0], top: legend.height,
      height: context.height(220, 180), xInset: 0)
    return Canvas.svg(context, height: area.bottom + area.footer, title: title, description: words) {
      if hasUndefined { ColorBar.drawPattern(context, on: &$0) }
      legend.draw(on: &$0)
      area.drawFrame(on: &$0)
      drawUpright(area, context, on: &$0)
    }
  }

  /// The numbers behind the drawing.
  public func data(words: ChartWords) -> DataTable {
    BarParts.data(series, categories: categories, heading: categoryTitle, words: words)
  }

  /// Values that every category has, or should have.
  private var hasUndefined: Bool { series.contains { line in categories.indices.contains { line.value($0) == nil } } }

  /// The axis of categories: one whole number each, with half a unit of room at both ends.
  static func axis(_ title: String, _ categories: [String]) -> Axis {
    Axis(title, range: -0.5...max(0.5, Double(categories.count) - 0.5), isWhole: true, labels: categories)
  }

  func note(_ line: BarSeries, _ index: Int, _ words: ChartWords) -> String {
    let name = series.count > 1 ? line.name + ", " : ""
    return name + categories[index] + ": " + (line.value(index).map { format.text($0) } ?? words.undefined)
  }

  private func drawUpright(_ area: PlotArea, _ context: PlotContext, on canvas: inout Canvas) {
    guard let zero = area.y.place(0) else { return }
    let unit = (area.right - area.left) / Double(max(1, categories.count))
    let width = min(unit * 0.8 / Double(max(1, series.count)), 40)
    for (number, line) in series.enumerated() {
      canvas.group("mk c\((line.color ?? number) % 6)") { group in
        for index in categories.indices {
          guard let centre = area.x.place(Double(index)) else { continue }
          let x = centre + (Double(number) - Double(series.count) / 2) * width
          let note = note(line, index, context.words)
          if let y = area.y.place(line.value(index)) {
            BarParts.bar(x, min(y, zero), width - 0.6, abs(y - zero), note: note, on: &group)
          } else {
            BarParts.hatch(x, area.top, width - 0.6, area.bottom - area.top, context, note: note, on: &group)
          }
        }
      }
    }
    var axis = PathData()
    axis.move(area.left, zero)
    axis.horizontal(by: area.right - area.left)
    canvas.path(axis, "ax")
  }
}
