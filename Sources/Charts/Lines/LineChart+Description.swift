extension LineChart {
  /// The chart in words, generated from its values: range, extremes and trend of every line.
  func description(_ words: ChartWords) -> String {
    series.map { sentence($0, words) }.joined(separator: " ")
  }

  private func sentence(_ line: LineSeries, _ words: ChartWords) -> String {
    let defined = line.points.compactMap { point in point.y.map { (x: point.x, y: $0) } }
    guard let first = defined.first, let last = defined.last else {
      return ChartWords.fill(words.emptySeries, ["name": line.name])
    }
    // The first of equal extremes is named.
    let low = defined.dropFirst().reduce(first) { $1.y < $0.y ? $1 : $0 }
    let high = defined.dropFirst().reduce(first) { $1.y > $0.y ? $1 : $0 }
    let text = ChartWords.fill(
      words.series,
      [
        "name": line.name, "first": format.text(first.y), "firstAt": place(first.x), "last": format.text(last.y),
        "lastAt": place(last.x), "low": format.text(low.y), "lowAt": place(low.x), "high": format.text(high.y),
        "highAt": place(high.x), "trend": Self.trend(defined.map(\.y), words),
      ])
    let missing = line.points.count - defined.count
    guard missing > 0 else { return text }
    return text + " " + words.missing(missing)
  }

  private func place(_ position: Double) -> String {
    x.labels.isEmpty && !x.title.isEmpty ? x.title + " " + x.name(of: position) : x.name(of: position)
  }

  /// The trend of a sequence: steady only where every step agrees, "mostly" from three quarters of the steps on.
  static func trend(_ values: [Double], _ words: ChartWords) -> String {
    let steps = zip(values, values.dropFirst())
    let up = steps.filter { $0.0 < $0.1 }.count
    let down = steps.filter { $0.0 > $0.1 }.count
    let count = values.count - 1
    if up == 0, down == 0 { return words.constant }
    if up == count { return words.risingAlways }
    if down == count { return words.fallingAlways }
    if up * 4 >= count * 3 { return words.mostlyRising }
    return down * 4 >= count * 3 ? words.mostlyFalling : words.unsteady
  }
}
