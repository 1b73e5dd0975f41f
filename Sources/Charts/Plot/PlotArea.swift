/// The rectangle in which data is drawn, with its two scales, grid and labels.
struct PlotArea {
  var left: Double
  var right: Double
  var top: Double
  var bottom: Double
  var x: Scale
  var y: Scale
  let font: Double
  let xTitle: String
  let yTitle: String

  /// The room below the area for tick labels and the title.
  var footer: Double { 8 + font * 1.15 + (xTitle.isEmpty ? 0 : font * 1.35) }

  /// Fits an area under a header of a given height.
  init(
    _ context: PlotContext, xAxis: Axis, yAxis: Axis, xValues: [Double], yValues: [Double], top: Double, height: Double,
    xInset: Double = 8
  ) {
    font = context.size.layoutFont
    let header = yAxis.title.isEmpty ? font * 0.6 : font * 1.85
    self.top = top + header
    bottom = self.top + height
    let count = max(3, Int(height / (font * 2.4)))
    y = Scale(yAxis, values: yValues, from: bottom, to: self.top, nice: true, tickCount: count)
    let font = self.font
    let scale = y
    left = 6 + (y.ticks.map { TextWidth.width(scale.label($0), size: font) }.max() ?? 0)
    x = Scale(xAxis, values: xValues, from: 0, to: 1, nice: false, tickCount: xAxis.isWhole ? 200 : 6)
    let last = x.ticks.last.map { [x] in TextWidth.width(x.label($0), size: font) } ?? 0
    right = context.size.width - max(4, last / 2)
    x.start = left + xInset
    x.end = right - xInset
    let labels = x
    x.thinTicks(width: { TextWidth.width(labels.label($0), size: font) }, gap: font * 0.8)
    xTitle = TextWidth.fitted(xAxis.title, width: context.size.width - left, size: font)
    yTitle = TextWidth.fitted(yAxis.title, width: context.size.width, size: font)
  }

  /// Gives up room at the right, for labels that stand there.
  mutating func narrow(by room: Double) {
    right -= room
    x.end -= room
    let (labels, size) = (x, font)
    x.thinTicks(width: { TextWidth.width(labels.label($0), size: size) }, gap: font * 0.8)
  }

  /// Draws grid, axis line, tick labels and titles.
  func drawFrame(on canvas: inout Canvas) {
    var grid = PathData()
    for tick in y.ticks {
      guard let place = y.place(tick) else { continue }
      grid.move(left, place)
      grid.horizontal(by: right - left)
    }
    canvas.path(grid, "gr")
    var axis = PathData()
    axis.move(left, bottom)
    axis.horizontal(by: right - left)
    for tick in x.ticks {
      guard let place = x.place(tick) else { continue }
      axis.move(place, bottom)
      axis.vertical(by: 4)
    }
    canvas.path(axis, "ax")
    canvas.group("mu", ["text-anchor": "end"]) { labels in
      for tick in y.ticks {
        guard let place = y.place(tick) else { continue }
        labels.text(left - 5, place, y.label(tick), shift: 0.35)
      }
    }
    canvas.group("mu", ["text-anchor": "middle"]) { labels in
      for tick in x.ticks {
        guard let place = x.place(tick) else { continue }
        labels.text(place, bottom + 7 + font * 0.73, x.label(tick))
      }
    }
    if !xTitle.isEmpty { canvas.text((left + right) / 2, bottom + footer - 3, xTitle, .middle, shift: -0.2) }
    if !yTitle.isEmpty { canvas.text(0, top - font * 1.25, yTitle, shift: 0.35) }
  }
}
