import Markup

/// Places and draws the parts of a line chart.
struct LineLayout {
  private let chart: LineChart
  private let area: PlotArea
  private let legend: Legend
  private let context: PlotContext
  private let names: EndLabels?
  private let gaps: UndefinedPositions
  let totalHeight: Double
  private var words: ChartWords { context.words }

  init(_ chart: LineChart, _ context: PlotContext) {
    self.chart = chart
    self.context = context
    let points = chart.series.flatMap(\.points)
    var xValues = points.map(\.x)
    var yValues = points.flatMap { [$0.y, $0.band?.lowerBound, $0.band?.upperBound].compactMap { $0 } }
    for line in chart.references where line.value.isFinite {
      if line.direction == .horizontal { yValues.append(line.value) } else { xValues.append(line.value) }
    }
    let height = context.height ?? chart.height ?? context.height(240, 190)
    gaps = UndefinedPositions(chart)
    func area(under legend: Legend) -> PlotArea {
      PlotArea(
        context, xAxis: chart.x, yAxis: chart.y, xValues: xValues, yValues: yValues, top: legend.height, height: height)
    }
    // Names stand at the ends of the lines, or, where they would not keep apart there, in a legend.
    let bare = Self.legend(chart, gaps, context, names: [])
    var narrowed = area(under: bare)
    let named = chart.series.indices.filter { chart.series[$0].style.isNamed }
    if named.count > 1, let names = EndLabels(chart, named, &narrowed) {
      (self.names, legend, self.area) = (names, bare, narrowed)
    } else {
      names = nil
      legend = Self.legend(chart, gaps, context, names: named.count > 1 ? named : [])
      self.area = area(under: legend)
    }
    totalHeight = self.area.bottom + self.area.footer
  }

  private static func legend(
    _ chart: LineChart, _ gaps: UndefinedPositions, _ context: PlotContext, names: [Int]
  ) -> Legend {
    let hatched = gaps.isEmpty ? [] : BarParts.legend([], hasUndefined: true, context)
    return Legend(
      names.map { entry(chart, $0) } + hatched, from: 0, to: context.size.width, top: 0, font: context.size.layoutFont)
  }

  func draw(on canvas: inout Canvas) {
    legend.draw(on: &canvas)
    if !gaps.isEmpty { ColorBar.drawPattern(context, on: &canvas) }
    gaps.draw(area, context, on: &canvas)
    area.drawFrame(on: &canvas)
    for line in chart.references { drawReference(line, on: &canvas) }
    for index in chart.series.indices { drawSeries(index, on: &canvas) }
    names?.draw(on: &canvas)
    let taken = names?.taken ?? []
    let labels = ReferenceLabels(chart, area, besides: taken)
    labels.draw(on: &canvas)
    if chart.labelsExtremes {
      ExtremeLabels(chart, area, besides: taken + labels.placed.map(\.place)).draw(on: &canvas)
    }
    if chart.series.allSatisfy({ $0.points.allSatisfy { area.y.place($0.y) == nil } }) {
      canvas.text((area.left + area.right) / 2, (area.top + area.bottom) / 2, words.nothing, .middle, style: "mu")
    }
  }

  // MARK: Series

  static func classes(_ chart: LineChart, _ index: Int) -> String {
    let style = chart.series[index].style
    let dash = (style.dash ?? index) % 6
    let weight = style.weight == .thick ? " wk" : style.weight == .thin ? " wn" : ""
    return "c\((style.color ?? index) % 6)" + (dash == 0 ? "" : " d\(dash)") + weight
  }

  private static func marker(_ chart: LineChart, _ index: Int) -> Marker {
    let style = chart.series[index].style
    return style.marker ?? Marker.allCases[(style.color ?? index) % Marker.allCases.count]
  }

  private static func showsMarkers(_ line: LineSeries) -> Bool { line.style.showsMarkers ?? (line.points.count <= 50) }

  private static func radius(_ style: LineStyle) -> Double {
    style.weight == .thick ? 3.2 : style.weight == .thin ? 2.3 : 2.7
  }

  private static func entry(_ chart: LineChart, _ index: Int) -> Legend.Entry {
    let line = chart.series[index]
    return Legend.Entry(label: line.name) { canvas, x, y in
      canvas.group(classes(chart, index)) {
        if line.style.joins {
          var sample = PathData()
          sample.move(x, y)
          sample.horizontal(by: Legend.sampleWidth)
          $0.path(sample, "ln")
        }
        guard showsMarkers(line) else { return }
        let outline = marker(chart, index).path(x + Legend.sampleWidth / 2, y, radius: radius(line.style))
        $0.writer.empty("path", ["class": line.style.isHollow ? "ho" : "mk", "d": outline])
      }
    }
  }

  private func drawSeries(_ index: Int, on canvas: inout Canvas) {
    let line = chart.series[index]
    let shows = Self.showsMarkers(line)
    canvas.group(Self.classes(chart, index)) { group in
      if line.points.contains(where: { $0.band != nil }) { group.path(band(line), "bd") }
      if line.style.joins { group.path(curve(line, joinsLonely: !shows), "ln") }
      guard shows else { return }
      let shape = Self.marker(chart, index)
      group.group(line.style.isHollow ? "ho" : "mk") { marks in
        for point in line.points {
          guard let x = area.x.place(point.x), let y = area.y.place(point.y) else { continue }
          let note = point.note ?? chart.x.name(of: point.x) + ": " + chart.format.text(point.y)
          mark(shape, x, y, Self.radius(line.style), note, on: &marks)
        }
      }
    }
  }

  private func mark(
    _ shape: Marker, _ x: Double, _ y: Double, _ radius: Double, _ note: String, on canvas: inout Canvas
  ) {
    let round = shape == .circle
    let attributes: Attributes =
      round
      ? ["cx": coordinate(x), "cy": coordinate(y), "r": coordinate(radius)]
      : ["d": shape.path(x, y, radius: radius)]
    canvas.writer.element(round ? "circle" : "path", attributes) { $0.element("title", text: note) }
  }

  /// The line with a gap at every undefined value.
  private func curve(_ line: LineSeries, joinsLonely: Bool) -> PathData {
    var path = PathData()
    var previous: (x: Double, y: Double)?
    for (index, point) in line.points.enumerated() {
      guard let x = area.x.place(point.x), let y = area.y.place(point.y) else {
        previous = nil
        continue
      }
      if let previous {
        if line.style.isStepped { path.line(x, previous.y) }
        path.line(x, y)
      } else {
        path.move(x, y)
        let next = line.points.indices.contains(index + 1) ? area.y.place(line.points[index + 1].y) : nil
        // A value between two gaps has no line; without point marks a dash of a pixel keeps it visible.
        if joinsLonely, next == nil { path.horizontal(by: 1) }
      }
      previous = (x: x, y: y)
    }
    return path
  }

  private func band(_ line: LineSeries) -> PathData {
    var path = PathData()
    var run: [(x: Double, low: Double, high: Double)] = []
    func close() {
      guard run.count > 1 else { return }
      path.move(run[0].x, run[0].high)
      for point in run.dropFirst() { path.line(point.x, point.high) }
      for point in run.reversed() { path.line(point.x, point.low) }
      path.close()
    }
    for point in line.points {
      if let band = point.band, let x = area.x.place(point.x), let low = area.y.place(band.lowerBound),
        let high = area.y.place(band.upperBound)
      {
        run.append((x: x, low: low, high: high))
      } else {
        close()
        run = []
      }
    }
    close()
    return path
  }

  // MARK: Reference lines

  private func drawReference(_ line: ReferenceLine, on canvas: inout Canvas) {
    var path = PathData()
    if line.direction == .horizontal, let y = area.y.place(line.value) {
      path.move(area.left, y)
      path.horizontal(by: area.right - area.left)
    } else if line.direction == .vertical, let x = area.x.place(line.value) {
      path.move(x, area.bottom)
      path.vertical(by: area.top - area.bottom)
    }
    canvas.path(path, "rf")
  }
}
