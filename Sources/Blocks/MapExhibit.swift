import Charts
import JSONText

/// Figures of the linear maps between all depths.
struct MapExhibit {
  let evaluation: Evaluation
  let view: String
  let language: Language

  var exhibit: Exhibit {
    let panels = self.panels
    let count = evaluation.facts.blocks + 1
    let palette = Palette(rawValue: evaluation.bound.text("palette") ?? "") ?? .viridis
    let scale =
      view == "diff"
      ? ColorScale.difference(language("R² of mat − R² of id", "mat の R² − id の R²"), reach: 1)
      : ColorScale("R²", palette: palette, range: 0...1)
    let rows = language("source depth", "入力の深さ")
    let columns = language("target depth", "予測先の深さ")
    if evaluation.bound.form == .table { return table(panels, rows) }
    let chart = HeatmapChart(
      title: language("R² between all pairs of depths", "全ての深さの組における R²"),
      panels: panels.map { panel in
        HeatmapChart.Panel(
          panels.count > 1 ? panel.name : "", SVRExhibit.upperTriangle(panel.rows, keepingDiagonal: true))
      },
      rows: .numbers(rows, 0..<count), columns: .numbers(columns, 0..<count), scale: scale)
    return Exhibit(kind: .figure, content: .chart(chart), caption: caption, notes: notes)
  }

  private var panels: [(name: String, rows: [[Double?]])] {
    let mat = evaluation.result["mat"].rows
    let id = evaluation.result["id"].rows
    switch view {
    case "mat": return [("mat", mat)]
    case "id": return [("id", id)]
    case "both": return [("mat", mat), ("id", id)]
    default:
      let difference = zip(mat, id).map { pair in
        zip(pair.0, pair.1).map { a, b -> Double? in if let a, let b { a - b } else { nil } }
      }
      return [("mat − id", difference)]
    }
  }

  private var caption: String {
    let what =
      switch view {
      case "mat": language("least-squares maps (mat)", "最小二乗写像 (mat)")
      case "id": language("the source state as it is (id)", "入力の状態そのもの (id)")
      case "both":
        language("least-squares maps (mat) and the source state as it is (id)", "最小二乗写像 (mat) と入力の状態そのもの (id)")
      default: language("least-squares maps, less what the state gives as it is", "最小二乗写像から、状態そのものの寄与を引いたもの")
      }
    return language(
      "R² of predicting a later hidden state, unweighted mean over coordinates, on test samples: \(what).",
      "後の隠れ状態を予測する R²（座標の単純平均、評価標本）：\(what)。") + reading
  }

  /// How the cells are to be read: a table has no colours, and a difference has no 1 on its diagonal.
  private var reading: String {
    if view == "diff" { return language(" The diagonal is 0 by definition.", "対角は定義により 0。") }
    if evaluation.bound.form == .table { return language(" The diagonal is 1 by definition.", "対角は定義により 1。") }
    return language(
      " Colours end at 0 and 1; the diagonal is 1 by definition.", "色は 0 と 1 で打ち切り、対角は定義により 1。")
  }

  private var notes: [String] {
    var notes: [String] = []
    if evaluation.result["minimum_norm"]?.boolValue == true {
      notes.append(
        language(
          "Fewer training samples than dimensions: the maps are minimum-norm solutions.",
          "訓練標本数が次元数より少ないため、写像は最小ノルム解である。"))
    }
    let undefined = evaluation.result["undefined"]?.intValue ?? 0
    if undefined > 0 {
      notes.append(
        language(
          "\(undefined) target coordinates do not vary on the test samples and are left out of the means.",
          "評価標本で変化しない \(undefined) 個の座標は平均から除いた。"))
    }
    return notes
  }

  private func table(_ panels: [(name: String, rows: [[Double?]])], _ heading: String) -> Exhibit {
    let count = evaluation.facts.blocks + 1
    let rows = panels.flatMap { panel in
      panel.rows.enumerated().map { source, values -> [TableFigure.Cell] in
        let name = panels.count > 1 ? "\(panel.name) \(source)" : String(source)
        return [.text(name)] + values.enumerated().map { $0.offset >= source ? .number($0.element) : .text("") }
      }
    }
    return Exhibit(
      kind: .table,
      content: .table(
        columns: [.text(heading)] + (0..<count).map { .init(String($0), format: .fixed(2)) }, rows: rows),
      caption: caption, notes: notes)
  }
}
