import Analyses
import Charts
import Diagnostics
import Directives
import JSONText
import Tensors
import Tokenizers
import Transformers

/// `<<logitlens M "text" last=3>>`: rows depths, columns tokens, in each cell the most likely token.
struct LogitLensView: View {
  /// How it is drawn.
  enum Form: String, Sendable, CaseIterable { case grid, lines }

  static let last = Key.int("last", standard: 3, "how many positions, counted from the end of the text")
  static let middles = Key.flag("mid", standard: false, "whether to read the stream after each block's attention too")
  static let form = Key<Form>.choice(
    "view", standard: .grid, "a grid of tokens, or the probabilities of those that ever rank first at the last position"
  ).presentation

  let keys: [any KeyDeclaration] = [TextKeys.required, last, middles, form, SampleKeys.maxTokens] + LensKeys.maps
  let engine = EngineIdentity("logitlens", version: 1)
  func needs(_: BoundDirective) -> ModelNeeds { .head }
  let constants: JSONObject = ["norm": "recompute"]

  func readsDataset(_ bound: BoundDirective) -> Bool { bound[LensKeys.lens] == .mat }

  func faults(of bound: BoundDirective) -> [Diagnostic] {
    var faults = TextKeys.faults(of: bound, keeping: LensKeys.keptBesideText(bound))
    faults += LensKeys.faults(of: bound)
    if bound[LensKeys.lens] == .mat, bound[Self.middles] {
      faults.append(
        bound.directive.diagnostic(
          at: bound.directive.span, "mid=on reads states between blocks, for which lens=mat fits no maps",
          hints: ["leave out one of the two"]))
    }
    return faults
  }

  func idleKeys(of bound: BoundDirective) -> [String] {
    TextKeys.idle(in: bound, keeping: LensKeys.keptBesideText(bound)) + LensKeys.idle(in: bound)
  }

  func example(_ bound: BoundDirective) -> LogitLensResult { .example(middles: bound[Self.middles]) }

  func answer(_ question: Question, on bench: Workbench) throws -> Answer<LogitLensResult> {
    try question.requireTexts()
    let ids = try bench.tokens(of: question[TextKeys.required] ?? "", for: question)
    guard question[Self.last] <= ids.count else {
      throw EngineError("last=\(question[Self.last]), and the text has \(ids.count) tokens", hint: "lower last=")
    }
    let positions = Array(ids.indices.suffix(question[Self.last]))
    let run = try bench.run(ids, positions: positions, middles: question[Self.middles], of: question)
    let maps = question[LensKeys.lens] == .mat ? try bench.lensMaps(of: question) : nil
    let depths = run.states.indices.map { maps?.maps.mapped(run.states[$0], from: $0) ?? run.states[$0] }
    let reader = GridReader(model: try question.subject.model(), tokenizer: try question.subject.tokenizer())
    var result = LogitLensResult(
      tokens: positions.map { TokenMarks.text(ids[$0], reader.tokenizer) }, positions: positions)
    let grid = try reader.grid(depths)
    (result.top, result.probability, result.top10) = (grid.top, grid.probability, grid.top10)
    result.lines = try reader.lines(depths.map { $0.rows($0.rows - 1..<$0.rows) })
    if question[Self.middles] {
      let middle = try reader.grid(run.middles)
      result.mid = .init(top: middle.top, probability: middle.probability, top10: middle.top10)
    }
    return Answer(result: result, facts: try question.facts(of: run))
  }

  func remarks(in say: Language) -> [ProvenanceItem] { [.statesBeforeFinalNorm(say)] }

  func exhibit(_ shown: Shown<LogitLensResult>, in say: Language) -> Exhibit {
    LogitLensExhibit(shown, say).exhibit(lines: shown[Self.form] == .lines)
  }
}

/// Reads states of one text as tokens.
private struct GridReader {
  let model: Model
  let tokenizer: Tokenizer

  /// The ten best tokens of each state, by depth and position.
  func grid(_ depths: [Matrix]) throws -> (top: [[String]], probability: [[Double?]], top10: [[[RankedToken]]]) {
    let top10 = try depths.map { states in
      try model.readLogits(ofHeadInput: model.headInput(states), top: 10).map { RankedToken.top($0, tokenizer) }
    }
    return (
      top10.map { $0.map { $0.first?.token ?? "" } }, top10.map { $0.map { $0.first?.probability } }, top10
    )
  }

  /// The tokens that ever rank first at one position, and their probabilities at every depth.
  func lines(_ depths: [Matrix]) throws -> [LogitLensResult.Line] {
    let inputs = try depths.map { try model.headInput($0) }
    var order: [Int] = []
    var first: [Int: Int] = [:]
    for (depth, input) in inputs.enumerated() {
      let best = try model.readLogits(ofHeadInput: input, top: 1)[0].top[0].token
      guard first[best] == nil else { continue }
      first[best] = depth
      order.append(best)
    }
    let readings = try inputs.map { try model.readLogits(ofHeadInput: $0, tokens: [order])[0] }
    return order.enumerated().map { index, token in
      LogitLensResult.Line(
        token: TokenMarks.text(token, tokenizer), first: first[token] ?? 0,
        probability: readings.map { $0.probability($0.chosen[index]) })
    }
  }
}
