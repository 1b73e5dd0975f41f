/// The parts of a heatmap and their places: panels, extremes, colour bar.
struct HeatmapLayout {
  let chart: HeatmapChart
  let context: PlotContext
  let colors: ResolvedColorScale
  let font: Double
  let grid: PanelGrid
  let cellText: CellText?
  /// The cells that are ringed, explained in a line below the map.
  let extremes: [Extreme]
  let extremeLegend: Legend
  let bar: ColorBar
  let totalHeight: Double

  init(_ chart: HeatmapChart, _ context: PlotContext) {
    self.chart = chart
    self.context = context
    font = context.size.layoutFont
    let font = self.font
    colors = chart.scale.resolved(chart.panels.flatMap(\.matrix.defined))
    grid = PanelGrid(chart, context)
    cellText = CellText(chart, colors, grid.boxes, font: font, size: context.size)
    extremes = Self.extremes(chart, hasTexts: cellText != nil)
    extremeLegend = Legend(
      extremes.map { Self.entry($0, chart, context.words) }, from: grid.left - 8, to: context.size.width,
      top: grid.bottom + font * 0.3, font: font)
    bar = ColorBar(
      colors, context, left: grid.left, top: grid.bottom + extremeLegend.height + font * 0.5,
      showsUndefined: chart.panels.contains { $0.matrix.hasUndefined })
    totalHeight = bar.bottom + 2
  }

  /// The top of a row of cells.
  func top(of row: Int, in box: PanelGrid.Box) -> Double {
    box.top + Double(chart.startsAtBottom ? box.rows - 1 - row : row) * box.cellHeight
  }
}
