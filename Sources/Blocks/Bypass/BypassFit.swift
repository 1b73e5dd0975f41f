import Books
import Directives
import Regression
import Tensors
import Transformers

/// What stands in for blocks, fitted to the training texts.
struct BypassFit {
  private let question: Question
  private let states: [Int: Matrix]
  /// One row of each training text, for the regressions.
  private let samples: [Int]
  private var solver: (source: Int, LinearMapSolver)?

  /// More samples than this change little in which dimensions contribute.
  private static let regressionSamples = 1000

  /// Runs the training texts.
  ///
  /// - Parameter levels: The depths between which something is to be fitted.
  init(_ question: Question, _ texts: [SampledText], _ model: Model, levels: Set<Int>, on bench: Workbench) throws {
    self.question = question
    let isFitted = question[BypassKeys.by] != .skip
    let requests = texts.map { text in
      question[BypassKeys.fit] == .all
        ? CaptureRequest(ids: text.ids) : CaptureRequest(ids: text.ids, positions: text.positions)
    }
    states =
      isFitted
      ? try model.states(requests, levels: levels, progress: bench.running(question)) : [:]
    var stream = RandomStream(seed: question.bound[.seed], stream: "bypass.regression")
    var start = 0
    samples = requests.prefix(Self.regressionSamples).map { request in
      defer { start += request.positions.count }
      return start + stream.integer(below: request.positions.count)
    }
  }

  /// What takes h_i to h_j; nil for nothing.
  mutating func map(from i: Int, to j: Int) throws -> StreamMap? {
    guard question[BypassKeys.by] != .skip else { return nil }
    guard let source = states[i], let target = states[j] else { preconditionFailure("no states of \(i) and \(j)") }
    let options = MapKeys.options(of: question.bound)
    if question[BypassKeys.by] == .sparse { return try sparse(source, target, options) }
    let shared: LinearMapSolver
    if let solver, solver.source == i {
      shared = solver.1
    } else {
      shared = try LinearMapSolver(source: source, options: options)
    }
    solver = (i, shared)
    return StreamMap(try shared.map(to: target), hasBias: options.intercept)
  }

  /// Least squares on the dimensions alone that contribute most to each dimension in a support-vector regression.
  private func sparse(_ source: Matrix, _ target: Matrix, _ options: LinearMapOptions) throws -> StreamMap {
    let d = source.columns
    let contributions = try self.contributions(source, target)
    var weights = Matrix(rows: d, columns: d)
    var bias = [Float](repeating: 0, count: d)
    for column in 0..<d {
      let strengths = contributions.row(column)
      let order = strengths.indices.sorted { (strengths[$1], $0) < (strengths[$0], $1) }
      let chosen = order.prefix(question[BypassKeys.top]).sorted()
      let map = try LinearMapSolver(source: source.columns(at: chosen), options: options).map(
        to: target.columns(at: [column]))
      for (place, row) in chosen.enumerated() { weights[row, column] = Float(map.weights[place, 0]) }
      bias[column] = Float(map.intercept[0])
    }
    return StreamMap(weights: weights, bias: options.intercept ? bias : nil)
  }

  /// How much each source dimension contributes to each target dimension, [targets, sources].
  private func contributions(_ source: Matrix, _ target: Matrix) throws -> DoubleMatrix {
    let (x, y) = (source.rows(at: samples), target.rows(at: samples))
    // R² is not asked for: one row stands for the test samples.
    let regression = try SupportVectorRegression(trainSource: x, testSource: x.rows(0..<1))
    let fit = try regression.fit(trainTargets: y, testTargets: y.rows(0..<1))
    return regression.contributions(fit, at: Array(0..<y.columns))
  }
}

extension StreamMap {
  /// A fitted map in single precision.
  init(_ map: LinearMap, hasBias: Bool) {
    self.init(weights: map.weights.single, bias: hasBias ? map.intercept.map { Float($0) } : nil)
  }
}
