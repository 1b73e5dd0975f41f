import Markup

/// Many values at each of a few positions: every one a faint dot, their range as a line, their median as a tick, and one
/// statistic of them joined from position to position.
///
/// For scores that crowd below 1, on an axis that is logarithmic in what they lack of it.
public struct DotRangeChart: Chart {
  /// The values at one position.
  public struct Column: Sendable {
    public var label: String
    /// What is drawn as dots: all values, or some of them by a rule that the caption says.
    public var dots: [Double]
    /// The least and the greatest of all values; nil where none exists, which is hatched.
    public var range: ClosedRange<Double>?
    public var median: Double?
    /// The statistic that is asked for.
    public var mark: Double?

    public init(_ label: String, dots: [Double], range: ClosedRange<Double>?, median: Double?, mark: Double?) {
      (self.label, self.dots, self.range) = (label, dots.filter(\.isFinite), range)
      (self.median, self.mark) = (median, mark.flatMap { $0.isFinite ? $0 : nil })
    }
  }

  /// What the drawing shows, in a few words.
  public var title: String
  /// What the positions are.
  public var positionTitle: String
  public var axis: Axis
  /// The name of the statistic.
  public var name: String
  public var columns: [Column]
  /// How many values there are at each position; the dots may be fewer.
  public var count: Int
  /// Index into the series colours.
  public var color: Int
  public var format: NumberFormat

  public init(
    title: String, positionTitle: String, axis: Axis, name: String, columns: [Column], count: Int, color: Int = 0,
    format: NumberFormat = .score(3)
  ) {
    (self.title, self.positionTitle, self.axis, self.name) = (title, positionTitle, axis, name)
    (self.columns, self.count, self.color, self.format) = (columns, count, color, format)
  }

  public func svg(in context: PlotContext) -> TrustedMarkup {
    let layout = DotRangeLayout(self, context)
    return Canvas.svg(context, height: layout.totalHeight, title: title, description: line.description(context.words)) {
      layout.draw(on: &$0)
    }
  }

  /// The statistic at every position.
  public func data(words: ChartWords) -> DataTable { line.data(words: words) }

  /// The statistic alone, as a line.
  private var line: LineChart {
    LineChart(
      title: title, x: Axis(positionTitle, isWhole: true, labels: columns.map(\.label)), y: axis,
      series: [LineSeries(name, values: columns.map(\.mark))], format: format)
  }
}
