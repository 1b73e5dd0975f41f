import Markup

/// Places and draws the Layer Redundancy Paths.
struct PathsLayout {
  private let chart: PathsChart
  private let context: PlotContext
  private let legend: Legend
  private let area: PlotArea
  private let labels: [PathsChart.Count]
  private let note: String
  let totalHeight: Double

  /// Predicted dots stand left of their column, where lines arrive, contributing ones right of it, where lines leave.
  private let offset: Double

  /// Lines are drawn in so many classes of width and of strength: 16 paths instead of 1500.
  private static let classes = 4
  /// More paths than this carry no hover text.
  private static let noteLimit = 120

  init(_ chart: PathsChart, _ context: PlotContext) {
    self.chart = chart
    self.context = context
    let font = context.size.layoutFont
    let counts = chart.counts
    let least = max(2, (counts.first?.total ?? 0) / 10)
    labels = counts.prefix(max(0, chart.labelCount)).filter { $0.total >= least }
    note = TextWidth.fitted(context.words.pathEncoding, width: context.size.width, size: font)
    legend = Legend(
      [
        Legend.Entry(label: context.words.predictedDimension) { Self.sample("c0", &$0, $1, $2) },
        Legend.Entry(label: context.words.contributingDimension) { Self.sample("c1", &$0, $1, $2) },
      ], from: 0, to: context.size.width, top: 0, font: font)
    let top = legend.height + font * 1.3
    var area = PlotArea(
      context, xAxis: .layers(chart.layerTitle, 0...chart.steps),
      yAxis: Axis(chart.dimensionTitle, range: 0...Double(max(1, chart.dimensions - 1)), format: .integer), xValues: [],
      yValues: [], top: top, height: context.size == .full ? 400 : 300)
    let widest = labels.map { TextWidth.width(Self.label($0), size: font) }.max() ?? 0
    area.narrow(by: labels.isEmpty ? 0 : widest + font * 1.6)
    self.area = area
    offset = min(3.5, (area.x.end - area.x.start) / Double(chart.steps) * 0.12)
    totalHeight = area.bottom + area.footer
  }

  func draw(on canvas: inout Canvas) {
    legend.draw(on: &canvas)
    canvas.text(0, legend.height + area.font * 0.6, note, style: "mu", shift: 0.35)
    area.drawFrame(on: &canvas)
    drawLabels(on: &canvas)
    drawLines(on: &canvas)
    drawDots(on: &canvas)
    if chart.paths.isEmpty {
      canvas.text(
        (area.left + area.right) / 2, (area.top + area.bottom) / 2, context.words.nothing, .middle, style: "mu")
    }
  }

  private static func sample(_ style: String, _ canvas: inout Canvas, _ x: Double, _ y: Double) {
    canvas.writer.empty(
      "circle", ["class": "mk " + style, "cx": coordinate(x + Legend.sampleWidth / 2), "cy": coordinate(y), "r": "3"])
  }

  private func place(_ layer: Int, _ dimension: Int, shift: Double) -> (x: Double, y: Double) {
    ((area.x.place(Double(layer)) ?? area.left) + shift, area.y.place(Double(dimension)) ?? area.bottom)
  }

  // MARK: Lines

  private func drawLines(on canvas: inout Canvas) {
    let strengths = chart.paths.map(\.r2)
    let widest = chart.paths.flatMap { $0.sources.map { abs($0.contribution) } }.max() ?? 0
    guard let low = strengths.min(), let high = strengths.max() else { return }
    var classes = [PathData](repeating: PathData(), count: Self.classes * Self.classes)
    for path in chart.paths {
      let strength = Self.level(high > low ? (path.r2 - low) / (high - low) : 1)
      let end = place(path.layer + 1, path.target, shift: -offset)
      // Half a pixel is lost and a third of the bytes saved: there are thousands of these ends. For the same reason a
      // second line of the same width goes on from the predicted dimension instead of starting anew.
      var isAtTarget = [Bool](repeating: false, count: Self.classes)
      for source in path.sources {
        let width = Self.level(widest > 0 ? abs(source.contribution) / widest : 0)
        let start = place(path.layer, source.dimension, shift: offset)
        let kind = strength * Self.classes + width
        if isAtTarget[width] {
          classes[kind].line(start.x.rounded(), start.y.rounded())
        } else {
          classes[kind].move(start.x.rounded(), start.y.rounded())
          classes[kind].line(end.x.rounded(), end.y.rounded())
        }
        isAtTarget[width].toggle()
      }
    }
    // Many lines over each other darken by themselves, so each of them is fainter.
    let crowd = min(1, max(0.35, 120 / Double(max(1, chart.paths.count))))
    canvas.group("c4") { group in
      for strength in 0..<Self.classes {
        for width in 0..<Self.classes {
          let opacity = (0.25 + 0.2 * Double(strength)) * crowd + 0.05
          group.path(
            classes[strength * Self.classes + width], "pl",
            [
              "stroke-width": coordinate(0.4 + 0.45 * Double(width)),
              "stroke-opacity": coordinate(opacity, decimals: 2), "stroke-linejoin": "round",
            ])
        }
      }
    }
  }

  private static func level(_ share: Double) -> Int {
    max(0, min(classes - 1, Int((share * Double(classes)).rounded(.down))))
  }

  // MARK: Dots

  private func drawDots(on canvas: inout Canvas) {
    let sources = Set(chart.paths.flatMap { path in path.sources.map { [path.layer, $0.dimension] } })
    let targets = Set(chart.paths.map { [$0.layer + 1, $0.target] })
    for (style, dots, shift) in [("c1", sources, offset), ("c0", targets, -offset)] {
      var path = PathData()
      var last: (x: Double, y: Double)?
      for dot in dots.sorted(by: { $0.lexicographicallyPrecedes($1) }) {
        let point = place(dot[0], dot[1], shift: shift)
        let (x, y) = (point.x.rounded(), point.y.rounded())
        if let last, last.x == x { path.moveDown(by: y - last.y) } else { path.move(x, y) }
        path.horizontal(by: 0)
        last = (x, y)
      }
      canvas.path(path, "pd " + style)
    }
    guard chart.paths.count <= Self.noteLimit else { return }
    canvas.group("hit") { group in
      for path in chart.paths {
        let point = place(path.layer + 1, path.target, shift: -offset)
        let sources = path.sources.map { "\($0.dimension) (\(NumberText.significant($0.contribution, digits: 2)))" }
        let note =
          "\(path.layer)→\(path.layer + 1), \(path.target): R² \(NumberText.fixed(path.r2, decimals: 3)) ← "
          + sources.joined(separator: ", ")
        group.writer.element("circle", ["cx": coordinate(point.x), "cy": coordinate(point.y), "r": "4"]) {
          $0.element("title", text: note)
        }
      }
    }
  }

  // MARK: Busiest dimensions

  private static func label(_ count: PathsChart.Count) -> String {
    "\(count.dimension)  ●\(count.predicted) ●\(count.contributing)"
  }

  /// Names the busiest dimensions at the right, with how often they are predicted (blue) and contribute (red).
  private func drawLabels(on canvas: inout Canvas) {
    let sorted = labels.sorted { $0.dimension > $1.dimension }
    let wanted = sorted.map { area.y.place(Double($0.dimension)) ?? area.bottom }
    let places = Self.spread(wanted, gap: area.font * 1.15, from: area.top, to: area.bottom)
    var guides = PathData()
    for (index, count) in sorted.enumerated() {
      guides.move(area.left, wanted[index])
      guides.line(area.right, wanted[index])
      guides.line(area.right + area.font * 0.9, places[index])
      let attributes: Attributes = [
        "x": coordinate(area.right + area.font * 1.2), "y": coordinate(places[index]), "dy": ".35em",
      ]
      canvas.writer.element("text", attributes) {
        $0.text("\(count.dimension) \u{A0}")
        $0.element("tspan", ["class": "mk c0"], text: "●\(count.predicted)")
        $0.text(" ")
        $0.element("tspan", ["class": "mk c1"], text: "●\(count.contributing)")
      }
    }
    canvas.path(guides, "gd")
  }

  /// Moves rising places apart until neighbours keep a gap, as little as possible and inside the bounds.
  static func spread(_ wanted: [Double], gap: Double, from low: Double, to high: Double) -> [Double] {
    var places = wanted
    for index in places.indices.dropFirst() { places[index] = max(places[index], places[index - 1] + gap) }
    guard let last = places.last, last > high else { return places }
    places[places.count - 1] = high
    for index in places.indices.dropLast().reversed() { places[index] = min(places[index], places[index + 1] - gap) }
    return places
  }
}
