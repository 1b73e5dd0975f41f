import Charts
import Directives
import JSONText
import Markup
import Regression

/// `<<redundancy scale>>`: what the units of the states account for.
struct ScaleView: SplitView {
  struct Scaled: Codable, Sendable {
    @Field("what all states were multiplied by") var factors: [JSONNumber] = []
    @Field("mean R² for each factor, [factors][L]") var mean: [[Double?]] = []
    @Field("how far the mean of any step moves from the one with factor 1") var largestMove = 0.0
    @Field("whether that is more than 0.05") var dependsOnScale = false
    @Field("the target dimensions that were fitted") var dimensions: [Int] = []
  }

  private static let factors: [Float] = [0.1, 1, 10]

  let keywords = [ViewKeyword("scale", "R² after multiplying all states by 0.1 and by 10")]
  let keys: [any KeyDeclaration] = [ControlCurves.dimensions] + SplitKeys.regression.all + RegressionKeys.all
  let engine = SVRFits.engine

  func example(_: BoundDirective) -> Scaled {
    Scaled(
      factors: [1, 10], mean: [[0.5, nil], [0.9, 0.8]], largestMove: 0.1, dependsOnScale: true, dimensions: [0])
  }

  func fits(of question: Question, width: Int) -> [FitRequest] {
    let chosen = ControlCurves.dimensions(of: question, width: width)
    return Self.factors.map { factor in
      FitRequest(pairs: .adjacent, variant: factor == 1 ? .plain : .scaled(factor), dimensions: chosen)
    }
  }

  func answer(_ question: Question, on bench: Workbench) throws -> Answer<Scaled> {
    let split = try bench.splitStates(of: question, Self.sample)
    let chosen = ControlCurves.dimensions(of: question, width: split.sample.width)
    let means = try fits(of: question, width: split.sample.width).map { request in
      try bench.svrFits(split, of: question, request).map { R2.mean($0.r2) }
    }
    let moves = [means[0], means[2]].flatMap { other in
      zip(other, means[1]).compactMap { pair in pair.0.flatMap { a in pair.1.map { abs(a - $0) } } }
    }
    let largest = moves.max() ?? 0
    return Answer(
      result: Scaled(
        factors: Self.factors.compactMap { $0 < 1 ? JSONNumber(Double("\($0)") ?? 0) : JSONNumber(Int($0)) },
        mean: means, largestMove: largest, dependsOnScale: largest > 0.05, dimensions: chosen),
      facts: question.facts(split))
  }

  func exhibit(_ shown: Shown<Scaled>, in say: Language) -> Exhibit {
    let move = NumberText.candid(shown.largestMove, decimals: 3)
    let note =
      shown.dependsOnScale
      ? say(
        "**Warning:** the mean moves by up to \(move), more than 0.05: with this setting R² says something about the units.",
        "**警告**：平均が最大 \(move) 動き、0.05 を超える。この設定の R² は単位に依存する。")
      : say("The mean moves by at most \(move).", "平均の変化は最大 \(move)。")
    let isStandardized = shown[RegressionKeys.standardize] == .train
    return ControlCurves.exhibit(
      zip(shown.factors, shown.mean).enumerated().map { index, one in
        // The states as they are have the model's colour.
        LineSeries(
          "× \(one.0)", values: one.1,
          style: LineStyle(color: one.0 == 1 ? shown.color : index == 0 ? 2 : 5, dash: one.0 == 1 ? 0 : 1))
      }, steps: shown.facts.blocks,
      caption: say(
        "Mean R² on test samples after multiplying all states by 0.1, 1 and 10, "
          + (isStandardized ? "with standardisation." : "without standardisation."),
        "全ての状態を 0.1 倍、1 倍、10 倍したときの評価標本での R² の平均（標準化\(isStandardized ? "あり" : "なし")）。"),
      notes: [note, Terms.evenlySpaced(shown.dimensions.count, say)], say)
  }
}
