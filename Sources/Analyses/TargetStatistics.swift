/// A statistic over the R² of one layer's target dimensions.
public enum TargetStatistic: String, Sendable, CaseIterable {
  /// Unweighted mean over the defined targets.
  case mean
  /// Largest.
  case max
  /// Population standard deviation.
  case std
  /// Median, the mean of the two middle values for an even count.
  case median
  /// Smallest.
  case min
  /// Share of defined targets below 0.
  case negative
}

/// The R² of one layer's targets in a few numbers; every one is nil where no target is defined.
public struct TargetSummary: Sendable, Equatable {
  private var values: [TargetStatistic: Double]
  /// Targets without an R²: constant on the test or training samples.
  public var undefined: Int

  /// Summarises the R² of each target dimension, nil = undefined.
  public init(r2: [Double?]) {
    let defined = r2.compactMap { $0 }.sorted()
    undefined = r2.count - defined.count
    values = [:]
    guard let smallest = defined.first, let largest = defined.last else { return }
    let n = Double(defined.count)
    let mean = defined.reduce(0, +) / n
    let variance = defined.reduce(0.0) { $0 + ($1 - mean) * ($1 - mean) } / n
    let middle = defined.count / 2
    values[.mean] = mean
    values[.max] = largest
    values[.min] = smallest
    values[.std] = variance.squareRoot()
    values[.median] = defined.count % 2 == 1 ? defined[middle] : (defined[middle - 1] + defined[middle]) / 2
    values[.negative] = Double(defined.prefix { $0 < 0 }.count) / n
  }

  /// One of the statistics.
  public subscript(_ statistic: TargetStatistic) -> Double? { values[statistic] }
}
