import Charts
import Testing

/// Where the names of lines stand: at their ends, beside them where ends meet, in a legend where they run together.
struct LineNameTests {
  private static func chart(_ bends: [(name: String, values: [Double?])]) -> LineChart {
    LineChart(
      title: "Shares", x: .layers("block", 0...10), y: Axis("share", range: 0...1),
      series: bends.map { LineSeries($0.name, values: $0.values) })
  }

  private static func reader(_ chart: LineChart, _ size: PlotSize = .full) -> DrawingReader {
    let svg = chart.svg(in: PlotContext(idPrefix: "f", size: size)).html
    return DrawingReader(svg, font: size == .full ? 15 : 12, isNarrow: true, width: TextWidth.width)
  }

  private static func hasLegend(_ reader: DrawingReader) -> Bool {
    reader.attributes.contains { $0.name == "class" && $0.value == "key" }
  }

  private static let steps = (0...10).map { Double($0) / 10 }
  private static let upper = steps.map { 1 - (1 - $0) * (1 - $0) * (1 - $0) }
  private static let lower = steps.map { $0 * $0 * $0 }

  @Test(arguments: [PlotSize.full, .half]) func namesStandAtEndsThatKeepApart(size: PlotSize) throws {
    let reader = Self.reader(Self.chart([("a", Self.upper), ("b", Self.upper.map { $0 / 2 })]), size)
    #expect(!Self.hasLegend(reader) && reader.collisions.isEmpty)
    let (a, b) = (try label("a", reader), try label("b", reader))
    #expect(a.left == b.left && a.left > reader.viewBox[2] * 0.9)
    #expect(a.bottom < b.top)
  }

  @Test(arguments: [PlotSize.full, .half]) func namesStandBesideLinesWhoseEndsMeet(size: PlotSize) throws {
    let chart = Self.chart([("below", Self.lower), ("above", Self.upper), ("between", Self.steps)])
    let reader = Self.reader(chart, size)
    #expect(!Self.hasLegend(reader) && reader.collisions.isEmpty)
    let (above, below) = (try label("above", reader), try label("below", reader))
    // The one line bends away from the other to the upper left, and that one to the lower right.
    #expect(above.bottom < below.top && above.left < below.left)
    #expect(try label("between", reader).right < reader.viewBox[2])
  }

  @Test func linesThatRunTogetherHaveALegend() {
    let close = Self.steps.map { $0 == 0 || $0 == 1 ? $0 : $0 + 0.02 }
    let chart = Self.chart([("a", Self.steps), ("b", close), ("c", Self.lower)])
    #expect(Self.hasLegend(Self.reader(chart)))
  }

  @Test func moreThanSixLinesThatMeetHaveALegend() {
    let fan = (1...7).map { bend in
      (name: "\(bend)", values: Self.steps.map { x in (0..<bend).reduce(1) { y, _ in y * x } })
    }
    #expect(Self.hasLegend(Self.reader(Self.chart(fan.map { ($0.name, $0.values.map(Optional.some)) }))))
  }

  @Test func aNameCoversNoReferenceLine() throws {
    var chart = Self.chart([("below", Self.lower), ("above", Self.upper)])
    let before = try label("below", Self.reader(chart))
    let middle = (before.top + before.bottom) / 2
    // A line through the middle of the name as it stands: the area goes from 0 to 1.
    let bounds = try edges(Self.reader(chart))
    let value = (bounds.bottom - middle) / (bounds.bottom - bounds.top)
    chart.references = [ReferenceLine(.horizontal, at: value)]
    let after = try label("below", Self.reader(chart))
    #expect(after.bottom < middle || after.top > middle)
  }

  private func label(_ text: String, _ reader: DrawingReader) throws -> DrawingReader.Label {
    try #require(reader.labels.first { $0.text == text })
  }

  /// Where 0 and 1 of the vertical axis stand, from the middles of their numbers.
  private func edges(_ reader: DrawingReader) throws -> (top: Double, bottom: Double) {
    func middle(_ text: String) throws -> Double {
      let label = try label(text, reader)
      return (label.top + label.bottom) / 2
    }
    return (try middle("1.0"), try middle("0.0"))
  }
}
