/// One setting of the exit rule and what it does.
public struct ExitPoint: Sendable, Equatable {
  /// The rule's lambda.
  public var lambda: Double
  /// Mean number of blocks run per sample, in [1, L].
  public var layers: Double
  /// Share of samples whose exit token is the full model's top token.
  public var precision: Double
  /// Mean number of heads read per sample: one per exit test, and the model's own where no test let the sample go.
  public var heads: Double
  /// Mean number of exit tests per sample, each of which costs a map when the lens is `mat`.
  public var tests: Double
}

/// Agreement against depth for one lens, with and without the exit rule.
public struct ExitCurve: Sendable, Equatable {
  /// Blocks of the model, L.
  public var blocks: Int
  /// One point per lambda, in rising order of lambda.
  public var points: [ExitPoint]
  /// Share of agreement when every sample exits after the same block, `[L + 1]`, state 0 first.
  public var fixed: [Double]

  /// Runs the rule for every lambda over readings that were taken once.
  ///
  /// - Parameters:
  ///   - readings: the lens at `h_0 … h_{L-1}`, and the full model's own reading last, `[L + 1]`.
  ///   - decays: the decaying part of each sample's threshold, `[n]`.
  ///   - lambdas: the thresholds to sweep, rising.
  public init(readings: [LensReading], decays: [Double], lambdas: [Double]) {
    let blocks = readings.count - 1
    precondition(blocks >= 1, "a model has at least one block")
    let full = readings[blocks].top
    self.blocks = blocks
    fixed = readings.map { reading in Self.agreement(reading.top, full) }
    points = lambdas.map { lambda in
      var layers = 0
      var agreed = 0
      var tests = 0
      for sample in full.indices {
        let threshold = 0.9 * lambda + decays[sample]
        var exit = 1
        while exit < blocks, !(readings[exit].gap[sample] > threshold) { exit += 1 }
        layers += exit
        // A sample that reached the last block was tested after each block before it, then read by the head as usual.
        tests += min(exit, blocks - 1)
        if readings[exit].top[sample] == full[sample] { agreed += 1 }
      }
      let n = Double(max(1, full.count))
      return ExitPoint(
        lambda: lambda, layers: Double(layers) / n, precision: Double(agreed) / n, heads: Double(layers) / n,
        tests: Double(tests) / n)
    }
  }

  private static func agreement(_ a: [Int], _ b: [Int]) -> Double {
    guard !a.isEmpty else { return 0 }
    return Double(zip(a, b).reduce(0) { $0 + ($1.0 == $1.1 ? 1 : 0) }) / Double(a.count)
  }

  /// The points no other point beats: fewer layers at the same agreement, or more agreement at the same layers.
  var envelope: [ExitPoint] {
    let sorted = points.sorted {
      ($0.layers, -$0.precision, $0.lambda) < ($1.layers, -$1.precision, $1.lambda)
    }
    var kept: [ExitPoint] = []
    for point in sorted where point.precision > (kept.last?.precision ?? -1) { kept.append(point) }
    return kept
  }

  /// What an agreement of `target` needs, linear between points of the envelope.
  ///
  /// Below the envelope's first point the answer is that point: a model cannot run less than one block.
  public func point(atAgreement target: Double) -> ExitPoint {
    let envelope = self.envelope
    let never = ExitPoint(lambda: 1.112, layers: Double(blocks), precision: 1, heads: Double(blocks), tests: 0)
    guard let first = envelope.first, let last = envelope.last else { return never }
    if target <= first.precision { return first }
    for (low, high) in zip(envelope, envelope.dropFirst()) where target <= high.precision {
      let share = (target - low.precision) / (high.precision - low.precision)
      func between(_ a: Double, _ b: Double) -> Double { a + share * (b - a) }
      return ExitPoint(
        lambda: between(low.lambda, high.lambda), layers: between(low.layers, high.layers), precision: target,
        heads: between(low.heads, high.heads), tests: between(low.tests, high.tests))
    }
    return last
  }
}
