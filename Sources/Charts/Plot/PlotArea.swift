/// The rectangle in which data is drawn, with its two scales, grid and labels.
struct PlotArea {
  var left: Double
  var right: Double
  var top: Double
  var bottom: Double
  var x: Scale
  var y: Scale
  let font: Double
  /// How much smaller the text is where the page is not narrow.
  private let shrink: Double
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
    shrink = context.size.deskFont / font
    let header = yAxis.title.isEmpty ? font * 0.6 : font * 1.85
    self.top = top + header
    bottom = self.top + height
    let count = max(3, Int(height / (font * 2.4)))
    y = Scale(yAxis, values: yValues, from: bottom, to: self.top, nice: true, tickCount: count)
    y.keepApart(by: font * 1.15)
    let font = self.font
    let scale = y
    left = 6 + (y.ticks.map { TextWidth.width(scale.label($0), size: font) }.max() ?? 0)
    x = Scale(xAxis, values: xValues, from: 0, to: 1, nice: false, tickCount: xAxis.isWhole ? 200 : 6)
    let last = x.ticks.last.map { [x] in TextWidth.width(x.label($0), size: font) } ?? 0
    right = context.size.width - max(4, last / 2)
    x.start = left + xInset
    x.end = right - xInset
    let labels = x
    x.thinTicks(width: { TextWidth.width(labels.label($0), size: font) }, gap: font * 0.6, shrink: shrink)
    xTitle = TextWidth.fitted(xAxis.title, width: context.size.width - left, size: font)
    yTitle = TextWidth.fitted(yAxis.title, width: context.size.width, size: font)
  }

  /// Marks zero where values lie on both sides of it.
  private func drawZero(on canvas: inout Canvas) {
    guard !y.isLogarithmic, y.low < 0, y.high > 0, let place = y.place(0) else { return }
    var zero = PathData()
    zero.move(left, place)
    zero.horizontal(by: right - left)
    canvas.path(zero, "ax")
  }

  /// The bands at positions where nothing exists are half as wide as the way to the next position.
  var unit: Double {
    let step = (x.end - x.start) / max(1e-9, x.high - x.low)
    return min(step, x.end - x.start)
  }

  /// Gives up room at the right, for labels that stand there.
  mutating func narrow(by room: Double) {
    right -= room
    x.end -= room
    let (labels, size) = (x, font)
    x.thinTicks(width: { TextWidth.width(labels.label($0), size: size) }, gap: font * 0.6, shrink: shrink)
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
    for tick in x.ticks + x.moreTicks {
      guard let place = x.place(tick) else { continue }
      axis.move(place, bottom)
      axis.vertical(by: 4)
    }
    canvas.path(axis, "ax")
    drawZero(on: &canvas)
    canvas.group("mu", ["text-anchor": "end"]) { labels in
      for tick in y.ticks {
        guard let place = y.place(tick) else { continue }
        labels.text(left - 5, place, y.label(tick), shift: 0.35)
      }
    }
    for (ticks, style) in [(x.ticks, "mu"), (x.moreTicks, "mu dk")] where !ticks.isEmpty {
      canvas.group(style, ["text-anchor": "middle"]) { labels in
        for tick in ticks {
          guard let place = x.place(tick) else { continue }
          labels.text(place, bottom + 7 + font * 0.73, x.label(tick))
        }
      }
    }
    if !xTitle.isEmpty { canvas.text((left + right) / 2, bottom + footer - 3, xTitle, .middle, shift: -0.2) }
    if !yTitle.isEmpty { canvas.text(0, top - font * 1.25, yTitle, shift: 0.35) }
  }
}
