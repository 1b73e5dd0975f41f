/// A text with the answer that a model is asked for in it, as tokens.
///
/// A masked model is asked at its one mask. A decoder is asked after the prompt and then, the answer's own tokens in place,
/// after each of them but the last: the probability of the answer is the product.
public struct AnsweredPrompt: Hashable, Sendable {
  /// The text, special tokens included; for a decoder the prompt and all tokens of the answer but the last.
  public var ids: [Int]
  /// Where the tokens of the answer are predicted, one after the other.
  public var positions: [Int]
  /// The tokens of the answer.
  public var answer: [Int]

  /// A decoder's prompt, asked after its last token.
  public init(prompt: [Int], answer: [Int]) {
    precondition(!prompt.isEmpty && !answer.isEmpty, "a prompt and an answer of one token at least")
    ids = prompt + answer.dropLast()
    positions = answer.indices.map { prompt.count - 1 + $0 }
    self.answer = answer
  }

  /// A masked model's text.
  public init(masked ids: [Int], position: Int, answer: Int) {
    precondition(ids.indices.contains(position), "no position \(position)")
    (self.ids, positions, self.answer) = (ids, [position], [answer])
  }

  /// The text as it is when token `index` of the answer is predicted: a decoder sees nothing behind that place.
  func text(askedFor index: Int, isBidirectional: Bool) -> [Int] {
    isBidirectional ? ids : Array(ids[...positions[index]])
  }
}
