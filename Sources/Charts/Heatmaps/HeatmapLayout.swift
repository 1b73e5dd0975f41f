import Markup

/// Places the parts of a heatmap: panels in rows, labels around them, the colour bar below.
struct HeatmapLayout {
  /// The place of one panel's cells.
  struct Box {
    var left: Double
    var top: Double
    var width: Double
    var height: Double
    var rows: Int
    var columns: Int

    var cellWidth: Double { width / Double(max(1, columns)) }
    var cellHeight: Double { height / Double(max(1, rows)) }
  }

  let chart: HeatmapChart
  let context: PlotContext
  let colors: ResolvedColorScale
  let font: Double
  let boxes: [Box]
  /// Every how many rows and columns a label stands.
  let rowStride: Int
  let columnStride: Int
  /// Whether column names are slanted because they are too long for their cells.
  let isSlanted: Bool
  let columnLabelHeight: Double
  /// The empty room left and right of a narrow map.
  let margin: Double
  /// The cells that are ringed, explained in a line below the map.
  let extremes: [Extreme]
  let extremeLegend: Legend
  let cellText: CellText?
  let bar: ColorBar
  let totalHeight: Double

  private static let labelGap = 5.0

  init(_ chart: HeatmapChart, _ context: PlotContext) {
    self.chart = chart
    self.context = context
    let font = context.size.layoutFont
    self.font = font
    colors = chart.scale.resolved(chart.panels.flatMap(\.matrix.defined))
    let perRow = max(1, min(chart.panels.count, context.size == .full ? 3 : 2))
    let panelTitle = chart.panels.contains { !$0.title.isEmpty } ? font * 1.5 : 0
    let rowTitle = chart.rows.title.isEmpty ? 4 : font * 1.5
    let widest = chart.rows.labels.map { TextWidth.width($0, size: font) }.max() ?? 0
    var left = min(widest, context.size.width * 0.3) + Self.labelGap
    let gap = font * 1.2
    let room = (context.size.width - left - 4 - gap * Double(perRow - 1)) / Double(perRow)
    let sizes = chart.panels.map { Self.cellsSize($0, room: room, isAlone: chart.panels.count == 1) }
    // A map narrower than the drawing stands in its middle.
    let used = left + (sizes.prefix(perRow).map(\.width).reduce(0, +)) + gap * Double(min(perRow, sizes.count) - 1) + 4
    margin = max(0, (context.size.width - used) / 2)
    left += margin
    let cell = (sizes.map(\.width).max() ?? room) / Double(max(1, chart.panels.map(\.matrix.columns).max() ?? 1))

    let widths = chart.columns.labels.map { TextWidth.width($0, size: font) }
    let longest = widths.max() ?? 0
    isSlanted = chart.columns.showsAll && longest > cell - 2
    if isSlanted {
      columnStride = 1
      columnLabelHeight = min(longest, Self.slantLimit) * 0.71 + font * 0.7
    } else {
      columnStride = Self.stride(for: (longest + font * 0.6) / cell)
      columnLabelHeight = font * 1.15
    }
    var placed: [Box] = []
    var top = rowTitle
    for start in Swift.stride(from: 0, to: chart.panels.count, by: perRow) {
      let row = start..<min(start + perRow, chart.panels.count)
      for (offset, index) in row.enumerated() {
        let panel = chart.panels[index].matrix
        placed.append(
          Box(
            left: left + Double(offset) * ((sizes[index].width) + gap), top: top + panelTitle,
            width: sizes[index].width, height: sizes[index].height, rows: panel.rows, columns: panel.columns))
      }
      top += panelTitle + (row.map { sizes[$0].height }.max() ?? 0) + 6 + columnLabelHeight + font * 0.4
    }
    boxes = placed
    let rowCell = placed.map(\.cellHeight).min() ?? 1
    rowStride = Self.stride(for: font * 1.05 / max(rowCell, 0.01))
    if !chart.columns.title.isEmpty { top += font * 1.2 }
    cellText = CellText(chart, colors, placed, font: font, size: context.size)
    extremes = Self.extremes(chart, hasTexts: cellText != nil)
    extremeLegend = Legend(
      extremes.map { Self.entry($0, chart, context.words) }, from: left - 8, to: context.size.width,
      top: top + font * 0.3, font: font)
    top += extremeLegend.height
    bar = ColorBar(
      colors, context, left: left, top: top + font * 0.5,
      showsUndefined: chart.panels.contains { $0.matrix.hasUndefined })
    totalHeight = bar.bottom + 2
  }

  /// The longest slanted label.
  static let slantLimit = 90.0

  /// The size of a panel's cell area: square cells where the shape allows, flat rows otherwise.
  private static func cellsSize(_ panel: HeatmapChart.Panel, room: Double, isAlone: Bool) -> (
    width: Double, height: Double
  ) {
    let rows = Double(max(1, panel.matrix.rows))
    let columns = Double(max(1, panel.matrix.columns))
    if panel.texts != nil { return (min(room, columns * 120), rows * 22) }
    let ratio = rows / columns
    if ratio > 0.6, ratio < 2.2 {
      let side = min(room / columns, 400 / rows, isAlone ? 56 : 48)
      return (side * columns, side * rows)
    }
    if rows <= 4 { return (room, rows == 1 ? 40 : rows * 32) }
    return (min(room, columns * 40), min(max(rows * 9, 120), 320))
  }

  /// A round stride that keeps labels apart.
  private static func stride(for need: Double) -> Int {
    [1, 2, 3, 4, 5, 6, 8, 10, 12, 16, 20, 25, 32, 40, 50, 64, 100, 128, 200, 256, 500, 512].first { Double($0) >= need }
      ?? 1024
  }

  /// The top of a row of cells.
  func top(of row: Int, in box: Box) -> Double {
    box.top + Double(chart.startsAtBottom ? box.rows - 1 - row : row) * box.cellHeight
  }
}
