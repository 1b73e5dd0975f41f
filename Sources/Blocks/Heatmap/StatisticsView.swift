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
  let engine = EngineIdentity(SVRFits.engine.name, version: SVRFits.engine.version + 1)

  func resultWord(_: String) -> String { "statistics" }

  func example(_ bound: BoundDirective) -> TargetStatistics {
    .example(allPairs: bound[Self.pairs] == .all)
  }

  func fits(of question: Question, width: Int) -> [FitRequest] {
    [FitRequest(pairs: question[Self.pairs] == .all ? .all : .adjacent)]
  }

  func answer(_ question: Question, on bench: Workbench) throws -> Answer<TargetStatistics> {
    let split = try bench.splitStates(of: question, Self.sample)
    let allPairs = question[Self.pairs] == .all
    let fits = try bench.svrFits(split, of: question, FitRequest(pairs: allPairs ? .all : .adjacent))
    return Answer(
      result: TargetStatistics(fits, blocks: split.sample.blocks, allPairs: allPairs), facts: question.facts(split))
  }

  func exhibit(_ shown: Shown<TargetStatistics>, in say: Language) -> Exhibit {
    let quantity = Self.quantity(shown.keyword, say)
    let values = shown.result[TargetStatistic(rawValue: shown.keyword) ?? .mean]
    let title = say(
      "\(quantity) between depths: \(RegressionKeys.method(shown, say))",
      "深さ間の\(quantity)（\(RegressionKeys.method(shown, say))）")
    let undefined = shown.undefined.all.compactMap { $0 }.reduce(0, +)
    let notes =
      Terms.undefinedTargets(undefined, say)
      + Exhibit.Notes([Certificates.note(missed: shown.missedGap, say)].compactMap { $0 })
    let explanations = Terms.undefinedTargetsExplained(undefined, say)
    switch values {
    case .steps(let row):
      return Exhibit(
        chart: steps(row, title, quantity, shown, say), table: Self.table(shown.result, say),
        caption: caption(shown, quantity, drawing(shown, say), say), notes: notes, explanations: explanations)
    case .pairs(let rows):
      let scale = Self.scale(shown.keyword, quantity, values.all.compactMap { $0 }, shown[HeatmapKeys.palette])
      let clip = HeatmapKeys.clip(scale, values.all.compactMap { $0 }, say)
      return Exhibit(
        chart: Self.map(rows, title, scale, say), table: Self.table(rows, say),
        caption: caption(shown, quantity, clip.isEmpty ? "" : " " + clip, say), notes: notes, explanations: explanations
      )
    }
  }
}

// MARK: - What is shown

extension StatisticsView {
  /// One value for each step: scores with all there is behind them, other statistics as a plain line.
  private func steps(
    _ row: [Double?], _ title: String, _ quantity: String, _ shown: Shown<TargetStatistics>, _ say: Language
  ) -> any Chart {
    let names = row.indices.map(Terms.step)
    let position = say("from depth to depth", "入力の深さ→予測先の深さ")
    guard Self.isScore(shown.keyword) else {
      return LineChart(
        title: title, x: Axis(position, range: -0.5...Double(row.count) - 0.5, isWhole: true, labels: names),
        y: Axis(quantity, range: 0...0),
        series: [LineSeries(quantity, values: row, style: LineStyle(color: shown.color))])
    }
    let columns = row.indices.map { step in
      let range: ClosedRange<Double>? =
        if let low = shown.min.all[step], let high = shown.max.all[step], low <= high { low...high } else { nil }
      return DotRangeChart.Column(
        names[step], dots: shown.spread.map { $0[step].compactMap(\.asDouble) } ?? [], range: range,
        median: shown.median.all[step], mark: row[step])
    }
    return DotRangeChart(
      title: title, positionTitle: position, axis: .shortfall("R²"), name: quantity, columns: columns,
      count: shown.facts.width, color: shown.color)
  }

  private static func isScore(_ keyword: String) -> Bool { !["std", "negative"].contains(keyword) }

  /// What a reader must know of the range plot.
  private func drawing(_ shown: Shown<TargetStatistics>, _ say: Language) -> String {
    guard Self.isScore(shown.keyword) else { return "" }
    let count = shown.spread?.map(\.count).max() ?? 0
    return say(
      " Dots: \(count) of the \(shown.facts.width) dimensions, evenly spaced by rank; the axis is logarithmic in 1 − R².",
      "点は \(shown.facts.width) 次元のうち順位で等間隔に選んだ \(count) 個。縦軸は 1 − R² の対数。")
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
          .cell(.init(String(column), format: .score(2))) {
            column > $0.offset ? .number($0.element[column]) : .text("")
          }
        })
  }

  /// Every statistic, whichever is asked for.
  private static func table(_ result: TargetStatistics, _ say: Language) -> Table {
    Table(
      result.undefined.all.indices,
      [.text(Terms.step(say), Terms.step)]
        + TargetStatistic.allCases.map { statistic in
          statistic == .negative
            ? .percent("R² < 0", { result.negative.all[$0] ?? nil })
            : .number(word(statistic, say), { result[statistic].all[$0] ?? nil })
        }
        + [.number(Terms.undefined(say), { result.undefined.all[$0].map(Double.init) }, decimals: 0)])
  }

  /// The statistic as a column of a table is headed.
  private static func word(_ statistic: TargetStatistic, _ say: Language) -> String {
    switch statistic {
    case .mean: say("mean R²", "R² の平均")
    case .max: say("max", "最大")
    case .std: say("std", "標準偏差")
    case .median: say("median", "中央値")
    case .min: say("min", "最小")
    case .negative: "R² < 0"
    }
  }

  /// - Parameter drawing: what is said of the chart alone.
  private func caption(
    _ shown: Shown<TargetStatistics>, _ quantity: String, _ drawing: String, _ say: Language
  ) -> Exhibit.Caption {
    let pairs =
      shown[Self.pairs] == .all
      ? say("each depth to every later one", "各深さからその後の全ての深さへ")
      : say("each depth to the next", "各深さから次の深さへ")
    let (width, method) = (shown.facts.width, RegressionKeys.method(shown, say))
    let title = quantity.prefix(1).uppercased() + quantity.dropFirst()
    return Exhibit.Caption(
      say(
        "\(title) over \(width) target dimensions, \(pairs): \(method), R² on test samples.",
        "\(width)個の対象次元にわたる\(quantity)（\(pairs)）。\(method)、評価標本での R²。"), chart: drawing)
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

  /// Scores begin at the round number below nearly all of them, other statistics at 0.
  private static func scale(
    _ keyword: String, _ quantity: String, _ values: [Double], _ palette: Palette
  ) -> ColorScale {
    isScore(keyword)
      ? .scores(quantity, of: values, palette: palette)
      : ColorScale(quantity, palette: palette, range: 0...max(0.05, values.max() ?? 0.05))
  }
}
