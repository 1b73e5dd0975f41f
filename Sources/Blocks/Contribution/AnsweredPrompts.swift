import Analyses
import Books
import Tokenizers
import Transformers

/// Prompts of a dataset whose answer is one token that the model ranks among its first, each run and taken apart.
struct AnsweredPrompts {
  /// What captions say of the sample.
  struct Counts {
    /// Prompts that were looked at.
    var seen = 0
    /// Prompts whose answer is no single token.
    var longer = 0
    /// Prompts whose answer the model does not have among its first ten.
    var unknown = 0
  }

  /// Answers that rank lower are not what the model predicts, and what made it predict them says nothing.
  static let lowestRank = 10

  private let question: Question
  private let model: Model
  private let tokenizer: Tokenizer
  private let prompts: [PromptSet.Prompt]

  init(_ question: Question) throws {
    try question.requireTexts()
    self.question = question
    model = try question.subject.model()
    try model.requirePreNorm()
    tokenizer = try question.subject.tokenizer()
    guard let entry = question.dataset else { throw EngineError("<<\(question.bound.name)>> names no dataset") }
    prompts = try PromptSet(reading: entry).prompts
  }

  /// Hands out predictions of the answers until there are as many as asked for.
  func forEach(
    _ wanted: Int, progress: (Int, Int) -> Void, _ body: (Int, PredictionParts) throws -> Void
  ) throws -> (used: Int, Counts) {
    var (used, counts) = (0, Counts())
    for prompt in prompts where used < wanted {
      counts.seen += 1
      let answer = try tokenizer.encode(" " + prompt.answer, addSpecialTokens: false)
      guard answer.count == 1 else {
        counts.longer += 1
        continue
      }
      let ids = try tokenizer.encode(prompt.text)
      guard !ids.isEmpty, ids.count <= model.configuration.context else { continue }
      guard try model.outcomes(of: ids, token: answer[0], zeroing: [[]])[0].rank <= Self.lowestRank else {
        counts.unknown += 1
        continue
      }
      try body(used, try PredictionParts(PromptTrace(model, ids), target: PredictionTarget(token: answer[0])))
      used += 1
      progress(used, wanted)
    }
    guard used > 0 else {
      throw EngineError(
        "none of the \(counts.seen) prompts of '\(question.dataset?.name ?? "")' has an answer of one token among the model's first \(Self.lowestRank)",
        hint: "name another dataset= of prompts with answers")
    }
    return (used, counts)
  }

  /// What captions state.
  func facts(_ used: Int) -> Facts {
    let c = model.configuration
    return Facts(
      blocks: c.blocks, width: c.width, family: c.family.rawValue, texts: used, positions: used, position: "last")
  }

  /// Which prompts were taken.
  static func sample(_ used: Int, of seen: Int, _ say: Language) -> String {
    say(
      "\(used) of the first \(seen) prompts: those whose answer is a single token among the model's first \(lowestRank).",
      "先頭 \(seen) 件のうち、答えが単一トークンでモデルの上位 \(lowestRank) 位以内にある \(used) 件。")
  }
}

/// What the views over prompts with answers take.
enum AnsweredKeys {
  static let prompts = SampleKeys.texts(24)
}
