import Charts
import Directives
import JSONText

/// `<<redundancy targets|sources>>`: how often each dimension is among the best predicted ones, or contributes to them.
struct AppearancesView: SplitView {
  enum Role: String { case targets, sources }

  /// The result: the list stands under the name of the view.
  struct Appearances: Codable, Sendable {
    @OptionalField("predicted dimensions and how often they appear, in falling order")
    var targets: [DimensionCount]? = nil
    @OptionalField("contributing dimensions and how often they appear, in falling order")
    var sources: [DimensionCount]? = nil
    @Field("the same for each step, [L]") var byLayer: [[DimensionCount]] = []

    var list: [DimensionCount] { targets ?? sources ?? [] }
  }

  static let rows = Key.int("rows", in: 1...200, standard: 10, "how many rows the table shows").presentation

  let role: Role
  let keywords: [ViewKeyword]
  let keys: [any KeyDeclaration] =
    PathKeys.all + [AppearancesView.rows] + SplitKeys.regression.all + RegressionKeys.all
  let engine = SVRFits.engine
  /// Appearances are tables whatever `as=` says.
  let isTable = true

  init(_ role: Role) {
    self.role = role
    keywords = [
      role == .targets
        ? ViewKeyword("targets", "dimensions that are predicted best, by number of appearances")
        : ViewKeyword("sources", "dimensions that contribute most, by number of appearances")
    ]
  }

  func example(_: BoundDirective) -> Appearances {
    let counts = [DimensionCount(dim: 1, count: 2), DimensionCount(dim: 0, count: 1)]
    return role == .targets
      ? Appearances(targets: counts, byLayer: [counts, []]) : Appearances(sources: counts, byLayer: [counts, []])
  }

  func fits(of question: Question, width: Int) -> [FitRequest] { [FitRequest(pairs: .adjacent)] }

  func answer(_ question: Question, on bench: Workbench) throws -> Answer<Appearances> {
    let split = try bench.splitStates(of: question, Self.sample)
    let paths = try bench.redundancyPaths(split, of: question)
    func counts(_ paths: [RedundancyPaths.Path]) -> [DimensionCount] {
      DimensionCount.list(role == .targets ? paths.map(\.target) : paths.flatMap { $0.sources.map(\.dim) })
    }
    let byLayer = (0..<split.sample.blocks).map { counts(paths.paths(of: $0)) }
    let all = counts(paths.top)
    return Answer(
      result: role == .targets
        ? Appearances(targets: all, byLayer: byLayer) : Appearances(sources: all, byLayer: byLayer),
      facts: question.facts(split))
  }

  func exhibit(_ shown: Shown<Appearances>, in say: Language) -> Exhibit {
    let total = Double(max(1, shown.list.reduce(0) { $0 + $1.count }))
    let isTargets = role == .targets
    let heading = isTargets ? say("predicted dimension", "予測された次元") : say("contributing dimension", "寄与した次元")
    return Exhibit(
      chart: nil,
      table: Table(
        shown.list.prefix(shown[Self.rows]),
        [
          .text(heading) { String($0.dim) }, .count(say("appearances", "出現数"), \.count),
          .number(say("share", "割合"), { 100 * Double($0.count) / total }, decimals: 1, unit: "%"),
          .count(say("steps it appears in", "出現する段の数")) { count in
            shown.byLayer.count { $0.contains { $0.dim == count.dim } }
          },
        ]),
      caption: Exhibit.Caption(
        isTargets
          ? say("Dimensions that appear most often among the best predicted ones.", "最もよく予測された次元（出現数順）。")
          : say("Dimensions that contribute most often to the best predicted ones.", "よく予測された次元に最も多く寄与した次元。")))
  }
}
