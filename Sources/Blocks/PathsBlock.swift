import Books
import Charts
import Diagnostics
import Directives

/// `<<paths r2>>`: the best predicted dimensions and what predicts them, from step to step.
struct PathsBlock: Block {
  let schema = DirectiveSchema(
    name: "paths",
    summary: "the layer-redundancy paths: which dimensions predict which dimension of the next depth",
    views: [ViewGroup([ViewKeyword("r2", "the highest R² over all steps and dimensions")])],
    keys: PathKeys.all + PathKeys.sample + SVRKeys.all(),
    examples: ["<<paths r2 top=500 weights=3>>", "<<paths r2 top=100 by=weight>>"])

  func engine(for bound: BoundDirective) -> EngineIdentity { SVRFits.engine }

  func faults(of bound: BoundDirective) -> [Diagnostic] { SplitSizes.faults(of: bound) }

  func shape(of bound: BoundDirective) -> ResultShape {
    let source = ResultShape.object(["dim": .number, "contribution": .number])
    return .object([
      "top": .list(.object(["layer": .number, "target": .number, "r2": .number, "sources": .list(source)]))
    ])
  }

  func answer(_ question: Question, on bench: Workbench) throws -> Answer {
    let split = try bench.splitStates(of: question)
    let paths = try bench.redundancyPaths(split, of: question)
    let family = try? question.subject.model().configuration.family.rawValue
    return Answer(result: paths.json, facts: split.sample.facts(family: family, split: split.sizes))
  }

  func exhibit(of evaluation: Evaluation, in language: Language) -> Exhibit {
    let paths = RedundancyPaths(json: evaluation.result["top"], blocks: evaluation.facts.blocks)
    let strength = PathKeys.strength(evaluation.bound, language)
    let caption = language(
      """
      The \(paths.paths.count) best predicted (depth, dimension) pairs, R² on test samples: blue dots are predicted \
      dimensions, red dots the dimensions of the depth before that contribute most; lines are wider for a larger \(strength) \
      and stronger for a higher R².
      """,
      """
      予測の R²（評価標本）が高い（深さ、次元）の組、上位 \(paths.paths.count) 件。青は予測された次元、赤は一つ前の深さで最も寄与した次元。\
      線の太さは\(strength)、濃さは R² を表す。
      """)
    if evaluation.bound.form == .table {
      return Exhibit(kind: .table, content: table(paths, language), caption: caption)
    }
    let chart = PathsChart(
      title: language("Layer-redundancy paths", "層冗長性の経路"), steps: evaluation.facts.blocks,
      dimensions: evaluation.facts.width,
      paths: paths.paths.map { .init(layer: $0.layer, target: $0.target, r2: $0.r2, sources: $0.sources) },
      layerTitle: language("depth", "深さ"), dimensionTitle: language("dimension", "次元"))
    return Exhibit(kind: .figure, content: .chart(chart), caption: caption)
  }

  private func table(_ paths: RedundancyPaths, _ language: Language) -> Exhibit.Content {
    .table(
      columns: [
        .text(language("step", "段")), .init(language("predicted dimension", "予測された次元"), format: .fixed(0)), .init("R²"),
        .text(language("contributing dimensions", "寄与した次元")),
      ],
      rows: paths.paths.prefix(30).map { path in
        [
          .text("\(path.layer)→\(path.layer + 1)"), .number(Double(path.target)), .number(path.r2),
          .text(path.sources.map { String($0.dimension) }.joined(separator: ", ")),
        ]
      })
  }
}

/// Keys of the directives that work on paths.
enum PathKeys {
  static let all = [
    SettingKey("top", .int(1...100_000), standard: .int(500), "how many of the highest R²"),
    SettingKey("weights", .int(1...64), standard: .int(3), "how many contributing dimensions of each"),
    SettingKey(
      "by", .choice(["contribution", "weight"]), standard: .word("contribution"),
      "rank contributors by |weight| times the input's standard deviation, or by |weight| alone"),
  ]

  static let sample = [
    SampleKeys.count(1000), SampleKeys.train, SampleKeys.test, SampleKeys.split,
    SampleKeys.position(.last, among: [.last, .eos, .random, .mask]), SampleKeys.maxTokens,
  ]

  static func strength(_ bound: BoundDirective, _ language: Language) -> String {
    bound.text("by") == "weight" ? language("weight", "重み") : language("contribution", "寄与")
  }
}
