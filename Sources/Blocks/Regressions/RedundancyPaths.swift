import JSONText
import Regression
import Results

/// The best predicted dimensions of all steps, each with the dimensions that contribute most to it.
struct RedundancyPaths: Codable, Sendable {
  /// A dimension of the next depth's state and what predicts it.
  struct Path: Codable, Sendable {
    @Field("depth of the predicting state") var layer = 0
    @Field("the predicted dimension") var target = 0
    @Field("R² on the test samples") var r2 = 0.0
    @Field("the dimensions that contribute most, in falling order") var sources: [Source] = []
  }

  /// A dimension that contributes.
  struct Source: Codable, Sendable {
    @Field("the dimension") var dim = 0
    @Field("|weight| times the input's standard deviation, or |weight|") var contribution = 0.0
  }

  @Field("the best predicted (depth, dimension) pairs, in falling order of R²") var top: [Path] = []

  static let example = RedundancyPaths(
    top: [
      Path(layer: 0, target: 1, r2: 0.9, sources: [Source(dim: 0, contribution: 0.5)]),
      Path(
        layer: 1, target: 0, r2: 0.8, sources: [Source(dim: 0, contribution: 0.7), Source(dim: 1, contribution: 0.1)]),
    ])

  /// Paths of one step.
  func paths(of layer: Int) -> [Path] { top.filter { $0.layer == layer } }
}

/// A dimension and how often it occurs.
struct DimensionCount: Codable, Sendable {
  @Field("the dimension") var dim = 0
  @Field("how often it occurs") var count = 0

  /// Occurrences in falling order, the lower dimension first where equal.
  static func list(_ dimensions: [Int]) -> [DimensionCount] {
    var tally: [Int: Int] = [:]
    for dimension in dimensions { tally[dimension, default: 0] += 1 }
    return tally.map { DimensionCount(dim: $0.key, count: $0.value) }
      .sorted { ($1.count, $0.dim) < ($0.count, $1.dim) }
  }
}

extension Workbench {
  /// Picks the `top` highest R² over all steps and fits those dimensions again, keeping what contributes to them.
  func redundancyPaths(_ split: SplitStates, of question: Question) throws -> RedundancyPaths {
    let bound = question.bound
    let fits = try svrFits(split, of: question, FitRequest(pairs: .adjacent))
    var candidates: [(layer: Int, target: Int, r2: Double)] = []
    for fit in fits {
      for (target, r2) in fit.r2.enumerated() { if let r2 { candidates.append((fit.source, target, r2)) } }
    }
    candidates.sort { ($1.r2, $0.layer, $0.target) < ($0.r2, $1.layer, $1.target) }
    let chosen = candidates.prefix(bound[PathKeys.top])
    var sources: [Int: [Int: [RedundancyPaths.Source]]] = [:]
    for layer in 0..<split.sample.blocks {
      let targets = chosen.filter { $0.layer == layer }.map(\.target).sorted()
      if !targets.isEmpty { sources[layer] = try contributions(split, question, layer: layer, targets: targets) }
    }
    return RedundancyPaths(
      top: chosen.map { path in
        .init(layer: path.layer, target: path.target, r2: path.r2, sources: sources[path.layer]?[path.target] ?? [])
      })
  }

  /// The strongest contributors to some dimensions of one step, by dimension; kept in the store.
  private func contributions(
    _ split: SplitStates, _ question: Question, layer: Int, targets: [Int]
  ) throws -> [Int: [RedundancyPaths.Source]] {
    let bound = question.bound
    let (count, ranking) = (bound[PathKeys.weights], bound[PathKeys.by])
    let key = ResultKey(
      inputs: SVRFits.inputs(split.shape, bound).merging([
        "source": .int(layer), "targets": .ints(targets), "weights": .int(count), "by": .string(ranking.rawValue),
        "form": "named",
      ]))
    func compute() throws -> [[RedundancyPaths.Source]] {
      let depth = try DepthRegression(split, bound, source: layer)
      let fit = try depth.fit(target: layer + 1, dimensions: targets)
      let places = Array(targets.indices)
      let strengths =
        ranking == .weight ? depth.regression.weights(fit, at: places) : depth.regression.contributions(fit, at: places)
      return places.map { row in
        let values = strengths.row(row).enumerated().sorted {
          ($1.element.magnitude, $0.offset) < ($0.element.magnitude, $1.offset)
        }
        return values.prefix(count).map { .init(dim: $0.offset, contribution: $0.element.magnitude) }
      }
    }
    let stored = try kept(key, kind: .fit, "contributions", compute: compute)
    return Dictionary(uniqueKeysWithValues: zip(targets, stored))
  }
}
