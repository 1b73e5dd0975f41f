import Analyses
import Directives
import Tokenizers
import Transformers

/// One prediction as a directive asks for it, with the words that its result says of it.
struct AskedPrediction {
  var parts: PredictionParts
  var tokenizer: Tokenizer
  var facts: Facts

  var target: String { TokenMarks.text(parts.target.token, tokenizer) }
  var contrast: String? { parts.target.contrast.map { TokenMarks.text($0, tokenizer) } }
  /// The prompt's tokens.
  var tokens: [String] { parts.trace.ids.map { TokenMarks.text($0, tokenizer) } }

  /// The tokens that rows of before-softmax values raise most and lower most.
  func extremes(of values: [Float], count: Int) -> (promoted: [TokenValue], suppressed: [TokenValue]) {
    TokenValue.extremes(of: values, count: count, tokenizer)
  }

  /// Which tokens each unit's vector promotes and suppresses, by the sign of its coefficient.
  func vocabulary(of units: [ScoredUnit], count: Int) throws -> [(promoted: [TokenValue], suppressed: [TokenValue])] {
    guard !units.isEmpty else { return [] }
    let values = try parts.head.values(of: parts.vectors(of: units.map(\.unit)))
    return units.enumerated().map { row, unit in
      extremes(of: values.row(row).map { unit.coefficient < 0 ? -$0 : $0 }, count: count)
    }
  }
}

extension Workbench {
  /// Runs the text of a question and reads it through the head frozen to its last state.
  func prediction(of question: Question) throws -> AskedPrediction {
    try question.requireTexts()
    let model = try question.subject.model()
    try model.requirePreNorm()
    let ids = try tokens(of: question[TextKeys.required] ?? "", for: question)
    try question.bound.requirePositions(in: ids.count)
    // It is read for every part of the stream, a block's weights once or twice: it gets the room first.
    try model.forEachUnembeddingBlock { _, _ in }
    let trace = try PromptTrace(model, ids)
    let contrast = try question[PredictionKeys.contrast].map { try question.tokenID($0) }
    var parts: PredictionParts
    if let target = try question[PredictionKeys.target].map({ try question.tokenID($0) }) {
      parts = try PredictionParts(trace, target: PredictionTarget(token: target, contrast: contrast))
    } else {
      parts = try PredictionParts(trace)
      if contrast != nil {
        parts = try PredictionParts(trace, target: PredictionTarget(token: parts.target.token, contrast: contrast))
      }
    }
    guard parts.target.token != parts.target.contrast else {
      throw EngineError(
        "the contrast is the model's most likely token itself", hint: "name another contrast= or a target=")
    }
    let c = model.configuration
    return AskedPrediction(
      parts: parts, tokenizer: try question.subject.tokenizer(),
      facts: Facts(
        blocks: c.blocks, width: c.width, family: question.subject.family, texts: 1, positions: 1, position: "last"))
  }

  /// Where an engine says how many blocks of a question's model it has been through.
  func scoring(_ question: Question) -> (Int, Int) -> Void {
    let (monitor, activity) = (self.monitor, "scoring \(question.subject.entry.name)")
    return { monitor.progress(activity, $0, $1) }
  }
}

extension BoundDirective {
  /// Stops where a unit is that of a position the text does not have.
  fileprivate func requirePositions(in count: Int) throws(EngineError) {
    for (_, value) in values.sorted(by: { $0.key < $1.key }) {
      guard case .unit(let unit) = value, case .headDimension(_, _, let position) = unit.part, position >= count else {
        continue
      }
      throw EngineError("\(unit): the text has \(count) tokens, @0 to @\(count - 1)")
    }
  }
}

extension ModelUnit {
  /// The unit as engines name it; nil for a whole block.
  ///
  /// - Throws: `EngineError` where the model has no such unit.
  func streamUnit(in c: ModelConfiguration) throws(EngineError) -> StreamUnit? {
    func require(_ index: Int, _ count: Int, _ letter: String, _ noun: String) throws(EngineError) {
      guard index >= count else { return }
      throw EngineError("\(self): the model has \(count) \(noun), \(letter)0 to \(letter)\(count - 1)")
    }
    try require(layer, c.blocks, "L", "blocks")
    switch part {
    case .block: return nil
    case .neuron(let index):
      try require(index, c.ffnWidth, "N", "neurons in a block")
      return .neuron(block: layer, index)
    case .head(let index):
      try require(index, c.heads, "H", "heads in a block")
      return .head(block: layer, index)
    case .headDimension(let head, let dimension, let position):
      try require(head, c.heads, "H", "heads in a block")
      try require(dimension, c.headWidth, "D", "dimensions in a head")
      return .headDimension(block: layer, head: head, dimension: dimension, position: position)
    }
  }
}
