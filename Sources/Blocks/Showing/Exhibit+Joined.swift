import Charts

extension Exhibit {
  /// The tables of several models as one, with the model's name before each row.
  ///
  /// Models of different depths have different columns: a column that a model lacks is empty in its rows.
  static func joined(_ parts: [(name: String, exhibit: Exhibit)], in say: Language) -> Exhibit {
    var table = Table(columns: [.text(Terms.model(say))], rows: [])
    var places: [String: Int] = [:]
    for part in parts {
      for column in part.exhibit.table.columns where places[heading(column)] == nil {
        places[heading(column)] = table.columns.count
        table.columns.append(column)
      }
    }
    for part in parts {
      let columns = part.exhibit.table.columns.map { places[heading($0)] ?? 0 }
      for row in part.exhibit.table.rows {
        var cells = [TableFigure.Cell](repeating: .text(""), count: table.columns.count)
        cells[0] = .text(part.name)
        for (cell, place) in zip(row, columns) { cells[place] = cell }
        table.rows.append(cells)
      }
    }
    let (captions, notes) = (parts.map(\.exhibit.caption), parts.map(\.exhibit.notes))
    let isOne = Set(captions).count == 1
    return Exhibit(
      chart: nil, table: table,
      caption: Caption(
        isOne
          ? captions[0]
          : zip(parts, captions).map { say("\($0.name): ", "\($0.name)：") + $1 }.joined(separator: say(" ", ""))),
      notes: Notes(
        Set(notes).count == 1
          ? notes[0]
          : zip(parts, notes).flatMap { part, own in own.map { say("\(part.name): ", "\(part.name)：") + $0 } }),
      explanations: parts.flatMap(\.exhibit.explanations).uniqued())
  }

  private static func heading(_ column: TableFigure.Column) -> String { column.title.plainText + "\u{0}" + column.unit }
}

extension Array where Element: Hashable {
  /// Each element once, at its first place.
  func uniqued() -> [Element] {
    var seen: Set<Element> = []
    return filter { seen.insert($0).inserted }
  }
}
