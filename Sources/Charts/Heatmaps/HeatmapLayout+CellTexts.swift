import Markup

extension HeatmapLayout {
  /// Writes values or words into the cells where they fit; says whether it did.
  func drawTexts(_ panel: HeatmapChart.Panel, _ box: Box, on canvas: inout Canvas) -> Bool {
    let matrix = panel.matrix
    let isWanted = panel.texts != nil || chart.values == .always
    guard chart.values != .never, isWanted || matrix.cells.count <= 200 else { return false }
    let texts =
      panel.texts
      ?? matrix.cells.map { cell in
        if case .value(let value) = cell { chart.scale.format.text(value) } else { "" }
      }
    let room = box.cellWidth - (panel.texts == nil ? 3 : 6)
    let widest = texts.map { TextWidth.width($0, size: 1) }.max() ?? 0
    guard widest > 0 else { return false }
    let fit = min(room / widest, box.cellHeight * 0.72)
    // Text that also fits at the phone's size grows there with the labels.
    let grows = context.size == .full && (fit >= 15 || panel.texts != nil && room >= 50)
    let size = panel.texts == nil ? min(11, fit) : 11
    guard isWanted || size >= 7.5 else { return false }
    let measured = panel.texts == nil ? size : grows ? 15 : 11
    var groups: [String: Canvas] = ["vl": Canvas(), "vd": Canvas()]
    for (index, text) in texts.enumerated() where index < matrix.cells.count {
      guard case .value(let value) = matrix.cells[index], !text.isEmpty else { continue }
      let x = box.left + (Double(index % matrix.columns) + 0.5) * box.cellWidth
      let y = top(of: index / matrix.columns, in: box) + box.cellHeight / 2
      let shown = panel.texts == nil ? text : TextWidth.fitted(text, width: room, size: measured)
      groups[colors.color(of: value).isDark ? "vl" : "vd"]?.text(x, y + size * 0.35, shown)
    }
    for name in ["vl", "vd"] {
      guard let group = groups[name]?.writer.result, !group.isEmpty else { continue }
      canvas.writer.element(
        "g", ["class": grows ? name + " vg" : name, "text-anchor": "middle", "font-size": coordinate(size)],
        markup: group)
    }
    return true
  }

  /// Marks the highest and the lowest cell with a ring and a label; ties are not marked.
  func drawExtremes(_ matrix: CellMatrix, _ box: Box, on canvas: inout Canvas) {
    var taken: [(left: Double, right: Double, top: Double, bottom: Double)] = []
    for (name, found) in [(context.words.highest, matrix.extreme(>)), (context.words.lowest, matrix.extreme(<))] {
      guard let cell = found, cell.count == 1 else { continue }
      let x = box.left + (Double(cell.column) + 0.5) * box.cellWidth
      let y = top(of: cell.row, in: box) + box.cellHeight / 2
      let text = "\(name) \(chart.scale.format.text(cell.value)) (\(chart.place(cell.row, cell.column, context.words)))"
      let width = TextWidth.width(text, size: font)
      let isRight = x + width + 14 < context.size.width
      guard isRight || x - width - 14 > 0 else { continue }
      let isLow = y - font * 0.7 < box.top
      let line = isLow ? box.top + font * 0.7 : min(y, box.top + box.height - font * 0.6)
      let start = isRight ? x + 9 : x - 9 - width
      let room = (left: start, right: start + width, top: line - font * 0.7, bottom: line + font * 0.7)
      let isFree = taken.allSatisfy {
        $0.right < room.left || $0.left > room.right || $0.bottom < room.top || $0.top > room.bottom
      }
      canvas.writer.empty(
        "circle",
        ["class": "hr", "cx": coordinate(x), "cy": coordinate(y), "r": coordinate(max(4, box.cellHeight * 0.6))])
      guard isFree else { continue }
      taken.append(room)
      canvas.text(isRight ? x + 9 : x - 9, line, text, isRight ? .start : .end, style: "hl", shift: 0.35)
    }
  }

  /// Invisible strips over the cells that say their values when hovered, in a coordinate system of one unit per cell.
  func drawTooltips(_ panel: HeatmapChart.Panel, _ box: Box, on canvas: inout Canvas) {
    let matrix = panel.matrix
    let first = top(of: chart.startsAtBottom ? matrix.rows - 1 : 0, in: box) + box.cellHeight / 2
    let transform =
      "translate(\(coordinate(box.left, decimals: 2)) \(coordinate(first, decimals: 2))) "
      + "scale(\(coordinate(box.cellWidth, decimals: 2)) \(coordinate(box.cellHeight, decimals: 2)))"
    canvas.group("tip", ["transform": transform]) { tips in
      for (index, cell) in matrix.cells.enumerated() where cell != .blank {
        let (row, column) = (index / matrix.columns, index % matrix.columns)
        let line = chart.startsAtBottom ? matrix.rows - 1 - row : row
        var note = chart.place(row, column, context.words) + ": "
        if let texts = panel.texts, texts.indices.contains(index) { note += "“\(texts[index])” " }
        note += matrix.value(row, column).map { chart.scale.format.text($0) } ?? context.words.undefined
        tips.writer.element("path", ["d": "M\(column) \(line)h1"]) { $0.element("title", text: note) }
      }
    }
  }
}
