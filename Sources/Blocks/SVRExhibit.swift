import Analyses
import Charts
import JSONText
import Markup

/// Figures and tables of the support-vector regressions between depths.
struct SVRExhibit {
  let evaluation: Evaluation
  let view: String
  let language: Language

  private var result: JSONObject { evaluation.result }
  private var isAllPairs: Bool { evaluation.bound.text("pairs") == "all" }
  private var depth: String { language("source depth", "入力の深さ") }
  private var palette: Palette { Palette(rawValue: evaluation.bound.text("palette") ?? "") ?? .viridis }

  var exhibit: Exhibit {
    if view == "dims" { return dimensions }
    if evaluation.bound.form == .table { return table }
    let values = isAllPairs ? result[view].rows : [result[view].doubles]
    let scale = ColorScale(quantity, palette: palette, range: Self.range(of: view, values))
    let content: Exhibit.Content
    if isAllPairs {
      content = .chart(
        HeatmapChart(
          title: title, matrix: Self.upperTriangle(values),
          rows: .numbers(depth, 0..<values.count),
          columns: .numbers(language("target depth", "予測先の深さ"), 0..<values.count), scale: scale))
    } else {
      content = .chart(
        HeatmapChart.row(
          title: title, name: quantity, values: result[view].doubles,
          columns: .steps(language("from depth to depth", "入力の深さ→予測先の深さ"), count: evaluation.facts.blocks),
          scale: scale))
    }
    return Exhibit(kind: .figure, content: content, caption: caption, notes: notes)
  }

  /// The statistic as an axis names it.
  private var quantity: String {
    switch view {
    case "negative": language("share of R² < 0", "R² < 0 の割合")
    case "std": language("std of R²", "R² の標準偏差")
    case "max": language("largest R²", "R² の最大値")
    case "min": language("smallest R²", "R² の最小値")
    case "median": language("median R²", "R² の中央値")
    default: language("mean R²", "R² の平均")
    }
  }

  private var title: String {
    language("\(quantity) between depths: \(method)", "深さ間の\(quantity)（\(method)）")
  }

  private var method: String {
    let isRidge = evaluation.bound.text("solver") == "ridge"
    return isRidge
      ? language("ridge regression (a preview)", "リッジ回帰（予備計算）") : language("linear ε-SVR", "線形 ε-SVR")
  }

  private var caption: String {
    let pairs =
      isAllPairs
      ? language("each depth to every later one", "各深さからその後の全ての深さへ")
      : language("each depth to the next", "各深さから次の深さへ")
    let width = evaluation.facts.width
    return language(
      "\(quantity.prefix(1).uppercased() + quantity.dropFirst()) over \(width) target dimensions, \(pairs): \(method), R² on test samples.",
      "\(width)個の対象次元にわたる\(quantity)（\(pairs)）。\(method)、評価標本での R²。")
  }

  private var notes: [String] {
    var notes: [String] = []
    let undefined = (isAllPairs ? result["undefined"].rows.flatMap { $0 } : result["undefined"].doubles)
      .compactMap { $0 }.reduce(0, +)
    if undefined > 0 {
      let count = NumberText.integer(Int(undefined))
      notes.append(
        language(
          "\(count) (depth, dimension) targets are undefined because the source or the target does not vary; they are left out of the statistics, and a pair without any defined target is hatched.",
          "入力または対象が変化しないため \(count) 個の（深さ、次元）は未定義であり、統計から除いた。定義された対象が一つもない組は斜線で示す。"))
    }
    let missed = result["missed_gap"]?.intValue ?? 0
    if missed > 0 {
      notes.append(
        language(
          "\(missed) regressions did not reach the relative duality gap of 1e-3.",
          "\(missed) 個の回帰は相対双対ギャップ 1e-3 に達しなかった。"))
    }
    return notes
  }

  private var dimensions: Exhibit {
    let rows = result["r2"].rows
    let rule = BinningRule(rawValue: evaluation.bound.text("bin") ?? "") ?? .mean
    let binned = CellMatrix(rows).binColumns(rule: rule)
    let chart = HeatmapChart(
      title: language("R² of every target dimension", "各対象次元の R²"),
      matrix: binned.matrix, rows: .steps(depth, count: rows.count),
      columns: CellAxis(language("target dimension", "対象次元"), labels: binned.labels),
      scale: ColorScale("R²", palette: palette, range: 0...1), values: .never)
    let binning = binned.isBinned ? " " + binned.note(language.chartWords) + "." : ""
    let caption = language(
      "R² of each target dimension, each depth to the next: \(method), R² on test samples.",
      "各深さから次の深さへの、対象次元ごとの R²。\(method)、評価標本での R²。")
    return Exhibit(kind: .figure, content: .chart(chart), caption: caption + binning, notes: notes)
  }

  private var table: Exhibit {
    let statistics = TargetStatistic.allCases.map(\.rawValue)
    if isAllPairs {
      let rows = result[view].rows
      return Exhibit(
        kind: .table,
        content: .table(
          columns: [.text(depth)] + rows.indices.map { .init(String($0), format: .fixed(2)) },
          rows: rows.enumerated().map { index, row in
            [.text(String(index))] + row.enumerated().map { $0.offset > index ? .number($0.element) : .text("") }
          }), caption: caption, notes: notes)
    }
    return Exhibit(
      kind: .table,
      content: .table(
        columns: [.text(depth)] + statistics.map { .init($0) } + [
          .init(language("undefined", "未定義"), format: .fixed(0))
        ],
        rows: (0..<evaluation.facts.blocks).map { block in
          [.text("\(block)→\(block + 1)")] + (statistics + ["undefined"]).map { .number(result[$0].doubles[block]) }
        }), caption: caption, notes: notes)
  }

  /// Values at and below the diagonal do not exist: a depth does not predict itself or an earlier one.
  static func upperTriangle(_ rows: [[Double?]], keepingDiagonal: Bool = false) -> CellMatrix {
    var matrix = CellMatrix(rows).blankBelowDiagonal()
    if !keepingDiagonal { for index in 0..<matrix.rows { matrix[index, index] = .blank } }
    return matrix
  }

  /// R² lives in [0, 1] for a reader; other statistics take the range of their values.
  private static func range(of view: String, _ values: [[Double?]]) -> ClosedRange<Double>? {
    switch view {
    case "mean", "max", "median", "min", "negative": 0...1
    default: 0...max(0.05, values.flatMap { $0 }.compactMap { $0 }.max() ?? 0.05)
    }
  }
}
