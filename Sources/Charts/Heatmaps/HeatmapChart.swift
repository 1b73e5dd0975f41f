import Markup

/// The names along one side of a map.
public struct CellAxis: Sendable {
  /// What the side counts.
  public var title: String
  /// The name of every row or column; one per cell.
  public var labels: [String]
  /// Whether every name must be shown, as for tokens; numbers may be thinned out.
  public var showsAll: Bool

  /// Makes a side from names.
  public init(_ title: String, labels: [String], showsAll: Bool = false) {
    self.title = title
    self.labels = labels
    self.showsAll = showsAll
  }

  /// A side of consecutive numbers.
  public static func numbers(_ title: String, _ range: Range<Int>) -> CellAxis {
    CellAxis(title, labels: range.map(String.init))
  }

  /// A side of steps from each state to the next: "0→1", "1→2" and so on.
  public static func steps(_ title: String, count: Int) -> CellAxis {
    CellAxis(title, labels: (0..<max(0, count)).map { "\($0)→\($0 + 1)" })
  }

  func label(_ index: Int) -> String { labels.indices.contains(index) ? labels[index] : String(index) }
}

/// Maps of coloured cells, one or several side by side with one colour scale.
///
/// The cells are one indexed PNG per panel; frame, labels, colour bar and marks are vectors. Undefined cells are hatched
/// and have a legend entry. Small maps carry their values as text and on hover.
public struct HeatmapChart: Chart {
  /// One map.
  public struct Panel: Sendable {
    /// The heading; empty for a single map.
    public var title: String
    public var matrix: CellMatrix
    /// Words in the cells instead of values, row by row, such as predicted tokens.
    public var texts: [String]?
    /// What hovering says of each cell, row by row, instead of its place and value.
    public var notes: [String]?

    public init(_ title: String = "", _ matrix: CellMatrix, texts: [String]? = nil, notes: [String]? = nil) {
      self.title = title
      self.matrix = matrix
      self.texts = texts
      self.notes = notes
    }
  }

  /// Whether something is drawn.
  public enum Choice: Sendable {
    /// Where it fits and helps.
    case automatic
    /// Always.
    case always
    /// Never.
    case never
  }

  /// What the drawing shows, in a few words.
  public var title: String
  public var panels: [Panel]
  /// The names of the rows.
  public var rows: CellAxis
  /// The names of the columns.
  public var columns: CellAxis
  public var scale: ColorScale
  /// Whether the first row is at the bottom, as for layers that stack upwards.
  public var startsAtBottom: Bool
  /// Whether values are written into cells.
  public var values: Choice
  /// Whether the highest and the lowest cell are marked.
  public var extremes: Choice

  public init(
    title: String, panels: [Panel], rows: CellAxis, columns: CellAxis, scale: ColorScale, startsAtBottom: Bool = false,
    values: Choice = .automatic, extremes: Choice = .automatic
  ) {
    self.title = title
    self.panels = panels
    self.rows = rows
    self.columns = columns
    self.scale = scale
    self.startsAtBottom = startsAtBottom
    self.values = values
    self.extremes = extremes
  }

  public init(
    title: String, matrix: CellMatrix, texts: [String]? = nil, rows: CellAxis, columns: CellAxis, scale: ColorScale,
    startsAtBottom: Bool = false, values: Choice = .automatic, extremes: Choice = .automatic
  ) {
    self.init(
      title: title, panels: [Panel("", matrix, texts: texts)], rows: rows, columns: columns, scale: scale,
      startsAtBottom: startsAtBottom, values: values, extremes: extremes)
  }

  /// One row of values, one per step between layers: the shape of `heatmap r2 mean`.
  public static func row(
    title: String, name: String, values: [Double?], columns: CellAxis, scale: ColorScale
  ) -> HeatmapChart {
    HeatmapChart(
      title: title, matrix: CellMatrix([values]), rows: CellAxis("", labels: [name], showsAll: true), columns: columns,
      scale: scale)
  }

  public func svg(in context: PlotContext) -> TrustedMarkup {
    let layout = HeatmapLayout(self, context)
    return Canvas.svg(context, height: layout.totalHeight, title: title, description: description(context.words)) {
      layout.draw(on: &$0)
    }
  }

  /// The map in words, generated from its values.
  func description(_ words: ChartWords) -> String {
    let all = panels.flatMap(\.matrix.defined)
    let colors = scale.resolved(all)
    var sentences = panels.map { sentence($0, words) }
    if colors.cutCount > 0 {
      sentences.append(
        ChartWords.fill(
          words.cutCells,
          [
            "low": scale.format.text(colors.range.lowerBound), "high": scale.format.text(colors.range.upperBound),
            "count": NumberText.integer(colors.cutCount),
          ]))
    }
    return sentences.joined(separator: " ")
  }

  private func sentence(_ panel: Panel, _ words: ChartWords) -> String {
    let name = panel.title.isEmpty ? title : panel.title
    let matrix = panel.matrix
    guard let high = matrix.extreme(>), let low = matrix.extreme(<) else {
      return ChartWords.fill(words.emptyMap, ["name": name])
    }
    let defined = matrix.defined
    // Halving first keeps the sum of two huge values finite.
    let mean = defined.reduce(0) { $0 + $1 / Double(defined.count) }
    let text = ChartWords.fill(
      words.map,
      [
        "name": name, "rows": String(matrix.rows), "columns": String(matrix.columns),
        "low": scale.format.text(low.value), "lowAt": place(low.row, low.column, words),
        "high": scale.format.text(high.value), "highAt": place(high.row, high.column, words),
        "mean": scale.format.text(mean),
      ])
    let missing = matrix.cells.filter { $0 == .undefined }.count
    return missing == 0 ? text : text + " " + words.missing(missing)
  }

  func place(_ row: Int, _ column: Int, _ words: ChartWords) -> String {
    ChartWords.fill(words.cell, ["row": rows.label(row), "column": columns.label(column)])
  }

  /// The numbers behind the drawing; a single row is written as a column.
  public func data(words: ChartWords) -> DataTable {
    func cell(_ cell: CellMatrix.Cell) -> DataTable.Cell {
      switch cell {
      case .value(let value): .number(value)
      case .undefined: .number(nil)
      case .blank: .blank
      }
    }
    if panels.count == 1, let matrix = panels.first?.matrix, matrix.rows == 1 {
      let heading = columns.title.isEmpty ? words.position : columns.title
      return DataTable(
        columns: [heading, rows.label(0)],
        rows: (0..<matrix.columns).map { [.text(columns.label($0)), cell(matrix[0, $0])] })
    }
    let corner = [rows.title, columns.title].filter { !$0.isEmpty }.joined(separator: " \\ ")
    let width = panels.map(\.matrix.columns).max() ?? 0
    let isNamed = panels.count > 1
    let body = panels.flatMap { panel in
      (0..<panel.matrix.rows).map { row -> [DataTable.Cell] in
        let name = isNamed ? "\(panel.title) · \(rows.label(row))" : rows.label(row)
        return [.text(name)] + (0..<panel.matrix.columns).map { cell(panel.matrix[row, $0]) }
      }
    }
    return DataTable(columns: [corner] + (0..<width).map(columns.label), rows: body)
  }
}

extension CellMatrix {
  /// The most extreme cell by an ordering; the first of equal ones.
  ///
  /// `count` says how many are equally extreme.
  func extreme(_ precedes: (Double, Double) -> Bool) -> (row: Int, column: Int, value: Double, count: Int)? {
    var best: (row: Int, column: Int, value: Double, count: Int)?
    for (index, cell) in cells.enumerated() {
      guard case .value(let value) = cell else { continue }
      if let current = best, !precedes(value, current.value) {
        if value == current.value { best?.count += 1 }
      } else {
        best = (row: index / columns, column: index % columns, value: value, count: 1)
      }
    }
    return best
  }
}
