import Tensors
import Transformers

/// One text, run with every position's states kept.
struct TextStates {
  /// Token ids, special tokens included.
  var ids: [Int]
  /// `h_0 … h_L` of the wanted positions, `[positions, d]` each, before the final norm.
  var states: [Matrix]
  /// The stream between the two branches of every block at the wanted positions; empty where it was not asked for.
  var middles: [Matrix]
  /// The wanted positions, rising.
  var positions: [Int]
}

extension Workbench {
  /// The tokens of a text that a directive brings.
  ///
  /// - Throws: `EngineError` where there are none, or more than the model's context holds.
  func tokens(of text: String, for question: Question) throws -> [Int] {
    let ids = try question.subject.tokenizer().encode(text)
    let context = try question.subject.model().configuration.context
    guard !ids.isEmpty else { throw EngineError("the text has no tokens") }
    guard ids.count <= context else {
      throw EngineError("the text has \(ids.count) tokens, and the model's context holds \(context)")
    }
    return ids
  }

  /// Runs one text and keeps the states of some of its positions.
  func run(_ ids: [Int], positions: [Int], middles: Bool, of question: Question) throws -> TextStates {
    let run = try ModelRun(try question.subject.model(), [ids])
    var found = TextStates(ids: ids, states: [try run.states(at: positions)], middles: [], positions: positions)
    let tap = Tap.read(.residualMid) { _, values in found.middles.append(values.rows(at: positions)) }
    while run.level < run.model.configuration.blocks {
      try run.advance(taps: middles ? [tap] : [])
      found.states.append(try run.states(at: positions))
    }
    return found
  }
}

extension Question {
  /// The facts of an answer about one text.
  func facts(of text: TextStates) throws -> Facts {
    let configuration = try subject.model().configuration
    return Facts(
      blocks: configuration.blocks, width: configuration.width, family: subject.family, texts: 1,
      positions: text.positions.count, position: "text")
  }

  /// The id of a text that is a single token of the model.
  func tokenID(_ text: String) throws -> Int {
    let tokenizer = try subject.tokenizer()
    let ids = try tokenizer.encode(text, addSpecialTokens: false)
    guard ids.count == 1 else {
      let parts = ids.map { "'" + TokenMarks.text($0, tokenizer) + "'" }.joined(separator: " ")
      throw EngineError(
        "'\(text)' is \(ids.count) tokens here (\(parts)), and <<\(bound.name)>> compares single ones",
        hint: "mind the space before a word")
    }
    return ids[0]
  }

  /// Stops where the model sees later tokens: it predicts none that follow.
  func requireCausal() throws {
    guard try subject.model().configuration.isBidirectional else { return }
    throw EngineError(
      "<<\(bound.name)>> scores the token that follows, and '\(subject.entry.name)' is a masked model",
      hint: "name a causal model")
  }
}
