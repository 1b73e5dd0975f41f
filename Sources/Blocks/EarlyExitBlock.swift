import Analyses
import Books
import Charts
import Diagnostics
import Directives
import JSONText
import Markup
import Regression
import Transformers

/// `<<earlyexit M 95%>>`: how many blocks early exit saves through the `mat` and `id` lenses at a wanted agreement.
struct EarlyExitBlock: Block {
  let schema = DirectiveSchema(
    name: "earlyexit",
    summary: "blocks saved by early exit at a share of agreement with the full model, through fitted maps and without",
    keys: [
      SettingKey(
        "target", .percent(0.1...100), standard: .percent(95), "wanted share of agreement with the full model",
        isBare: true),
      SampleKeys.count(2000),
      SampleKeys.train, SampleKeys.test, SampleKeys.split,
      SampleKeys.position(.random, among: [.random, .last, .eos, .mask]),
      SampleKeys.maxTokens,
      SettingKey("intercept", .bool, standard: .bool(false), "whether the maps may add a constant"),
      SettingKey("ridge", .double(0...1e12), standard: .double(0), "ridge penalty of the maps"),
      SettingKey(
        "tau", .double(0...1e6), standard: .double(4), "speed at which the threshold decays with the position"),
      SettingKey(
        "decay", .choice(ExitRule.Decay.allCases.map(\.rawValue)), standard: .word("position"),
        "whether the threshold decays with the token's position"),
    ],
    examples: ["<<earlyexit 95%>>", "<<earlyexit atlas-gpt2 90% n=1000>>", "<<earlyexit 95% as=table>>"])

  func engine(for bound: BoundDirective) -> EngineIdentity { EngineIdentity("earlyexit", version: 1) }

  /// A lens reads a state with the final norm's statistics taken anew from that state.
  func settings(for bound: BoundDirective) -> JSONObject {
    settings(for: bound, leavingOut: []).merging(["norm": "recompute"])
  }

  func faults(of bound: BoundDirective) -> [Diagnostic] { SplitSizes.faults(of: bound) }

  func shape(of bound: BoundDirective) -> ResultShape {
    let lens = ResultShape.object([
      "layers": .number, "saved": .number, "saved_net": .number,
      "curve": .list(.object(ResultShape.members(["lambda", "layers", "precision"], .number))),
      "fixed": .list(.object(ResultShape.members(["layer", "precision"], .number))),
    ])
    return .object(["mat": lens, "id": lens, "difference": .number, "target": .number, "minimum_norm": .flag])
  }

  func answer(_ question: Question, on bench: Workbench) throws -> Answer {
    let bound = question.bound
    let model = try question.subject.model()
    let split = try bench.splitStates(of: question)
    let rule = ExitRule(
      tau: bound.double("tau") ?? 4, decay: ExitRule.Decay(rawValue: bound.text("decay") ?? "") ?? .position)
    let maps = try bench.finalMaps(split, bound)
    let test = split.test
    let positions = split.testRows.map { split.sample.positions[$0] }
    let costs = ExitCosts(
      block: Double(model.configuration.weightsPerBlock),
      head: Double(model.configuration.vocabulary * model.configuration.width),
      map: Double(model.configuration.width * model.configuration.width))
    let target = (bound.fraction("target") ?? 0.95)
    let full = try LensReading.read(test[test.count - 1], through: model)
    func exit(_ lens: Lens) throws -> EarlyExit {
      try EarlyExit(
        lens: lens, states: test, maps: lens == .mat ? maps.maps : [], intercepts: lens == .mat ? maps.intercepts : [],
        positions: positions, head: model, rule: rule, target: target, costs: costs, full: full)
    }
    let mat = try exit(.mat)
    let id = try exit(.id)
    return Answer(
      result: [
        "mat": mat.json, "id": id.json, "difference": .double(100 * (mat.saved - id.saved)),
        "target": .double(target), "minimum_norm": .bool(maps.isMinimumNorm),
      ],
      facts: split.sample.facts(family: model.configuration.family.rawValue, split: split.sizes))
  }

  func exhibit(of evaluation: Evaluation, in language: Language) -> Exhibit {
    let result = evaluation.result
    let target = Self.share(result["target"]?.doubleValue)
    func saved(_ lens: String) -> String { NumberText.percent(result[lens]?["saved"]?.doubleValue, decimals: 1) }
    let difference = NumberText.fixed(result["difference"]?.doubleValue, decimals: 1)
    let caption = language(
      """
      Early exit at \(target) agreement with the full model saves \(saved("mat")) of the blocks through fitted maps (mat) \
      and \(saved("id")) without (id), a difference of \(difference) percentage points.
      """,
      """
      全層モデルとの一致率 \(target) における早期終了で節約できるブロックの割合は、線形写像 (mat) で \(saved("mat"))、\
      写像なし (id) で \(saved("id"))、差は \(difference) ポイント。
      """)
    let isTable = evaluation.bound.form == .table
    let legend = language(
      " Thick: early exit; thin: every sample leaves after the same block.",
      "太線は早期終了、細線は全標本を同じブロックで終了した場合。")
    return Exhibit(
      kind: isTable ? .table : .figure,
      content: isTable ? table(result, language) : .chart(chart(evaluation, language)),
      caption: isTable ? caption : caption + legend, notes: notes(result, language))
  }

  /// The wanted agreement with as many decimals as were asked for: 99.5 % is not 100 %.
  private static func share(_ target: Double?) -> String {
    let percent = (target ?? 0) * 100
    let isWhole = abs(percent - percent.rounded()) < 1e-9
    return NumberText.percent(target, decimals: isWhole ? 0 : 2)
  }

  private func notes(_ result: JSONObject, _ language: Language) -> [String] {
    var notes = [
      language(
        "Agreement is with the full model's top token, not with a correct answer; the keys and values of skipped blocks are not charged.",
        "一致とは全層モデルの最上位トークンとの一致であり、正答との一致ではない。省略したブロックの鍵・値の計算は含まない。")
    ]
    if result["minimum_norm"]?.boolValue == true {
      notes.append(
        language(
          "Fewer training samples than dimensions: the maps are minimum-norm solutions.",
          "訓練標本数が次元数より少ないため、写像は最小ノルム解である。"))
    }
    return notes
  }

  private func chart(_ evaluation: Evaluation, _ language: Language) -> LineChart {
    var series: [LineSeries] = []
    for (color, lens) in ["mat", "id"].enumerated() {
      let curve = evaluation.result[lens]?["curve"]?.arrayValue ?? []
      let points = curve.compactMap { point in
        point["layers"]?.doubleValue.map {
          LineSeries.Point(x: $0, y: point["precision"]?.doubleValue, note: Self.note(point, lens))
        }
      }.sorted { ($0.x, $0.y ?? 0) < ($1.x, $1.y ?? 0) }
      series.append(
        LineSeries(
          language("\(lens), early exit", "\(lens)、早期終了"), points: points,
          style: LineStyle(color: color, dash: 0, weight: .thick, showsMarkers: true)))
      let fixed = evaluation.result[lens]?["fixed"]?.arrayValue ?? []
      series.append(
        LineSeries(
          language("\(lens), fixed exit", "\(lens)、固定終了"),
          points: fixed.compactMap { point in
            point["layer"]?.doubleValue.map { LineSeries.Point(x: $0, y: point["precision"]?.doubleValue) }
          }, style: LineStyle(color: color, dash: 1, weight: .thin, showsMarkers: false)))
    }
    let target = evaluation.result["target"]?.doubleValue ?? 0.95
    return LineChart(
      title: language("Agreement with the full model by layers processed", "処理した層数と全層モデルとの一致率"),
      x: .layers(language("layers processed", "処理した層数"), 0...evaluation.facts.blocks),
      y: Axis(language("agreement", "一致率"), range: 0...1),
      series: series,
      references: [ReferenceLine(.horizontal, at: target, label: Self.share(target))])
  }

  private static func note(_ point: JSONValue, _ lens: String) -> String {
    "\(lens): λ = \(NumberText.shortest(point["lambda"]?.doubleValue)), "
      + "\(NumberText.fixed(point["layers"]?.doubleValue, decimals: 2)) layers, "
      + "\(NumberText.percent(point["precision"]?.doubleValue, decimals: 1))"
  }

  private func table(_ result: JSONObject, _ language: Language) -> Exhibit.Content {
    .table(
      columns: [
        .text(language("lens", "レンズ")),
        .init(language("layers", "層数"), format: .fixed(2)),
        .init(language("saved", "節約"), unit: "%", format: .fixed(1)),
        .init(language("saved, exit tests charged", "節約（判定費用込み）"), unit: "%", format: .fixed(1)),
      ],
      rows: ["mat", "id"].map { lens in
        let values = result[lens]
        return [
          .text(lens), .number(values?["layers"]?.doubleValue),
          .number(values?["saved"]?.doubleValue.map { 100 * $0 }),
          .number(values?["saved_net"]?.doubleValue.map { 100 * $0 }),
        ]
      })
  }
}

extension EarlyExit {
  /// One lens of the result.
  fileprivate var json: JSONValue {
    .object([
      "layers": .double(layers), "saved": .double(saved), "saved_net": .double(savedNet),
      "curve": .array(
        curve.points.map { point in
          .object([
            "lambda": .double(point.lambda), "layers": .double(point.layers), "precision": .double(point.precision),
          ])
        }),
      "fixed": .array(
        curve.fixed.enumerated().map { layer, precision in
          .object(["layer": .int(layer), "precision": .double(precision)])
        }),
    ])
  }
}
