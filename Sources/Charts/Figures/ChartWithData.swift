import Markup

/// A chart with other numbers behind it than those it draws, such as ten tokens where it has room for one.
public struct ChartWithData: Chart {
  private let chart: any Chart
  private let numbers: DataTable

  public init(_ chart: any Chart, data: DataTable) { (self.chart, numbers) = (chart, data) }

  public var title: String { chart.title }
  public func svg(in context: PlotContext) -> TrustedMarkup { chart.svg(in: context) }
  public func data(words: ChartWords) -> DataTable { numbers }
}
