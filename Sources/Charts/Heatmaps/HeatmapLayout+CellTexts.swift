import Markup

extension HeatmapLayout {
  /// A cell that is ringed because no other is as high, or as low.
  struct Extreme {
    var isHighest: Bool
    var row: Int
    var column: Int
    var value: Double
  }

  /// Draws the text of a panel's cells, light on dark colours and dark on light ones.
  func drawTexts(_ panel: Int, on canvas: inout Canvas) {
    guard let cellText else { return }
    let box = grid.boxes[panel]
    let matrix = chart.panels[panel].matrix
    for (name, isDark) in [("vl", true), ("vd", false)] {
      var group = Canvas()
      for (index, cell) in matrix.cells.enumerated() {
        guard case .value(let value) = cell, colors.color(of: value).isDark == isDark else { continue }
        let text = cellText.shown(panel, index, width: box.cellWidth)
        guard !text.isEmpty else { continue }
        let x = box.left + (Double(index % matrix.columns) + 0.5) * box.cellWidth
        let y = top(of: index / matrix.columns, in: box) + box.cellHeight / 2
        group.text(x, y + cellText.size * 0.35, text)
      }
      let texts = group.writer.result
      guard !texts.isEmpty else { continue }
      canvas.writer.element(
        "g",
        [
          "class": cellText.grows ? name + " vg" : context.size.isEnlarged ? name + " dk" : name,
          "text-anchor": "middle",
          "font-size": coordinate(cellText.size),
        ],
        markup: texts)
    }
  }

  /// The cells to ring: in a single map without text; ties are not ringed.
  static func extremes(_ chart: HeatmapChart, hasTexts: Bool) -> [Extreme] {
    guard let matrix = chart.panels.first?.matrix, chart.panels.count == 1, chart.extremes != .never else { return [] }
    guard chart.extremes == .always || (!hasTexts && matrix.rows > 1) else { return [] }
    return [(true, matrix.extreme(>)), (false, matrix.extreme(<))].compactMap { isHighest, found in
      guard let found, found.count == 1 else { return nil }
      return Extreme(isHighest: isHighest, row: found.row, column: found.column, value: found.value)
    }
  }

  static func entry(_ extreme: Extreme, _ chart: HeatmapChart, _ words: ChartWords) -> Legend.Entry {
    let name = extreme.isHighest ? words.highest : words.lowest
    let place = chart.place(extreme.row, extreme.column, words)
    return Legend.Entry(label: "\(name) \(chart.scale.format.text(extreme.value)) (\(place))") { canvas, x, y in
      ring(extreme, x + Legend.sampleWidth / 2, y, 4.5, on: &canvas)
    }
  }

  /// Rings the extreme cells; the lowest by a dashed ring.
  func drawExtremes(_ box: PanelGrid.Box, on canvas: inout Canvas) {
    for extreme in extremes {
      let x = box.left + (Double(extreme.column) + 0.5) * box.cellWidth
      let y = top(of: extreme.row, in: box) + box.cellHeight / 2
      Self.ring(extreme, x, y, max(4.5, min(box.cellWidth, box.cellHeight) * 0.6), on: &canvas)
    }
  }

  private static func ring(_ extreme: Extreme, _ x: Double, _ y: Double, _ radius: Double, on canvas: inout Canvas) {
    let place: Attributes = ["cx": coordinate(x), "cy": coordinate(y), "r": coordinate(radius)]
    canvas.writer.empty("circle", ["class": "hb"] + place)
    canvas.writer.empty("circle", ["class": "hr", "stroke-dasharray": extreme.isHighest ? nil : "2.5 2"] + place)
  }

  /// Invisible strips over the cells that say their values when hovered, in a coordinate system of one unit per cell.
  func drawTooltips(_ panel: HeatmapChart.Panel, _ box: PanelGrid.Box, on canvas: inout Canvas) {
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
        if let notes = panel.notes, notes.indices.contains(index) { note = notes[index] }
        tips.writer.element("path", ["d": "M\(column) \(line)h1"]) { $0.element("title", text: note) }
      }
    }
  }
}
