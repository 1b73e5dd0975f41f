import Tensors
import Transformers

/// A span of blocks of a running model with something simpler in its place, at every position.
///
/// For the span i→j blocks 0 … i-1 run, h_i goes through the map (or stays as it is), and blocks j … L-1, final norm and
/// head run on what comes of it. Keys and values of the blocks left out do not exist, so nothing is read from them.
public struct Bypass: Sendable {
  /// The blocks that are left out, i ..< j.
  public var span: Range<Int>
  /// What takes h_i to h_j; nil for nothing: h_j = h_i.
  public var map: StreamMap?
  /// Whether position 0 runs through the blocks all the same.
  ///
  /// Under a causal mask it depends on nothing but its token, the beginning of the text in most models, and could be kept as
  /// a constant.
  public var keepsFirst: Bool

  public init(_ span: Range<Int>, map: StreamMap?, keepsFirst: Bool = false) {
    precondition(!span.isEmpty, "nothing is left out")
    (self.span, self.map, self.keepsFirst) = (span, map, keepsFirst)
  }

  /// Goes on from h_i to h_L.
  ///
  /// - Parameters:
  ///   - states: h_i of every position of every text, [positions, d].
  ///   - lengths: Positions of each text.
  /// - Returns: h_L of every position.
  /// - Throws: `ModelError`.
  public func run(_ model: Model, from states: Matrix, lengths: [Int]) throws -> Matrix {
    var mapped = map?.applied(to: states) ?? states
    if keepsFirst {
      var starts: [Int] = []
      var next = 0
      for length in lengths {
        starts.append(next)
        next += length
      }
      let firsts = try ModelRun(
        model, states: states.rows(at: starts), lengths: starts.map { _ in 1 }, level: span.lowerBound)
      try firsts.advance(to: span.upperBound)
      let exact = try firsts.allStates()
      for (row, start) in starts.enumerated() { mapped.setRow(start, exact.row(row)) }
    }
    let run = try ModelRun(model, states: mapped, lengths: lengths, level: span.upperBound)
    try run.advance(to: model.configuration.blocks)
    return try run.allStates()
  }

  /// Runs texts from their tokens to h_L of every position.
  ///
  /// - Throws: `ModelError`.
  public func run(_ model: Model, _ texts: [[Int]]) throws -> Matrix {
    let lower = try ModelRun(model, texts)
    try lower.advance(to: span.lowerBound)
    return try run(model, from: lower.allStates(), lengths: texts.map(\.count))
  }
}

/// The full model's predictions for some texts, and the states from which bypasses of it set out.
public struct BypassJudge {
  /// The texts.
  public let texts: JudgedTexts
  /// What the full model predicts.
  public let full: Predictions
  private let model: Model
  private let states: [Int: Matrix]

  /// Runs the full model.
  ///
  /// - Parameters:
  ///   - levels: The i of the spans that will be judged.
  ///   - progress: Gets how much of the run is done, and of how much.
  /// - Throws: `ModelError`, with code `noHead` where the checkpoint has no head.
  public init(
    _ model: Model, _ texts: JudgedTexts, levels: Set<Int>, progress: (Int, Int) -> Void = { _, _ in }
  ) throws {
    (self.model, self.texts) = (model, texts)
    let last = model.configuration.blocks
    states = try model.states(
      texts.texts.map { CaptureRequest(ids: $0.ids) }, levels: levels.union([last]), progress: progress)
    full = try Predictions(
      states[last] ?? Matrix(rows: 0, columns: model.configuration.width), of: texts, through: model)
  }

  /// What the shortened model predicts.
  ///
  /// - Throws: `ModelError`.
  public func predictions(of bypass: Bypass) throws -> Predictions {
    guard !texts.texts.isEmpty else { return full }
    let level = bypass.span.lowerBound
    guard let start = states[level] else { preconditionFailure("h_\(level) was not kept") }
    return try Predictions(bypass.run(model, from: start, lengths: texts.lengths), of: texts, through: model)
  }
}

extension Model {
  /// States of some positions at some levels only; nothing above the highest of them is run.
  ///
  /// - Parameter progress: Gets how many of the chunks of texts are done, and of how many.
  /// - Returns: h_l by l, each [total positions, d], rows in the order of the requests.
  /// - Throws: `ModelError`.
  public func states(
    _ requests: [CaptureRequest], levels: Set<Int>, progress: (Int, Int) -> Void = { _, _ in }
  ) throws -> [Int: Matrix] {
    var parts: [Int: [Matrix]] = [:]
    let sorted = levels.sorted()
    let chunks = ModelRun.chunks(lengths: requests.map(\.ids.count))
    for (done, chunk) in chunks.enumerated() {
      let run = try ModelRun(self, requests[chunk].map(\.ids))
      let rows = zip(requests[chunk], run.texts).flatMap { request, text in
        request.positions.map { text.lowerBound + $0 }
      }
      for level in sorted {
        try run.advance(to: level)
        parts[level, default: []].append(try run.states(at: rows))
      }
      progress(done + 1, chunks.count)
    }
    return parts.mapValues { $0.count == 1 ? $0[0] : Matrix.vertical($0) }
  }
}
