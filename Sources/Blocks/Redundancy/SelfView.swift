import Charts
import Directives
import JSONText
import Regression

/// `<<redundancy self>>`: how much of the R² the same dimension alone explains.
struct SelfView: SplitView {
  /// The result: means over the dimensions for which both exist.
  struct SameDimension: Codable, Sendable {
    @Field("mean R² from the dimension of the same index alone, [L]") var own: [Double?] = []
    @Field("mean R² from the whole state, [L]") var full: [Double?] = []
    @Field("the first over the second, [L]; null where the second is not positive") var share: [Double?] = []

    enum CodingKeys: String, CodingKey {
      case own = "self"
      case full, share
    }
  }

  let keywords = [ViewKeyword("self", "how much the same dimension alone explains")]
  let keys: [any KeyDeclaration] = SplitKeys.regression.all + RegressionKeys.all
  let engine = SVRFits.engine

  func example(_: BoundDirective) -> SameDimension {
    SameDimension(own: [0.6, 0.1], full: [0.8, -0.5], share: [0.75, nil])
  }

  func fits(of question: Question, width: Int) -> [FitRequest] { [FitRequest(pairs: .adjacent)] }

  func answer(_ question: Question, on bench: Workbench) throws -> Answer<SameDimension> {
    let split = try bench.splitStates(of: question, Self.sample)
    let (train, test) = (split.train, split.test)
    var result = SameDimension()
    for fit in try bench.svrFits(split, of: question, FitRequest(pairs: .adjacent)) {
      let alone = try RegressionChecks.sameDimensionR2(
        trainSource: train[fit.source], trainTargets: train[fit.target], testSource: test[fit.source],
        testTargets: test[fit.target])
      // Only dimensions for which both exist can be compared.
      let both = zip(alone, fit.r2).compactMap { pair in pair.0.flatMap { own in pair.1.map { (own: own, full: $0) } } }
      let (own, full) = (R2.mean(both.map { $0.own }), R2.mean(both.map { $0.full }))
      result.own.append(own)
      result.full.append(full)
      result.share.append(own.flatMap { own in full.flatMap { $0 > 0 ? own / $0 : nil } })
    }
    return Answer(result: result, facts: question.facts(split))
  }

  func exhibit(_ shown: Shown<SameDimension>, in say: Language) -> Exhibit {
    ControlCurves.exhibit(
      [
        LineSeries(say("all dimensions", "全次元"), values: shown.full, style: LineStyle(color: shown.color)),
        LineSeries(say("the same dimension alone", "同じ次元のみ"), values: shown.own, style: LineStyle(color: 4, dash: 1)),
      ],
      steps: shown.facts.blocks,
      caption: say(
        "Mean R² on test samples from the whole state and from the dimension of the same index alone, which the residual stream carries along by itself.",
        "状態全体からの予測と、同じ番号の次元のみからの予測の R² の平均（評価標本）。後者は残差流がそのまま運ぶ分である。"),
      notes: [], say)
  }
}
