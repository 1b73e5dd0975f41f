import Charts
import Foundation
import Markup
import Testing

/// Labels that try to become markup, and numbers that are none.
struct HostileInputTests {
  static let hostile = "</text></svg><script>alert(1)</script>\u{0}\"'&\n" + String(repeating: "W", count: 300)
  static let numbers: [Double?] = [
    nil, .nan, .infinity, -.infinity, .greatestFiniteMagnitude, -.greatestFiniteMagnitude, .leastNonzeroMagnitude, -0.0,
    1e-300,
  ]

  static let charts: [any Chart] = {
    let text = hostile
    let axis = Axis(text)
    let matrix = CellMatrix(rows: 3, columns: 3, values: numbers)
    return [
      LineChart(
        title: text, x: axis, y: axis, series: [LineSeries(text, values: numbers), LineSeries(text, values: numbers)],
        references: [ReferenceLine(.horizontal, at: .nan, label: text), ReferenceLine(.vertical, at: 3, label: text)]),
      LineChart(
        title: text, x: axis, y: Axis(text, isLogarithmic: true), series: [LineSeries(text, values: numbers + [-5, 0])]),
      LineChart(title: text, x: Axis("", range: 0...0), y: axis, series: []),
      LineChart(title: text, x: axis, y: axis, series: [LineSeries("one", values: [0.3])]),
      HeatmapChart(
        title: text, panels: [.init(text, matrix), .init(text, matrix, texts: Array(repeating: text, count: 9))],
        rows: CellAxis(text, labels: [text]), columns: CellAxis(text, labels: [text, text, text], showsAll: true),
        scale: ColorScale(text)),
      HeatmapChart(
        title: text, matrix: CellMatrix(rows: 0, columns: 0, values: []), rows: .numbers("", 0..<0),
        columns: .numbers("", 0..<0), scale: .difference(text)),
      HeatmapChart(
        title: text, matrix: CellMatrix([[nil, nil]]), rows: .numbers("", 0..<1), columns: .numbers("", 0..<2),
        scale: ColorScale(text, range: 1...1)),
      HeatmapChart(
        title: text, matrix: matrix, rows: .numbers("", 0..<3), columns: .numbers("", 0..<3), scale: .difference(text)),
      BarChart(title: text, categories: [text, text], value: axis, series: [BarSeries(text, values: numbers)]),
      BarChart(
        title: text, categories: [text, text], value: axis, series: [BarSeries(text, values: numbers)],
        isHorizontal: true),
      BarChart(title: text, categories: [], value: axis, series: []),
      StackedBars(
        title: text, categories: [text, text], value: axis,
        parts: [
          BarSeries(text, values: [.greatestFiniteMagnitude, 1]),
          BarSeries(text, values: [.greatestFiniteMagnitude, -1]),
        ]),
      PathsChart(
        title: text, steps: 0, dimensions: 0,
        paths: [
          .init(layer: 0, target: 0, r2: .nan, sources: []), .init(layer: 5, target: 7, r2: 1, sources: []),
          .init(layer: 0, target: 0, r2: 1, sources: [(dimension: 0, contribution: .infinity)]),
          .init(layer: 0, target: 0, r2: 1, sources: [(dimension: 0, contribution: 0)]),
        ], layerTitle: text, dimensionTitle: text),
      PathsChart(title: text, steps: 3, dimensions: 8, paths: []),
      ScatterPath(
        title: text, x: axis, y: axis,
        trajectories: [
          .init(text, points: numbers.map { (x: $0, y: 1) }, labels: [text]), .init(text, points: [], labels: []),
        ]),
      SpacePaths(
        title: text, axes: [Axis(text), Axis(text), Axis(text)],
        paths: [
          .init(text, points: numbers.map { [$0 ?? .nan, 1, $0 ?? 0] }, labels: [text]),
          .init(text, points: [], labels: []),
        ]),
    ]
  }()

  @Test(arguments: charts.indices, [PlotSize.full, .third])
  func nothingGetsThrough(index: Int, size: PlotSize) {
    let chart = Self.charts[index]
    let svg = chart.svg(in: PlotContext(idPrefix: "f", size: size)).html
    let reader = DrawingReader(svg)
    #expect(reader.isWellFormed)
    #expect(reader.elements["script"] == nil)
    #expect(reader.elements["svg"] == 1)
    for attribute in reader.attributes
    where ["x", "y", "d", "cx", "cy", "width", "height", "transform"].contains(attribute.name) {
      #expect(!attribute.value.contains("n") || attribute.name == "transform", "\(attribute)")
      #expect(!attribute.value.contains("inf") && !attribute.value.contains("nan"))
    }
    let frame = FigureFrame(
      id: "f", label: Self.hostile, caption: TrustedMarkup(text: Self.hostile), charts: [(chart, .empty)])
    #expect(DrawingReader(frame.html().html).isWellFormed)
    #expect(!chart.data(words: .english).csv.contains("nan"))
  }

  @Test func undefinedIsNeverZero() {
    let chart = LineChart(
      title: "t", x: .layers("layer", 0...2), y: Axis("y"), series: [LineSeries("a", values: [1, nil, 3])])
    let reader = DrawingReader(chart.svg(in: PlotContext(idPrefix: "f")).html)
    #expect(reader.elements["circle"] == 2)
    let line = reader.attributes.first {
      $0.name == "d" && $0.value.filter { $0 == "M" }.count == 2 && !$0.value.contains("h") && !$0.value.contains("v")
    }
    #expect(line != nil, "a gap starts a new subpath")
    #expect(chart.data(words: .english).csv == "layer,a\r\n0,1\r\n1,\r\n2,3\r\n")
  }
}
