import Blocks
import Charts
import Markup

/// One directive's answer on its own, for `ask`.
public enum ExhibitPrinting {
  /// The answer as `text`, `svg`, `html` or `csv`.
  ///
  /// - Throws: `EngineError` where the format does not suit, such as SVG of a table.
  public static func text(_ evaluation: Evaluation, format: String) throws -> String {
    switch format {
    case "svg":
      guard let chart = chart(of: evaluation.exhibits(in: .english)) else {
        throw EngineError("<<\(evaluation.bound.name)>> is a table here and has no SVG", hint: "use --format html")
      }
      return PaperDrawing.svg(chart.svg(in: PlotContext(idPrefix: "figure")))
    case "html":
      var assembly = FigureAssembly(language: .english)
      let (figure, data) = assembly.html(of: assembly.parts(of: evaluation, caption: nil), id: "figure", number: nil)
      return figure.html + data.html
    case "csv": return whole(evaluation).numbers.csv
    default: return plainText(evaluation)
    }
  }

  /// The drawing of an answer, one below the other where there are several; nil where it is a table.
  static func chart(of exhibits: [(model: String, exhibit: Exhibit)]) -> (any Chart)? {
    let charts = exhibits.compactMap { model, exhibit -> (name: String, chart: any Chart)? in
      if case .chart(let chart) = exhibit.content { (model, chart) } else { nil }
    }
    return charts.count > 1 ? StackedCharts(charts: charts, nameTitle: "model") : charts.first?.chart
  }

  /// An answer in one exhibit, and the numbers of all that it shows in one table.
  private static func whole(_ evaluation: Evaluation) -> (exhibit: Exhibit, numbers: DataTable) {
    let exhibits = evaluation.exhibits(in: .english)
    if let first = exhibits.first, exhibits.count == 1 { return (first.exhibit, first.exhibit.numbers(.english)) }
    let exhibit = evaluation.exhibit(in: .english)
    return (exhibit, chart(of: exhibits)?.data(words: .english) ?? exhibit.numbers(.english))
  }

  /// A short table with columns aligned, under the caption and above where the numbers come from.
  private static func plainText(_ evaluation: Evaluation) -> String {
    let (exhibit, table) = whole(evaluation)
    let limit = 40
    var rows = [table.columns]
    rows += table.rows.prefix(limit).map { row in
      row.enumerated().map { column, cell in
        switch cell {
        case .number(let value) where column == 0 || value.map { $0 == $0.rounded() } ?? false:
          NumberText.shortest(value, sign: .ascii)
        case .number(let value): NumberText.significant(value, digits: 5, sign: .ascii)
        case .text(let text): text
        case .blank: ""
        }
      }
    }
    let widths = table.columns.indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
    var out = exhibit.caption + "\n\n"
    for row in rows {
      let cells = row.enumerated().map { index, text in
        let pad = String(repeating: " ", count: max(0, widths[index] - text.count))
        return index == 0 ? text + pad : pad + text
      }
      out += cells.joined(separator: "  ") + "\n"
    }
    if table.rows.count > limit { out += "… \(table.rows.count - limit) more rows: --format csv\n" }
    for note in exhibit.notes + exhibit.explanations { out += "\n" + note + "\n" }
    let items = Provenance.items(evaluation, in: .english)
    let origin = items.map { $0.name.isEmpty ? $0.value : "\($0.name) \($0.value)" }
    return out + "\n" + origin.joined(separator: " · ") + "\n"
  }
}
