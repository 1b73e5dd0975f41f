/// The names of lines at their ends, in their colours, with a thread to the end where a name had to move; where ends meet,
/// beside the lines.
struct EndLabels {
  private struct Name {
    var text: String
    var series: Int
    var end: (x: Double, y: Double)
    var y: Double
  }

  private let chart: LineChart
  private let x: Double
  /// Names at the right of the area.
  private let names: [Name]
  /// Names inside the area: of lines that end before it does, each beside its end, or of all where ends meet.
  private let inner: [(name: Name, place: LabelPlace)]

  /// More lines than this are told apart by a legend's samples rather than by threads.
  private static let limit = 8
  /// Names take at most this share of the drawing.
  private static let share = 0.34

  /// Where names stand inside the area.
  var taken: [LabelPlace] { inner.map(\.place) }

  /// Places the names and gives them room at the right of the area.
  ///
  /// - Returns: nil, and the area as it was, where names find no place that says whose they are.
  init?(_ chart: LineChart, _ series: [Int], _ area: inout PlotArea) {
    guard series.allSatisfy({ chart.series[$0].style.joins && !chart.series[$0].name.isEmpty }) else { return nil }
    if let apart = Self(atEnds: chart, series, &area, mayMeet: false) {
      self = apart
    } else if let beside = BesideLabels(chart, series, area) {
      self.chart = chart
      (x, names) = (area.right, [])
      inner = zip(series, beside.places).compactMap { index, place in
        Self.end(of: index, chart, area).map { (name: $0, place: place) }
      }
    } else if let close = Self(atEnds: chart, series, &area, mayMeet: true) {
      self = close
    } else {
      return nil
    }
  }

  /// - Parameter mayMeet: whether ends may meet, which leaves it to the colours whose name is whose.
  private init?(atEnds chart: LineChart, _ series: [Int], _ area: inout PlotArea, mayMeet: Bool) {
    self.chart = chart
    var narrowed = area
    let font = area.font
    let widest = series.map { TextWidth.width(chart.series[$0].name, size: font) }.max() ?? 0
    guard series.count <= Self.limit, widest <= (area.right + 4) * Self.share else { return nil }
    narrowed.narrow(by: max(0, widest + font - 4))
    let ends = series.compactMap { Self.end(of: $0, chart, narrowed) }
    guard ends.count == series.count,
      let outer = Self.outer(ends.filter { $0.end.x > narrowed.x.end - 2 }, narrowed, mayMeet: mayMeet),
      let inner = Self.inner(ends.filter { $0.end.x <= narrowed.x.end - 2 }, chart, narrowed)
    else { return nil }
    x = narrowed.right + font * 0.35
    (names, self.inner) = (outer, inner)
    area = narrowed
  }

  private static func end(of index: Int, _ chart: LineChart, _ area: PlotArea) -> Name? {
    let line = chart.series[index]
    guard let last = line.points.last(where: { area.x.place($0.x) != nil && area.y.place($0.y) != nil }),
      let x = area.x.place(last.x), let y = area.y.place(last.y)
    else { return nil }
    return Name(text: line.name, series: index, end: (x, y), y: y)
  }

  /// Names in the margin; nil where they would stand too far from their ends to say whose they are.
  private static func outer(_ ends: [Name], _ area: PlotArea, mayMeet: Bool) -> [Name]? {
    let gap = area.font * 1.12
    var names = ends.sorted { ($0.end.y, $0.series) < ($1.end.y, $1.series) }
    guard mayMeet || zip(names, names.dropFirst()).allSatisfy({ $1.end.y - $0.end.y >= 3 }) else { return nil }
    let (low, high) = (area.top + area.font * 0.3, area.bottom - area.font * 0.3)
    let places = LabelSpread.spread(names.map(\.end.y), gap: gap, from: low, to: high)
    for (index, y) in places.enumerated() {
      guard y >= low - 1, abs(y - names[index].end.y) <= 1.7 * gap else { return nil }
      names[index].y = y
    }
    return names
  }

  /// Names beside ends inside the area; nil where one would cover a line or another name.
  private static func inner(
    _ ends: [Name], _ chart: LineChart, _ area: PlotArea
  ) -> [(name: Name, place: LabelPlace)]? {
    let ink = ends.isEmpty ? [] : chart.series.flatMap { area.samples($0) }
    var placed: [(name: Name, place: LabelPlace)] = []
    for name in ends {
      let (width, height) = (TextWidth.width(name.text, size: area.font), area.font * 1.05)
      let (x, y) = name.end
      let spots = [
        (x + 8, y - height / 2), (x + 8, y - height - 3), (x + 8, y + 3), (x - width / 2, y - height - 8),
        (x - width / 2, y + 8),
      ]
      let free = spots.map { LabelPlace(x: $0.0, y: $0.1, width: width, height: height) }.first { place in
        place.x >= area.left && place.x + width <= area.right && place.y >= area.top - 2
          && place.y + height <= area.bottom && !ink.contains(where: place.contains)
          && !placed.contains { $0.place.overlaps(place) }
      }
      guard let free else { return nil }
      placed.append((name, free))
    }
    return placed
  }

  func draw(on canvas: inout Canvas) {
    var threads = PathData()
    for name in names where abs(name.y - name.end.y) > 3 {
      threads.move(name.end.x + 4, name.end.y)
      threads.line(x - 2, name.y)
    }
    canvas.path(threads, "rf")
    for name in names { canvas.text(x, name.y, name.text, style: style(name), shift: 0.35) }
    for (name, place) in inner {
      canvas.text(place.x, place.y + place.height / 2, name.text, style: style(name) + " hl", shift: 0.35)
    }
  }

  private func style(_ name: Name) -> String {
    "mk c\((chart.series[name.series].style.color ?? name.series) % 6)"
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
