import Analyses
import Books
import Tokenizers
import Transformers

/// Texts cut before their last word, all of whose tokens a model has to predict: `LastWord` says what that is.
enum LastWords {
  /// The texts that have a last word with something before it.
  static func texts(_ texts: [String], tokenizer: Tokenizer, context: Int) throws -> JudgedTexts {
    JudgedTexts(
      try texts.compactMap { text in
        try LastWord(of: text, window: context) { try tokenizer.encode($0) }.flatMap { judged($0.text) }
      })
  }

  /// The tokens that are given and, after them, the last that is wanted; judged from the first that is wanted.
  private static func judged(_ word: ScoredText) -> JudgedTexts.Text? {
    guard let first = word.positions.first, let last = word.targets.last else { return nil }
    return JudgedTexts.Text(word.ids + [last], from: first + 1)
  }
}

extension Workbench {
  /// The last words that a bypass is asked for: of a dataset of their own, or of the judged texts that end uncut.
  func lastWords(of question: Question, _ texts: BypassTexts, _ model: Model) throws -> JudgedTexts {
    let tokenizer = try question.subject.tokenizer()
    let context = model.configuration.context
    if let name = question[BypassKeys.lastWord] {
      let dataset = try dataset(datasetEntry(name, for: question.bound.name))
      return try LastWords.texts(
        Array(dataset.texts.prefix(question[BypassKeys.words])), tokenizer: tokenizer, context: context)
    }
    let limit = min(question.bound[SampleKeys.maxTokens], context)
    let whole = try texts.test.filter { $0.ids.count < limit }.map {
      try tokenizer.decode($0.ids, skipSpecialTokens: true)
    }
    return try LastWords.texts(whole, tokenizer: tokenizer, context: context)
  }
}
