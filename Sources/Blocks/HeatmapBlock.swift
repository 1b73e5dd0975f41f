import Analyses
import Books
import Charts
import Diagnostics
import Directives
import JSONText

/// `<<heatmap r2 …>>`: how well one depth predicts another, by support-vector regression or by linear maps.
struct HeatmapBlock: Block {
  static let statistics = TargetStatistic.allCases.map(\.rawValue)
  static let regressionViews = statistics + ["dims"]
  static let mapViews = ["mat", "id", "both", "diff"]

  let schema = DirectiveSchema(
    name: "heatmap",
    summary: "R² between the hidden states of two depths",
    views: [
      ViewGroup([ViewKeyword("r2", "coefficient of determination on test samples")]),
      ViewGroup([
        ViewKeyword("mean", "mean over target dimensions of the support-vector regressions' R²"),
        ViewKeyword("max", "largest R²"),
        ViewKeyword("std", "population standard deviation of R²"),
        ViewKeyword("median", "median R²"),
        ViewKeyword("min", "smallest R²"),
        ViewKeyword("negative", "share of dimensions with R² below 0"),
        ViewKeyword("dims", "R² of every target dimension"),
        ViewKeyword("mat", "R² of least-squares maps between all depths"),
        ViewKeyword("id", "R² of taking a state as it is for a later one"),
        ViewKeyword("both", "the maps and the states as they are, side by side"),
        ViewKeyword("diff", "what the maps add"),
      ]),
    ],
    keys: [
      SampleKeys.count(1000), SampleKeys.train, SampleKeys.test, SampleKeys.split,
      SampleKeys.position(.last, among: [.last, .eos, .random, .mask]), SampleKeys.maxTokens,
    ] + SVRKeys.all(only: regressionViews) + [
      SettingKey(
        "pairs", .choice(["adjacent", "all"]), standard: .word("adjacent"),
        "each depth and the next, or each depth and every later one", only: statistics),
      SettingKey(
        "bin", .choice(["mean", "max", "min", "median"]), standard: .word("mean"),
        "how neighbouring dimensions share a column where there are too many", isPresentation: true, only: ["dims"]),
      SettingKey("intercept", .bool, standard: .bool(false), "whether the maps may add a constant", only: mapViews),
      SettingKey("ridge", .double(0...1e12), standard: .double(0), "ridge penalty of the maps", only: mapViews),
      SettingKey(
        "palette", .choice(["viridis", "cividis"]), standard: .word("viridis"), "colours", isPresentation: true),
    ],
    examples: [
      "<<heatmap r2 mean>>", "<<heatmap r2 mean pairs=all>> <<heatmap r2 std pairs=all>>", "<<heatmap r2 dims>>",
      "<<heatmap r2 mean standardize=none>>", "<<heatmap r2 both position=random n=2000>>",
    ])

  static func view(_ bound: BoundDirective) -> String { bound.view.last ?? "mean" }
  private static func usesMaps(_ bound: BoundDirective) -> Bool { mapViews.contains(view(bound)) }

  func engine(for bound: BoundDirective) -> EngineIdentity {
    Self.usesMaps(bound) ? EngineIdentity("linear-maps", version: 1) : SVRFits.engine
  }

  /// All statistics come of one result, so which of them is shown is no part of the key; likewise `both` and `diff`.
  func settings(for bound: BoundDirective) -> JSONObject {
    var settings = settings(for: bound, leavingOut: [])
    let view = Self.view(bound)
    let shared = Self.statistics.contains(view) ? "statistics" : view == "diff" ? "both" : view
    settings["view"] = ["r2", .string(shared)]
    return settings
  }

  func faults(of bound: BoundDirective) -> [Diagnostic] { SplitSizes.faults(of: bound) }

  func shape(of bound: BoundDirective) -> ResultShape {
    let view = Self.view(bound)
    if Self.usesMaps(bound) {
      let lenses = ["mat", "id"].contains(view) ? [view] : ["mat", "id"]
      return .object(
        ResultShape.members(lenses, .matrix).merging(["undefined": .number, "minimum_norm": .flag]) { first, _ in first
        })
    }
    let solver = ResultShape.members(["missed_gap", "largest_gap"], .number)
    if view == "dims" { return .object(solver.merging(["r2": .matrix, "undefined": .numbers]) { first, _ in first }) }
    let entries: ResultShape = bound.text("pairs") == "all" ? .matrix : .numbers
    return .object(solver.merging(ResultShape.members(Self.statistics + ["undefined"], entries)) { first, _ in first })
  }

  func answer(_ question: Question, on bench: Workbench) throws -> Answer {
    let bound = question.bound
    let split = try bench.splitStates(of: question)
    let family = try? question.subject.model().configuration.family.rawValue
    let facts = split.sample.facts(family: family, split: split.sizes)
    if Self.usesMaps(bound) { return Answer(result: try MapR2.result(of: bound, split), facts: facts) }
    let allPairs = bound.text("pairs") == "all"
    let fits = try bench.svrFits(split, of: question, pairs: allPairs ? .all : .adjacent)
    let result =
      Self.view(bound) == "dims"
      ? SVRFits.dimensions(fits) : SVRFits.statistics(fits, blocks: split.sample.blocks, allPairs: allPairs)
    return Answer(result: result, facts: facts)
  }

  func exhibit(of evaluation: Evaluation, in language: Language) -> Exhibit {
    let view = Self.view(evaluation.bound)
    if Self.mapViews.contains(view) {
      return MapExhibit(evaluation: evaluation, view: view, language: language).exhibit
    }
    return SVRExhibit(evaluation: evaluation, view: view, language: language).exhibit
  }
}
