/// Places the panels of a heatmap in rows, with room for the labels around them.
struct PanelGrid {
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

  /// How the columns are labelled.
  struct ColumnLabels {
    /// Every how many columns a label stands.
    var stride: Int
    /// The same where the text is smaller, on a page that is not narrow.
    var deskStride: Int
    /// Whether names are slanted because they are too long for their cells.
    var isSlanted: Bool
    /// The room below the cells.
    var height: Double
  }

  let boxes: [Box]
  /// Every how many rows a label stands.
  let rowStride: Int
  /// The same where the text is smaller.
  let deskRowStride: Int
  let columnLabels: ColumnLabels
  /// The empty room left and right of a narrow map.
  let margin: Double
  /// Where the cells of the first column of panels begin.
  let left: Double
  /// Where the next thing may stand: below the labels and the title of the columns.
  let bottom: Double

  /// The longest slanted label.
  static let slantLimit = 90.0

  init(_ chart: HeatmapChart, _ context: PlotContext) {
    let font = context.size.layoutFont
    let panels = chart.panels
    let perRow = max(1, min(panels.count, context.size.isEnlarged ? 3 : 2))
    let widest = chart.rows.labels.map { TextWidth.width($0, size: font) }.max() ?? 0
    let labelRoom = min(widest, context.size.width * 0.3) + 5
    let gap = font * 1.2
    let room = (context.size.width - labelRoom - 4 - gap * Double(perRow - 1)) / Double(perRow)
    let sizes = panels.map { panel in
      let size = Self.cellsSize(panel, room: room, isAlone: panels.count == 1)
      // A height that its author gives is kept, whatever the shape of the cells becomes.
      return context.height.map { (width: panel.texts == nil ? room : size.width, height: $0) } ?? size
    }
    // A map narrower than the drawing stands in its middle.
    let gaps = gap * Double(min(perRow, sizes.count) - 1)
    let used = labelRoom + sizes.prefix(perRow).map(\.width).reduce(0, +) + gaps + 4
    margin = max(0, (context.size.width - used) / 2)
    left = labelRoom + margin
    let cell = (sizes.map(\.width).max() ?? room) / Double(max(1, panels.map(\.matrix.columns).max() ?? 1))
    columnLabels = Self.columnLabels(chart.columns, cell: cell, size: context.size)

    let titleRoom = panels.contains { !$0.title.isEmpty } ? font * 1.5 : 0
    var placed: [Box] = []
    var top = chart.rows.title.isEmpty ? 4 : font * 1.5
    for start in Swift.stride(from: 0, to: panels.count, by: perRow) {
      let row = start..<min(start + perRow, panels.count)
      for (offset, index) in row.enumerated() {
        let (matrix, size) = (panels[index].matrix, sizes[index])
        let x = left + Double(offset) * (size.width + gap)
        placed.append(
          Box(
            left: x, top: top + titleRoom, width: size.width, height: size.height, rows: matrix.rows,
            columns: matrix.columns))
      }
      top += titleRoom + (row.map { sizes[$0].height }.max() ?? 0) + 6 + columnLabels.height + font * 0.4
    }
    boxes = placed
    let row = max(placed.map(\.cellHeight).min() ?? 1, 0.01)
    deskRowStride = Self.stride(for: context.size.deskFont * 1.05 / row)
    rowStride = Self.stride(for: font * 1.05 / row, multipleOf: deskRowStride)
    bottom = chart.columns.title.isEmpty ? top : top + font * 1.2
  }

  private static func columnLabels(_ axis: CellAxis, cell: Double, size: PlotSize) -> ColumnLabels {
    let font = size.layoutFont
    let longest = axis.labels.map { TextWidth.width($0, size: font) }.max() ?? 0
    if axis.showsAll, longest > cell - 2 {
      return ColumnLabels(
        stride: 1, deskStride: 1, isSlanted: true, height: min(longest, slantLimit) * 0.71 + font * 0.7)
    }
    let need = (longest + font * 0.6) / cell
    let desk = stride(for: need * size.deskFont / font)
    return ColumnLabels(
      stride: stride(for: need, multipleOf: desk), deskStride: desk, isSlanted: false, height: font * 1.15)
  }

  /// The size of a panel's cell area: square cells where the shape allows, flat rows otherwise.
  private static func cellsSize(
    _ panel: HeatmapChart.Panel, room: Double, isAlone: Bool
  ) -> (width: Double, height: Double) {
    let rows = Double(max(1, panel.matrix.rows))
    let columns = Double(max(1, panel.matrix.columns))
    if panel.texts != nil { return (min(room, columns * 120), rows * 22) }
    let ratio = rows / columns
    if ratio > 0.6, ratio < 2.2 {
      let side = min(room / columns, 400 / rows, isAlone ? 56 : 48)
      return (side * columns, side * rows)
    }
    if rows <= 4 { return (room, rows == 1 ? 40 : rows * 32) }
    return (min(room, columns * 40), min(max(rows * 11.5, 120), 320))
  }

  /// A round stride that keeps labels apart.
  private static func stride(for need: Double, multipleOf unit: Int = 1) -> Int {
    let round = [1, 2, 3, 4, 5, 6, 8, 10, 12, 16, 20, 25, 32, 40, 50, 64, 100, 128, 200, 256, 500, 512]
    return round.first { Double($0) >= need && $0 % unit == 0 } ?? 1024
  }
}
