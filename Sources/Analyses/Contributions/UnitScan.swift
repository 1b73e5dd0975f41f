import Tensors
import Transformers

/// A unit with its score.
public struct ScoredUnit: Hashable, Sendable {
  /// The unit.
  public var unit: StreamUnit
  /// m: what its vector is multiplied by; for a dimension of a head, attention weight times value.
  public var coefficient: Double
  /// Its score by the method asked for.
  public var score: Double

  /// The larger score first; of equals the lower unit.
  static func isBefore(_ a: ScoredUnit, _ b: ScoredUnit) -> Bool {
    a.score != b.score ? a.score > b.score : a.unit < b.unit
  }
}

/// A branch as coefficients times columns of its output product.
struct SubvalueBranch {
  var output: BranchOutput
  /// The state that the branch's output is added to.
  var state: ScoredState
  /// What no unit's score can exceed; nil where all are to be scored.
  var limit: UnitLimit?
  /// The coefficients of each column; one for a neuron, one for each source position for a dimension of a head.
  var coefficients: [[Float]]
  /// What a coefficient belongs to, by column and place.
  var unit: (Int, Int) -> StreamUnit
}

/// What bounds the scores of a branch's units before any is worked out.
enum UnitLimit {
  /// Where the gradient of ln p at the state points: ln p is concave in what is added, so that the product with it is an
  /// upper bound.
  case slope([Double])
  /// Words among which the target is ranked: no rank among all words is lower.
  case rank(RankProbe)
}

/// Finds the units with the largest scores, block by block.
///
/// Where not every unit is scored, those left out are certain to lie below the last one found.
struct UnitScan {
  /// Multiply-adds up to which every unit is scored.
  static let exhaustiveLimit = 2e10

  private let parts: PredictionParts
  private let method: ContributionMethod
  private let top: Int
  private(set) var best: [ScoredUnit] = []
  /// Units that were scored.
  private(set) var scored = 0
  /// All units.
  private(set) var total = 0

  init(_ parts: PredictionParts, _ method: ContributionMethod, top: Int) {
    (self.parts, self.method, self.top) = (parts, method, top)
  }

  /// Whether units can be left out by a bound.
  static func hasBound(_ method: ContributionMethod, _ parts: PredictionParts) -> Bool {
    if method.ranksTarget { return true }
    guard parts.head.cap == nil else { return false }
    switch method {
    case .logprobIncrease, .logprob: return true
    case .probIncrease: return parts.target.contrast == nil
    default: return false
    }
  }

  /// Scores a branch's units.
  ///
  /// - Returns: The sum of their scores; nil where some were left out.
  mutating func scan(_ branch: SubvalueBranch) throws -> Double? {
    total += branch.coefficients.reduce(0) { $0 + $1.count }
    guard let bounds = bounds(branch) else {
      var sum = 0.0
      for start in stride(from: 0, to: branch.coefficients.count, by: parts.head.tileRows) {
        let columns = start..<min(start + parts.head.tileRows, branch.coefficients.count)
        sum += try score(branch, columns.map { ($0, Array(branch.coefficients[$0].indices)) })
      }
      return sum
    }
    let highest = bounds.map { $0.max() ?? -.infinity }
    let order = highest.indices.sorted { (highest[$1], $0) < (highest[$0], $1) }
    var next = 0
    while next < order.count {
      let batch = order[next..<min(next + 64, order.count)]
      next += batch.count
      let wanted = batch.map { column in (column, bounds[column].indices.filter { mayEnter(bounds[column][$0]) }) }
        .filter { !$0.1.isEmpty }
      if wanted.isEmpty { return nil }
      _ = try score(branch, wanted)
    }
    return nil
  }

  /// The most that each coefficient of each column can score; nil where nothing is known.
  private func bounds(_ branch: SubvalueBranch) -> [[Double]]? {
    switch branch.limit {
    case nil: return nil
    case .slope(let slope):
      let reach = branch.output.reach(along: slope)
      return branch.coefficients.enumerated().map { column, factors in
        factors.map { bound(Double($0) * reach[column], branch.state) }
      }
    case .rank(let probe):
      let least = probe.leastRanks(branch.output)
      return branch.coefficients.enumerated().map { column, factors in
        factors.map { factor in
          (method.needsCoefficient ? Double(abs(factor)) : 1)
            / Double(factor < 0 ? least[column].rising : least[column].falling)
        }
      }
    }
  }

  private func mayEnter(_ bound: Double) -> Bool {
    best.count < top || bound + 1e-5 * max(1, abs(bound)) > best[best.count - 1].score
  }

  /// The most a unit can score, given the product of its vector with the gradient.
  private func bound(_ product: Double, _ state: ScoredState) -> Double {
    switch method {
    case .logprob: parts.nothing.own.difference + product
    case .probIncrease: state.own.probability * (exponential(min(700, product)) - 1)
    default: product
    }
  }

  /// Scores some coefficients of some columns.
  private mutating func score(_ branch: SubvalueBranch, _ wanted: [(column: Int, places: [Int])]) throws -> Double {
    let vectors = branch.output.columns(wanted.map(\.column))
    var requests: [ScoredState.Request] = []
    var units: [StreamUnit] = []
    for (row, (column, places)) in wanted.enumerated() {
      for place in places {
        requests.append((row, branch.coefficients[column][place]))
        units.append(branch.unit(column, place))
      }
    }
    let scores = try parts.scores(method, of: requests, vectors, at: branch.state)
    scored += scores.count
    take(
      scores.indices.map { ScoredUnit(unit: units[$0], coefficient: Double(requests[$0].factor), score: scores[$0]) })
    return scores.reduce(0, +)
  }

  mutating func take(_ units: [ScoredUnit]) {
    let entering = units.filter { unit in
      best.count < top || best.last.map { !ScoredUnit.isBefore($0, unit) } ?? true
    }
    best = Array((best + entering).sorted(by: ScoredUnit.isBefore).prefix(top))
  }
}
