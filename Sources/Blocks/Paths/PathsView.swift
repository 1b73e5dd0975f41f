import Charts
import Directives

extension Block {
  /// `<<paths r2>>`: the best predicted dimensions and what predicts them, from step to step.
  static let paths = Block(
    "paths", "the layer-redundancy paths: which dimensions predict which dimension of the next depth",
    views: [PathsView()], examples: ["<<paths r2 top=500 weights=3>>", "<<paths r2 top=100 by=weight>>"])
}

struct PathsView: SplitView {
  let keywords = [ViewKeyword("r2", "the highest R² over all steps and dimensions")]
  let keys: [any KeyDeclaration] = PathKeys.all + SplitKeys.regression.all + RegressionKeys.all
  let engine = SVRFits.engine

  func example(_: BoundDirective) -> RedundancyPaths { .example }

  func fits(of question: Question, width: Int) -> [FitRequest] { [FitRequest(pairs: .adjacent)] }

  func answer(_ question: Question, on bench: Workbench) throws -> Answer<RedundancyPaths> {
    let split = try bench.splitStates(of: question, Self.sample)
    return Answer(result: try bench.redundancyPaths(split, of: question), facts: question.facts(split))
  }

  func exhibit(_ shown: Shown<RedundancyPaths>, in say: Language) -> Exhibit {
    let strength = shown[PathKeys.by] == .weight ? say("weighs most", "重みが最大") : say("contributes most", "寄与が最大")
    let chart = PathsChart(
      title: say("Layer-redundancy paths", "層冗長性の経路"), steps: shown.facts.blocks,
      dimensions: shown.facts.width,
      paths: shown.top.map { path in
        .init(
          layer: path.layer, target: path.target, r2: path.r2,
          sources: path.sources.map { (dimension: $0.dim, contribution: $0.contribution) })
      },
      layerTitle: Terms.depth(say), dimensionTitle: say("dimension", "次元"))
    let own = "\(chart.ownCount)/\(shown.top.count)"
    return Exhibit(
      chart: chart,
      table: Table(
        shown.top.prefix(30),
        [
          .text(Terms.step(say)) { Terms.step($0.layer) },
          .count(say("predicted dimension", "予測された次元"), \.target), .number("R²", \.r2),
          .text(say("contributing dimensions", "寄与した次元")) {
            $0.sources.map { String($0.dim) }.joined(separator: ", ")
          },
        ]),
      caption: Exhibit.Caption(
        say(
          "The \(shown.top.count) best predicted (depth, dimension) pairs, R² on test samples.",
          "予測の R²（評価標本）が高い（深さ、次元）の組、上位 \(shown.top.count) 件。"),
        chart: say(
          """
           Each is shown with the dimension of the depth before that \(strength): a grey tick where that is the dimension \
          itself (\(own)), a fan in colour where one dimension feeds three or more others in a step, a thin line \
          otherwise. Above each step: how many there are, and how many of them by themselves.
          """,
          """
          各組を、一つ前の深さで\(strength)の次元とともに示す。灰色の横線はその次元自身（\(own)）、色つきの扇は一段で他の三次元以上に\
          及ぶ次元、細線はその他。各段の上の数は組の総数と、そのうち自分自身によるもの。
          """)))
  }
}

/// Keys of the views that work on paths.
enum PathKeys {
  enum Ranking: String, CaseIterable { case contribution, weight }

  static let top = Key.int("top", in: 1...100_000, standard: 500, "how many of the highest R²")
  static let weights = Key.int("weights", in: 1...64, standard: 3, "how many contributing dimensions of each")
  static let by = Key<Ranking>.choice(
    "by", standard: .contribution,
    "rank contributors by |weight| times the input's standard deviation, or by |weight| alone")

  static let all: [any KeyDeclaration] = [top, weights, by]
}
