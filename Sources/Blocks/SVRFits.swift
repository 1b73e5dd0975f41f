import Analyses
import Directives
import JSONText
import Regression
import Results
import Tensors

/// The regressions of one depth on another: an R² for every target dimension.
struct LayerFit: Sendable {
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
}

/// Support-vector regressions between depths: fitted pair by pair, each pair kept as soon as it is done.
enum SVRFits {
  static let engine = EngineIdentity("svr", version: 2)

  /// Which depths are paired.
  enum Pairs {
    case adjacent
    case all

    func targets(of source: Int, blocks: Int) -> ClosedRange<Int> {
      source + 1...(self == .adjacent ? source + 1 : blocks)
    }
  }

  /// The settings of a directive that shows regressions.
  static func options(of bound: BoundDirective) -> SupportVectorOptions {
    SupportVectorOptions(
      c: bound.double("C") ?? 1, epsilon: bound.double("epsilon") ?? 0.1,
      standardize: bound.text("standardize") == "none" ? .none : .train,
      solver: bound.text("solver") == "ridge" ? .ridge(penalty: 1) : .supportVectors)
  }

  /// What decides the outcome of a fit, apart from the pair of depths.
  static func inputs(_ split: SplitStates, _ bound: BoundDirective) -> JSONObject {
    split.inputs(bound).merging([
      "engine": .string(engine.name), "engine_version": .int(engine.version), "standardize": bound["standardize"].json,
      "C": bound["C"].json, "epsilon": bound["epsilon"].json,
      "solver": bound["solver"].json, "numeric": "float64",
    ])
  }

  /// `mean`, `max`, … over target dimensions, one entry per step, or one per pair of depths.
  static func statistics(_ fits: [LayerFit], blocks: Int, allPairs: Bool) -> JSONObject {
    var result = JSONObject()
    let summaries = fits.map { TargetSummary(r2: $0.r2) }
    for statistic in TargetStatistic.allCases {
      result[statistic.rawValue] = shaped(fits, summaries.map { .double($0[statistic]) }, blocks, allPairs)
    }
    result["undefined"] = shaped(fits, summaries.map { .int($0.undefined) }, blocks, allPairs)
    return result.merging(certificates(fits))
  }

  private static func shaped(_ fits: [LayerFit], _ values: [JSONValue], _ blocks: Int, _ allPairs: Bool) -> JSONValue {
    guard allPairs else { return .array(values) }
    var rows = Array(repeating: Array(repeating: JSONValue.null, count: blocks + 1), count: blocks + 1)
    for (fit, value) in zip(fits, values) { rows[fit.source][fit.target] = value }
    return .array(rows.map { .array($0) })
  }

  /// R² of every target dimension of every step.
  static func dimensions(_ fits: [LayerFit]) -> JSONObject {
    let result: JSONObject = [
      "r2": .array(fits.map { .array($0.r2.map { .double($0) }) }),
      "undefined": .ints(fits.map { fit in fit.r2.count { $0 == nil } }),
    ]
    return result.merging(certificates(fits))
  }

  private static func certificates(_ fits: [LayerFit]) -> JSONObject {
    [
      "missed_gap": .int(fits.reduce(0) { $0 + $1.missed }),
      "largest_gap": .double(fits.compactMap(\.largestGap).max()),
    ]
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
  /// - Parameter dimensions: target dimensions to fit; nil fits all.
  func svrFits(
    _ split: SplitStates, of question: Question, pairs: SVRFits.Pairs, variant: FitVariant = .plain,
    dimensions: [Int]? = nil
  ) throws -> [LayerFit] {
    let blocks = split.sample.blocks
    var inputs = SVRFits.inputs(split, question.bound)
    if variant != .plain { inputs["variant"] = .string(variant.name) }
    if let dimensions { inputs["dimensions"] = .ints(dimensions) }
    let width = dimensions?.count ?? split.sample.width
    let total = width * (0..<blocks).reduce(0) { $0 + pairs.targets(of: $1, blocks: blocks).count }
    var fits: [LayerFit] = []
    for source in 0..<blocks {
      // The Gram matrix of a depth serves every target; it is built only when the store lacks one of them.
      var shared: DepthRegression?
      for target in pairs.targets(of: source, blocks: blocks) {
        let done = fits.count * width
        func compute() throws -> StoredResult {
          let regression = try shared ?? DepthRegression(split, question.bound, source: source, variant: variant)
          shared = regression
          let control = FitControl(progress: { [monitor] solved, _ in
            monitor.progress("fitting \(question.subject.entry.name)", done + solved, total)
          })
          let fit = try regression.fit(target: target, dimensions: dimensions, control: control)
          return StoredResult(value: LayerFit(source, target, fit).json)
        }
        let key = ResultKey(inputs: inputs.merging(["source": .int(source), "target": .int(target)]))
        let stored = try kept(key, kind: .fit, compute: compute)
        guard let fit = LayerFit(json: stored.value) else {
          throw EngineError("a stored regression cannot be understood", hint: "layerbook cache clean")
        }
        fits.append(fit)
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
    seed = bound.int("seed") ?? 0
    let states = variant.states(split.sample.states[source])
    regression = try SupportVectorRegression(
      trainSource: states.rows(at: split.trainRows), testSource: states.rows(at: split.testRows),
      options: SVRFits.options(of: bound))
  }

  /// Fits dimensions of a later depth, all where none are named.
  func fit(target: Int, dimensions: [Int]?, control: FitControl = FitControl()) throws -> SupportVectorFit {
    let states = split.sample.states[target]
    return try regression.fit(
      trainTargets: variant.trainTargets(states.rows(at: split.trainRows), seed: seed),
      testTargets: variant.states(states.rows(at: split.testRows)), targets: dimensions, control: control)
  }
}

extension LayerFit {
  init(_ source: Int, _ target: Int, _ fit: SupportVectorFit) {
    self.init(source: source, target: target, r2: fit.r2, missed: fit.missed, largestGap: fit.largestGap)
  }

  var json: JSONValue {
    .object([
      "source": .int(source), "target": .int(target), "r2": .array(r2.map { .double($0) }), "missed": .int(missed),
      "largest_gap": .double(largestGap),
    ])
  }

  init?(json: JSONValue) {
    guard let source = json["source"]?.intValue, let target = json["target"]?.intValue,
      let missed = json["missed"]?.intValue
    else { return nil }
    self.init(
      source: source, target: target, r2: json["r2"].doubles, missed: missed,
      largestGap: json["largest_gap"]?.doubleValue)
  }
}
