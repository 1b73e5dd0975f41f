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
  static let engine = EngineIdentity("svr", version: 1)

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
    [
      "engine": .string(engine.name), "engine_version": .int(engine.version),
      "states": .string(split.sample.key.hex), "train": .int(split.trainRows.count), "test": .int(split.testRows.count),
      "split": .string(bound.text("split") ?? "random"), "seed": bound["seed"].json,
      "standardize": bound["standardize"].json, "C": bound["C"].json, "epsilon": bound["epsilon"].json,
      "solver": bound["solver"].json, "numeric": "float64",
    ]
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

extension Workbench {
  /// Fits every pair of depths, or takes it out of the store: an interrupted run goes on at the pair it had reached.
  func svrFits(_ split: SplitStates, of question: Question, pairs: SVRFits.Pairs) throws -> [LayerFit] {
    let blocks = split.sample.blocks
    let inputs = SVRFits.inputs(split, question.bound)
    let total = (0..<blocks).reduce(0) { $0 + pairs.targets(of: $1, blocks: blocks).count }
    var fits: [LayerFit] = []
    for source in 0..<blocks {
      // The Gram matrix of a depth serves every target; it is built only when the store lacks one of them.
      var regression: SupportVectorRegression?
      for target in pairs.targets(of: source, blocks: blocks) {
        let done = fits.count
        func compute() throws -> StoredResult {
          let shared =
            try regression
            ?? SupportVectorRegression(
              trainSource: split.sample.states[source].rows(at: split.trainRows),
              testSource: split.sample.states[source].rows(at: split.testRows),
              options: SVRFits.options(of: question.bound))
          regression = shared
          let width = split.sample.width
          let control = FitControl(progress: { [monitor] solved, _ in
            monitor.progress("fitting \(question.subject.entry.name)", done * width + solved, total * width)
          })
          let fit = try shared.fit(
            trainTargets: split.sample.states[target].rows(at: split.trainRows),
            testTargets: split.sample.states[target].rows(at: split.testRows), control: control)
          return StoredResult(value: LayerFit(source, target, fit).json)
        }
        let key = ResultKey(inputs: inputs.merging(["source": .int(source), "target": .int(target)]))
        let stored = try store?.value(for: key, kind: ResultKind("fit"), compute: compute).result ?? compute()
        guard let fit = LayerFit(json: stored.value) else {
          throw EngineError("a stored regression cannot be understood", hint: "layerbook cache clean")
        }
        fits.append(fit)
      }
    }
    return fits
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
