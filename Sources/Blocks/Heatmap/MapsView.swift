import Charts
import Directives
import JSONText
import Regression

/// `<<heatmap r2 mat|id|both|diff>>`: linear maps between all depths, and the states as they are.
struct MapsView: SplitView {
  let keywords = [
    ViewKeyword("mat", "R² of least-squares maps between all depths"),
    ViewKeyword("id", "R² of taking a state as it is for a later one"),
    ViewKeyword("both", "the maps and the states as they are, side by side"),
    ViewKeyword("diff", "what the maps add"),
  ]
  let keys: [any KeyDeclaration] = SplitKeys.regression.all + MapKeys.all + [HeatmapKeys.palette]
  let engine = EngineIdentity("linear-maps", version: 1)

  /// `both` and `diff` show the same numbers.
  func resultWord(_ keyword: String) -> String { keyword == "diff" ? "both" : keyword }

  func example(_ bound: BoundDirective) -> MapScores {
    MapScores(
      bound.view.last, mat: [[1, 0.8, 0.7], [nil, 1, 0.9], [nil, nil, 1]],
      id: [[1, 0.5, -0.2], [nil, 1, 0.6], [nil, nil, 1]], undefined: 1, minimumNorm: true)
  }

  func answer(_ question: Question, on bench: Workbench) throws -> Answer<MapScores> {
    let split = try bench.splitStates(of: question, Self.sample)
    let pairs = try LinearMaps.pairwiseR2(
      train: split.train, test: split.test, options: MapKeys.options(of: question.bound))
    let keyword = question.bound.view.last
    return Answer(
      result: MapScores(
        keyword, mat: pairs.map, id: pairs.identity,
        undefined: pairs.undefinedCoordinates.dropFirst().reduce(0, +),
        minimumNorm: keyword != "id" && pairs.methods.contains(.minimumNorm)),
      facts: question.facts(split))
  }

  func exhibit(_ shown: Shown<MapScores>, in say: Language) -> Exhibit {
    let panels = panels(shown)
    let depths = 0..<(shown.facts.blocks + 1)
    let cells = panels.flatMap { $0.rows.flatMap { $0.compactMap { $0 } } }
    let scale =
      shown.keyword == "diff"
      ? ColorScale.difference(say("R² of mat − R² of id", "mat の R² − id の R²"), reach: 1)
      : ColorScale.scores("R²", of: cells, palette: shown[HeatmapKeys.palette])
    let chart = HeatmapChart(
      title: say("R² between all pairs of depths", "全ての深さの組における R²"),
      panels: panels.map { panel in
        HeatmapChart.Panel(
          panels.count > 1 ? panel.name : "", .upperTriangle(panel.rows, keepingDiagonal: true))
      },
      rows: .numbers(Terms.sourceDepth(say), depths), columns: .numbers(Terms.targetDepth(say), depths), scale: scale)
    var notes: [String] = []
    if shown.minimumNorm { notes.append(Terms.minimumNorm(say)) }
    if shown.undefined > 0 {
      notes.append(
        say(
          "\(shown.undefined) target coordinates do not vary on the test samples and are left out of the means.",
          "評価標本で変化しない \(shown.undefined) 個の座標は平均から除いた。"))
    }
    return Exhibit(
      chart: chart, table: table(panels, depths, say),
      caption: caption(shown.keyword, HeatmapKeys.clip(scale, cells, say), say),
      notes: Exhibit.Notes(notes))
  }
}

// MARK: - What is shown

extension MapsView {
  private struct Panel {
    var name: String
    var rows: [[Double?]]
  }

  private func panels(_ shown: Shown<MapScores>) -> [Panel] {
    let panels = [("mat", shown.scores(\.mat)), ("id", shown.scores(\.id))].compactMap { name, rows in
      rows.map { Panel(name: name, rows: $0) }
    }
    guard shown.keyword == "diff", panels.count == 2 else { return panels }
    let difference = zip(panels[0].rows, panels[1].rows).map { mat, id in
      zip(mat, id).map { a, b -> Double? in if let a, let b { a - b } else { nil } }
    }
    return [Panel(name: "mat − id", rows: difference)]
  }

  private func table(_ panels: [Panel], _ depths: Range<Int>, _ say: Language) -> Table {
    let rows = panels.flatMap { panel in
      panel.rows.enumerated().map { source, values in
        (name: panels.count > 1 ? "\(panel.name) \(source)" : String(source), source: source, values: values)
      }
    }
    return Table(
      rows,
      [.text(Terms.sourceDepth(say), \.name)]
        + depths.map { depth in
          .cell(.init(String(depth), format: .score(2))) { depth >= $0.source ? .number($0.values[depth]) : .text("") }
        })
  }

  private func caption(_ keyword: String, _ clip: String, _ say: Language) -> Exhibit.Caption {
    let what =
      switch keyword {
      case "mat": say("least-squares maps (mat)", "最小二乗写像 (mat)")
      case "id": say("the source state as it is (id)", "入力の状態そのもの (id)")
      case "both":
        say("least-squares maps (mat) and the source state as it is (id)", "最小二乗写像 (mat) と入力の状態そのもの (id)")
      default: say("least-squares maps, less what the state gives as it is", "最小二乗写像から、状態そのものの寄与を引いたもの")
      }
    let both = say(
      "R² of predicting a later hidden state, unweighted mean over coordinates, on test samples: \(what).",
      "後の隠れ状態を予測する R²（座標の単純平均、評価標本）：\(what)。")
    // A table has no colours, and a difference has no 1 on its diagonal.
    if keyword == "diff" {
      return Exhibit.Caption(both + say(" The diagonal is 0 by definition.", "対角は定義により 0。"))
    }
    return Exhibit.Caption(
      both,
      chart: (clip.isEmpty ? "" : say(" ", "") + clip) + say(" The diagonal is 1 by definition.", "対角は定義により 1。"),
      table: say(" The diagonal is 1 by definition.", "対角は定義により 1。"))
  }
}
