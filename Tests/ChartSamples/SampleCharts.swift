import Charts
import Markup

#if canImport(Glibc)
  import Glibc
#endif

/// Charts with made-up but realistic numbers, for snapshots and for looking at.
package enum SampleCharts {
  /// A repeatable stream of numbers in 0..<1.
  struct Noise {
    var state: UInt64 = 42
    mutating func next() -> Double {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Double(state >> 11) / 9_007_199_254_740_992
    }
  }

  static func curve(_ count: Int, from: Double, to: Double, bend: Double = 1, noise: Double = 0.01, seed: UInt64 = 1)
    -> [Double?]
  {
    var random = Noise(state: seed)
    return (0..<count).map { index in
      let share = pow(Double(index) / Double(max(1, count - 1)), bend)
      return from + (to - from) * share + (random.next() - 0.5) * noise
    }
  }

  package static let convergence = LineChart(
    title: "Distance between successive states", x: .layers("layer", 0...15), y: Axis("distance D"),
    series: [
      LineSeries("llama-1b", values: curve(15, from: 0.36, to: 0.06, bend: 0.6) + [0.27]),
      LineSeries("llama-1b, distilled", values: curve(15, from: 0.30, to: 0.034, bend: 0.7, seed: 2) + [0.058]),
    ])

  package static let precision: LineChart = {
    var series: [LineSeries] = []
    for (map, color) in [("mat", 0), ("id", 1)] {
      for (index, k) in [1, 5, 10].enumerated() {
        var values = curve(
          13, from: map == "mat" ? 0.2 + 0.12 * Double(index) : 0.02, to: 1, bend: map == "mat" ? 1.4 : 4, noise: 0,
          seed: UInt64(k))
        values[12] = 1
        series.append(
          LineSeries(
            "\(map), k = \(k)", values: values,
            style: LineStyle(color: color, dash: index, marker: color == 0 ? .circle : .square)))
      }
    }
    return LineChart(
      title: "Precision@k per layer", x: .layers("layer", 0...12), y: Axis("Precision@k", range: 0...1), series: series,
      references: [ReferenceLine(.horizontal, at: 0.95, label: "95 %")])
  }()

  package static let surprisal = LineChart(
    title: "Surprisal per layer", x: .layers("layer", 0...12), y: Axis("surprisal (nats)"),
    series: [
      LineSeries(
        "mat", values: curve(13, from: 6, to: 2.3, noise: 0.2),
        bands: curve(13, from: 6, to: 2.3, noise: 0.2).map { $0.map { ($0 - 0.3)...($0 + 0.35) } }),
      LineSeries(
        "id",
        values: [nil, nil] + curve(4, from: 9, to: 8, noise: 0.4) + [nil] + curve(6, from: 6.8, to: 2.3, noise: 0.2),
        style: LineStyle(isHollow: true)),
    ], references: [ReferenceLine(.horizontal, at: 2.25, label: "floor: the model's own")])

  package static let perplexity = LineChart(
    title: "Perplexity per layer", x: .layers("layer", 0...32), y: Axis("word perplexity", isLogarithmic: true),
    series: [
      LineSeries("base", values: curve(33, from: 7.1, to: 1.05, noise: 0.2).map { $0.map { pow(10, $0) } }),
      LineSeries(
        "distilled",
        values: curve(33, from: 6.4, to: 1.0, bend: 0.7, noise: 0.1, seed: 3).map { $0.map { pow(10, $0) } }),
    ])

  package static let earlyExit: LineChart = {
    func points(_ bend: Double, _ low: Double) -> [LineSeries.Point] {
      (0...12).map { index in
        let x = 1 + 11 * Double(index) / 12
        return LineSeries.Point(
          x: x, y: low + (1 - low) * pow(x / 12, bend), note: "λ = \(NumberText.fixed(Double(index) / 10, decimals: 1))"
        )
      }
    }
    return LineChart(
      title: "Early exit", x: Axis("layers processed", range: 0...12), y: Axis("Precision@1", range: 0...1),
      series: [
        LineSeries("mat, early exit", points: points(0.8, 0.25), style: LineStyle(color: 0, dash: 0, weight: .thick)),
        LineSeries(
          "mat, fixed exit", points: points(1.1, 0.2),
          style: LineStyle(color: 0, dash: 0, marker: .diamond, weight: .thin)),
        LineSeries("id, early exit", points: points(1.6, 0.05), style: LineStyle(color: 1, dash: 1, weight: .thick)),
        LineSeries(
          "id, fixed exit", points: points(2.4, 0.02),
          style: LineStyle(color: 1, dash: 1, marker: .diamond, weight: .thin)),
      ],
      references: [
        ReferenceLine(.horizontal, at: 0.95, label: "target 95 %"),
        ReferenceLine(.vertical, at: 10.34, label: "mat 10.3"),
      ])
  }()

  static func triangle(_ size: Int, _ value: (Int, Int) -> Double?) -> CellMatrix {
    CellMatrix((0..<size).map { row in (0..<size).map { row == $0 ? 1 : value(row, $0) } }).blankBelowDiagonal()
  }

  package static let both = HeatmapChart(
    title: "Coordinate-averaged r² of linear maps",
    panels: [
      HeatmapChart.Panel("mat", triangle(13) { 1 - 0.045 * Double($1 - $0) - 0.01 * Double($0) }),
      HeatmapChart.Panel("id", triangle(13) { 1 - 0.25 * Double($1 - $0) }),
    ], rows: .numbers("source layer", 0..<13), columns: .numbers("target layer", 0..<13),
    scale: ColorScale("r²", range: 0...1))

  package static let difference = HeatmapChart(
    title: "r² of mat minus id", matrix: triangle(13) { 0.2 * Double($1 - $0) - 0.4 + 0.03 * Double($0) },
    rows: .numbers("source layer", 0..<13), columns: .numbers("target layer", 0..<13), scale: .difference("mat − id"))

  package static let rowOfMeans = HeatmapChart.row(
    title: "Mean R² per step", name: "mean", values: [nil] + curve(11, from: 0.35, to: 0.86, noise: 0.1),
    columns: .steps("source layer → next", count: 12), scale: ColorScale("R²", range: 0...1))

  package static let rowOfManyMeans = HeatmapChart.row(
    title: "Mean R² per step", name: "mean", values: [nil] + curve(31, from: 0.35, to: 0.86, noise: 0.1),
    columns: .steps("source layer → next", count: 32), scale: ColorScale("R²", range: 0...1))

  package static func dimensions(rows: Int, columns: Int) -> CellMatrix {
    var random = Noise()
    let perColumn = (0..<columns).map { _ in random.next() }
    return CellMatrix(
      (0..<rows).map { row in
        (0..<columns).map { column in
          if row == 0 { return nil }
          let trend = 0.3 + 0.5 * Double(row) / Double(rows)
          return trend + (perColumn[column] - 0.5) * 0.5 + (random.next() - 0.5) * 0.3 - (column % 171 == 5 ? 0.9 : 0)
        }
      })
  }

  package static let dimensionMap: (chart: HeatmapChart, note: String) = {
    let binned = dimensions(rows: 32, columns: 4096).binColumns(to: 256, rule: .mean)
    return (
      HeatmapChart(
        title: "R² per layer and dimension", matrix: binned.matrix, rows: .steps("source layer → next", count: 32),
        columns: CellAxis("dimension", labels: binned.labels), scale: ColorScale("R²", range: 0...1)), binned.note()
    )
  }()

  package static let logitLens: HeatmapChart = {
    let words = ["quietly", " at", " the", " top", "、", "東京タワー", " climbing", " bird<b>", "\u{FFFD}", " sitting"]
    var random = Noise()
    let texts = (0..<(17 * 4)).map { _ in words[Int(random.next() * 10)] }
    let values: [Double?] = (0..<(17 * 4)).map { Double($0 / 4) / 20 + random.next() * 0.2 }
    return HeatmapChart(
      title: "Logit lens", matrix: CellMatrix(rows: 17, columns: 4, values: values), texts: texts,
      rows: .numbers("layer", 0..<17),
      columns: CellAxis("input token", labels: [" small", " sitting", " quietly", " at"], showsAll: true),
      scale: ColorScale("probability of the top token", range: 0...1), startsAtBottom: true)
  }()

  package static let heads: HeatmapChart = {
    var random = Noise()
    let values: [Double?] = (0..<(24 * 16)).map { _ in pow(random.next(), 6) * (random.next() < 0.3 ? -2 : 3) }
    return HeatmapChart(
      title: "Contribution of heads", matrix: CellMatrix(rows: 24, columns: 16, values: values),
      rows: .numbers("layer", 0..<24), columns: .numbers("head", 0..<16), scale: .difference("log-probability increase")
    )
  }()

  package static let wideWords = HeatmapChart(
    title: "Words", matrix: CellMatrix(rows: 6, columns: 12, values: curve(72, from: 0, to: 1)),
    rows: .numbers("layer", 0..<6),
    columns: CellAxis(
      "token", labels: (0..<12).map { ["The", " curious", " cat", " climbed", "東京タワーの上"][$0 % 5] }, showsAll: true),
    scale: ColorScale("p"))

  package static func paths(_ count: Int, steps: Int, dimensions: Int) -> PathsChart {
    var random = Noise()
    let busy = [2352, 1421, 77, 3900, 2360].map { $0 * dimensions / 4096 }
    func pick(_ share: Double) -> Int {
      random.next() < share ? busy[Int(random.next() * random.next() * 5)] : Int(random.next() * Double(dimensions))
    }
    let paths = (0..<count).map { _ in
      PathsChart.Path(
        layer: Int(pow(random.next(), 0.6) * Double(steps)), target: pick(0.3), r2: 0.9 + 0.09 * random.next(),
        sources: (0..<3).map { (dimension: pick(0.5), contribution: (1 - Double($0) * 0.3) * random.next()) })
    }
    return PathsChart(title: "Layer Redundancy Paths", steps: steps, dimensions: dimensions, paths: paths)
  }

  /// Scores that crowd below 1, one step undefined, one with a dimension that is predicted exactly.
  package static let ranges: DotRangeChart = {
    var random = Noise()
    let columns = (0..<12).map { step -> DotRangeChart.Column in
      guard step > 0 else { return .init("0→1", dots: [], range: nil, median: nil, mark: nil) }
      var values = (0..<32).map { _ in 1 - pow(10, -0.5 - 2 * random.next() - Double(step) / 12) }.sorted()
      if step == 5 { values[31] = 1 }
      return .init(
        "\(step)→\(step + 1)", dots: values, range: values[0]...values[31], median: (values[15] + values[16]) / 2,
        mark: values.reduce(0, +) / 32)
    }
    return DotRangeChart(
      title: "R² of every dimension", positionTitle: "step", axis: .shortfall("R²"), name: "mean R²", columns: columns,
      count: 128)
  }()

  /// Lines of two depths around zero, with a value that does not exist.
  package static let named: LineChart = {
    var chart = LineChart(
      title: "Scores of two models", x: .layers("block", 0...11), y: Axis("score"),
      series: [
        LineSeries("atlas-llama", values: [nil] + curve(11, from: -0.2, to: 0.9, noise: 0.02)),
        LineSeries("atlas-gpt2", values: curve(8, from: -0.15, to: -0.1, noise: 0.02, seed: 3)),
      ])
    chart.labelsExtremes = true
    return chart
  }()

  package static let bars = BarChart(
    title: "Contribution of layers", categories: (0..<12).map(String.init), categoryTitle: "layer",
    value: Axis("log-probability increase"),
    series: [
      BarSeries("attention", values: curve(12, from: -0.2, to: 0.9, bend: 3, noise: 0.3)),
      BarSeries(
        "FFN",
        values: curve(5, from: 0.1, to: 0.5, noise: 0.4, seed: 4) + [nil]
          + curve(6, from: 0.5, to: -0.4, noise: 0.4, seed: 5)),
    ])

  package static let stack = StackedBars(
    title: "Cases per layer", categories: (0..<12).map(String.init), categoryTitle: "layer",
    value: Axis("share", range: 0...1, format: .percent(0)),
    parts: [
      BarSeries("agreement", values: (0..<12).map { 0.2 + 0.04 * Double($0) }),
      BarSeries("composition", values: (0..<12).map { $0 == 4 ? nil : 0.5 - 0.02 * Double($0) }),
      BarSeries("residual", values: (0..<12).map { 0.3 - 0.02 * Double($0) }),
    ])

  package static let lying = BarChart(
    title: "Heads", categories: ["L21.H19", "L3.H0", "L12.H7", "a longer name with 日本語", "L0.H1"],
    categoryTitle: "head",
    value: Axis("log-probability increase"), series: [BarSeries("", values: [2.31, 1.2, -0.8, 0.4, nil])],
    isHorizontal: true, format: .fixed(2))

  package static let trajectory = ScatterPath(
    title: "States in two principal components", x: Axis("component 1 (62 %)"), y: Axis("component 2 (17 %)"),
    trajectories: [
      .init(
        "base", points: (0..<17).map { (x: pow(Double($0), 1.5), y: 20 * sin(Double($0) / 4)) },
        labels: ["Input"] + (0..<16).map(String.init)),
      .init(
        "distilled", points: (0..<17).map { (x: 5 + pow(Double($0), 1.4), y: 12 * sin(Double($0) / 3) - 6) },
        labels: ["Input"] + (0..<16).map(String.init)),
    ])

  /// A winding way of so many points.
  static func way(_ count: Int, bend: Double, from start: Double) -> [[Double]] {
    (0..<count).map { (step: Int) -> [Double] in
      let at = Double(step)
      return [start + pow(at, bend), 20 * sin(at / 4) - start, 9 * cos(at / 2) + start]
    }
  }

  package static let space = SpacePaths(
    title: "States in three principal components", axes: ["PC 1 (62 %)", "PC 2 (17 %)", "PC 3 (9 %)"].map { Axis($0) },
    paths: [
      SpacePaths.Path("base", points: way(13, bend: 1.5, from: 0), labels: ["Input"] + (0..<12).map(String.init)),
      SpacePaths.Path("distilled", points: way(9, bend: 1.4, from: 5), labels: ["入力"] + (0..<8).map(String.init)),
    ])

  package static let tokens = TokenStrip(
    title: "Tokens by the depth they left at", prompt: "Once upon a time",
    tokens: "there was a king who had no a b c , . and 東京 e".split(separator: " ").enumerated().map {
      TokenStrip.Token(text: ($0 % 5 == 4 ? "" : " ") + $1, level: 1 + $0 * 7 % 12)
    }, levels: 12, levelTitle: "blocks run", tokenTitle: "token")

  package static let table = TableFigure(
    id: "tbl-score", label: "Table 1.", caption: "Convergence scores of the models.",
    columns: [
      .text("model"), .init("S", best: .highest), .init("last distance", unit: "arccos / π", best: .lowest),
      .init("ratio", format: .fixed(2)), .init("tokens", format: .integer),
    ],
    rows: [
      [.text("llama-1b"), .number(0.5613), .number(0.2701), .number(4.14), .number(131_072)],
      [.text("llama-1b, distilled"), .number(0.9012), .number(0.0581), .number(1.69), .number(131_072)],
      [.text("bert <base>"), .number(nil), .number(-0.1), .number(.nan), .number(9000)],
    ],
    provenance: [
      ProvenanceItem("data", "atlas"), ProvenanceItem("n", "64"), ProvenanceItem("digest", "9f2c41ab", isCode: true),
    ])
}
