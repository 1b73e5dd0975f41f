import Analyses
import JSONText

/// One value for each step, or for each pair of depths with the source as the row; nil where there is none.
enum ByDepth<Element: Codable & Sendable>: Codable, Sendable {
  case steps([Element?])
  case pairs([[Element?]])

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let rows = try? container.decode([[Element?]].self) {
      self = .pairs(rows)
    } else {
      self = .steps(try container.decode([Element?].self))
    }
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .steps(let values): try container.encode(values)
    case .pairs(let rows): try container.encode(rows)
    }
  }

  /// Every value, row by row.
  var all: [Element?] {
    switch self {
    case .steps(let values): values
    case .pairs(let rows): rows.flatMap { $0 }
    }
  }
}

/// The result of the regressions between depths: statistics over the R² of the target dimensions.
struct TargetStatistics: Codable, Sendable {
  @Field("mean R² over target dimensions, [L], or [L+1][L+1] with pairs=all; row = source depth")
  var mean = ByDepth<Double>.steps([])
  @Field("largest R²") var max = ByDepth<Double>.steps([])
  @Field("population standard deviation of R²") var std = ByDepth<Double>.steps([])
  @Field("median R²") var median = ByDepth<Double>.steps([])
  @Field("smallest R²") var min = ByDepth<Double>.steps([])
  @Field("share of dimensions with R² below 0") var negative = ByDepth<Double>.steps([])
  @Field("targets that have no R², since they or their sources do not vary") var undefined = ByDepth<Int>.steps([])
  @OptionalField(
    "R² of at most 32 target dimensions of each step, evenly spaced by rank, to five decimals; not with pairs=all")
  var spread: [[JSONNumber]]? = nil
  @Field("regressions whose relative duality gap exceeds 1e-3") var missedGap = 0
  @Field("largest relative duality gap; null where none was solved by support vectors") var largestGap: Double? = nil

  subscript(statistic: TargetStatistic) -> ByDepth<Double> {
    switch statistic {
    case .mean: mean
    case .max: max
    case .std: std
    case .median: median
    case .min: min
    case .negative: negative
    }
  }
}

extension TargetStatistics {
  init(_ fits: [LayerFit], blocks: Int, allPairs: Bool) {
    func shaped<Value>(_ values: [Value?]) -> ByDepth<Value> {
      guard allPairs else { return .steps(values) }
      var rows = Array(repeating: [Value?](repeating: nil, count: blocks + 1), count: blocks + 1)
      for (fit, value) in zip(fits, values) { rows[fit.source][fit.target] = value }
      return .pairs(rows)
    }
    let summaries = fits.map { TargetSummary(r2: $0.r2) }
    func values(_ statistic: TargetStatistic) -> ByDepth<Double> { shaped(summaries.map { $0[statistic] }) }
    let certificates = Certificates(fits)
    self.init(
      mean: values(.mean), max: values(.max), std: values(.std), median: values(.median), min: values(.min),
      negative: values(.negative), undefined: shaped(summaries.map(\.undefined)),
      spread: allPairs ? nil : fits.map { Self.spread($0.r2) },
      missedGap: certificates.missedGap, largestGap: certificates.largestGap)
  }

  /// What a figure can show of single dimensions without growing with the model.
  static let spreadCount = 32

  /// Values at evenly spaced ranks, the least and the largest among them.
  private static func spread(_ r2: [Double?]) -> [JSONNumber] {
    let sorted = r2.compactMap { $0 }.sorted()
    let count = Swift.min(sorted.count, spreadCount)
    return (0..<count).compactMap { index in
      let rank = count > 1 ? index * (sorted.count - 1) / (count - 1) : 0
      return JSONNumber((sorted[rank] * 1e5).rounded() / 1e5)
    }
  }

  /// A result of the usual shape.
  static func example(allPairs: Bool) -> TargetStatistics {
    let values: ByDepth<Double> =
      allPairs ? .pairs([[nil, 0.5, 0.25], [nil, nil, -0.5], [nil, nil, nil]]) : .steps([0.5, nil])
    return TargetStatistics(
      mean: values, max: values, std: values, median: values, min: values, negative: values,
      undefined: allPairs ? .pairs([[nil, 1, 0], [nil, nil, 0], [nil, nil, nil]]) : .steps([0, 2]),
      spread: allPairs ? nil : [[JSONNumber(0.4), JSONNumber(0.6)].compactMap { $0 }, []], largestGap: 1e-5)
  }
}
