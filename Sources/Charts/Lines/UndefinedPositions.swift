/// Positions of a line chart at which a value that is asked for does not exist.
struct UndefinedPositions {
  private struct Position {
    var x: Double
    /// The lines without a value there.
    var names: [String]
    /// Whether no line has one there.
    var isAll: Bool
  }

  private let positions: [Position]
  private let chart: LineChart

  init(_ chart: LineChart) {
    self.chart = chart
    let lines = chart.series.filter(\.style.joins)
    let places = Set(lines.flatMap { $0.points.filter { $0.y == nil }.map(\.x) }).sorted()
    positions = places.map { x in
      let here = lines.compactMap { line in line.points.first { $0.x == x }.map { (name: line.name, y: $0.y) } }
      return Position(x: x, names: here.filter { $0.y == nil }.map(\.name), isAll: here.allSatisfy { $0.y == nil })
    }
  }

  var isEmpty: Bool { positions.isEmpty }

  /// Hatches the whole height where nothing exists, and a foot of it where only some lines have a value.
  func draw(_ area: PlotArea, _ context: PlotContext, on canvas: inout Canvas) {
    let width = min(area.unit * 0.7, 40)
    for position in positions {
      guard let x = area.x.place(position.x) else { continue }
      let (left, right) = (max(area.left, x - width / 2), min(area.right, x + width / 2))
      let height = position.isAll ? area.bottom - area.top : min(12, area.bottom - area.top)
      let names = position.isAll ? "" : position.names.joined(separator: ", ") + ", "
      BarParts.hatch(
        left, area.bottom - height, right - left, height, context,
        note: names + chart.x.name(of: position.x) + ": " + context.words.undefined, on: &canvas)
    }
  }
}
