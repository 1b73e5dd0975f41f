import Markup

/// Places and draws the Layer Redundancy Paths: the strongest contributor of each predicted dimension.
///
/// Most often that is the dimension itself, which a short grey tick says; a dimension that is the strongest of several
/// others in one step is a fan in a colour of its own; whatever is left is a thin line.
struct PathsLayout {
  private let chart: PathsChart
  private let context: PlotContext
  private let legend: Legend
  private let area: PlotArea
  private let hubs: [PathsChart.Hub]
  let totalHeight: Double

  /// More paths than this carry no hover text.
  private static let noteLimit = 120

  init(_ chart: PathsChart, _ context: PlotContext) {
    self.chart = chart
    self.context = context
    let font = context.size.layoutFont
    let (hubs, words) = (chart.hubs, context.words)
    self.hubs = hubs
    let own = Legend.Entry(label: words.ownDimension) { Self.sample("gt", from: 6, to: 20, &$0, $1, $2) }
    let other = Legend.Entry(label: words.otherDimension) { Self.sample("pl c4", from: 2, to: 24, &$0, $1, $2) }
    let fans = hubs.enumerated().map { index, hub in
      let label = ChartWords.fill(words.hubDimension, ["dimension": String(hub.dimension), "count": String(hub.count)])
      return Legend.Entry(label: label) { Self.sample("ln c\(index)", from: 2, to: 24, &$0, $1, $2) }
    }
    legend = Legend([own] + fans + [other], from: 0, to: context.size.width, top: 0, font: font)
    // Two lines of counts stand above the area.
    area = PlotArea(
      context, xAxis: .layers(chart.layerTitle, 0...chart.steps),
      yAxis: Axis(chart.dimensionTitle, range: 0...Double(max(1, chart.dimensions - 1)), format: .integer), xValues: [],
      yValues: [], top: legend.height + 2.4 * font, height: context.height(400, 300))
    totalHeight = area.bottom + area.footer
  }

  func draw(on canvas: inout Canvas) {
    legend.draw(on: &canvas)
    area.drawFrame(on: &canvas)
    drawCounts(on: &canvas)
    drawTicks(on: &canvas)
    drawLines(on: &canvas)
    drawNotes(on: &canvas)
    if chart.paths.isEmpty {
      canvas.text(
        (area.left + area.right) / 2, (area.top + area.bottom) / 2, context.words.nothing, .middle, style: "mu")
    }
  }

  private static func sample(
    _ style: String, from start: Double, to end: Double, _ canvas: inout Canvas, _ x: Double, _ y: Double
  ) {
    var path = PathData()
    path.move(x + start, y)
    path.horizontal(by: end - start)
    canvas.path(path, style)
  }

  private func x(_ layer: Double) -> Double { area.x.place(layer) ?? area.left }
  private func y(_ dimension: Int) -> Double { area.y.place(Double(dimension)) ?? area.bottom }

  /// How many paths each step has, and of how many the strongest contributor is the dimension itself.
  private func drawCounts(on canvas: inout Canvas) {
    let font = area.font
    let all = chart.byStep.map(\.count)
    let own = chart.byStep.map { $0.count(where: \.isOwn) }
    let widest = all.map { TextWidth.width(String($0), size: font) }.max() ?? 0
    let stride = max(1, Int(((widest + font * 0.4) / max(1, area.unit)).rounded(.up)))
    for (line, counts, name) in [(0.0, all, context.words.pathCount), (1.0, own, context.words.ownCount)] {
      // The title of the dimensions stands below both lines.
      let place = area.top - font * (4.25 - 1.15 * line)
      canvas.text(0, place, name, style: "mu", shift: 0.35)
      canvas.group(line == 0 ? nil : "mu", ["text-anchor": "middle"]) { group in
        for step in counts.indices where step % stride == 0 {
          group.text(x(Double(step) + 0.5), place, String(counts[step]), shift: 0.35)
        }
      }
    }
  }

  /// Dimensions that are predicted most strongly by themselves.
  private func drawTicks(on canvas: inout Canvas) {
    var path = PathData()
    let length = (area.unit * 0.5).rounded()
    for (step, paths) in chart.byStep.enumerated() {
      let left = (x(Double(step) + 0.5) - length / 2).rounded()
      var last: Double?
      for y in Set(paths.filter(\.isOwn).map { y($0.target).rounded() }).sorted() {
        // Back to the left and down: shorter than a new place.
        if let last { path.moveBack(by: length, down: y - last) } else { path.move(left, y) }
        path.horizontal(by: length)
        last = y
      }
    }
    canvas.path(path, "gt")
  }

  /// Fans of hubs in their colours, over the thin lines of all others.
  private func drawLines(on canvas: inout Canvas) {
    var fans = [PathData](repeating: PathData(), count: hubs.count)
    var others = PathData()
    for (step, paths) in chart.byStep.enumerated() {
      let (left, right) = (x(Double(step)).rounded(), x(Double(step) + 1).rounded())
      for path in paths where !path.isOwn {
        guard let source = path.strongest else { continue }
        let (from, to) = (y(source.dimension).rounded(), y(path.target).rounded())
        if let hub = hubs.firstIndex(where: { $0.dimension == source.dimension }) {
          fans[hub].move(left, from)
          fans[hub].line(right, to)
        } else {
          others.move(left, from)
          others.line(right, to)
        }
      }
    }
    canvas.path(others, "pl c4", ["stroke-width": ".6", "stroke-opacity": ".5"])
    for (index, fan) in fans.enumerated() { canvas.path(fan, "pl c\(index)", ["stroke-width": "1.2"]) }
  }

  private func drawNotes(on canvas: inout Canvas) {
    guard chart.paths.count <= Self.noteLimit else { return }
    canvas.group("hit") { group in
      for path in chart.paths {
        let sources = path.sources.map { "\($0.dimension) (\(NumberText.significant($0.contribution, digits: 2)))" }
        let note =
          "\(path.layer)→\(path.layer + 1), \(path.target): R² \(NumberText.candid(path.r2, decimals: 3)) ← "
          + sources.joined(separator: ", ")
        let place: Attributes = [
          "cx": coordinate(x(Double(path.layer) + 0.5)), "cy": coordinate(y(path.target)), "r": "4",
        ]
        group.writer.element("circle", place) { $0.element("title", text: note) }
      }
    }
  }
}
