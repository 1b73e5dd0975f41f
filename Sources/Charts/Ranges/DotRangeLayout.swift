import Markup

/// Places and draws the parts of a range plot.
struct DotRangeLayout {
  private let chart: DotRangeChart
  private let context: PlotContext
  private let area: PlotArea
  private let legend: Legend
  let totalHeight: Double

  /// What is closer to 1 than this stands at the top: an R² of exactly 1 lacks nothing, and a logarithm of nothing is none.
  private let closest: Double

  init(_ chart: DotRangeChart, _ context: PlotContext) {
    self.chart = chart
    self.context = context
    let font = context.size.layoutFont
    legend = Legend(
      Self.entries(chart, context), from: 0, to: context.size.width, top: 0, font: font)
    let values = chart.columns.flatMap { column in
      column.dots + [column.range?.lowerBound, column.range?.upperBound, column.mark].compactMap { $0 }
    }
    let isShortfall = chart.axis.isShortfall
    let closest = max(1e-6, (values.map { 1 - $0 }.filter { $0 > 1e-9 }.min() ?? 1) / 2)
    self.closest = closest
    var area = PlotArea(
      context, xAxis: BarChart.axis(chart.positionTitle, chart.columns.map(\.label)), yAxis: chart.axis, xValues: [],
      yValues: values.map { isShortfall ? max(closest, 1 - $0) : $0 }, top: legend.height,
      height: context.height(240, 190), xInset: 0)
    // What lacks least stands on top.
    if isShortfall { swap(&area.y.start, &area.y.end) }
    self.area = area
    totalHeight = area.bottom + area.footer
  }

  func draw(on canvas: inout Canvas) {
    let hasUndefined = chart.columns.contains { $0.range == nil }
    if hasUndefined { ColorBar.drawPattern(context, on: &canvas) }
    legend.draw(on: &canvas)
    area.drawFrame(on: &canvas)
    drawColumns(on: &canvas)
    drawMarks(on: &canvas)
  }

  private static func entries(_ chart: DotRangeChart, _ context: PlotContext) -> [Legend.Entry] {
    let words = context.words
    let dots = chart.columns.map(\.dots.count).max() ?? 0
    let name = ChartWords.fill(words.singleValues, ["count": String(dots), "all": String(chart.count)])
    let middle = Legend.sampleWidth / 2
    var entries = [
      Legend.Entry(label: chart.name) { canvas, x, y in
        canvas.group("c\(chart.color % 6)") {
          var line = PathData()
          line.move(x, y)
          line.horizontal(by: Legend.sampleWidth)
          $0.path(line, "ln")
          $0.writer.empty("circle", ["class": "mk", "cx": coordinate(x + middle), "cy": coordinate(y), "r": "3"])
        }
      },
      Legend.Entry(label: words.median + ", " + words.wholeRange) { canvas, x, y in
        var bar = PathData()
        bar.move(x + middle, y - 6)
        bar.vertical(by: 12)
        bar.move(x + middle - 5, y)
        bar.horizontal(by: 10)
        canvas.path(bar, "rg")
      },
    ]
    if dots > 0 {
      entries.append(
        Legend.Entry(label: name) { canvas, x, y in
          var path = PathData()
          for place in [6.0, 13, 20] {
            path.move(x + place, y)
            path.horizontal(by: 0)
          }
          canvas.path(path, "dt")
        })
    }
    return entries
      + (chart.columns.contains { $0.range == nil } ? BarParts.legend([], hasUndefined: true, context) : [])
  }

  private func place(_ value: Double) -> Double? {
    area.y.place(chart.axis.isShortfall ? max(closest, 1 - value) : value)
  }

  private func drawColumns(on canvas: inout Canvas) {
    var dots = PathData()
    var bars = PathData()
    let half = min(area.unit * 0.22, 9)
    for (index, column) in chart.columns.enumerated() {
      guard let x = area.x.place(Double(index)) else { continue }
      guard let range = column.range, let low = place(range.lowerBound), let high = place(range.upperBound) else {
        BarParts.hatch(
          x - area.unit * 0.4, area.top, area.unit * 0.8, area.bottom - area.top, context,
          note: column.label + ": " + context.words.undefined, on: &canvas)
        continue
      }
      bars.move(x, high)
      bars.vertical(by: low - high)
      if let median = column.median.flatMap(place) {
        bars.move(x - half, median)
        bars.horizontal(by: 2 * half)
      }
      draw(column.dots, at: x - half / 2 - 1, on: &dots)
    }
    canvas.path(dots, "dt")
    canvas.path(bars, "rg")
  }

  /// A column of dots; two that fall on one place are drawn once.
  private func draw(_ values: [Double], at x: Double, on path: inout PathData) {
    var last: Double?
    for y in Set(values.compactMap(place).map { ($0 * 2).rounded() / 2 }).sorted() {
      if let last { path.moveDown(by: y - last) } else { path.move(x.rounded(), y) }
      path.horizontal(by: 0)
      last = y
    }
  }

  private func drawMarks(on canvas: inout Canvas) {
    canvas.group("c\(chart.color % 6)") { group in
      var line = PathData()
      var isJoined = false
      for (index, column) in chart.columns.enumerated() {
        guard let x = area.x.place(Double(index)), let y = column.mark.flatMap(place) else {
          isJoined = false
          continue
        }
        isJoined ? line.line(x, y) : line.move(x, y)
        isJoined = true
      }
      group.path(line, "ln")
      group.group("mk") { marks in
        for (index, column) in chart.columns.enumerated() {
          guard let x = area.x.place(Double(index)), let mark = column.mark, let y = place(mark) else { continue }
          marks.writer.element("circle", ["cx": coordinate(x), "cy": coordinate(y), "r": "3"]) {
            $0.element("title", text: note(column, mark))
          }
        }
      }
    }
  }

  /// What hovering says.
  private func note(_ column: DotRangeChart.Column, _ mark: Double) -> String {
    let range = column.range.map { chart.format.text($0.lowerBound) + "–" + chart.format.text($0.upperBound) } ?? ""
    return "\(column.label): \(chart.name) \(chart.format.text(mark)), \(context.words.median) "
      + "\(chart.format.text(column.median)), \(range)"
  }
}
