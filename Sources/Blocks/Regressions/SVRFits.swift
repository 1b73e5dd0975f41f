import Directives
import JSONText
import Regression
import Results
import Tensors

/// The regressions of one depth on another: an R² for every target dimension.
struct LayerFit: Codable, Sendable {
  /// Depth of the state that predicts.
  var source: Int
  /// Depth of the state that is predicted.
  var target: Int
  /// R² on the test samples per target dimension, nil = undefined, `[d]`.
  var r2: [Double?]
  /// Targets whose relative duality gap exceeds the tolerance.
  var missed: Int
  /// The largest relative duality gap.
  var largestGap: Double?

  init(_ source: Int, _ target: Int, _ fit: SupportVectorFit) {
    (self.source, self.target) = (source, target)
    (r2, missed, largestGap) = (fit.r2, fit.missed, fit.largestGap)
  }
}

/// Support-vector regressions between depths: fitted pair by pair, each pair kept as soon as it is done.
enum SVRFits {
  static let engine = EngineIdentity("svr", version: 6)

  /// Which depths are paired.
  enum Pairs {
    case adjacent
    case all

    func targets(of source: Int, blocks: Int) -> ClosedRange<Int> {
      source + 1...(self == .adjacent ? source + 1 : blocks)
    }
  }

  /// What decides the outcome of a fit, apart from the pair of depths.
  static func inputs(_ split: SplitShape, _ bound: BoundDirective) -> JSONObject {
    split.inputs(bound).merging(RegressionKeys.inputs(of: bound)).merging([
      "engine": .string(engine.name), "engine_version": .int(engine.version), "numeric": "float64",
    ])
  }
}

/// Some regressions between depths.
struct FitRequest {
  /// Which depths are paired.
  var pairs: SVRFits.Pairs
  /// What is done to the states before.
  var variant = FitVariant.plain
  /// Target dimensions; nil for all.
  var dimensions: [Int]?

  /// What decides the outcome of a fit out of a depth, to a later one.
  func key(_ split: SplitShape, _ bound: BoundDirective, source: Int, target: Int) -> ResultKey {
    var inputs = SVRFits.inputs(split, bound)
    if variant != .plain { inputs["variant"] = .string(variant.name) }
    if let dimensions { inputs["dimensions"] = .ints(dimensions) }
    return ResultKey(inputs: inputs.merging(["source": .int(source), "target": .int(target)]))
  }
}

extension JSONObject {
  /// These members, then the other ones.
  func merging(_ other: JSONObject) -> JSONObject {
    var result = self
    for (key, value) in other { result[key] = value }
    return result
  }
}

/// What is done to the states before they are fitted.
enum FitVariant: Equatable {
  /// Nothing.
  case plain
  /// The training targets are put in a random order: what chance gives.
  case permuted
  /// All states are multiplied by a factor: what the units account for.
  case scaled(Float)

  var name: String {
    switch self {
    case .plain: "plain"
    case .permuted: "permuted"
    case .scaled(let factor): "scaled \(factor)"
    }
  }

  /// The states of one depth, ready to fit.
  func states(_ states: Matrix) -> Matrix {
    guard case .scaled(let factor) = self else { return states }
    return Matrix(rows: states.rows, columns: states.columns, values: states.values.map { $0 * factor })
  }

  /// The training targets, ready to fit.
  func trainTargets(_ targets: Matrix, seed: Int) -> Matrix {
    self == .permuted ? RegressionChecks.permuted(targets, seed: seed) : states(targets)
  }
}

extension Workbench {
  /// Fits every pair of depths, or takes it out of the store: an interrupted run goes on at the pair it had reached.
  ///
  /// - Parameter sources: the depths that predict; nil for all.
  func svrFits(
    _ split: SplitStates, of question: Question, _ request: FitRequest, sources: Range<Int>? = nil
  ) throws -> [LayerFit] {
    let blocks = split.sample.blocks
    let (pairs, variant, dimensions) = (request.pairs, request.variant, request.dimensions)
    let sources = sources ?? 0..<blocks
    let width = dimensions?.count ?? split.sample.width
    let total = width * sources.reduce(0) { $0 + pairs.targets(of: $1, blocks: blocks).count }
    var fits: [LayerFit] = []
    for source in sources {
      // The Gram matrix of a depth serves every target; it is built only when the store lacks one of them.
      var shared: DepthRegression?
      for target in pairs.targets(of: source, blocks: blocks) {
        let done = fits.count * width
        func compute() throws -> LayerFit {
          let regression = try shared ?? DepthRegression(split, question.bound, source: source, variant: variant)
          shared = regression
          let control = FitControl(progress: { [monitor] solved, _ in
            monitor.progress("fitting dimensions of \(question.subject.entry.name)", done + solved, total)
          })
          let fit = try regression.fit(target: target, dimensions: dimensions, control: control)
          return LayerFit(source, target, fit)
        }
        let key = request.key(split.shape, question.bound, source: source, target: target)
        fits.append(try kept(key, kind: .fit, "a regression", compute: compute))
      }
    }
    return fits
  }
}

/// The regressions out of one depth: one Gram matrix for all of them.
struct DepthRegression {
  private let split: SplitStates
  private let variant: FitVariant
  private let seed: Int
  let regression: SupportVectorRegression

  init(_ split: SplitStates, _ bound: BoundDirective, source: Int, variant: FitVariant = .plain) throws {
    self.split = split
    self.variant = variant
    seed = bound[.seed]
    let states = variant.states(split.sample.states[source])
    regression = try SupportVectorRegression(
      trainSource: states.rows(at: split.trainRows), testSource: states.rows(at: split.testRows),
      options: RegressionKeys.options(of: bound))
  }

  /// Fits dimensions of a later depth, all where none are named.
  func fit(target: Int, dimensions: [Int]?, control: FitControl = FitControl()) throws -> SupportVectorFit {
    let states = split.sample.states[target]
    return try regression.fit(
      trainTargets: variant.trainTargets(states.rows(at: split.trainRows), seed: seed),
      testTargets: variant.states(states.rows(at: split.testRows)), targets: dimensions, control: control)
  }
}
