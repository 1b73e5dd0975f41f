/// Places the labels of reference lines where they cover least: of a few candidate places, the one that the fewest lines
/// run through and that no earlier label takes.
struct ReferenceLabels {
  private let area: PlotArea
  private(set) var placed: [(label: String, place: LabelPlace)] = []

  init(_ chart: LineChart, _ area: PlotArea, besides taken: [LabelPlace] = []) {
    self.area = area
    let ink = chart.series.flatMap { area.samples($0) }
    for line in chart.references where !line.label.isEmpty {
      let label = TextWidth.fitted(line.label, width: (area.right - area.left) * 0.8, size: area.font)
      let candidates = Self.candidates(line, label, area)
      let costs = candidates.map { candidate in
        ink.filter(candidate.contains).count + placed.filter { $0.place.overlaps(candidate) }.count * 1000
          + taken.filter { $0.overlaps(candidate) }.count * 1000
      }
      guard let best = costs.indices.min(by: { (costs[$0], $0) < (costs[$1], $1) }) else { continue }
      placed.append((label: label, place: candidates[best]))
    }
  }

  func draw(on canvas: inout Canvas) {
    for item in placed {
      canvas.text(item.place.x, item.place.y + item.place.height / 2, item.label, style: "hl", shift: 0.35)
    }
  }

  private static func candidates(_ line: ReferenceLine, _ label: String, _ area: PlotArea) -> [LabelPlace] {
    let width = TextWidth.width(label, size: area.font)
    let height = area.font * 1.1
    func place(_ x: Double, _ y: Double) -> LabelPlace { LabelPlace(x: x, y: y, width: width, height: height) }
    if line.direction == .horizontal {
      guard let y = area.y.place(line.value) else { return [] }
      let rows = [y - height - 2, y + 2].filter { $0 >= area.top - height && $0 + height <= area.bottom }
      let middle = (area.left + area.right - width) / 2
      return [area.right - width - 2, area.left + 4, middle].flatMap { x in rows.map { place(x, $0) } }
    }
    guard let x = area.x.place(line.value) else { return [] }
    let columns = [x + 4, x - 4 - width].filter { $0 >= area.left && $0 + width <= area.right }
    let middle = (area.top + area.bottom - height) / 2
    return [area.bottom - height - 3, area.top + 2, middle].flatMap { y in columns.map { place($0, y) } }
  }
}
