import Analyses
import Tensors
import Testing

/// A head whose logits are the state itself.
private struct IdentityHead: Head {
  func logits(of states: Matrix) -> Matrix { states }
}

@Suite struct EarlyExitTests {
  private let blocks = 6
  private let costs = ExitCosts(block: 100, head: 30, map: 10)

  /// States that drift from one random vector to another, depth by depth.
  private func states(seed: Int, samples: Int = 60) -> [Matrix] {
    var stream = RandomStream(seed: seed, stream: "test.earlyexit")
    let width = 9
    let start = (0..<samples * width).map { _ in Float(stream.uniform()) * 4 }
    let end = (0..<samples * width).map { _ in Float(stream.uniform()) * 8 }
    return (0...blocks).map { layer in
      let share = Float(layer) / Float(blocks)
      return Matrix(rows: samples, columns: width, values: zip(start, end).map { $0 + share * ($1 - $0) })
    }
  }

  private func exit(
    _ states: [Matrix], target: Double, _ confidence: ExitRule.Confidence = .gap
  ) throws -> EarlyExit {
    try EarlyExit(
      lens: .id, states: states, maps: [], positions: (0..<states[0].rows).map { $0 % 17 }, head: IdentityHead(),
      rule: ExitRule(confidence: confidence), target: target, costs: costs)
  }

  @Test func extremeThresholds() throws {
    let curve = try exit(states(seed: 1), target: 0.9).curve
    let always = try #require(curve.points.first)
    let never = try #require(curve.points.last)
    #expect(always.lambda == -1.112)
    #expect(always.layers == 1)
    #expect(never.layers == Double(blocks))
    #expect(never.precision == 1)
    #expect(curve.fixed.count == blocks + 1)
    #expect(curve.fixed[blocks] == 1)
    #expect(always.precision == curve.fixed[1])
  }

  @Test(arguments: 0..<8) func savingsFallAsTheTargetRises(seed: Int) throws {
    let states = states(seed: seed)
    var before = 1.0
    for target in stride(from: 0.05, through: 1, by: 0.05) {
      let saved = try exit(states, target: target).saved
      #expect(saved <= before + 1e-12)
      before = saved
    }
  }

  /// The curve against the rule run anew for each λ: at every point, between all points and at the published ones.
  @Test(arguments: 0..<4, ExitRule.Confidence.allCases)
  func theCurveIsWhatTheRuleDoes(seed: Int, confidence: ExitRule.Confidence) throws {
    let curve = try exit(states(seed: seed, samples: 25), target: 0.9, confidence).curve
    let readings = try states(seed: seed, samples: 25).map { try LensReading.read($0, through: IdentityHead()) }
    let decays = ExitRule().decays(positions: (0..<25).map { $0 % 17 })
    for (point, next) in zip(curve.points, curve.points.dropFirst()) {
      #expect(point.lambda < next.lambda && point.layers <= next.layers)
      let between = ExitCurve(
        readings: readings, decays: decays, lambdas: [(point.lambda + next.lambda) / 2], confidence: confidence)
      let run = try #require(between.published.first)
      #expect(run.layers == point.layers && run.precision == point.precision && run.tests == point.tests)
    }
    for mark in curve.published {
      let place = curve.points.last { $0.lambda <= mark.lambda } ?? curve.points[0]
      #expect(place.layers == mark.layers && place.precision == mark.precision)
    }
  }

  @Test(arguments: 0..<4) func aTargetIsReachedWhereTheCurveReachesIt(seed: Int) throws {
    for target in [0.5, 0.9, 0.95, 1] {
      let found = try exit(states(seed: seed), target: target)
      #expect(found.reached.precision >= target - 1e-12)
      let fewer = found.curve.points.filter { $0.layers < found.layers }
      #expect(fewer.allSatisfy { $0.precision < target })
      #expect(found.before.map { $0.precision < target } ?? true)
      #expect((found.curve.points + found.curve.published).contains(found.reached))
    }
  }

  @Test func aLongCurveKeepsWhatMatters() throws {
    let found = try exit(states(seed: 5, samples: 400), target: 0.95)
    #expect(found.curve.points.count > 500)
    let thinned = found.curve.thinned(to: 100, keeping: [found.reached])
    #expect(thinned.count <= 100 && thinned.contains(found.reached))
    #expect(thinned.first == found.curve.points.first && thinned.last == found.curve.points.last)
    #expect(zip(thinned, thinned.dropFirst()).allSatisfy { $0.layers <= $1.layers })
  }

  @Test func everyBlockSavedIsPaidForInTests() throws {
    let found = try exit(states(seed: 3), target: 1)
    #expect(found.savedNet < found.saved)
  }

  @Test func lambdaGrids() {
    #expect(ExitRule.lambdas(for: .mat).count == 13)
    #expect(ExitRule.lambdas(for: .id).count == 22)
    #expect(ExitRule.lambdas(for: .id) == ExitRule.lambdas(for: .id).sorted())
  }

  @Test func confidenceIsTheProbabilityGap() throws {
    // Logits ln 6, ln 3, ln 1: probabilities 0.6, 0.3, 0.1.
    let logits = Matrix(rows: 1, columns: 3, values: [1.0986123, 1.7917595, 0])
    let reading = try LensReading.read(logits, through: IdentityHead())
    #expect(reading.top == [1])
    #expect(abs(reading.gap[0] - 0.3) < 1e-6)
  }

  @Test func tiesGoToTheLowerToken() throws {
    let reading = try LensReading.read(Matrix(rows: 1, columns: 3, values: [1, 1, 1]), through: IdentityHead())
    #expect(reading.top == [0])
    #expect(reading.gap[0] == 0)
  }
}

@Suite struct TargetSummaryTests {
  @Test func statisticsOfKnownValues() {
    let summary = TargetSummary(r2: [0.5, nil, -0.5, 1, 0])
    #expect(summary.undefined == 1)
    #expect(summary[.mean] == 0.25)
    #expect(summary[.max] == 1)
    #expect(summary[.min] == -0.5)
    #expect(summary[.median] == 0.25)
    #expect(summary[.negative] == 0.25)
    let variance = (0.0625 + 0.5625 + 0.5625 + 0.0625) / 4
    #expect(summary[.std] == variance.squareRoot())
  }

  @Test func nothingDefinedIsUndefinedNotZero() {
    let summary = TargetSummary(r2: [nil, nil])
    #expect(summary.undefined == 2)
    for statistic in TargetStatistic.allCases { #expect(summary[statistic] == nil) }
  }
}
