import Charts
import Directives
import JSONText
import Regression

/// `<<redundancy null>>`: what chance gives, beside what the regressions found.
struct PermutedView: SplitView {
  /// The result, over the same dimensions on both sides.
  struct Permuted: Codable, Sendable {
    @Field("mean R² with the training targets in a random order, [L]") var null: [Double?] = []
    @Field("largest R² with them in a random order, [L]") var nullMax: [Double?] = []
    @Field("mean R² with the training targets as they are, [L]") var actual: [Double?] = []
    @Field("the target dimensions that were fitted") var dimensions: [Int] = []
  }

  let keywords = [ViewKeyword("null", "R² after putting the training targets in a random order")]
  let keys: [any KeyDeclaration] = [ControlCurves.dimensions] + SplitKeys.regression.all + RegressionKeys.all
  let engine = SVRFits.engine

  func example(_: BoundDirective) -> Permuted {
    Permuted(null: [-0.1, -0.2], nullMax: [0.05, 0.1], actual: [0.8, nil], dimensions: [0])
  }

  func fits(of question: Question, width: Int) -> [FitRequest] {
    let chosen = ControlCurves.dimensions(of: question, width: width)
    return [FitRequest(pairs: .adjacent, variant: .permuted, dimensions: chosen), FitRequest(pairs: .adjacent)]
  }

  func answer(_ question: Question, on bench: Workbench) throws -> Answer<Permuted> {
    let split = try bench.splitStates(of: question, Self.sample)
    let chosen = ControlCurves.dimensions(of: question, width: split.sample.width)
    let fits = try self.fits(of: question, width: split.sample.width).map {
      try bench.svrFits(split, of: question, $0)
    }
    let (null, actual) = (fits[0], fits[1])
    return Answer(
      result: Permuted(
        null: null.map { R2.mean($0.r2) }, nullMax: null.map { $0.r2.compactMap { $0 }.max() },
        actual: actual.map { fit in R2.mean(chosen.map { fit.r2[$0] }) }, dimensions: chosen),
      facts: question.facts(split))
  }

  func exhibit(_ shown: Shown<Permuted>, in say: Language) -> Exhibit {
    ControlCurves.exhibit(
      [
        LineSeries(say("actual", "実際"), values: shown.actual, style: LineStyle(color: shown.color)),
        LineSeries(say("targets permuted", "対象を並べ替え"), values: shown.null, style: LineStyle(color: 4, dash: 1)),
      ],
      steps: shown.facts.blocks,
      caption: say(
        "Mean R² on test samples, with the training targets as they are and in a random order: what chance gives.",
        "評価標本での R² の平均。訓練対象をそのまま用いた場合と、無作為に並べ替えた場合（偶然による値）。"),
      notes: [Terms.evenlySpaced(shown.dimensions.count, say)], say)
  }
}
