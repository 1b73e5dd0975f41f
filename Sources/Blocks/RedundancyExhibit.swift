import Charts
import JSONText
import Markup

/// Tables and figures of `<<redundancy …>>`, with the published findings beside them.
struct RedundancyExhibit {
  let evaluation: Evaluation
  let view: String
  let language: Language

  private var result: JSONObject { evaluation.result }
  private var step: String { language("step", "段") }

  var exhibit: Exhibit {
    switch view {
    case "targets", "sources": appearances
    case "layers": layers
    case "null": curve(nullSeries, caption: nullCaption, notes: [dimensionsNote])
    case "scale": curve(scaleSeries, caption: scaleCaption, notes: [scaleNote, dimensionsNote])
    default: curve(selfSeries, caption: selfCaption, notes: [])
    }
  }

  // MARK: - Who is predicted, who predicts

  private var appearances: Exhibit {
    let list = result[view]?.arrayValue ?? []
    let total = list.reduce(0) { $0 + ($1["count"]?.intValue ?? 0) }
    let byLayer = result["by_layer"]?.arrayValue ?? []
    let rows = list.prefix(evaluation.bound.int("rows") ?? 10).map { item -> [TableFigure.Cell] in
      let dimension = item["dim"]?.intValue ?? 0
      let count = item["count"]?.intValue ?? 0
      let steps = byLayer.enumerated().filter { layer in
        (layer.element.arrayValue ?? []).contains { $0["dim"]?.intValue == dimension }
      }
      return [
        .text(String(dimension)), .number(Double(count)), .number(100 * Double(count) / Double(max(1, total))),
        .number(Double(steps.count)),
      ]
    }
    let isTargets = view == "targets"
    return Exhibit(
      kind: .table,
      content: .table(
        columns: [
          .text(isTargets ? language("predicted dimension", "予測された次元") : language("contributing dimension", "寄与した次元")),
          .init(language("appearances", "出現数"), format: .fixed(0)),
          .init(language("share", "割合"), unit: "%", format: .fixed(1)),
          .init(language("steps it appears in", "出現する段の数"), format: .fixed(0)),
        ], rows: rows),
      caption: isTargets
        ? language("Dimensions that appear most often among the best predicted ones.", "最もよく予測された次元（出現数順）。")
        : language("Dimensions that contribute most often to the best predicted ones.", "よく予測された次元に最も多く寄与した次元。"),
      notes: [
        isTargets
          ? language(
            "Published for rinna/llama-3-youko-8b: dimension 2352 dominates the top 500.",
            "公表値（rinna/llama-3-youko-8b）：上位 500 件では次元 2352 が支配的。")
          : language(
            "Published for rinna/llama-3-youko-8b: dimensions 1421 and 2352 contribute most, similarly in every layer.",
            "公表値（rinna/llama-3-youko-8b）：次元 1421 と 2352 が全層を通じて最も寄与。")
      ])
  }

  private var layers: Exhibit {
    let rows = (result["by_layer"]?.arrayValue ?? []).map { layer -> [TableFigure.Cell] in
      let index = layer["layer"]?.intValue ?? 0
      let sources = (layer["sources"]?.arrayValue ?? []).map { source in
        "\(source["dim"]?.intValue ?? 0) (\(source["count"]?.intValue ?? 0))"
      }
      return [
        .text("\(index)→\(index + 1)"), .number(layer["paths"]?.doubleValue ?? 0),
        .number(layer["mean_r2"]?.doubleValue),
        .text(sources.isEmpty ? "–" : sources.joined(separator: ", ")),
        .number(layer["shared_sources"]?.doubleValue.map { 100 * $0 }),
      ]
    }
    return Exhibit(
      kind: .table,
      content: .table(
        columns: [
          .text(step), .init(language("paths", "経路数"), format: .fixed(0)), .init(language("mean R²", "R² の平均")),
          .text(language("strongest contributors (appearances)", "主な寄与次元（出現数）")),
          .init(language("shared with other steps", "他の段との共通"), unit: "%", format: .fixed(0)),
        ], rows: rows),
      caption: language(
        "Paths of each step among the best predicted ones; the last column is the share of its ten strongest contributors that are among the ten strongest of all other steps.",
        "よく予測された経路の段ごとの内訳。最後の列は、その段の寄与上位十次元のうち他の全段の上位十次元に含まれる割合。"),
      notes: [
        language(
          "Published for rinna/llama-3-youko-8b: the last layer has a different distribution of contributors.",
          "公表値（rinna/llama-3-youko-8b）：最終層だけ寄与の分布が異なる。")
      ])
  }

  // MARK: - Controls

  private func curve(_ series: [LineSeries], caption: String, notes: [String]) -> Exhibit {
    let steps = (0..<evaluation.facts.blocks).map { "\($0)→\($0 + 1)" }
    if evaluation.bound.form == .table {
      return Exhibit(
        kind: .table,
        content: .table(
          columns: [.text(step)] + series.map { .init($0.name) },
          rows: steps.enumerated().map { index, name in
            [.text(name)] + series.map { .number($0.points[index].y) }
          }), caption: caption, notes: notes)
    }
    let chart = LineChart(
      title: caption, x: Axis(step, range: 0...Double(max(1, steps.count - 1)), isWhole: true, labels: steps),
      y: Axis(language("mean R²", "R² の平均"), range: 0...1), series: series)
    return Exhibit(kind: .figure, content: .chart(chart), caption: caption, notes: notes)
  }

  private var dimensionsNote: String {
    let count = result["dimensions"]?.arrayValue?.count ?? 0
    return language(
      "Over \(count) evenly spaced target dimensions.", "等間隔に選んだ \(count) 個の対象次元による。")
  }

  private var nullSeries: [LineSeries] {
    [
      LineSeries(language("actual", "実際"), values: result["actual"].doubles),
      LineSeries(language("targets permuted", "対象を並べ替え"), values: result["null"].doubles),
    ]
  }

  private var nullCaption: String {
    language(
      "Mean R² on test samples, with the training targets as they are and in a random order: what chance gives.",
      "評価標本での R² の平均。訓練対象をそのまま用いた場合と、無作為に並べ替えた場合（偶然による値）。")
  }

  private var scaleSeries: [LineSeries] {
    zip(["× 0.1", "× 1", "× 10"], result["mean"].rows).map { LineSeries($0, values: $1) }
  }

  private var scaleCaption: String {
    language(
      "Mean R² on test samples after multiplying all states by 0.1, 1 and 10.",
      "全ての状態を 0.1 倍、1 倍、10 倍したときの評価標本での R² の平均。")
  }

  private var scaleNote: String {
    let move = NumberText.fixed(result["largest_move"]?.doubleValue, decimals: 3)
    if result["depends_on_scale"]?.boolValue == true {
      return language(
        "**Warning:** the mean moves by up to \(move), more than 0.05: with this setting R² says something about the units.",
        "**警告**：平均が最大 \(move) 動き、0.05 を超える。この設定の R² は単位に依存する。")
    }
    return language("The mean moves by at most \(move).", "平均の変化は最大 \(move)。")
  }

  private var selfSeries: [LineSeries] {
    [
      LineSeries(language("all dimensions", "全次元"), values: result["full"].doubles),
      LineSeries(language("the same dimension alone", "同じ次元のみ"), values: result["self"].doubles),
    ]
  }

  private var selfCaption: String {
    language(
      "Mean R² on test samples from the whole state and from the dimension of the same index alone, which the residual stream carries along by itself.",
      "状態全体からの予測と、同じ番号の次元のみからの予測の R² の平均（評価標本）。後者は残差流がそのまま運ぶ分である。")
  }
}
