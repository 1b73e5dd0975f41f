import Analyses
import Charts

#if canImport(Glibc)
  import Glibc
#endif

/// What a lens view shows: curves over a dataset, a map over a text.
struct LensExhibit {
  private let shown: Shown<LensResult>
  private let quantity: LensQuantity
  private let say: Language

  init(_ shown: Shown<LensResult>, _ quantity: LensQuantity, _ say: Language) {
    (self.shown, self.quantity, self.say) = (shown, quantity, say)
  }

  var exhibit: Exhibit {
    let isMapped = shown[LensKeys.lens] == .mat
    let reading =
      isMapped
      ? say("read through maps fitted to the last state (mat)", "最終状態への線形写像を通して読む（mat）")
      : say("read as it is (logit lens, unadjusted)", "状態をそのまま読む（調整なしのロジットレンズ）")
    let band = say(" The band holds the middle half of the positions.", "帯は中央の半数の位置を示す。")
    return Exhibit(
      chart: chart,
      table: table,
      caption: Exhibit.Caption(
        say(
          "\(definition.0) at every depth, each state \(reading), the final norm's statistics taken anew.",
          "各深さにおける\(definition.1)。\(reading)。最終正規化の統計量は状態ごとに計算する。"),
        chart: shown.values == nil && !isPerByte && shown.all.count <= 2 ? band : ""),
      notes: Exhibit.Notes(notes))
  }

  private var isPerByte: Bool { shown[LensView.unit] == .bitsPerByte }

  private var unit: String {
    switch quantity {
    case .rank: say("rank", "順位")
    case .maxprob: say("probability", "確率")
    default: isPerByte ? say("bits per byte", "ビット毎バイト") : say("nats", "ナット")
    }
  }

  /// The quantity in words.
  private var definition: (String, String) {
    switch quantity {
    case .entropy: ("Entropy of the next token's distribution", "次トークン分布のエントロピー")
    case .kl:
      ("Divergence KL(p_L ‖ p_l) of each depth's distribution from the model's own", "モデル自身の分布からの距離 KL(p_L ‖ p_l)")
    case .ce: ("Cross-entropy −ln p(next token)", "交差エントロピー −ln p（次のトークン）")
    case .rank: ("Rank of the next token (1 = first)", "次のトークンの順位（1 が最上位）")
    case .maxprob: ("Largest probability", "最大確率")
    case .logitdiff:
      ("Difference ln p(a) − ln p(b) of two tokens' logits", "二つのトークンのロジットの差 ln p(a) − ln p(b)")
    }
  }

  private var notes: [String] {
    var notes: [String] = []
    if quantity == .logitdiff {
      if let target = shown[LensView.target], let contrast = shown[LensView.contrast] {
        notes.append(
          say(
            "a = “\(TokenMarks.shown(target))”, b = “\(TokenMarks.shown(contrast))”.",
            "a =「\(TokenMarks.shown(target))」、b =「\(TokenMarks.shown(contrast))」。"))
      } else {
        notes.append(say("a and b are the model's two best tokens at each position.", "a、b は各位置でモデルの上位二つのトークン。"))
      }
    }
    if [.ce, .rank].contains(quantity), shown.values != nil {
      notes.append(say("The last position has no next token.", "最後の位置には次のトークンがない。"))
    }
    if shown.control != nil {
      notes.append(
        say(
          "Both lenses read the same \(shown.positions) states, one a text, none of which fitted the maps.",
          "両レンズとも、写像の当てはめに用いていない同じ \(shown.positions) 個の状態（一テキスト一位置）を読む。"))
    }
    return notes
  }

  private var title: String { say(definition.0, definition.1) }

  private var depths: ClosedRange<Int> { 0...max(1, (shown.all.map(\.mean.count).max() ?? 2) - 1) }

  private var chart: any Chart {
    if let values = shown.values, let tokens = shown.tokens {
      let isWide = quantity == .rank
      let matrix = CellMatrix(isWide ? values.map { $0.map { $0.map { log10($0) } } } : values)
      return HeatmapChart(
        title: title, matrix: matrix,
        rows: .numbers(Terms.depth(say), 0..<values.count),
        columns: CellAxis(say("token", "トークン"), labels: tokens.map(TokenMarks.shown), showsAll: true),
        scale: ColorScale(isWide ? "log₁₀ " + unit : unit, palette: quantity == .logitdiff ? .puOr : .viridis),
        startsAtBottom: true)
    }
    var series = shown.all.flatMap(curves)
    if quantity == .rank, shown.others.isEmpty {
      series.append(
        LineSeries(
          say("median", "中央値"), values: shown.quartiles.map { $0.count > 1 ? $0[1] : nil },
          style: LineStyle(color: 4, dash: 1)))
    }
    return LineChart(
      title: title, x: .layers(Terms.depth(say), depths),
      y: Axis(unit, isLogarithmic: quantity == .rank, range: quantity == .maxprob ? 0...1 : nil), series: series)
  }

  /// One model's curve, and that of the states as they are where it reads through maps.
  private func curves(_ one: Shown<LensResult>) -> [LineSeries] {
    let mean = LineSeries(
      one.control == nil ? one.name : "\(one.name), mat", values: one.mean,
      bands: isPerByte || shown.all.count > 2 ? [] : bands(one), style: LineStyle(color: one.color, dash: one.color))
    guard let control = one.control else { return [mean] }
    return [
      mean, LineSeries("\(one.name), id", values: control, style: LineStyle(color: one.color, dash: 2, isHollow: true)),
    ]
  }

  private func bands(_ one: Shown<LensResult>) -> [ClosedRange<Double>?] {
    one.quartiles.map { quartiles in
      guard quartiles.count == 3, let low = quartiles[0], let high = quartiles[2], low <= high else { return nil }
      return low...high
    }
  }

  private var table: Table {
    let decimals = quantity == .rank ? 1 : 3
    var columns: [TableColumn<Int>] = [
      .text(Terms.depth(say)) { "\($0)" },
      .number(say("mean", "平均"), { shown.mean[$0] }, decimals: decimals, unit: unit),
    ]
    if let control = shown.control {
      columns.append(.number(say("mean, id", "平均（id）"), { control[$0] }, decimals: decimals, unit: unit))
    }
    for (index, name) in [
      say("lower quartile", "第1四分位"), say("median", "中央値"), say("upper quartile", "第3四分位"),
    ].enumerated() {
      columns.append(.number(name, { shown.quartiles[$0][index] }, decimals: decimals))
    }
    if let values = shown.values, let tokens = shown.tokens, tokens.count <= 16 {
      for (column, token) in tokens.enumerated() {
        columns.append(.number(TokenMarks.shown(token), { values[$0][column] }, decimals: decimals))
      }
    }
    return Table(shown.mean.indices, columns)
  }
}
