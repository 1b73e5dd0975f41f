extension HeatmapLayout {
  /// Draws everything.
  func draw(on canvas: inout Canvas) {
    if !chart.rows.title.isEmpty {
      canvas.text(
        grid.margin, font * 0.6, TextWidth.fitted(chart.rows.title, width: context.size.width, size: font), shift: 0.35)
    }
    if chart.panels.contains(where: { $0.matrix.hasUndefined }) { ColorBar.drawPattern(context, on: &canvas) }
    for (index, panel) in chart.panels.enumerated() {
      drawPanel(index, on: &canvas)
      if panel.matrix.defined.isEmpty {
        let box = grid.boxes[index]
        canvas.text(
          box.left + box.width / 2, box.top + box.height / 2, context.words.nothing, .middle, style: "hl", shift: 0.35)
      }
    }
    drawLabels(on: &canvas)
    extremeLegend.draw(on: &canvas)
    bar.draw(on: &canvas)
  }

  private func drawPanel(_ index: Int, on canvas: inout Canvas) {
    let (panel, box) = (chart.panels[index], grid.boxes[index])
    guard panel.matrix.rows > 0, panel.matrix.columns > 0 else { return }
    drawImage(panel.matrix, box, on: &canvas)
    drawUndefined(panel.matrix, box, on: &canvas)
    let isSmall = panel.matrix.cells.count <= 200
    if isSmall || panel.texts != nil { drawGaps(box, on: &canvas) }
    var frame = PathData()
    frame.rectangle(box.left, box.top, box.width, box.height)
    canvas.path(frame, "gr")
    drawTexts(index, on: &canvas)
    drawExtremes(box, on: &canvas)
    if panel.matrix.cells.count <= Self.tooltipLimit { drawTooltips(panel, box, on: &canvas) }
  }

  /// More hover texts than this make a map larger than 25 KB.
  private static let tooltipLimit = 400

  /// The cells as one image; colours not in use are not stored.
  private func drawImage(_ matrix: CellMatrix, _ box: PanelGrid.Box, on canvas: inout Canvas) {
    var palette: [UInt8] = [0, 0, 0, 0]
    var indices: [Int: UInt8] = [:]
    var pixels: [UInt8] = []
    pixels.reserveCapacity(matrix.cells.count)
    for row in 0..<matrix.rows {
      for column in 0..<matrix.columns {
        guard let value = matrix.value(chart.startsAtBottom ? matrix.rows - 1 - row : row, column) else {
          pixels.append(0)
          continue
        }
        let level = Palette.level(of: max(-8e307, min(8e307, value)), in: colors.range)
        if indices[level] == nil {
          let color = chart.scale.palette.color(level: level)
          indices[level] = UInt8(palette.count / 4)
          palette += [color.red, color.green, color.blue, 255]
        }
        pixels.append(indices[level] ?? 0)
      }
    }
    guard palette.count > 4 else { return }
    let png = IndexedPNG(width: matrix.columns, height: matrix.rows, palette: palette, pixels: pixels)
    guard let bytes = png.encoded() else { return }
    canvas.writer.empty(
      "image",
      [
        "x": coordinate(box.left, decimals: 2), "y": coordinate(box.top, decimals: 2),
        "width": coordinate(box.width, decimals: 2), "height": coordinate(box.height, decimals: 2),
        "preserveAspectRatio": "none", "style": "image-rendering:pixelated",
        "href": "data:image/png;base64," + Base64.encode(bytes),
      ])
  }

  private func drawUndefined(_ matrix: CellMatrix, _ box: PanelGrid.Box, on canvas: inout Canvas) {
    var path = PathData()
    for row in 0..<matrix.rows {
      var column = 0
      while column < matrix.columns {
        var end = column
        while end < matrix.columns, matrix[row, end] == .undefined { end += 1 }
        if end > column {
          let x = box.left + Double(column) * box.cellWidth
          path.rectangle(x, top(of: row, in: box), Double(end - column) * box.cellWidth, box.cellHeight)
        }
        column = max(end, column + 1)
      }
    }
    guard !path.isEmpty else { return }
    canvas.writer.empty("path", ["fill": "url(#\(context.id("h")))", "d": path.text])
  }

  /// Thin gaps between the cells of a small map.
  private func drawGaps(_ box: PanelGrid.Box, on canvas: inout Canvas) {
    var path = PathData()
    for column in 1..<max(1, box.columns) {
      path.move(box.left + Double(column) * box.cellWidth, box.top)
      path.vertical(by: box.height)
    }
    for row in 1..<max(1, box.rows) {
      path.move(box.left, box.top + Double(row) * box.cellHeight)
      path.horizontal(by: box.width)
    }
    canvas.path(path, "gp")
  }

  private func drawLabels(on canvas: inout Canvas) {
    let anchor = grid.columnLabels.isSlanted ? "end" : "middle"
    for isMore in [false, true] {
      let style = isMore ? "mu dk" : "mu"
      var rows = Canvas()
      for (index, box) in grid.boxes.enumerated() where index == 0 || abs(box.left - grid.boxes[0].left) < 0.5 {
        drawRowLabels(box, isMore: isMore, on: &rows)
      }
      var columns = Canvas()
      for box in grid.boxes { drawColumnLabels(box, isMore: isMore, on: &columns) }
      for (labels, anchor) in [(rows, "end"), (columns, anchor)] where !labels.writer.result.isEmpty {
        canvas.writer.element("g", ["class": style, "text-anchor": anchor], markup: labels.writer.result)
      }
    }
    for (index, box) in grid.boxes.enumerated() where !chart.panels[index].title.isEmpty {
      let title = TextWidth.fitted(chart.panels[index].title, width: box.width, size: font)
      canvas.text(box.left + box.width / 2, box.top - font * 0.5, title, .middle)
    }
    guard !chart.columns.title.isEmpty, let first = grid.boxes.first else { return }
    let right = grid.boxes.map { $0.left + $0.width }.max() ?? first.left + first.width
    let bottom = grid.boxes.map { $0.top + $0.height }.max() ?? 0
    let title = TextWidth.fitted(chart.columns.title, width: context.size.width, size: font)
    let half = TextWidth.width(title, size: font) / 2
    let centre = max(half, min(context.size.width - half, (first.left + right) / 2))
    canvas.text(centre, bottom + 6 + grid.columnLabels.height + font * 0.75, title, .middle, shift: 0.35)
  }

  /// The names of the rows; those that find room only where the text is smaller come apart.
  private func drawRowLabels(_ box: PanelGrid.Box, isMore: Bool, on canvas: inout Canvas) {
    let stride = chart.rows.showsAll ? 1 : grid.rowStride
    for row in 0..<box.rows where isMore ? row % stride != 0 && row % grid.deskRowStride == 0 : row % stride == 0 {
      let label = TextWidth.fitted(chart.rows.label(row), width: box.left - 5, size: font)
      canvas.text(box.left - 5, top(of: row, in: box) + box.cellHeight / 2, label, shift: 0.35)
    }
  }

  private func drawColumnLabels(_ box: PanelGrid.Box, isMore: Bool, on canvas: inout Canvas) {
    let labels = grid.columnLabels
    let y = box.top + box.height + 5
    var edge = -Double.infinity
    for column in 0..<box.columns
    where isMore ? column % labels.stride != 0 && column % labels.deskStride == 0 : column % labels.stride == 0 {
      let x = box.left + (Double(column) + 0.5) * box.cellWidth
      guard labels.isSlanted else {
        // A label at the rim moves inwards, and is left out where it would then touch its neighbour.
        let half = TextWidth.width(chart.columns.label(column), size: isMore ? context.size.deskFont : font) / 2
        let centre = min(x, context.size.width - half)
        guard centre - half > edge else { continue }
        edge = centre + half + font * 0.3
        canvas.text(centre, y + font * 0.76, chart.columns.label(column))
        continue
      }
      let room = min(PanelGrid.slantLimit, (x - 2) / 0.75)
      let label = TextWidth.fitted(chart.columns.label(column), width: room, size: font)
      canvas.text(
        x + font * 0.3, y, label, shift: 0.8,
        ["transform": "rotate(-45 \(coordinate(x + font * 0.3)) \(coordinate(y)))"])
    }
  }
}
