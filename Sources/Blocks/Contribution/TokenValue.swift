import JSONText
import Tokenizers
import Transformers

/// One token with its before-softmax value.
struct TokenValue: Codable, Sendable {
  @Field("the token as text") var token = ""
  @Field("what is added to its logit") var value = 0.0
}

extension TokenValue {
  /// The tokens with the largest and with the smallest of V values; of equals the lower id first.
  static func extremes(
    of values: [Float], count: Int, _ tokenizer: Tokenizer
  ) -> (promoted: [TokenValue], suppressed: [TokenValue]) {
    func largest(_ values: [Float], sign: Double) -> [TokenValue] {
      values.withUnsafeBufferPointer { LogitReading($0, tokens: [], top: count) }.top.map {
        TokenValue(token: TokenMarks.text($0.token, tokenizer), value: sign * Double($0.logit))
      }
    }
    return (largest(values, sign: 1), largest(values.map { -$0 }, sign: -1))
  }

  /// Tokens on one line.
  static func list(_ tokens: [String]) -> String { tokens.map(TokenMarks.shown).joined(separator: ", ") }
}
