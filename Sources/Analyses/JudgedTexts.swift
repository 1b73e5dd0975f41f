import Tensors
import Transformers

/// Texts that judge a model: what is run, and which tokens it has to predict.
public struct JudgedTexts: Sendable, Equatable {
  /// One text.
  public struct Text: Sendable, Equatable {
    /// What is run.
    public var ids: [Int]
    /// The first position that predicts; all later ones do, too.
    public var first: Int
    /// The token after each predicting position.
    public var next: [Int]

    /// - Parameters:
    ///   - whole: All tokens of the text.
    ///   - start: The place in `whole` of the first token to predict, at least 1.
    public init(_ whole: [Int], from start: Int = 1) {
      precondition(start >= 1 && start < whole.count, "nothing to predict")
      ids = Array(whole.dropLast())
      first = start - 1
      next = Array(whole[start...])
    }
  }

  /// The texts.
  public var texts: [Text]

  public init(_ texts: [Text]) { self.texts = texts }

  /// Every token that has one before it; texts of a single token predict nothing and are left out.
  public init(whole texts: [[Int]]) { self.init(texts.filter { $0.count > 1 }.map { Text($0) }) }

  /// The tokens to predict, text after text.
  public var next: [Int] { texts.flatMap(\.next) }
  /// Positions of each text.
  var lengths: [Int] { texts.map(\.ids.count) }

  /// The rows that predict, where all positions of all texts stand below each other.
  var rows: [Int] {
    var start = 0
    return texts.flatMap { text in
      defer { start += text.ids.count }
      return Array(start + text.first..<start + text.ids.count)
    }
  }
}

/// What a model, whole or shortened, says at the predicting positions of some texts.
public struct Predictions: Sendable, Equatable {
  /// The most likely token.
  public var top: [Int]
  /// The log-probability of the token that follows, in nats.
  public var logProbabilities: [Double]

  /// Reads h_L of all positions of the texts.
  init(_ states: Matrix, of texts: JudgedTexts, through model: Model) throws {
    let readings = try model.readTop(ofHeadInput: model.headInput(states.rows(at: texts.rows)), next: texts.next)
    top = readings.map(\.token)
    logProbabilities = readings.map { $0.logProbability ?? 0 }
  }

  /// exp of the mean of -ln p over all predicted tokens; nil where there are none.
  public var perplexity: Double? {
    guard !top.isEmpty else { return nil }
    return exponential(-logProbabilities.reduce(0, +) / Double(top.count))
  }

  /// Share of positions with the same most likely token; nil where there are none.
  public func agreement(with other: Predictions) -> Double? {
    precondition(top.count == other.top.count, "predictions of other texts")
    guard !top.isEmpty else { return nil }
    return Double(zip(top, other.top).count { $0 == $1 }) / Double(top.count)
  }

  /// Share of texts of which every predicted token is the most likely one, given the true tokens before it; nil where
  /// there are none.
  public func wholeHits(of texts: JudgedTexts) -> Double? {
    guard !texts.texts.isEmpty else { return nil }
    var start = 0
    let hits = texts.texts.count { text in
      defer { start += text.next.count }
      return top[start..<start + text.next.count].elementsEqual(text.next)
    }
    return Double(hits) / Double(texts.texts.count)
  }
}
