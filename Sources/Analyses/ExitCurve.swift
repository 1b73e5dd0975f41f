/// One setting of the exit rule and what it does.
public struct ExitPoint: Sendable, Equatable {
  /// The rule's lambda; on an exact curve the smallest one that does this.
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
///
/// A sample leaves after the first block l whose confidence exceeds 0.9 λ + decay. As λ rises it moves on from one block to
/// the next with a larger confidence than all before it, at λ = (confidence - decay) / 0.9; in between nothing changes. So
/// the curve over *all* λ has finitely many points, and all of them are here.
public struct ExitCurve: Sendable, Equatable {
  /// Blocks of the model, L.
  public let blocks: Int
  /// One point for every λ at which any sample changes its exit, rising in λ and in layers; the first is for every λ
  /// below, where each sample leaves after block 1, and the last is the full model.
  public let points: [ExitPoint]
  /// The points of the published λ.
  public let published: [ExitPoint]
  /// Share of agreement when every sample exits after the same block, `[L + 1]`, state 0 first.
  public let fixed: [Double]

  /// Runs the rule for every λ over readings that were taken once.
  ///
  /// - Parameters:
  ///   - readings: the lens at `h_0 … h_{L-1}`, and the full model's own reading last, `[L + 1]`.
  ///   - decays: the decaying part of each sample's threshold, `[n]`.
  ///   - lambdas: the published thresholds, rising.
  ///   - confidence: what is held against the threshold.
  public init(
    readings: [LensReading], decays: [Double], lambdas: [Double], confidence: ExitRule.Confidence = .gap
  ) {
    let sweep = ExitSweep(readings: readings, decays: decays, confidence: confidence)
    blocks = readings.count - 1
    fixed = readings.map { sweep.agreement(of: $0) }
    points = sweep.allPoints()
    published = lambdas.map { sweep.point(lambda: $0) }
  }

  /// Where an agreement is reached: the fewest layers whose precision is at least `target`, and the point before it.
  ///
  /// Nothing is interpolated: between two points there is no setting of the rule.
  public func reached(_ target: Double) -> (point: ExitPoint, before: ExitPoint?) {
    // A target such as 0.95 is no binary number: 19 of 20 reach it.
    let place = points.firstIndex { $0.precision >= target - 1e-12 } ?? points.count - 1
    return (points[place], place > 0 ? points[place - 1] : nil)
  }

  /// At most `limit` points that say what the curve is, in its order: the first and the last, those in `keeping`, those
  /// that no other point beats, and of the others as many as there is room for, evenly spaced.
  public func thinned(to limit: Int, keeping: [ExitPoint] = []) -> [ExitPoint] {
    guard points.count > limit else { return points }
    var chosen: Set<Int> = [0, points.count - 1]
    chosen.formUnion(points.indices.filter { keeping.contains(points[$0]) })
    func fill(_ places: [Int]) {
      let room = limit - chosen.count
      guard room > 0, !places.isEmpty else { return }
      let taken = min(room, places.count)
      for index in 0..<taken { chosen.insert(places[index * places.count / taken]) }
    }
    fill(envelope.filter { !chosen.contains($0) })
    fill(points.indices.filter { !chosen.contains($0) })
    return chosen.sorted().map { points[$0] }
  }

  /// The points no other point beats: more agreement than every one with fewer layers.
  private var envelope: [Int] {
    var best = -1.0
    return points.indices.filter { place in
      defer { best = max(best, points[place].precision) }
      return points[place].precision > best
    }
  }
}

/// The exit rule over readings that were taken once.
private struct ExitSweep {
  let readings: [LensReading]
  /// How sure the lens is of each sample at each state.
  let confidences: [[Double]]
  let decays: [Double]
  let blocks: Int
  let samples: Int

  init(readings: [LensReading], decays: [Double], confidence: ExitRule.Confidence) {
    self.readings = readings
    confidences = readings.map { $0.confidence(confidence) }
    self.decays = decays
    blocks = readings.count - 1
    precondition(blocks >= 1, "a model has at least one block")
    samples = readings[blocks].top.count
  }

  func agreement(of reading: LensReading) -> Double {
    samples == 0 ? 0 : Double((0..<samples).count { reading.top[$0] == readings[blocks].top[$0] }) / Double(samples)
  }

  /// What one λ does, found by the rule itself.
  func point(lambda: Double) -> ExitPoint {
    var tally = Tally(self)
    for sample in 0..<samples {
      let threshold = 0.9 * lambda + decays[sample]
      var exit = 1
      while exit < blocks, !(confidences[exit][sample] > threshold) { exit += 1 }
      tally.add(exit, sample, +1)
    }
    return tally.point(lambda)
  }

  /// What every λ does: each sample's moves from exit to exit, put in order.
  func allPoints() -> [ExitPoint] {
    var tally = Tally(self)
    var moves: [(lambda: Double, sample: Int, from: Int, to: Int)] = []
    for sample in 0..<samples {
      tally.add(1, sample, +1)
      var from = 1
      for layer in stride(from: 2, through: blocks, by: 1)
      where layer == blocks || confidences[layer][sample] > confidences[from][sample] {
        moves.append(((confidences[from][sample] - decays[sample]) / 0.9, sample, from, layer))
        from = layer
      }
    }
    moves.sort { ($0.lambda, $0.sample, $0.from) < ($1.lambda, $1.sample, $1.from) }
    var points = [tally.point(ExitRule.always)]
    for (place, move) in moves.enumerated() {
      tally.add(move.from, move.sample, -1)
      tally.add(move.to, move.sample, +1)
      // Moves at the same λ happen together.
      if place + 1 == moves.count || moves[place + 1].lambda > move.lambda { points.append(tally.point(move.lambda)) }
    }
    return points
  }

  /// Sums over samples, exact because they are whole numbers.
  private struct Tally {
    let sweep: ExitSweep
    var layers = 0
    var agreed = 0
    var tests = 0

    init(_ sweep: ExitSweep) { self.sweep = sweep }

    mutating func add(_ exit: Int, _ sample: Int, _ sign: Int) {
      layers += sign * exit
      // A sample that reached the last block was tested after each block before it, then read by the head as usual.
      tests += sign * min(exit, sweep.blocks - 1)
      if sweep.readings[exit].top[sample] == sweep.readings[sweep.blocks].top[sample] { agreed += sign }
    }

    func point(_ lambda: Double) -> ExitPoint {
      let n = Double(max(1, sweep.samples))
      return ExitPoint(
        lambda: lambda, layers: Double(layers) / n, precision: Double(agreed) / n, heads: Double(layers) / n,
        tests: Double(tests) / n)
    }
  }
}
