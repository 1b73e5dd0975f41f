import Charts
import Markup

/// What the logit lens shows: a grid of tokens, or lines of probabilities.
struct LogitLensExhibit {
  private let shown: Shown<LogitLensResult>
  private let say: Language

  init(_ shown: Shown<LogitLensResult>, _ say: Language) { (self.shown, self.say) = (shown, say) }

  func exhibit(lines: Bool) -> Exhibit {
    let isMapped = shown[LensKeys.lens] == .mat
    let lens =
      isMapped
      ? say(
        "through maps fitted to the last state (mat lens)", "最終状態への線形写像を通して（mat レンズ）")
      : say("as it is (logit lens, unadjusted)", "そのまま（調整なしのロジットレンズ）")
    return Exhibit(
      chart: lines ? lineChart : ChartWithData(gridChart, data: numbers), table: table,
      caption: Exhibit.Caption(
        chart: lines
          ? say(
            "Probability at every depth of each token that ranks first at some depth, after “\(lastToken)”; each state is read \(lens).",
            "「\(lastToken)」の次に来るトークンのうち、いずれかの深さで最上位となるものの確率。各状態は\(lens)読む。")
          : say(
            "The most likely next token at every depth, each state read \(lens). Columns are the tokens read, the colour is the probability; hovering gives the ten most likely.",
            "各深さで最も確からしい次のトークン。各状態は\(lens)読む。列は読んだトークン、色は確率。重ねると上位十個を示す。"),
        table: say(
          "The most likely next tokens at every depth, each state read \(lens).",
          "各深さで最も確からしい次のトークン。各状態は\(lens)読む。")),
      notes: Exhibit.Notes([
        say(
          "Depth 0 is the embedding, the highest depth the model's own prediction. ␣ is a space, ⏎ the end of a line.",
          "深さ 0 は埋め込み、最大の深さはモデル自身の予測。␣ は空白、⏎ は改行。")
      ]))
  }

  private var lastToken: String { TokenMarks.shown(shown.tokens.last ?? "") }

  /// Rows in the order they are computed: each depth, and with `mid` what each block has after its attention.
  private var rows: [(name: String, top: [String], probability: [Double?], top10: [[RankedToken]])] {
    shown.top.indices.flatMap { depth in
      var rows = [("\(depth)", shown.top[depth], shown.probability[depth], shown.top10[depth])]
      if let mid = shown.mid, mid.top.indices.contains(depth) {
        rows.append((say("\(depth) mid", "\(depth) 中"), mid.top[depth], mid.probability[depth], mid.top10[depth]))
      }
      return rows
    }
  }

  private var gridChart: HeatmapChart {
    let rows = rows
    let notes = rows.flatMap { row in
      row.top10.enumerated().map { column, tokens in
        "\(row.name), \(TokenMarks.shown(shown.tokens[column])): " + Self.list(tokens)
      }
    }
    return HeatmapChart(
      title: say("Logit lens", "ロジットレンズ"),
      panels: [
        HeatmapChart.Panel(
          "", CellMatrix(rows.map(\.probability)), texts: rows.flatMap { $0.top.map(TokenMarks.shown) }, notes: notes)
      ],
      rows: CellAxis(Terms.depth(say), labels: rows.map(\.name), showsAll: true),
      columns: CellAxis(
        say("token read", "読んだトークン"), labels: shown.tokens.map(TokenMarks.shown), showsAll: true),
      scale: ColorScale(say("probability of the token", "トークンの確率"), range: 0...1), startsAtBottom: true)
  }

  private var lineChart: LineChart {
    LineChart(
      title: say("Tokens that rank first", "最上位になるトークン"),
      x: .layers(Terms.depth(say), 0...max(1, shown.top.count - 1)),
      y: Axis(say("probability", "確率"), range: 0...1),
      series: shown.lines.enumerated().map { index, line in
        // From the seventh on colours come again, with another dash.
        LineSeries(
          TokenMarks.shown(line.token), values: line.probability,
          style: LineStyle(color: index % 6, dash: (index + index / 6) % 6, showsMarkers: false))
      })
  }

  /// One row for each cell of the grid.
  private typealias Cell = (depth: String, token: String, top: String, probability: Double?, top10: [RankedToken])

  private var cells: [Cell] {
    rows.flatMap { row in
      shown.tokens.indices.map { column in
        (row.name, shown.tokens[column], row.top[column], row.probability[column], row.top10[column])
      }
    }
  }

  private var table: Table {
    Table(
      cells,
      [depthColumn, tokenColumn, .text(say("most likely", "最も確からしい")) { TokenMarks.shown($0.top) }]
        + [.number(say("probability", "確率"), \.probability), topColumn])
  }

  /// What folds out under the grid, which shows the most likely token itself.
  private var numbers: DataTable { Table(cells, [depthColumn, tokenColumn, topColumn]).data }

  private var depthColumn: TableColumn<Cell> { .text(Terms.depth(say), \.depth) }
  private var tokenColumn: TableColumn<Cell> {
    .text(say("token read", "読んだトークン")) { TokenMarks.shown($0.token) }
  }
  private var topColumn: TableColumn<Cell> { .text(say("ten most likely", "上位十個")) { Self.list($0.top10) } }

  private static func list(_ tokens: [RankedToken]) -> String {
    tokens.map { "\(TokenMarks.shown($0.token)) \(NumberText.candid($0.probability, decimals: 3))" }
      .joined(separator: ", ")
  }
}
