/// Places and draws bars that lie, one group per line, with names to the left and values beside the bars.
struct LyingBars {
  private let chart: BarChart
  private let context: PlotContext
  private let font: Double
  private let left: Double
  private let right: Double
  private let top: Double
  private let bottom: Double
  private let line: Double
  private let scale: Scale
  let totalHeight: Double

  init(_ chart: BarChart, _ context: PlotContext, top: Double) {
    self.chart = chart
    self.context = context
    font = context.size.layoutFont
    let font = self.font
    let width = context.size.width
    let names = chart.categories.map { TextWidth.width($0, size: font) }.max() ?? 0
    left = min(names, width * 0.4) + 6
    self.top = top + (chart.categoryTitle.isEmpty ? 4 : font * 1.5)
    line = max(font * 1.25, Double(chart.series.count) * font * 0.75 + 4)
    bottom = self.top + line * Double(chart.categories.count)
    let values = chart.series.flatMap { $0.values.compactMap { $0 } }
    let room = values.map { TextWidth.width(chart.format.text($0), size: font) }.max() ?? 0
    right = width - 8 - (values.contains { $0 > 0 } ? room : 0)
    let start = left + 6 + (values.contains { $0 < 0 } ? room : 0)
    var scale = Scale(chart.value, values: values + [0], from: start, to: right, nice: true, tickCount: 5)
    let labels = scale
    scale.thinTicks(width: { TextWidth.width(labels.label($0), size: font) }, gap: font)
    self.scale = scale
    totalHeight = bottom + font * 1.5 + (chart.value.title.isEmpty ? 2 : font * 1.4)
  }

  func draw(on canvas: inout Canvas) {
    if !chart.categoryTitle.isEmpty { canvas.text(0, top - font * 0.9, chart.categoryTitle, shift: 0.35) }
    drawGrid(on: &canvas)
    let thickness = (line - 4) / Double(max(1, chart.series.count))
    let showsValues = chart.series.count == 1
    for (number, series) in chart.series.enumerated() {
      canvas.group("c\((series.color ?? number) % 6)") { group in
        for index in chart.categories.indices {
          let y = top + Double(index) * line + 2 + Double(number) * thickness
          drawBar(series, index, y: y, thickness - 1, showsValue: showsValues, on: &group)
        }
      }
    }
    guard let zero = scale.place(0) else { return }
    var axis = PathData()
    axis.move(zero, top)
    axis.vertical(by: bottom - top)
    canvas.path(axis, "ax")
  }

  private func drawBar(
    _ series: BarSeries, _ index: Int, y: Double, _ height: Double, showsValue: Bool, on canvas: inout Canvas
  ) {
    let note = chart.note(series, index, context.words)
    guard let value = series.value(index), let end = scale.place(value), let zero = scale.place(0) else {
      return BarParts.hatch(scale.start, y, right - scale.start, height, context, note: note, on: &canvas)
    }
    canvas.group("mk") { BarParts.bar(min(end, zero), y, abs(end - zero), height, note: note, on: &$0) }
    guard showsValue else { return }
    canvas.text(
      value < 0 ? end - 4 : end + 4, y + height / 2, chart.format.text(value), value < 0 ? .end : .start, shift: 0.35)
  }

  private func drawGrid(on canvas: inout Canvas) {
    var grid = PathData()
    for tick in scale.ticks {
      guard let x = scale.place(tick) else { continue }
      grid.move(x, top)
      grid.vertical(by: bottom - top)
    }
    canvas.path(grid, "gr")
    canvas.group("mu") { labels in
      for tick in scale.ticks {
        guard let x = scale.place(tick) else { continue }
        labels.text(x, bottom + 4, scale.label(tick), .middle, shift: 0.85)
      }
    }
    for (index, name) in chart.categories.enumerated() {
      let fitted = TextWidth.fitted(name, width: left - 6, size: font)
      canvas.text(left - 6, top + (Double(index) + 0.5) * line, fitted, .end, shift: 0.35)
    }
    guard !chart.value.title.isEmpty else { return }
    canvas.text((left + right) / 2, bottom + font * 2.2, chart.value.title, .middle, shift: 0.2)
  }
}
