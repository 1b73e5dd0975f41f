import Analyses
import Charts
import Markup

/// What convergence shows: a curve per model, or one per position of a text.
struct ConvergenceExhibit {
  private let shown: Shown<Convergence>
  private let say: Language

  init(_ shown: Shown<Convergence>, _ say: Language) { (self.shown, self.say) = (shown, say) }

  var exhibit: Exhibit {
    let marks = isSingle ? [] : marks
    let chart = chart(marks)
    return Exhibit(
      chart: marks.isEmpty ? chart : ChartWithData(chart, data: numbers),
      table: shown.positions == nil ? modelTable : positionTable,
      caption: Exhibit.Caption(
        chart: chartCaption,
        table: say("Movement per block and convergence score.", "ブロックごとの移動量と収束スコア。")),
      notes: Exhibit.Notes(chart: [scores] + chartNotes + skipped + published, table: skipped + published))
  }

  private func chart(_ marks: [LineSeries]) -> LineChart {
    let lines = isSingle ? singleCurves : curves + marks
    let isLogarithmic = Self.needsLogarithm(lines.flatMap { $0.points.compactMap(\.y) })
    let movement = say("movement D", "移動量 D")
    var chart = LineChart(
      title: say("Movement D per block", "ブロックごとの移動量 D"),
      x: .layers(Terms.block(say), 0...max(1, (shown.all.map(\.facts.blocks).max() ?? 1) - 1)),
      y: Axis(
        isLogarithmic ? say("movement D (log axis)", "移動量 D（対数目盛）") : movement, column: movement,
        isLogarithmic: isLogarithmic, range: isLogarithmic ? nil : 0...0), series: lines,
      references: shown[ConvergenceView.published] ? PublishedMovements.lines(say) : [],
      nameTitle: isSingle ? nil : Terms.model(say))
    chart.labelsExtremes = true
    return chart
  }

  /// Whether a plain axis would leave nothing of the small movements: the first block often moves a state ten times as far.
  private static func needsLogarithm(_ values: [Double]) -> Bool {
    guard let low = values.min(), let high = values.max() else { return false }
    return low > 0 && high > 6 * low
  }

  /// The curves' numbers, and under them the last movements on the other side of the norm.
  private var numbers: DataTable {
    var table = chart([]).data(words: say.chartWords)
    if table.columns.count == shown.all.count + 1 {
      table.rows.append([.text(otherName)] + shown.all.map { .number(otherLast($0)) })
    } else {
      table.rows += shown.all.map {
        [.text("\($0.name), \(otherName)"), .number(Double($0.facts.blocks - 1)), .number(otherLast($0))]
      }
    }
    return table
  }

  // MARK: - Curves

  private var isSingle: Bool { shown.positions != nil }

  private var singleCurves: [LineSeries] {
    shown.all.flatMap { one in
      (one.positions ?? []).map { curve in
        let name = Self.name(curve, say)
        return LineSeries(shown.all.count > 1 ? "\(one.name) \(name)" : name, values: curve.distance)
      }
    }
  }

  private var curves: [LineSeries] {
    shown.all.map { one in
      LineSeries(
        one.name, values: one.distance, bands: bands(one), style: LineStyle(color: one.color, dash: one.color))
    }
  }

  /// The last movement of each model on the other side of the norm.
  private var marks: [LineSeries] {
    shown.all.compactMap { one in
      otherLast(one).map { other in
        LineSeries(
          "\(one.name), \(otherName)",
          points: [
            .init(
              x: Double(one.facts.blocks - 1), y: other,
              note: "\(otherName): \(NumberText.significant(other, digits: 4))")
          ],
          style: LineStyle(
            color: one.color, dash: 0, isHollow: true, showsMarkers: true, joins: false, isNamed: false))
      }
    }
  }

  /// The middle half of the positions, of at most two models: more bands over each other hide what they show.
  private func bands(_ one: Shown<Convergence>) -> [ClosedRange<Double>?] {
    guard shown.all.count <= 2 else { return [] }
    return one.quartiles.map { quartiles in
      guard quartiles.count == 3, let low = quartiles[0], let high = quartiles[2] else { return nil }
      return low...high
    }
  }

  private func otherLast(_ one: Shown<Convergence>) -> Double? {
    shown[ConvergenceView.final] == .pre ? one.postNormDistance : one.preNormDistance
  }

  private var otherName: String {
    shown[ConvergenceView.final] == .pre
      ? say("last state after the norm", "最終状態を正規化後に取る場合") : say("last state before the norm", "最終状態を正規化前に取る場合")
  }

  private static func name(_ curve: PositionCurve, _ say: Language) -> String {
    let token = TokenMarks.shown(curve.token)
    return curve.next.isEmpty ? token : "\(token) → \(TokenMarks.shown(curve.next))"
  }

  private static func score(_ score: Double?) -> String { "S = " + NumberText.fixed(score, decimals: 2) }

  // MARK: - Words

  private var chartCaption: String {
    if isSingle {
      return say(
        "Movement D of the hidden state in each block at single positions of a text: token → the token that follows; S is the convergence score (1 = never rises).",
        "テキスト中の個々の位置における、各ブロックの隠れ状態の移動量 D（トークン → 次のトークン）。S は収束スコア（1 = 一度も増えない）。")
    }
    return say(
      "Movement D of the hidden state in each block, mean over positions; S is the convergence score (1 = never rises).",
      "各ブロックにおける隠れ状態の移動量 D（位置平均）。S は収束スコア（1 = 一度も増えない）。")
  }

  private var scores: String {
    guard !isSingle else {
      let models = shown.all.map { one in
        let positions = one.positions ?? []
        let single = positions.map { "\(Self.name($0, say)): \(Self.score($0.score))" }
        // The mean of one curve is that curve.
        let mean = positions.count > 1 ? [say("mean curve: ", "平均曲線：") + Self.score(one.score)] : []
        return (shown.all.count > 1 ? "\(one.name) " : "") + (single + mean).joined(separator: say(", ", "、"))
      }
      return models.joined(separator: say("; ", "；")) + say(".", "。")
    }
    return shown.all.map { one in
      let single = NumberText.fixed(one.scorePerToken, decimals: 2)
      return say(
        "\(one.name): \(Self.score(one.score)), mean over single positions \(single)",
        "\(one.name): \(Self.score(one.score))、位置ごとの S の平均 \(single)")
    }.joined(separator: say("; ", "、")) + say(".", "。")
  }

  private var chartNotes: [String] {
    guard !isSingle else { return [] }
    var notes: [String] = []
    if shown.all.count <= 2 {
      notes.append(say("The band holds the middle half of the positions.", "帯は中央の半数の位置を示す。"))
    }
    if shown.all.contains(where: { otherLast($0) != nil }) {
      notes.append(say("Hollow: \(otherName).", "白抜き：\(otherName)。"))
    }
    return notes
  }

  private var skipped: [String] {
    shown.all.filter { $0.undefinedPositions > 0 }.map { one in
      say(
        "\(one.undefinedPositions) positions of \(one.name) have a zero state and are left out.",
        "\(one.name) の \(one.undefinedPositions) 位置は零ベクトルを含むため除外した。")
    }
  }

  private var published: [String] { shown[ConvergenceView.published] ? [PublishedMovements.note(say)] : [] }

  // MARK: - Tables

  private var modelTable: Table {
    Table(
      shown.all,
      [
        .text(Terms.model(say), \.name), .number("S", \.score),
        .number(say("mean S per position", "位置ごとの S の平均"), \.scorePerToken),
        .number(say("last D", "最終 D"), \.lastDistance, decimals: 4),
        .number(say("last D / previous", "最終 D / 直前"), \.lastRatio, decimals: 2),
        .number(say("last D, before the norm", "最終 D（正規化前）"), \.preNormDistance, decimals: 4),
        .number(say("last D, after the norm", "最終 D（正規化後）"), \.postNormDistance, decimals: 4),
      ])
  }

  private var positionTable: Table {
    Table(
      shown.all.flatMap { one in (one.positions ?? []).map { (model: one.name, curve: $0) } },
      [
        .text(Terms.model(say), \.model), .count(say("position", "位置"), \.curve.position),
        .text(say("token", "トークン")) { TokenMarks.shown($0.curve.token) },
        .text(say("next", "次")) { $0.curve.next.isEmpty ? "" : TokenMarks.shown($0.curve.next) },
        .number("S", \.curve.score),
        .number(say("last D", "最終 D"), { $0.curve.distance.last ?? nil }, decimals: 4),
      ])
  }
}
