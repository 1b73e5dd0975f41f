import Markup

/// The first, the least and the last value of each line, written where they cover least.
struct ExtremeLabels {
  private var placed: [(label: String, style: String, place: LabelPlace)] = []

  init(_ chart: LineChart, _ area: PlotArea, besides others: [LabelPlace]) {
    let ink = chart.series.flatMap { area.samples($0) }
    let shown = chart.series.indices.filter { chart.series[$0].style.joins }
    for index in shown where shown.count <= 3 {
      let line = chart.series[index]
      let defined = line.points.filter { area.x.place($0.x) != nil && area.y.place($0.y) != nil }
      guard let first = defined.first, let last = defined.last,
        let least = defined.min(by: { ($0.y ?? 0) < ($1.y ?? 0) })
      else { continue }
      let points = least.x == first.x || least.x == last.x ? [first, last] : [first, least, last]
      for point in points {
        guard let x = area.x.place(point.x), let y = area.y.place(point.y) else { continue }
        let label = NumberText.significant(point.y, digits: 2)
        let taken = placed.map(\.place) + others
        let candidates = Self.candidates(x, y, label, area).filter { one in !taken.contains { $0.overlaps(one) } }
        let costs = candidates.map { candidate in ink.filter(candidate.contains).count }
        guard let best = costs.indices.min(by: { (costs[$0], $0) < (costs[$1], $1) }) else { continue }
        let style = shown.count > 1 ? "mk hl c\((line.style.color ?? index) % 6)" : "hl"
        placed.append((label: label, style: style, place: candidates[best]))
      }
    }
  }

  func draw(on canvas: inout Canvas) {
    for item in placed {
      canvas.text(item.place.x, item.place.y + item.place.height / 2, item.label, style: item.style, shift: 0.35)
    }
  }

  /// Above the point, below it, and beside it, as far as the area reaches.
  private static func candidates(_ x: Double, _ y: Double, _ label: String, _ area: PlotArea) -> [LabelPlace] {
    let (width, height) = (TextWidth.width(label, size: area.font), area.font * 1.05)
    let left = max(area.left + 1, min(area.right - width - 1, x - width / 2))
    let spots = [
      (left, y - height - 6), (left, y + 6), (x + 7, y - height / 2), (x - 7 - width, y - height / 2),
      (x + 5, y - height - 4), (x - 5 - width, y - height - 4), (x + 5, y + 4), (x - 5 - width, y + 4),
    ]
    return spots.filter {
      $0.0 >= area.left && $0.0 + width <= area.right + 4 && $0.1 >= area.top - 2 && $0.1 + height <= area.bottom
    }.map { LabelPlace(x: $0.0, y: $0.1, width: width, height: height) }
  }
}
