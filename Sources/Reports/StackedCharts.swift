import Charts
import Markup

/// Charts one below the other as one drawing, for a file that holds a directive's whole answer.
struct StackedCharts: Chart {
  /// Each chart with its heading.
  let charts: [(name: String, chart: any Chart)]
  /// What the headings are, such as models: it heads them in the table.
  let nameTitle: String

  var title: String { charts.first?.chart.title ?? "" }

  func svg(in context: PlotContext) -> TrustedMarkup {
    let drawings = charts.enumerated().map { index, item -> SVGStack.Part in
      var inner = context
      inner.idPrefix = context.idPrefix + "-" + FigureFrame.letter(index)
      return SVGStack.Part(heading: item.name, drawing: item.chart.svg(in: inner))
    }
    return SVGStack.svg(drawings, in: context, title: title)
  }

  /// The numbers of all, each row with the name of its chart.
  func data(words: ChartWords) -> DataTable {
    let tables = charts.map { (name: $0.name, table: $0.chart.data(words: words)) }
    let columns = tables.map(\.table.columns).max { $0.count < $1.count } ?? []
    return DataTable(
      columns: [nameTitle] + columns,
      rows: tables.flatMap { item in
        item.table.rows.map { row in
          [.text(item.name)] + row + [DataTable.Cell](repeating: .blank, count: columns.count - row.count)
        }
      })
  }
}
