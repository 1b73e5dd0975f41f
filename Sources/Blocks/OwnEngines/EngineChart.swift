import Charts
import Diagnostics
import JSONText

/// The drawing that a program of the author's own describes: lines, bars, a heatmap or a table.
///
/// ```
/// {"kind": "lines",   "title": …, "x": {"title": …, "values": …}, "y": {"title": …}, "series": [{"name": …, "values": …}]}
/// {"kind": "bars",    "title": …, "x": {"title": …, "labels": […]}, "y": {"title": …}, "series": […]}
/// {"kind": "heatmap", "title": …, "values": …, "rows": {"title": …, "labels": […]}, "columns": {…}, "range": [0, 1]}
/// {"kind": "table",   "columns": [{"title": …, "values": …, "digits": 3}]}
/// ```
/// `values` are numbers, null where undefined, or the path of such in the answer's own values: `"values": "cka[0]"`.
struct EngineChart {
  private let json: JSONValue
  private let values: JSONValue
  private let kind: String

  /// Reads a description and draws it once.
  ///
  /// - Throws: `EngineError` with the place in the description.
  init(_ json: JSONValue?, _ values: JSONObject) throws(EngineError) {
    guard let json, json.objectValue != nil else {
      throw EngineError("the answer has no chart", hint: #"such as "chart": {"kind": "lines", …}"#)
    }
    (self.json, self.values) = (json, .object(values))
    kind = json["kind"]?.stringValue ?? ""
    guard ["lines", "bars", "heatmap", "table"].contains(kind) else {
      throw EngineError("chart.kind must be lines, bars, heatmap or table, found '\(quotable(kind))'")
    }
    if isTable { _ = try table(.english) } else { _ = try chart(.english) }
  }

  var isTable: Bool { kind == "table" }

  /// The drawing.
  func chart(_ say: Language) throws(EngineError) -> any Chart {
    let title = try words(json["title"], "title", say)
    switch kind {
    case "lines": return try lines(title, say)
    case "bars": return try bars(title, say)
    default: return try heatmap(title, say)
    }
  }

  /// The table that is described.
  func table(_ say: Language) throws(EngineError) -> Table {
    var columns: [TableColumn<Int>] = []
    var count = 0
    for (index, column) in try list(json["columns"], "columns").enumerated() {
      let place = "columns[\(index)]"
      let cells = try list(column["values"], place + ".values")
      count = max(count, cells.count)
      columns.append(try self.column(column, cells, place, say))
    }
    return Table(0..<count, columns)
  }

  private func column(
    _ column: JSONValue, _ cells: [JSONValue], _ place: String, _ say: Language
  ) throws(EngineError) -> TableColumn<Int> {
    let title = try words(column["title"], place + ".title", say)
    if cells.contains(where: { $0.stringValue != nil }) {
      let texts = try texts(.array(cells), place + ".values")
      return .text(title) { texts.indices.contains($0) ? texts[$0] : "" }
    }
    let numbers = try numbers(.array(cells), place + ".values")
    let digits = min(max(column["digits"]?.intValue ?? 3, 0), 12)
    return .number(title, { numbers.indices.contains($0) ? numbers[$0] : nil }, decimals: digits)
  }

  // MARK: - Charts

  private func lines(_ title: String, _ say: Language) throws(EngineError) -> LineChart {
    let series = try list(json["series"], "series")
    let given = try json["x"]?["values"].map { (json) throws(EngineError) in try numbers(json, "x.values") }
    var drawn: [LineSeries] = []
    for (index, line) in series.enumerated() {
      let place = "series[\(index)]"
      let numbers = try numbers(line["values"], place + ".values")
      let positions = given ?? numbers.indices.map { Double($0) }
      guard positions.count == numbers.count else {
        throw EngineError("chart.\(place).values has \(numbers.count) entries, and x.values \(positions.count)")
      }
      drawn.append(
        LineSeries(
          try words(line["name"], place + ".name", say),
          points: zip(positions, numbers).compactMap { x, y in x.map { LineSeries.Point(x: $0, y: y) } },
          style: LineStyle(color: index, dash: index)))
    }
    let isWhole = drawn.allSatisfy { $0.points.allSatisfy { $0.x == $0.x.rounded() } }
    return LineChart(
      title: title, x: try axis("x", isWhole: isWhole, say), y: try axis("y", isWhole: false, say), series: drawn)
  }

  private func bars(_ title: String, _ say: Language) throws(EngineError) -> BarChart {
    let labels = try texts(json["x"]?["labels"], "x.labels")
    var drawn: [BarSeries] = []
    for (index, line) in try list(json["series"], "series").enumerated() {
      let place = "series[\(index)]"
      let numbers = try numbers(line["values"], place + ".values")
      guard numbers.count == labels.count else {
        throw EngineError("chart.\(place).values has \(numbers.count) entries, and x.labels \(labels.count)")
      }
      drawn.append(BarSeries(try words(line["name"], place + ".name", say), values: numbers))
    }
    return BarChart(
      title: title, categories: labels, categoryTitle: try axis("x", isWhole: false, say).title,
      value: try axis("y", isWhole: false, say), series: drawn, isHorizontal: labels.count > 12)
  }

  private func heatmap(_ title: String, _ say: Language) throws(EngineError) -> HeatmapChart {
    var rows: [[Double?]] = []
    for (index, row) in try list(json["values"], "values").enumerated() {
      rows.append(try numbers(row, "values[\(index)]"))
    }
    guard let width = rows.first?.count, width > 0, rows.allSatisfy({ $0.count == width }) else {
      throw EngineError("chart.values must be rows of numbers, each as long as the others")
    }
    guard rows.count * width <= Self.cellLimit else {
      throw EngineError("chart.values has \(rows.count * width) cells, and a heatmap \(Self.cellLimit) at most")
    }
    let range = try json["range"].map { (json) throws(EngineError) in try numbers(json, "range") }?.compactMap { $0 }
    if let range, range.count != 2 || range[0] >= range[1] {
      throw EngineError("chart.range must be two numbers, the smaller first")
    }
    return HeatmapChart(
      title: title, matrix: CellMatrix(rows), rows: try side("rows", rows.count, say),
      columns: try side("columns", width, say), scale: ColorScale(title, range: range.map { $0[0]...$0[1] }))
  }

  private static let cellLimit = 1_000_000

  private func axis(_ name: String, isWhole: Bool, _ say: Language) throws(EngineError) -> Axis {
    Axis(try words(json[name]?["title"], "\(name).title", say), isWhole: isWhole)
  }

  private func side(_ name: String, _ count: Int, _ say: Language) throws(EngineError) -> CellAxis {
    let title = try words(json[name]?["title"], "\(name).title", say)
    guard let labels = json[name]?["labels"] else { return .numbers(title, 0..<count) }
    let texts = try texts(labels, "\(name).labels")
    guard texts.count == count else {
      throw EngineError("chart.\(name).labels has \(texts.count) entries, and there are \(count) \(name)")
    }
    return CellAxis(title, labels: texts)
  }

  // MARK: - Parts of the description

  private func words(_ json: JSONValue?, _ place: String, _ say: Language) throws(EngineError) -> String {
    try EngineWords(json, "chart.\(place)")(say)
  }

  /// A list as it stands there, or at the path that stands there.
  private func list(_ json: JSONValue?, _ place: String) throws(EngineError) -> [JSONValue] {
    if let list = json?.arrayValue { return list }
    guard let text = json?.stringValue else { throw EngineError("chart.\(place) must be a list, or the path of one") }
    guard let list = ValuePath(text)?.value(in: values)?.arrayValue else {
      throw EngineError("chart.\(place) names '\(quotable(text))', and the values have no list there")
    }
    return list
  }

  private func numbers(_ json: JSONValue?, _ place: String) throws(EngineError) -> [Double?] {
    let list = try list(json, place)
    if let odd = list.firstIndex(where: { !$0.isNull && $0.doubleValue == nil }) {
      throw EngineError("chart.\(place)[\(odd)] must be a number or null, found \(list[odd].typeName)")
    }
    return list.map(\.doubleValue)
  }

  private func texts(_ json: JSONValue?, _ place: String) throws(EngineError) -> [String] {
    try list(json, place).map { $0.stringValue ?? ($0.isNull ? "" : JSON.write($0)) }
  }
}
