import JSONText
import Regression

/// The controls of the regressions: chance, units, and the same dimension alone.
struct RedundancyControls {
  let split: SplitStates
  let question: Question
  let bench: Workbench

  /// Target dimensions that are refitted: evenly spaced, so that none is chosen for its R².
  private var dimensions: [Int] {
    let width = split.sample.width
    let count = min(width, question.bound.int("dims") ?? 32)
    return (0..<count).map { $0 * width / count }
  }

  private func means(_ fits: [LayerFit]) -> JSONValue { .array(fits.map { .double(R2.mean($0.r2)) }) }

  /// Mean R² with permuted training targets beside the actual one, over the same dimensions.
  func permutedNull() throws -> JSONObject {
    let null = try bench.svrFits(split, of: question, pairs: .adjacent, variant: .permuted, dimensions: dimensions)
    let actual = try bench.svrFits(split, of: question, pairs: .adjacent)
    let chosen = dimensions
    return [
      "null": means(null), "null_max": .array(null.map { .double($0.r2.compactMap { $0 }.max()) }),
      "actual": .array(actual.map { fit in .double(R2.mean(chosen.map { fit.r2[$0] })) }),
      "dimensions": .ints(chosen),
    ]
  }

  /// Mean R² with all states multiplied by 0.1, 1 and 10.
  func scaleCheck() throws -> JSONObject {
    let factors: [Float] = [0.1, 1, 10]
    let fits = try factors.map { factor in
      try bench.svrFits(
        split, of: question, pairs: .adjacent, variant: factor == 1 ? .plain : .scaled(factor), dimensions: dimensions)
    }
    let means = fits.map { layer in layer.map { R2.mean($0.r2) } }
    var largest = 0.0
    for (index, middle) in means[1].enumerated() {
      for other in [means[0][index], means[2][index]] {
        if let other, let middle { largest = max(largest, abs(other - middle)) }
      }
    }
    return [
      "factors": [0.1, 1, 10],
      "mean": .array(means.map { .array($0.map { .double($0) }) }),
      "largest_move": .double(largest),
      "depends_on_scale": .bool(largest > 0.05),
      "dimensions": .ints(dimensions),
    ]
  }

  /// R² of the same dimension alone, and its share of the full regression's.
  func sameDimension() throws -> JSONObject {
    let full = try bench.svrFits(split, of: question, pairs: .adjacent)
    let (train, test) = (split.train, split.test)
    var alone: [JSONValue] = []
    var whole: [JSONValue] = []
    var share: [JSONValue] = []
    for fit in full {
      let own = try RegressionChecks.sameDimensionR2(
        trainSource: train[fit.source], trainTargets: train[fit.target], testSource: test[fit.source],
        testTargets: test[fit.target])
      // Only dimensions for which both exist can be compared.
      let both = zip(own, fit.r2).compactMap { pair -> (own: Double, full: Double)? in
        guard let own = pair.0, let full = pair.1 else { return nil }
        return (own, full)
      }
      let ownMean = R2.mean(both.map { $0.own })
      let fullMean = R2.mean(both.map { $0.full })
      alone.append(.double(ownMean))
      whole.append(.double(fullMean))
      share.append(.double(ownMean.flatMap { own in fullMean.flatMap { $0 > 0 ? own / $0 : nil } }))
    }
    return ["self": .array(alone), "full": .array(whole), "share": .array(share)]
  }
}
