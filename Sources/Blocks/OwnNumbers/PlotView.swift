import Charts
import Diagnostics
import Directives
import Markup

extension Block {
  /// `<<plot results.csv x=layer y=accuracy by=model>>`: an author's own numbers as a figure.
  static let plot = Block(
    "plot",
    "numbers of your own as a figure: of a .csv, .tsv, .json or .jsonl file beside the template or in the "
      + "book's folder",
    views: [PlotView()], takesModel: false,
    examples: [
      "<<plot results.csv x=layer y=accuracy by=model>>", "<<plot loss.csv y=\"train loss,test loss\" log=y>>",
      "<<plot scores.tsv x=task y=score by=model kind=bars>>",
    ])
}

struct PlotView: FileView {
  let keys = PlotKeys.all
  let engine = EngineIdentity("plot", version: 1)

  func example(_: BoundDirective) -> Plot {
    Plot(
      xName: "layer", rows: 6, unplaced: 1, undefined: 1, categories: ["a", "b"],
      series: [
        Plot.Series(name: "gpt2", x: [0, 1], y: [0.25, 0.5], min: 0.25, max: 0.5),
        Plot.Series(name: "llama", x: [0, 1], y: [0.75, nil], min: 0.75, max: 0.75),
      ])
  }

  func faults(of bound: BoundDirective) -> [Diagnostic] { OwnTable.faults(of: PlotKeys.file, in: bound) }

  func read(_ bound: BoundDirective, on bench: Workbench) throws -> Plot {
    let table = try OwnTable(bound[PlotKeys.file].first ?? "", of: bound, on: bench)
    let named = bound[PlotKeys.y] ?? ""
    // A name may itself hold a comma.
    let columns = table.columns.contains(named) ? [named] : named.split(separator: ",").map(String.init)
    return try PlotReading(table: table).plot(
      x: bound[PlotKeys.x], y: columns, by: bound[PlotKeys.by], joins: bound[PlotKeys.kind] != .points)
  }

  func exhibit(_ shown: Shown<Plot>, in say: Language) -> Exhibit { PlotExhibit(shown, say).exhibit }
}

/// What a plot of an author's own numbers shows.
struct PlotExhibit {
  private let shown: Shown<Plot>
  private let say: Language
  private let x: Axis
  private let y: Axis

  init(_ shown: Shown<Plot>, _ say: Language) {
    (self.shown, self.say) = (shown, say)
    let log = shown[PlotKeys.log]
    let positions = shown.series.flatMap(\.x)
    x = Axis(
      shown[PlotKeys.xTitle] ?? shown.xName, column: shown.xName, isLogarithmic: log == .x || log == .both,
      isWhole: positions.allSatisfy { $0 == $0.rounded() }, labels: shown.categories)
    let column = shown[PlotKeys.y] ?? ""
    y = Axis(shown[PlotKeys.yTitle] ?? column, column: column, isLogarithmic: log == .y || log == .both)
  }

  var exhibit: Exhibit {
    Exhibit(chart: chart, table: table, caption: Exhibit.Caption(caption), notes: Exhibit.Notes(notes))
  }

  private var title: String { say("\(y.title) by \(x.title)", "\(x.title) ごとの \(y.title)") }

  private var chart: any Chart {
    guard shown[PlotKeys.kind] == .bars else {
      let joins = shown[PlotKeys.kind] == .lines
      return LineChart(
        title: title, x: x, y: y,
        series: shown.series.enumerated().map { index, line in
          LineSeries(
            line.name, points: zip(line.x, line.y).map { LineSeries.Point(x: $0, y: $1) },
            style: LineStyle(color: index, dash: joins ? index : 0, showsMarkers: joins ? nil : true, joins: joins))
        }, nameTitle: shown[PlotKeys.by])
    }
    let places = Array(Set(shown.series.flatMap(\.x))).sorted()
    let chart = BarChart(
      title: title, categories: places.map(name), categoryTitle: x.title, value: y,
      series: shown.series.map { line in
        let numbers = Dictionary(zip(line.x, line.y)) { first, _ in first }
        return BarSeries(line.name, values: places.map { numbers[$0] ?? nil })
      })
    var data = chart.data(words: say.chartWords)
    data.columns[0] = x.column
    return ChartWithData(chart, data: data)
  }

  /// A position as it is called.
  private func name(_ place: Double) -> String {
    if let index = Int(exactly: place), shown.categories.indices.contains(index) { return shown.categories[index] }
    return NumberText.shortest(place)
  }

  private var table: Table {
    let rows = shown.series.flatMap { line in zip(line.x, line.y).map { (line.name, $0, $1) } }
    let own: [TableColumn<(String, Double, Double?)>] = [
      .text(x.title) { name($0.1) }, .cell(.init(y.title, format: .significant(4))) { .number($0.2) },
    ]
    return Table(rows, shown.series.count > 1 ? [.text(say("series", "系列")) { $0.0 }] + own : own)
  }

  private var caption: String {
    let file = code(shown[PlotKeys.file].first ?? "")
    let (across, up) = (code(shown.xName), code(shown[PlotKeys.y] ?? ""))
    let each = shown[PlotKeys.by].map(code)
    return say(
      "\(up) by \(across)" + (each.map { ", for each \($0)" } ?? "") + ", from \(file).",
      "\(file) の \(up)（横軸は \(across)" + (each.map { "、\($0) ごと" } ?? "") + "）。")
  }

  private var notes: [String] {
    var notes: [String] = []
    if shown.undefined > 0 {
      notes.append(
        say(
          shown.undefined == 1 ? "One place has no number." : "\(shown.undefined) places have no number.",
          "\(shown.undefined) 箇所には数値がない。"))
    }
    if shown.unplaced > 0 {
      notes.append(
        say(
          shown.unplaced == 1
            ? "One row has no position and is left out." : "\(shown.unplaced) rows have no position and are left out.",
          "位置のない \(shown.unplaced) 行は除いた。"))
    }
    let low = lost
    if low > 0 {
      notes.append(
        say(
          low == 1
            ? "One value at or below 0 has no place on a logarithmic axis."
            : "\(low) values at or below 0 have no place on a logarithmic axis.",
          "0 以下の \(low) 個の値は対数軸に置けない。"))
    }
    return notes
  }

  /// Points that a logarithmic axis has no place for.
  private var lost: Int {
    shown.series.reduce(0) { sum, line in
      sum + zip(line.x, line.y).count { (x.isLogarithmic && $0 <= 0) || (y.isLogarithmic && ($1 ?? 1) <= 0) }
    }
  }
}
