/// The last word of a text, to be predicted from everything before it.
///
/// The word counts as predicted only where every one of its tokens is the argmax given the true tokens before it.
/// Context and word are encoded together: the word's tokens are those beyond as many as the context alone has. Spaces
/// at the end of the context belong to the word. Source: the LAMBADA task of the lm-evaluation-harness.
public struct LastWord: Sendable, Equatable {
  /// What the model is given and what it must say.
  public var text: ScoredText
  /// Whether the beginning of the text was left out because it is longer than the window.
  public var isCut: Bool

  /// Finds the last word of a text; nil where no space stands before one.
  ///
  /// - Parameters:
  ///   - window: the most tokens the model is given.
  ///   - encode: the tokenizer, special tokens included.
  public init?(of text: String, window: Int, encode: (String) throws -> [Int]) rethrows {
    let scalars = text.unicodeScalars
    guard let space = scalars.lastIndex(of: " "), scalars.index(after: space) < scalars.endIndex else { return nil }
    var context = scalars[..<space]
    while context.last == " " { context.removeLast() }
    guard !context.isEmpty else { return nil }
    let ids = try encode(text)
    let start = try encode(String(context)).count
    // A context of no tokens of its own leaves nothing to predict from.
    guard start > 0, start < ids.count else { return nil }
    let targets = Array(ids[start...])
    guard targets.count <= window else { return nil }
    let given = Array(ids.suffix(window + 1).dropLast())
    self.text = ScoredText(
      ids: given, positions: Array(given.indices.suffix(targets.count)), targets: targets)
    isCut = ids.count > window + 1
  }
}

/// Accuracy and perplexity of last words at every depth.
public struct LastWordScores: Sendable, Equatable {
  /// Texts whose whole last word is predicted, [L + 1].
  public var correct: [Int]
  /// −mean over texts of the word's summed log-probability, in nats, [L + 1].
  public var meanLoss: [Double]

  /// Sums up scores; `texts` must not be empty.
  public init(_ scores: DepthScores) {
    correct = scores.isHit.map { $0.count { $0 } }
    meanLoss = scores.logLikelihood.map { -$0.reduce(0, +) / Double($0.count) }
  }
}
