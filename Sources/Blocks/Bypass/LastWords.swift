import Analyses
import Books
import Tokenizers
import Transformers

/// Texts cut before their last word, all of whose tokens a model has to predict.
///
/// The last word is what follows the last space (U+0020); its tokens are those of the whole text beyond as many as the
/// text before that space has alone. A text longer than the context loses its beginning.
enum LastWords {
  /// The texts that have a last word with something before it.
  static func texts(_ texts: [String], tokenizer: Tokenizer, context: Int) throws -> JudgedTexts {
    JudgedTexts(
      try texts.compactMap { text in
        guard let space = text.utf8.lastIndex(of: UInt8(ascii: " ")) else { return nil }
        let before = try tokenizer.encode(String(text[..<space])).count
        return judged(try tokenizer.encode(text), from: before, context: context)
      })
  }

  private static func judged(_ ids: [Int], from start: Int, context: Int) -> JudgedTexts.Text? {
    let cut = max(0, ids.count - (context + 1))
    guard start - cut >= 1, start < ids.count else { return nil }
    return JudgedTexts.Text(Array(ids[cut...]), from: start - cut)
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
