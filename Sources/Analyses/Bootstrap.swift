import JSONText
import Tensors

/// An interval that a resampled mean falls into.
public struct Band: Codable, Sendable, Equatable {
  @Field("lower end") public var low: Double = 0
  @Field("upper end") public var high: Double = 0

  public init(low: Double, high: Double) { (self.low, self.high) = (low, high) }
}

/// Percentile bootstrap over samples: how far a mean would move had other samples been drawn.
///
/// Every curve is resampled with the same draws, so that bands of two curves over the same samples can be compared.
/// Source: Efron, "Bootstrap methods: another look at the jackknife" (1979); percentiles interpolate linearly.
public struct Bootstrap: Sendable {
  /// How many resamples.
  public var resamples: Int
  /// Share of the resampled means inside the band.
  public var coverage: Double
  /// Seed of the draws.
  public var seed: Int

  public init(resamples: Int = 1000, coverage: Double = 0.95, seed: Int) {
    precondition(resamples > 0 && coverage > 0 && coverage < 1, "a share of some resamples")
    (self.resamples, self.coverage, self.seed) = (resamples, coverage, seed)
  }

  /// The bands of means.
  ///
  /// - Parameters:
  ///   - curves: the values of the same n samples, `[curves][n]`.
  ///   - stream: the name of the random stream, one for each engine.
  /// - Returns: one band for each curve; none where there are no samples.
  public func bands(of curves: [[Double]], stream: String) -> [Band] {
    guard let count = curves.first?.count, count > 0 else { return [] }
    precondition(curves.allSatisfy { $0.count == count }, "curves over the same samples")
    var random = RandomStream(seed: seed, stream: "bootstrap." + stream)
    var means = curves.map { _ in [Double]() }
    for _ in 0..<resamples {
      var weights = [Double](repeating: 0, count: count)
      for _ in 0..<count { weights[random.integer(below: count)] += 1 }
      for (curve, values) in curves.enumerated() {
        var sum = 0.0
        for sample in 0..<count { sum += weights[sample] * values[sample] }
        means[curve].append(sum / Double(count))
      }
    }
    let tail = (1 - coverage) / 2
    return means.map { means in
      let sorted = means.sorted()
      return Band(low: Self.percentile(sorted, tail), high: Self.percentile(sorted, 1 - tail))
    }
  }

  /// A quantile of sorted values, interpolated linearly between neighbours.
  private static func percentile(_ sorted: [Double], _ share: Double) -> Double {
    let place = share * Double(sorted.count - 1)
    let lower = min(sorted.count - 1, Int(place))
    let upper = min(sorted.count - 1, lower + 1)
    return sorted[lower] + (place - Double(lower)) * (sorted[upper] - sorted[lower])
  }
}
