import Charts
import Markup

/// What an author's own engine shows.
struct EngineExhibit {
  private let result: EngineResult
  private let name: String
  private let model: String
  private let say: Language

  init(_ result: EngineResult, name: String, of model: String, _ say: Language) {
    (self.result, self.name, self.model, self.say) = (result, name, model, say)
  }

  var exhibit: Exhibit {
    // What could not be drawn was refused when it was answered.
    let description = try? EngineChart(result.shown["chart"], result.values)
    let notes = words("notes")
    let kept = notes.isEmpty ? [] : [notes]
    guard let description, !description.isTable, let chart = try? description.chart(say) else {
      return Exhibit(
        chart: nil, table: (try? description?.table(say)) ?? Table([Int](), []), caption: Exhibit.Caption(caption),
        notes: Exhibit.Notes(kept))
    }
    return Exhibit(
      chart: chart, table: Table(chart.data(words: say.chartWords)), caption: Exhibit.Caption(caption),
      notes: Exhibit.Notes(kept))
  }

  private func words(_ member: String) -> String { (try? EngineWords(result.shown[member], member))?(say) ?? "" }

  private var caption: String {
    let own = words("caption")
    if !own.isEmpty { return own }
    return model.isEmpty ? code(name) : say("\(code(name)) of \(model).", "\(model) の \(code(name))。")
  }
}

extension Table {
  /// The numbers behind a chart as a table.
  init(_ data: DataTable) {
    columns = data.columns.enumerated().map { index, title in
      let isText = index == 0 || data.rows.contains { if case .text = $0[index] { true } else { false } }
      return isText ? .text(title) : TableFigure.Column(title, format: .significant(4))
    }
    rows = data.rows.map { row in
      row.enumerated().map { index, cell in
        switch cell {
        case .number(let value): index == 0 ? .text(NumberText.shortest(value)) : .number(value)
        case .text(let text): .text(text)
        case .blank: .text("")
        }
      }
    }
  }
}
