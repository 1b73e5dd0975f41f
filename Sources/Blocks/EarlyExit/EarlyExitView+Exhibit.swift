import Analyses
import Charts
import Markup

extension EarlyExitView {
  func exhibit(_ shown: Shown<ExitResult>, in say: Language) -> Exhibit {
    let target = Self.share(shown.target)
    func saved(_ lens: ExitResult.Lens) -> String { NumberText.percent(lens.saved, decimals: 1) }
    let agreement = say(
      "Agreement is with the full model's top token, not with a correct answer; the keys and values of skipped blocks are not charged.",
      "一致とは全層モデルの最上位トークンとの一致であり、正答との一致ではない。省略したブロックの鍵・値の計算は含まない。")
    let sentences = shown.all.map { one in
      let of = shown.others.isEmpty ? "" : say(" of \(one.name)", "（\(one.name)）")
      let difference = NumberText.fixed(one.difference, decimals: 1)
      return say(
        """
        Early exit at \(target) agreement with the full model saves \(saved(one.mat)) of the blocks\(of) through fitted \
        maps (mat) and \(saved(one.id)) without (id), a difference of \(difference) percentage points.
        """,
        """
        全層モデルとの一致率 \(target) における早期終了で節約できるブロックの割合\(of)は、線形写像 (mat) で \(saved(one.mat))、\
        写像なし (id) で \(saved(one.id))、差は \(difference) ポイント。
        """)
    }
    let isAlone = shown.others.isEmpty
    let brackets = shown.all.flatMap { one in
      [("mat", one.mat), ("id", one.id)].compactMap {
        Self.bracket($1, isAlone ? $0 : "\(one.name), \($0)", say)
      }
    }
    return Exhibit(
      chart: chart(shown, say), table: table(shown, say),
      caption: Exhibit.Caption(
        sentences.joined(separator: say(" ", "")),
        chart: say(
          " Thick: early exit at every threshold there is, dots at the published ones; thin: every sample leaves after the same block.",
          "太線は全ての閾値における早期終了、点は公表された閾値、細線は全標本を同じブロックで終了した場合。")),
      notes: Exhibit.Notes(
        [agreement] + brackets + (Self.showsPublished(shown) ? [Self.publishedNote(say)] : [])
          + (shown.all.contains { $0.minimumNorm } ? [Terms.minimumNorm(say)] : [])))
  }

  /// Whether the study's savings are comparable: they are at 95%.
  private static func showsPublished(_ shown: Shown<ExitResult>) -> Bool {
    shown[published] && shown.targets.contains { abs($0.target - PublishedExit.target) < 1e-9 }
  }

  private static func publishedNote(_ say: Language) -> String {
    say(
      "Published marks are of other models, at the same share of blocks: Yom Din et al. report 13.8% (mat) and 5.9% (id) at 95% for GPT-2 with 24 blocks, 20% and 14.6% for BERT with 24.",
      "公表値の印は別のモデルのもので、ブロックの割合で示す。Yom Din らは 95% において、24 ブロックの GPT-2 で 13.8%（mat）と 5.9%（id）、24 ブロックの BERT で 20% と 14.6% と報告している。"
    )
  }

  /// The wanted agreement with as many decimals as were asked for: 99.5 % is not 100 %.
  private static func share(_ target: Double) -> String {
    let percent = target * 100
    let isWhole = abs(percent - percent.rounded()) < 1e-9
    return NumberText.percent(target, decimals: isWhole ? 0 : 2)
  }

  /// Where many samples change their exit together there is no setting in between, and the reader is told so.
  private static func bracket(_ lens: ExitResult.Lens, _ name: String, _ say: Language) -> String? {
    guard let before = lens.before, lens.layers - before.layers >= 0.1 else { return nil }
    func text(_ point: ExitResult.Point) -> String {
      "\(NumberText.fixed(point.layers, decimals: 2)) (\(NumberText.percent(point.precision, decimals: 1)))"
    }
    return say(
      "For \(name) no threshold lies between \(text(before)) and \(text(lens.reached)) layers (agreement).",
      "\(name) では \(text(before)) 層と \(text(lens.reached)) 層（一致率）の間に閾値はない。")
  }
}

// MARK: - The figure

extension EarlyExitView {
  private func chart(_ shown: Shown<ExitResult>, _ say: Language) -> LineChart {
    let isAlone = shown.others.isEmpty
    // Models of different depths share no count of layers, but a share of them.
    func unit(_ one: Shown<ExitResult>) -> Double { isAlone ? 1 : 1 / Double(max(1, one.facts.blocks)) }
    let series = shown.all.flatMap { one in
      [(Lens.mat, one.mat), (.id, one.id)].flatMap { lens, curve in
        Self.series(
          curve, isAlone ? lens.rawValue : "\(one.name), \(lens.rawValue)", unit: unit(one),
          color: isAlone ? lens.color : one.color, dash: isAlone || lens == .mat ? 0 : 2, say)
      }
    }
    let published = Self.showsPublished(shown) ? Self.marks(isAlone ? Double(shown.facts.blocks) : 1, say) : []
    let x =
      isAlone
      ? Axis.layers(say("layers processed", "処理した層数"), 0...shown.facts.blocks)
      : Axis(say("share of the layers processed", "処理した層の割合"), range: 0...1)
    return LineChart(
      title: say("Agreement with the full model by layers processed", "処理した層数と全層モデルとの一致率"), x: x,
      y: Axis(say("agreement", "一致率"), range: 0...1), series: series + published,
      references: shown.targets.map {
        ReferenceLine(.horizontal, at: $0.target, label: Self.share($0.target))
      })
  }

  private static func series(
    _ lens: ExitResult.Lens, _ name: String, unit: Double, color: Int, dash: Int, _ say: Language
  ) -> [LineSeries] {
    [
      LineSeries(
        say("\(name), early exit", "\(name)、早期終了"),
        points: visible(lens.curve, layers: lens.fixed.count - 1).map {
          LineSeries.Point(x: $0.layers * unit, y: $0.precision)
        },
        style: LineStyle(color: color, dash: dash, weight: .thick, showsMarkers: false)),
      LineSeries(
        say("\(name), published λ", "\(name)、公表された λ"),
        points: lens.publishedGrid.sorted { $0.layers < $1.layers }.map {
          LineSeries.Point(x: $0.layers * unit, y: $0.precision, note: note($0, name))
        }, style: LineStyle(color: color, dash: 0, isHollow: true, showsMarkers: true, joins: false)),
      LineSeries(
        say("\(name), fixed exit", "\(name)、固定終了"),
        points: lens.fixed.map { LineSeries.Point(x: Double($0.layer) * unit, y: $0.precision) },
        style: LineStyle(color: color, dash: dash + 1, weight: .thin, showsMarkers: false)),
    ]
  }

  /// Points that differ by more than a hair of the figure: the others would be drawn on top of each other.
  private static func visible(_ curve: [ExitResult.Point], layers: Int) -> [ExitResult.Point] {
    let hair = 0.004
    var kept: [ExitResult.Point] = []
    for (place, point) in curve.enumerated() {
      if let last = kept.last, place + 1 < curve.count, abs(point.precision - last.precision) < hair,
        point.layers - last.layers < hair * Double(max(1, layers))
      {
        continue
      }
      kept.append(point)
    }
    return kept
  }

  /// The study's own savings, at the same share of blocks, in the colours of the lenses.
  private static func marks(_ blocks: Double, _ say: Language) -> [LineSeries] {
    PublishedExit.all.map { published in
      let name = "\(published.model), \(published.lens.rawValue), " + say("published", "公表値")
      let point = LineSeries.Point(
        x: (1 - published.saved) * blocks, y: PublishedExit.target,
        note: name + ": " + NumberText.percent(published.saved, decimals: 1))
      return LineSeries(
        name, points: [point],
        style: LineStyle(
          color: published.lens.color, dash: 0,
          marker: published.model.hasPrefix("BERT") ? .triangle : .diamond,
          showsMarkers: true, joins: false))
    }
  }

  private static func note(_ point: ExitResult.Point, _ lens: String) -> String {
    "\(lens): λ = \(NumberText.shortest(point.lambda)), \(NumberText.fixed(point.layers, decimals: 2)) layers, "
      + NumberText.percent(point.precision, decimals: 1)
  }
}

// MARK: - The table

extension EarlyExitView {
  private struct Row {
    var name: String
    var target: Double
    var saving: ExitResult.Saving?
    var published: Double?
  }

  private func table(_ shown: Shown<ExitResult>, _ say: Language) -> Table {
    let isAlone = shown.others.isEmpty
    var rows = shown.all.flatMap { one in
      one.targets.flatMap { target in
        [("mat", target.mat), ("id", target.id)].map {
          Row(name: isAlone ? $0 : "\(one.name), \($0)", target: target.target, saving: $1)
        }
      }
    }
    if Self.showsPublished(shown) {
      rows += PublishedExit.all.map {
        Row(
          name: say("\($0.lens.rawValue), \($0.model), published", "\($0.lens.rawValue)、\($0.model)、公表値"),
          target: PublishedExit.target, published: $0.saved)
      }
    }
    return Table(
      rows,
      [
        .text(say("lens", "レンズ"), \.name), .text(say("target", "目標"), { Self.share($0.target) }),
        Self.column(say("layers", "層数"), decimals: 2) { $0.layers },
        Self.column(say("agreement", "一致率"), unit: "%", decimals: 1) { 100 * $0.reached.precision },
        Self.column("λ", decimals: 3) { $0.reached.lambda },
        .percent(say("saved", "節約")) { $0.saving?.saved ?? $0.published },
        Self.column(say("saved, exit tests charged", "節約（判定費用込み）"), unit: "%", decimals: 1) { 100 * $0.savedNet },
      ])
  }

  /// A column that is empty where a row is not of ours: what was not reported is not undefined.
  private static func column(
    _ title: String, unit: String = "", decimals: Int, _ value: @escaping (ExitResult.Saving) -> Double
  ) -> TableColumn<Row> {
    .cell(TableFigure.Column(title, unit: unit, format: .fixed(decimals))) { row in
      row.saving.map { .number(value($0)) } ?? .text("")
    }
  }
}
