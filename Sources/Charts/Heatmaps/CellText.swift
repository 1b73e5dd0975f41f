/// The text in the cells of a heatmap: whether it fits, how large it is, and what it says.
struct CellText {
  let texts: [[String]]
  let size: Double
  /// Whether the text grows with the labels on a phone; where it has no room to, it is not shown there.
  let grows: Bool
  private let isWords: Bool
  private let measuredSize: Double

  /// Decides for all panels at once, so that one panel does not lack what its neighbour has; nil where nothing is written.
  init?(
    _ chart: HeatmapChart, _ colors: ResolvedColorScale, _ boxes: [PanelGrid.Box], font: Double, size plot: PlotSize
  ) {
    isWords = chart.panels.contains { $0.texts != nil }
    let isWanted = isWords || chart.values == .always
    guard chart.values != .never, isWanted || chart.panels.allSatisfy({ $0.matrix.cells.count <= 200 }) else {
      return nil
    }
    texts = chart.panels.map { panel in
      panel.texts
        ?? panel.matrix.cells.map { cell in if case .value(let value) = cell { colors.text(of: value) } else { "" } }
    }
    let widest = texts.joined().map { TextWidth.width($0, size: 1) }.max() ?? 0
    guard widest > 0, let cellWidth = boxes.map(\.cellWidth).min(),
      let cellHeight = boxes.map(\.cellHeight).min()
    else {
      return nil
    }
    let fit = min((cellWidth - 3) / widest, cellHeight * 0.72)
    grows = plot.isEnlarged && (isWords ? cellWidth >= 56 : fit >= plot.layoutFont)
    let usual = plot.isEnlarged ? 9.5 : 11
    size = isWords ? usual : min(usual, fit)
    measuredSize = grows ? plot.layoutFont : size
    // Smaller text is a texture, not a number.
    guard isWanted || size >= (plot.isEnlarged ? 6.5 : 9.5) else { return nil }
  }

  /// The text of a cell as far as it fits.
  func shown(_ panel: Int, _ index: Int, width: Double) -> String {
    guard texts[panel].indices.contains(index) else { return "" }
    return isWords ? TextWidth.fitted(texts[panel][index], width: width - 6, size: measuredSize) : texts[panel][index]
  }
}
