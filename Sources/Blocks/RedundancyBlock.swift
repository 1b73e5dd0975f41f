import Charts
import Diagnostics
import Directives
import JSONText
import Regression

/// `<<redundancy …>>`: who is predicted, who predicts, and the controls a reader should ask for.
struct RedundancyBlock: Block {
  private static let pathViews = ["targets", "sources", "layers"]
  private static let sampledViews = ["null", "scale"]

  let schema = DirectiveSchema(
    name: "redundancy",
    summary: "tables over the layer-redundancy paths, and the controls of the regressions behind them",
    views: [
      ViewGroup([
        ViewKeyword("targets", "dimensions that are predicted best, by number of appearances"),
        ViewKeyword("sources", "dimensions that contribute most, by number of appearances"),
        ViewKeyword("layers", "paths and contributors of each step"),
        ViewKeyword("null", "R² after putting the training targets in a random order"),
        ViewKeyword("scale", "R² after multiplying all states by 0.1 and by 10"),
        ViewKeyword("self", "how much the same dimension alone explains"),
      ])
    ],
    keys: PathKeys.all.map { key in
      var key = key
      key.only = pathViews
      return key
    } + [
      SettingKey(
        "dims", .int(1...1_000_000), standard: .int(32), "how many target dimensions are refitted, evenly spaced",
        only: sampledViews),
      SettingKey(
        "rows", .int(1...200), standard: .int(10), "how many rows the table shows", isPresentation: true,
        only: ["targets", "sources"]),
    ] + PathKeys.sample + SVRKeys.all(),
    examples: [
      "<<redundancy targets>>", "<<redundancy sources top=500>>", "<<redundancy layers>>", "<<redundancy null>>",
      "<<redundancy scale standardize=none>>", "<<redundancy self>>",
    ])

  static func view(_ bound: BoundDirective) -> String { bound.view.last ?? "targets" }

  func engine(for bound: BoundDirective) -> EngineIdentity { SVRFits.engine }

  func faults(of bound: BoundDirective) -> [Diagnostic] { SplitSizes.faults(of: bound) }

  /// Appearances are tables whatever `as=` says.
  func kind(of bound: BoundDirective) -> Exhibit.Kind {
    bound.form == .table || Self.pathViews.contains(Self.view(bound)) ? .table : .figure
  }

  func shape(of bound: BoundDirective) -> ResultShape {
    switch Self.view(bound) {
    case "layers":
      let step: [String: ResultShape] = [
        "layer": .number, "paths": .number, "mean_r2": .number, "sources": .counts, "shared_sources": .number,
      ]
      return .object(["by_layer": .list(.object(step))])
    case "null": return .object(ResultShape.members(["null", "null_max", "actual", "dimensions"], .numbers))
    case "scale":
      return .object([
        "factors": .numbers, "mean": .matrix, "largest_move": .number, "depends_on_scale": .flag,
        "dimensions": .numbers,
      ])
    case "self": return .object(ResultShape.members(["self", "full", "share"], .numbers))
    case let view: return .object([view: .counts, "by_layer": .list(.counts)])
    }
  }

  func answer(_ question: Question, on bench: Workbench) throws -> Answer {
    let split = try bench.splitStates(of: question)
    let family = try? question.subject.model().configuration.family.rawValue
    let facts = split.sample.facts(family: family, split: split.sizes)
    let view = Self.view(question.bound)
    if Self.pathViews.contains(view) {
      let paths = try bench.redundancyPaths(split, of: question)
      return Answer(result: Self.tally(paths, view: view), facts: facts)
    }
    let controls = RedundancyControls(split: split, question: question, bench: bench)
    let result =
      switch view {
      case "null": try controls.permutedNull()
      case "scale": try controls.scaleCheck()
      default: try controls.sameDimension()
      }
    return Answer(result: result, facts: facts)
  }

  /// Appearances over all steps and per step.
  private static func tally(_ paths: RedundancyPaths, view: String) -> JSONObject {
    func dimensions(_ paths: [RedundancyPaths.Path]) -> [Int] {
      view == "targets" ? paths.map(\.target) : paths.flatMap { $0.sources.map(\.dimension) }
    }
    let byLayer = (0..<paths.blocks).map { paths.paths(of: $0) }
    if view == "layers" { return ["by_layer": .array(byLayer.indices.map { step(byLayer, $0) })] }
    func json(_ paths: [RedundancyPaths.Path]) -> JSONValue {
      .array(RedundancyPaths.counts(dimensions(paths)).map(\.json))
    }
    return [view: json(paths.paths), "by_layer": .array(byLayer.map(json))]
  }

  /// One step: its paths, and how far its strongest contributors are those of the other steps.
  private static func step(_ byLayer: [[RedundancyPaths.Path]], _ layer: Int) -> JSONValue {
    func strongest(_ paths: [RedundancyPaths.Path]) -> [RedundancyPaths.Count] {
      Array(RedundancyPaths.counts(paths.flatMap { $0.sources.map(\.dimension) }).prefix(10))
    }
    let here = strongest(byLayer[layer])
    let elsewhere = strongest(byLayer.indices.filter { $0 != layer }.flatMap { byLayer[$0] })
    let shared = Set(here.map(\.dimension)).intersection(elsewhere.map(\.dimension)).count
    let mean = R2.mean(byLayer[layer].map { $0.r2 })
    return .object([
      "layer": .int(layer), "paths": .int(byLayer[layer].count), "mean_r2": .double(mean),
      "sources": .array(here.prefix(3).map(\.json)),
      "shared_sources": here.isEmpty ? .null : .double(Double(shared) / Double(here.count)),
    ])
  }

  func exhibit(of evaluation: Evaluation, in language: Language) -> Exhibit {
    RedundancyExhibit(evaluation: evaluation, view: Self.view(evaluation.bound), language: language).exhibit
  }
}
