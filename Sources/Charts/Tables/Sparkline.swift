import Markup

/// A curve the size of a word, for a sentence or a cell of a table: no axes, its ends as dots.
public struct Sparkline: Sendable {
  /// The values in order; nil leaves a gap.
  public var values: [Double?]
  /// The range from the lower to the upper rim, shared by the curves of a column.
  public var range: ClosedRange<Double>

  public init(values: [Double?], range: ClosedRange<Double>) { (self.values, self.range) = (values, range) }

  /// The drawing, with the values themselves for those who cannot see it.
  public func svg(name: String) -> TrustedMarkup {
    let (width, height, rim) = (96.0, 22.0, 3.0)
    let span = range.upperBound - range.lowerBound
    let step = values.count > 1 ? (width - 2 * rim) / Double(values.count - 1) : 0
    let points = values.enumerated().map { index, value -> (x: Double, y: Double)? in
      guard let value, value.isFinite else { return nil }
      let share = span > 0 ? max(0, min(1, (value - range.lowerBound) / span)) : 0.5
      return (rim + Double(index) * step, height - rim - share * (height - 2 * rim))
    }
    var line = PathData()
    var isJoined = false
    for point in points {
      if let point { isJoined ? line.line(point.x, point.y) : line.move(point.x, point.y) }
      isJoined = point != nil
    }
    let ends = [points.first ?? nil, points.last ?? nil].compactMap { $0 }
    let text = values.map { NumberText.significant($0, digits: 3) }.joined(separator: ", ")
    return MarkupWriter.make {
      $0.element(
        "svg",
        [
          "xmlns": "http://www.w3.org/2000/svg", "class": "plot spark c0", "role": "img",
          "aria-label": "\(name): \(text)",
          "viewBox": "0 0 \(coordinate(width)) \(coordinate(height))",
        ]
      ) { svg in
        if !line.isEmpty { svg.empty("path", ["class": "ln", "d": line.text]) }
        for end in ends {
          svg.empty("circle", ["class": "mk", "cx": coordinate(end.x), "cy": coordinate(end.y), "r": "2"])
        }
      }
    }
  }
}
