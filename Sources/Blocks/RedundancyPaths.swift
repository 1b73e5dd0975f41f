import JSONText
import Regression
import Results

/// The best predicted dimensions of all steps, each with the dimensions that contribute most to it.
struct RedundancyPaths: Sendable {
  /// A dimension of the next depth's state and what predicts it.
  struct Path: Sendable {
    /// Depth of the predicting state.
    var layer: Int
    /// The predicted dimension.
    var target: Int
    /// R² on the test samples.
    var r2: Double
    /// The dimensions that contribute most, in falling order.
    var sources: [(dimension: Int, contribution: Double)]
  }

  /// A dimension and how often it occurs.
  struct Count: Sendable {
    var dimension: Int
    var count: Int

    var json: JSONValue { .object(["dim": .int(dimension), "count": .int(count)]) }
  }

  /// In falling order of R².
  var paths: [Path]
  /// Blocks of the model.
  var blocks: Int

  /// Occurrences in falling order, the lower dimension first where equal.
  static func counts(_ dimensions: [Int]) -> [Count] {
    var tally: [Int: Int] = [:]
    for dimension in dimensions { tally[dimension, default: 0] += 1 }
    return tally.map { Count(dimension: $0.key, count: $0.value) }
      .sorted { ($1.count, $0.dimension) < ($0.count, $1.dimension) }
  }

  /// Paths of one step.
  func paths(of layer: Int) -> [Path] { paths.filter { $0.layer == layer } }

  /// The result of `paths r2`.
  var json: JSONObject {
    [
      "top": .array(
        paths.map { path in
          .object([
            "layer": .int(path.layer), "target": .int(path.target), "r2": .double(path.r2),
            "sources": .array(
              path.sources.map { .object(["dim": .int($0.dimension), "contribution": .double($0.contribution)]) }),
          ])
        })
    ]
  }

  init(paths: [Path], blocks: Int) {
    self.paths = paths
    self.blocks = blocks
  }

  init(json: JSONValue?, blocks: Int) {
    self.blocks = blocks
    paths = (json?.arrayValue ?? []).compactMap { item in
      guard let layer = item["layer"]?.intValue, let target = item["target"]?.intValue, let r2 = item["r2"]?.doubleValue
      else { return nil }
      let sources = (item["sources"]?.arrayValue ?? []).compactMap {
        source -> (dimension: Int, contribution: Double)? in
        guard let dimension = source["dim"]?.intValue, let contribution = source["contribution"]?.doubleValue else {
          return nil
        }
        return (dimension, contribution)
      }
      return Path(layer: layer, target: target, r2: r2, sources: sources)
    }
  }
}

extension Workbench {
  /// Picks the `top` highest R² over all steps and fits those dimensions again, keeping what contributes to them.
  func redundancyPaths(_ split: SplitStates, of question: Question) throws -> RedundancyPaths {
    let bound = question.bound
    let fits = try svrFits(split, of: question, pairs: .adjacent)
    var candidates: [(layer: Int, target: Int, r2: Double)] = []
    for fit in fits {
      for (target, r2) in fit.r2.enumerated() { if let r2 { candidates.append((fit.source, target, r2)) } }
    }
    candidates.sort { ($1.r2, $0.layer, $0.target) < ($0.r2, $1.layer, $1.target) }
    let chosen = candidates.prefix(bound.int("top") ?? 500)
    var sources: [Int: [Int: [(dimension: Int, contribution: Double)]]] = [:]
    for layer in 0..<split.sample.blocks {
      let targets = chosen.filter { $0.layer == layer }.map(\.target).sorted()
      if !targets.isEmpty { sources[layer] = try contributions(split, question, layer: layer, targets: targets) }
    }
    return RedundancyPaths(
      paths: chosen.map { path in
        .init(layer: path.layer, target: path.target, r2: path.r2, sources: sources[path.layer]?[path.target] ?? [])
      }, blocks: split.sample.blocks)
  }

  /// The strongest contributors to some dimensions of one step, by dimension; kept in the store.
  private func contributions(
    _ split: SplitStates, _ question: Question, layer: Int, targets: [Int]
  ) throws -> [Int: [(dimension: Int, contribution: Double)]] {
    let bound = question.bound
    let count = bound.int("weights") ?? 3
    let byWeight = bound.text("by") == "weight"
    let key = ResultKey(
      inputs: SVRFits.inputs(split, bound).merging([
        "source": .int(layer), "targets": .ints(targets), "weights": .int(count),
        "by": .string(byWeight ? "weight" : "contribution"),
      ]))
    func compute() throws -> StoredResult {
      let depth = try DepthRegression(split, bound, source: layer)
      let fit = try depth.fit(target: layer + 1, dimensions: targets)
      let places = Array(targets.indices)
      let strengths =
        byWeight ? depth.regression.weights(fit, at: places) : depth.regression.contributions(fit, at: places)
      return StoredResult(
        value: .array(
          places.map { row in
            let values = strengths.row(row).enumerated().sorted {
              ($1.element.magnitude, $0.offset) < ($0.element.magnitude, $1.offset)
            }
            return .array(values.prefix(count).map { .array([.int($0.offset), .double($0.element.magnitude)]) })
          }))
    }
    let stored = try kept(key, kind: .fit, compute: compute)
    var found: [Int: [(dimension: Int, contribution: Double)]] = [:]
    for (target, list) in zip(targets, stored.value.arrayValue ?? []) {
      found[target] = (list.arrayValue ?? []).compactMap { pair in
        guard let dimension = pair[0]?.intValue, let strength = pair[1]?.doubleValue else { return nil }
        return (dimension, strength)
      }
    }
    return found
  }
}
