import Markup

/// The names of lines at their ends, in their colours, with a thread to the end where a name had to move.
struct EndLabels {
  private struct Name {
    var text: String
    var series: Int
    var end: (x: Double, y: Double)
    var y: Double
  }

  private let chart: LineChart
  private let x: Double
  private let names: [Name]

  /// More lines than this are told apart by a legend's samples rather than by threads.
  private static let limit = 8
  /// Names take at most this share of the drawing.
  private static let share = 0.34

  /// Places the names and gives them room at the right of the area.
  ///
  /// - Returns: nil, and the area as it was, where a line does not reach the right end or the names would move too far.
  init?(_ chart: LineChart, _ series: [Int], _ area: inout PlotArea) {
    self.chart = chart
    var narrowed = area
    let (font, gap) = (area.font, area.font * 1.12)
    let widest = series.map { TextWidth.width(chart.series[$0].name, size: font) }.max() ?? 0
    guard series.count <= Self.limit, widest <= (area.right + 4) * Self.share,
      series.allSatisfy({ chart.series[$0].style.joins && !chart.series[$0].name.isEmpty })
    else { return nil }
    narrowed.narrow(by: max(0, widest + font - 4))
    var placed: [Name] = []
    for index in series {
      let line = chart.series[index]
      guard let last = line.points.last(where: { narrowed.x.place($0.x) != nil && narrowed.y.place($0.y) != nil }),
        let x = narrowed.x.place(last.x), let y = narrowed.y.place(last.y), x > narrowed.x.end - 2
      else { return nil }
      placed.append(Name(text: line.name, series: index, end: (x, y), y: y))
    }
    placed.sort { ($0.end.y, $0.series) < ($1.end.y, $1.series) }
    let (low, high) = (area.top + font * 0.3, area.bottom - font * 0.3)
    let places = LabelSpread.spread(placed.map(\.end.y), gap: gap, from: low, to: high)
    for (index, y) in places.enumerated() {
      // Ends that meet in one point say nothing about which name is whose.
      guard y >= low - 1, abs(y - placed[index].end.y) <= 1.7 * gap else { return nil }
      placed[index].y = y
    }
    x = narrowed.right + font * 0.35
    names = placed
    area = narrowed
  }

  func draw(on canvas: inout Canvas) {
    var threads = PathData()
    for name in names where abs(name.y - name.end.y) > 3 {
      threads.move(name.end.x + 4, name.end.y)
      threads.line(x - 2, name.y)
    }
    canvas.path(threads, "rf")
    for name in names {
      canvas.text(x, name.y, name.text, style: "mk c\((chart.series[name.series].style.color ?? name.series) % 6)", shift: 0.35)
    }
  }
}

/// Places that keep apart.
enum LabelSpread {
  /// Moves rising places apart until neighbours keep a gap, as little as possible and inside the bounds.
  static func spread(_ wanted: [Double], gap: Double, from low: Double, to high: Double) -> [Double] {
    var places = wanted.map { max(low, $0) }
    for index in places.indices.dropFirst() { places[index] = max(places[index], places[index - 1] + gap) }
    // Neighbours that were pushed down share the way.
    var start = 0
    while start < places.count {
      var end = start
      while end + 1 < places.count, places[end + 1] - places[end] <= gap + 1e-9 { end += 1 }
      let moved = (start...end).map { places[$0] - wanted[$0] }.reduce(0, +) / Double(end - start + 1)
      let room = start == 0 ? places[0] - low : places[start] - places[start - 1] - gap
      for index in start...end { places[index] -= max(0, min(moved, room)) }
      start = end + 1
    }
    guard let last = places.last, last > high else { return places }
    places[places.count - 1] = high
    for index in places.indices.dropLast().reversed() { places[index] = min(places[index], places[index + 1] - gap) }
    return places
  }
}
