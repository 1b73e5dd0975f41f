import Analyses
import Charts
import Directives

/// `<<heatmap r2 mean|max|std|median|min|negative>>`: one statistic over the R² of all target dimensions.
///
/// All statistics come of one result, so which of them is shown is no part of the key.
struct StatisticsView: SplitView {
  enum Pairs: String, CaseIterable { case adjacent, all }
  static let pairs = Key<Pairs>.choice(
    "pairs", standard: .adjacent, "each depth and the next, or each depth and every later one")

  let keywords = [
    ViewKeyword("mean", "mean over target dimensions of the support-vector regressions' R²"),
    ViewKeyword("max", "largest R²"),
    ViewKeyword("std", "population standard deviation of R²"),
    ViewKeyword("median", "median R²"),
    ViewKeyword("min", "smallest R²"),
    ViewKeyword("negative", "share of dimensions with R² below 0"),
  ]
  let keys: [any KeyDeclaration] =
    SplitKeys.regression.all + RegressionKeys.all + [StatisticsView.pairs, HeatmapKeys.palette]
  let engine = SVRFits.engine

  func resultWord(_: String) -> String { "statistics" }

  func example(_ bound: BoundDirective) -> TargetStatistics {
    .example(allPairs: bound[Self.pairs] == .all)
  }

  func answer(_ question: Question, on bench: Workbench) throws -> Answer<TargetStatistics> {
    let split = try bench.splitStates(of: question, Self.sample)
    let allPairs = question[Self.pairs] == .all
    let fits = try bench.svrFits(split, of: question, pairs: allPairs ? .all : .adjacent)
    return Answer(
      result: TargetStatistics(fits, blocks: split.sample.blocks, allPairs: allPairs), facts: question.facts(split))
  }

  func exhibit(_ shown: Shown<TargetStatistics>, in say: Language) -> Exhibit {
    let quantity = Self.quantity(shown.keyword, say)
    let values = shown.result[TargetStatistic(rawValue: shown.keyword) ?? .mean]
    let title = say(
      "\(quantity) between depths: \(RegressionKeys.method(shown, say))",
      "深さ間の\(quantity)（\(RegressionKeys.method(shown, say))）")
    let scale = ColorScale(
      quantity, palette: shown[HeatmapKeys.palette], range: Self.range(of: shown.keyword, values.all.compactMap { $0 }))
    let (chart, table): (HeatmapChart, Table) =
      switch values {
      case .pairs(let rows): (Self.map(rows, title, scale, say), Self.table(rows, say))
      case .steps(let row): (Self.row(row, title, scale, say), Self.table(shown.result, say))
      }
    return Exhibit(
      chart: chart, table: table, caption: caption(shown, quantity, say), notes: Exhibit.Notes(notes(shown.result, say))
    )
  }
}

// MARK: - What is shown

extension StatisticsView {
  private static func row(_ row: [Double?], _ title: String, _ scale: ColorScale, _ say: Language) -> HeatmapChart {
    .row(
      title: title, name: scale.title, values: row,
      columns: .steps(say("from depth to depth", "入力の深さ→予測先の深さ"), count: row.count), scale: scale)
  }

  private static func map(_ rows: [[Double?]], _ title: String, _ scale: ColorScale, _ say: Language) -> HeatmapChart {
    HeatmapChart(
      title: title, matrix: .upperTriangle(rows), rows: .numbers(Terms.sourceDepth(say), 0..<rows.count),
      columns: .numbers(Terms.targetDepth(say), 0..<rows.count), scale: scale)
  }

  private static func table(_ rows: [[Double?]], _ say: Language) -> Table {
    Table(
      rows.enumerated(),
      [.text(Terms.sourceDepth(say)) { String($0.offset) }]
        + rows.indices.map { column in
          .cell(.init(String(column), format: .fixed(2))) {
            column > $0.offset ? .number($0.element[column]) : .text("")
          }
        })
  }

  /// Every statistic, whichever is asked for.
  private static func table(_ result: TargetStatistics, _ say: Language) -> Table {
    Table(
      result.undefined.all.indices,
      [.text(Terms.sourceDepth(say), Terms.step)]
        + TargetStatistic.allCases.map { statistic in .number(statistic.rawValue, { result[statistic].all[$0] ?? nil })
        }
        + [.number(Terms.undefined(say), { result.undefined.all[$0].map(Double.init) }, decimals: 0)])
  }

  private func caption(_ shown: Shown<TargetStatistics>, _ quantity: String, _ say: Language) -> Exhibit.Caption {
    let pairs =
      shown[Self.pairs] == .all
      ? say("each depth to every later one", "各深さからその後の全ての深さへ")
      : say("each depth to the next", "各深さから次の深さへ")
    let (width, method) = (shown.facts.width, RegressionKeys.method(shown, say))
    let title = quantity.prefix(1).uppercased() + quantity.dropFirst()
    return Exhibit.Caption(
      say(
        "\(title) over \(width) target dimensions, \(pairs): \(method), R² on test samples.",
        "\(width)個の対象次元にわたる\(quantity)（\(pairs)）。\(method)、評価標本での R²。"))
  }

  private func notes(_ result: TargetStatistics, _ say: Language) -> [String] {
    let undefined = result.undefined.all.compactMap { $0 }.reduce(0, +)
    return [
      DimensionsView.undefinedNote(undefined, say), Certificates.note(missed: result.missedGap, say),
    ].compactMap { $0 }
  }

  /// The statistic as an axis names it.
  private static func quantity(_ keyword: String, _ say: Language) -> String {
    switch keyword {
    case "negative": say("share of R² < 0", "R² < 0 の割合")
    case "std": say("std of R²", "R² の標準偏差")
    case "max": say("largest R²", "R² の最大値")
    case "min": say("smallest R²", "R² の最小値")
    case "median": say("median R²", "R² の中央値")
    default: Terms.meanR2(say)
    }
  }

  /// R² lives in [0, 1] for a reader; other statistics take the range of their values.
  private static func range(of keyword: String, _ values: [Double]) -> ClosedRange<Double>? {
    switch keyword {
    case "std": 0...max(0.05, values.max() ?? 0.05)
    default: 0...1
    }
  }
}
