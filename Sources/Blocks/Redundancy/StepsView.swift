import Charts
import Directives
import JSONText
import Regression

/// `<<redundancy layers>>`: paths and contributors of each step.
struct StepsView: SplitView {
  struct Steps: Codable, Sendable {
    @Field("one entry a step") var byLayer: [Step] = []
  }

  struct Step: Codable, Sendable {
    @Field("depth of the predicting state") var layer = 0
    @Field("paths of the step among the best predicted ones") var paths = 0
    @Field("their mean R²; null where there are none") var meanR2: Double? = nil
    @Field("the three dimensions that contribute most often") var sources: [DimensionCount] = []
    @Field("share of the ten strongest contributors that are among the ten strongest of all other steps")
    var sharedSources: Double? = nil
  }

  let keywords = [ViewKeyword("layers", "paths and contributors of each step")]
  let keys: [any KeyDeclaration] = PathKeys.all + SplitKeys.regression.all + RegressionKeys.all
  let engine = SVRFits.engine
  let isTable = true

  func example(_: BoundDirective) -> Steps {
    Steps(byLayer: [
      Step(layer: 0, paths: 2, meanR2: 0.9, sources: [DimensionCount(dim: 1, count: 2)], sharedSources: 0.5),
      Step(layer: 1, sources: []),
    ])
  }

  func fits(of question: Question, width: Int) -> [FitRequest] { [FitRequest(pairs: .adjacent)] }

  func answer(_ question: Question, on bench: Workbench) throws -> Answer<Steps> {
    let split = try bench.splitStates(of: question, Self.sample)
    let paths = try bench.redundancyPaths(split, of: question)
    let byLayer = (0..<split.sample.blocks).map { paths.paths(of: $0) }
    return Answer(
      result: Steps(byLayer: byLayer.indices.map { Self.step(byLayer, $0) }), facts: question.facts(split))
  }

  /// One step: its paths, and how far its strongest contributors are those of the other steps.
  private static func step(_ byLayer: [[RedundancyPaths.Path]], _ layer: Int) -> Step {
    func strongest(_ paths: [RedundancyPaths.Path]) -> [DimensionCount] {
      Array(DimensionCount.list(paths.flatMap { $0.sources.map(\.dim) }).prefix(10))
    }
    let here = strongest(byLayer[layer])
    let elsewhere = strongest(byLayer.indices.filter { $0 != layer }.flatMap { byLayer[$0] })
    let shared = Set(here.map(\.dim)).intersection(elsewhere.map(\.dim)).count
    return Step(
      layer: layer, paths: byLayer[layer].count, meanR2: R2.mean(byLayer[layer].map { $0.r2 }),
      sources: Array(here.prefix(3)), sharedSources: here.isEmpty ? nil : Double(shared) / Double(here.count))
  }

  func exhibit(_ shown: Shown<Steps>, in say: Language) -> Exhibit {
    Exhibit(
      chart: nil,
      table: Table(
        shown.byLayer,
        [
          .text(Terms.step(say)) { Terms.step($0.layer) }, .count(say("paths", "経路数"), \.paths),
          .number(Terms.meanR2(say), \.meanR2),
          .text(say("strongest contributors (appearances)", "主な寄与次元（出現数）")) { step in
            step.sources.isEmpty ? "–" : step.sources.map { "\($0.dim) (\($0.count))" }.joined(separator: ", ")
          },
          .percent(say("shared with other steps", "他の段との共通"), \.sharedSources, decimals: 0),
        ]),
      caption: Exhibit.Caption(
        say(
          "Paths of each step among the best predicted ones; the last column is the share of its ten strongest contributors that are among the ten strongest of all other steps.",
          "よく予測された経路の段ごとの内訳。最後の列は、その段の寄与上位十次元のうち他の全段の上位十次元に含まれる割合。")))
  }
}
