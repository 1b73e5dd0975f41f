import Analyses
import Charts
import Directives
import JSONText
import Markup
import Regression
import Transformers

extension Block {
  /// `<<earlyexit M 95%>>`: how many blocks early exit saves through the `mat` and `id` lenses at a wanted agreement.
  static let earlyexit = Block(
    "earlyexit",
    "blocks saved by early exit at a share of agreement with the full model, through fitted maps and without",
    views: [EarlyExitView()],
    examples: ["<<earlyexit 95%>>", "<<earlyexit atlas-gpt2 90% n=1000>>", "<<earlyexit 95% as=table>>"])
}

struct EarlyExitView: SplitView {
  static let target = Key.share(
    "target", in: 0.1...100, standard: 95, "wanted share of agreement with the full model"
  ).bare
  static let sample = SplitKeys(
    texts: SampleKeys.texts(2000), position: SampleKeys.position(.random, among: [.random, .last, .eos, .mask]))
  static let tau = Key.number(
    "tau", in: 0...1e6, standard: 4, "speed at which the threshold decays with the position")
  static let decay = Key<ExitRule.Decay>.choice(
    "decay", standard: .position, "whether the threshold decays with the token's position")

  let keys: [any KeyDeclaration] =
    [EarlyExitView.target] + EarlyExitView.sample.all + MapKeys.all + [EarlyExitView.tau, EarlyExitView.decay]
  let engine = EngineIdentity("earlyexit", version: 2)

  /// A lens reads a state with the final norm's statistics taken anew from that state.
  let constants: JSONObject = ["norm": "recompute"]

  func example(_: BoundDirective) -> ExitResult { .example }

  func answer(_ question: Question, on bench: Workbench) throws -> Answer<ExitResult> {
    let model = try question.subject.model()
    let split = try bench.splitStates(of: question, Self.sample)
    let maps = try bench.finalMaps(split, question.bound)
    let test = split.test
    let full = try LensReading.read(test[test.count - 1], through: model)
    func exit(_ lens: Lens) throws -> EarlyExit {
      try EarlyExit(
        lens: lens, states: test, maps: lens == .mat ? maps.maps : [], intercepts: lens == .mat ? maps.intercepts : [],
        positions: split.testRows.map { split.sample.positions[$0] }, head: model,
        rule: ExitRule(tau: question[Self.tau], decay: question[Self.decay]), target: question[Self.target],
        costs: ExitCosts(model.configuration), full: full)
    }
    return Answer(
      result: ExitResult(
        mat: try exit(.mat), id: try exit(.id), target: question[Self.target], minimumNorm: maps.isMinimumNorm),
      facts: question.facts(split))
  }

  func exhibit(_ shown: Shown<ExitResult>, in say: Language) -> Exhibit {
    let lenses = [("mat", shown.mat), ("id", shown.id)]
    let target = Self.share(shown.target)
    func saved(_ lens: ExitResult.Lens) -> String { NumberText.percent(lens.saved, decimals: 1) }
    let difference = NumberText.fixed(shown.difference, decimals: 1)
    let agreement = say(
      "Agreement is with the full model's top token, not with a correct answer; the keys and values of skipped blocks are not charged.",
      "一致とは全層モデルの最上位トークンとの一致であり、正答との一致ではない。省略したブロックの鍵・値の計算は含まない。")
    return Exhibit(
      chart: chart(lenses, target: shown.target, blocks: shown.facts.blocks, say),
      table: Table(
        lenses,
        [
          .text(say("lens", "レンズ"), \.0), .number(say("layers", "層数"), \.1.layers, decimals: 2),
          .percent(say("agreement", "一致率"), \.1.reached.precision), .number("λ", \.1.reached.lambda),
          .percent(say("saved", "節約"), \.1.saved),
          .percent(say("saved, exit tests charged", "節約（判定費用込み）"), \.1.savedNet),
        ]),
      caption: Exhibit.Caption(
        say(
          """
          Early exit at \(target) agreement with the full model saves \(saved(shown.mat)) of the blocks through fitted \
          maps (mat) and \(saved(shown.id)) without (id), a difference of \(difference) percentage points.
          """,
          """
          全層モデルとの一致率 \(target) における早期終了で節約できるブロックの割合は、線形写像 (mat) で \(saved(shown.mat))、\
          写像なし (id) で \(saved(shown.id))、差は \(difference) ポイント。
          """),
        chart: say(
          " Thick: early exit at every threshold there is, dots at the published ones; thin: every sample leaves after the same block.",
          "太線は全ての閾値における早期終了、点は公表された閾値、細線は全標本を同じブロックで終了した場合。")),
      notes: Exhibit.Notes(
        [agreement] + lenses.compactMap { Self.bracket($0.1, $0.0, say) }
          + (shown.minimumNorm ? [Terms.minimumNorm(say)] : [])))
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

  private func chart(
    _ lenses: [(name: String, lens: ExitResult.Lens)], target: Double, blocks: Int, _ say: Language
  ) -> LineChart {
    let series = lenses.enumerated().flatMap { color, named -> [LineSeries] in
      let (name, lens) = named
      return [
        LineSeries(
          say("\(name), early exit", "\(name)、早期終了"),
          points: lens.curve.map { LineSeries.Point(x: $0.layers, y: $0.precision) },
          style: LineStyle(color: color, dash: 0, weight: .thick, showsMarkers: false)),
        LineSeries(
          say("\(name), published λ", "\(name)、公表された λ"),
          points: lens.publishedGrid.sorted { $0.layers < $1.layers }.map {
            LineSeries.Point(x: $0.layers, y: $0.precision, note: Self.note($0, name))
          }, style: LineStyle(color: color, dash: 0, isHollow: true, showsMarkers: true, joins: false)),
        LineSeries(
          say("\(name), fixed exit", "\(name)、固定終了"),
          points: lens.fixed.map { LineSeries.Point(x: Double($0.layer), y: $0.precision) },
          style: LineStyle(color: color, dash: 1, weight: .thin, showsMarkers: false)),
      ]
    }
    return LineChart(
      title: say("Agreement with the full model by layers processed", "処理した層数と全層モデルとの一致率"),
      x: .layers(say("layers processed", "処理した層数"), 0...blocks),
      y: Axis(say("agreement", "一致率"), range: 0...1), series: series,
      references: [ReferenceLine(.horizontal, at: target, label: Self.share(target))])
  }

  private static func note(_ point: ExitResult.Point, _ lens: String) -> String {
    "\(lens): λ = \(NumberText.shortest(point.lambda)), \(NumberText.fixed(point.layers, decimals: 2)) layers, "
      + NumberText.percent(point.precision, decimals: 1)
  }
}

extension ExitCosts {
  /// Multiply-adds of a model's parts, per token.
  fileprivate init(_ configuration: ModelConfiguration) {
    let width = configuration.width
    self.init(
      block: Double(configuration.weightsPerBlock), head: Double(configuration.vocabulary * width),
      map: Double(width * width))
  }
}
