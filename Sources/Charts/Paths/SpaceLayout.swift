#if canImport(Glibc)
  import Glibc
#endif

/// Places the parts of a drawing in space: a legend, the view, three planes.
struct SpaceLayout {
  let chart: SpacePaths
  let font: Double
  let legend: Legend
  let view: SpaceView
  let planes: [SpacePlane]
  let height: Double

  init(_ chart: SpacePaths, _ context: PlotContext) {
    self.chart = chart
    font = context.size.layoutFont
    let width = context.size.width
    legend = Legend(
      chart.paths.count < 2 ? [] : chart.paths.indices.map { Self.entry(chart, $0) }, from: 0, to: width, top: 0,
      font: font)
    view = SpaceView(
      ranges: chart.ranges, left: 0, top: legend.height, width: width,
      height: context.height ?? width * (context.size == .wide ? 0.7 : 0.6), font: font)
    let gap = font * 1.6
    let side = (width - 2 * gap) / 3
    let top = view.bottom + font * 1.2
    let pairs = [(0, 1), (0, 2), (1, 2)]
    let (font, ranges) = (font, chart.ranges)
    planes = pairs.enumerated().map { index, pair in
      SpacePlane(
        across: pair.0, up: pair.1, ranges: ranges, left: Double(index) * (side + gap) + font, top: top,
        width: side - font, height: side * 0.8)
    }
    height = top + side * 0.8 + font * 1.5
  }

  func draw(on canvas: inout Canvas) {
    legend.draw(on: &canvas)
    view.drawBox(chart.axes, on: &canvas)
    for index in chart.paths.indices { view.drawDrops(chart.paths[index], on: &canvas) }
    view.drawPaths(chart, on: &canvas)
    view.drawLabels(chart, on: &canvas)
    for plane in planes { plane.draw(chart, font: font, on: &canvas) }
  }

  private static func entry(_ chart: SpacePaths, _ index: Int) -> Legend.Entry {
    Legend.Entry(label: chart.paths[index].name) { canvas, x, y in
      canvas.group(SpacePaths.classes(index)) {
        var sample = PathData()
        sample.move(x, y)
        sample.horizontal(by: Legend.sampleWidth)
        $0.path(sample, "ln")
        let outline = SpacePaths.marker(index).path(x + Legend.sampleWidth / 2, y, radius: 2.7)
        $0.writer.empty("path", ["class": "mk", "d": outline])
      }
    }
  }
}

/// One of the three sides of a space.
struct SpacePlane {
  var across: Int
  var up: Int
  var ranges: [ClosedRange<Double>]
  var left: Double
  var top: Double
  var width: Double
  var height: Double

  private func place(_ point: [Double]) -> (x: Double, y: Double) {
    func share(_ axis: Int) -> Double {
      (point[axis] - ranges[axis].lowerBound) / (ranges[axis].upperBound - ranges[axis].lowerBound)
    }
    return (left + 4 + share(across) * (width - 8), top + height - 4 - share(up) * (height - 8))
  }

  func draw(_ chart: SpacePaths, font: Double, on canvas: inout Canvas) {
    var frame = PathData()
    frame.rectangle(left, top, width, height)
    canvas.path(frame, "gr")
    for (index, path) in chart.paths.enumerated() {
      canvas.group(SpacePaths.classes(index)) { group in
        var line = PathData()
        for (step, point) in path.points.enumerated() {
          let (x, y) = place(point)
          if step == 0 { line.move(x, y) } else { line.line(x, y) }
        }
        group.path(line, "ln wn")
        // Strokes of no length with round ends: a dot each.
        var dots = PathData()
        for point in path.points.dropFirst() {
          let (x, y) = place(point)
          dots.move(x, y)
          dots.horizontal(by: 0)
        }
        group.path(dots, "pd")
        guard let input = path.points.first.map(place) else { return }
        group.writer.empty("path", ["class": "ho", "d": SpacePaths.marker(index).path(input.x, input.y, radius: 2)])
      }
    }
    canvas.text(left + width / 2, top + height + font * 0.75, "\(across + 1)", .middle, style: "mu", shift: 0.35)
    canvas.text(left - font * 0.3, top + height / 2, "\(up + 1)", .end, style: "mu", shift: 0.35)
  }
}
