/// Places for the names of lines beside the lines themselves, where these run apart: for lines whose ends meet.
struct BesideLabels {
  /// More lines than this leave no room between them.
  private static let limit = 6
  /// How many places along a line are tried.
  private static let tries = 64

  private let area: PlotArea
  /// Points along the lines, by line.
  private let ink: [[(x: Double, y: Double)]]
  /// Where lines across the plot stand, which a name must not cover.
  private let references: [ReferenceLine]

  /// Names with their places, in the order of the lines.
  private(set) var places: [LabelPlace] = []

  /// Finds a place for the name of each line; nil where one has none that says whose name it is.
  init?(_ chart: LineChart, _ series: [Int], _ area: PlotArea) {
    guard series.count <= Self.limit else { return nil }
    self.area = area
    references = chart.references
    ink = chart.series.map { Self.thinned(area.samples($0)) }
    for index in series {
      let width = TextWidth.width(chart.series[index].name, size: area.font)
      guard let place = best(index, width: width) else { return nil }
      places.append(place)
    }
  }

  /// The place beside a line that is farthest from the other lines, and of equal ones the last.
  private func best(_ index: Int, width: Double) -> LabelPlace? {
    let line = ink[index].sorted { $0.x < $1.x }
    let step = max(1, line.count / Self.tries)
    var best: (place: LabelPlace, room: Double)?
    for point in stride(from: 0, to: line.count, by: step).map({ line[$0] }) {
      for place in Self.spots(point, width: width, font: area.font) where isFree(place) {
        let room = min(room(around: place, besides: index), 3 * area.font)
        if room >= max(best?.room ?? 0, 1.2 * area.font) { best = (place, room) }
      }
    }
    return best?.place
  }

  /// Above and below a point of a line, and beside it where the line is steep.
  private static func spots(_ point: (x: Double, y: Double), width: Double, font: Double) -> [LabelPlace] {
    let height = font * 1.05
    let (above, below) = (point.y - height - 6, point.y + 6)
    let left = [point.x - width / 2, point.x - width - 6, point.x + 6]
    return left.flatMap { x in
      [above, below].map { LabelPlace(x: x, y: $0, width: width, height: height) }
    }
  }

  /// Whether a name there covers nothing and leaves the area nowhere.
  private func isFree(_ place: LabelPlace) -> Bool {
    place.x >= area.left && place.x + place.width <= area.right && place.y >= area.top - 2
      && place.y + place.height <= area.bottom - 2 && !places.contains { $0.overlaps(place) }
      && !references.contains { crosses($0, place) } && !ink.contains { $0.contains(where: place.contains) }
  }

  private func crosses(_ line: ReferenceLine, _ place: LabelPlace) -> Bool {
    switch line.direction {
    case .horizontal:
      area.y.place(line.value).map { $0 > place.y - 2 && $0 < place.y + place.height + 2 } ?? false
    case .vertical:
      area.x.place(line.value).map { $0 > place.x - 2 && $0 < place.x + place.width + 2 } ?? false
    }
  }

  /// How far other lines are.
  private func room(around place: LabelPlace, besides index: Int) -> Double {
    var least = Double.infinity
    for (other, points) in ink.enumerated() where other != index {
      for point in points {
        let across = max(0, place.x - point.x, point.x - place.x - place.width)
        let up = max(0, place.y - point.y, point.y - place.y - place.height)
        least = min(least, across * across + up * up)
      }
    }
    return least.squareRoot()
  }

  /// Points without those that lie closer to the one before than anybody sees.
  private static func thinned(_ points: [(x: Double, y: Double)]) -> [(x: Double, y: Double)] {
    var kept: [(x: Double, y: Double)] = []
    for point in points.sorted(by: { $0.x < $1.x }) {
      if let last = kept.last, abs(point.x - last.x) < 1, abs(point.y - last.y) < 1 { continue }
      kept.append(point)
    }
    return kept
  }
}
