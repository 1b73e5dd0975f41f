/// The room a label would take.
struct LabelPlace {
  var x: Double
  var y: Double
  var width: Double
  var height: Double

  func overlaps(_ other: LabelPlace) -> Bool {
    x < other.x + other.width && other.x < x + width && y < other.y + other.height && other.y < y + height
  }

  /// Whether a point lies in it or close to it.
  func contains(_ point: (x: Double, y: Double)) -> Bool {
    point.x > x - 3 && point.x < x + width + 3 && point.y > y - 3 && point.y < y + height + 3
  }
}

extension PlotArea {
  /// Points along a series, close enough that no label slips between them.
  func samples(_ series: LineSeries) -> [(x: Double, y: Double)] {
    let points = series.points.compactMap { point -> (x: Double, y: Double)? in
      guard let x = x.place(point.x), let y = y.place(point.y) else { return nil }
      return (x: x, y: y)
    }
    let between = zip(points, points.dropFirst()).flatMap { start, end in
      (1..<8).map { step -> (x: Double, y: Double) in
        let share = Double(step) / 8
        return (x: start.x + (end.x - start.x) * share, y: start.y + (end.y - start.y) * share)
      }
    }
    return points + between
  }
}
