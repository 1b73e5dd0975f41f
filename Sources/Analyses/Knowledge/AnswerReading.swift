import Tensors
import Transformers

/// What a model's weights, as they are now, say where an answer is predicted.
public struct AnswerReading: Hashable, Sendable {
  /// ln of the probability of the answer, the sum over its tokens.
  public var logProbability: Double
  /// Whether each token of the answer is the most likely one in its place.
  public var isFirst: Bool
  /// The rank of the answer's first token: 1 + the number of tokens with a larger logit.
  public var rank: Int
  /// ln of the probability of each of the tokens asked for besides, at the answer's first place.
  public var others: [Double]
  /// Their ranks: 1 + the number of tokens with a larger logit.
  public var ranks: [Int]
  /// The most likely token at the first place.
  public var top: Int

  /// The probability of the answer.
  public var probability: Double { exponential(logProbability) }

  /// The probability of one of the tokens asked for besides.
  public func probability(ofOther index: Int) -> Double { exponential(others[index]) }
}

extension ParameterList {
  /// Reads what is said where answers are predicted.
  ///
  /// - Parameter tokens: Tokens to be read besides.
  /// - Throws: `ModelError` for texts that cannot be run or a model without a head.
  public func readings(of prompts: [AnsweredPrompt], tokens: [Int] = []) throws -> [AnswerReading] {
    guard !prompts.isEmpty else { return [] }
    let run = try ReverseRun(self, texts: prompts.map(\.ids))
    let rows = prompts.enumerated().flatMap { text, prompt in
      prompt.positions.map { run.row(text: text, position: $0) }
    }
    let logits = try logits(of: run.state(run.levels.upperBound).rows(at: rows))
    var row = 0
    return prompts.map { prompt in
      let first = row
      row += prompt.answer.count
      return AnswerReading(prompt, tokens, logits, first: first)
    }
  }
}

extension AnswerReading {
  fileprivate init(_ prompt: AnsweredPrompt, _ tokens: [Int], _ logits: Matrix, first: Int) {
    (logProbability, isFirst, rank, others, ranks, top) = (0, true, 0, [], [], 0)
    for (place, token) in prompt.answer.enumerated() {
      let reading = logits.row(first + place).withUnsafeBufferPointer {
        LogitReading($0, tokens: [token] + (place == 0 ? tokens : []), top: 1)
      }
      logProbability += reading.logProbability(reading.chosen[0])
      isFirst = isFirst && reading.top[0].token == token
      guard place == 0 else { continue }
      rank = reading.ranks[0]
      others = reading.chosen.dropFirst().map { reading.logProbability($0) }
      ranks = Array(reading.ranks.dropFirst())
      top = reading.top[0].token
    }
  }
}

extension [AnswerReading] {
  /// exp of the mean of −ln p over prompts; nil without any.
  public var perplexity: Double? {
    isEmpty ? nil : exponential(-reduce(0) { $0 + $1.logProbability } / Double(count))
  }

  /// The share of prompts whose answer comes first; nil without any.
  public var accuracy: Double? { isEmpty ? nil : Double(count { $0.isFirst }) / Double(count) }
}
