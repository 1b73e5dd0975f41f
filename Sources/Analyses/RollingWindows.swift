/// A document in windows, so that each of its tokens is scored once.
///
/// The first window begins with a prefix token, which is not scored; each further one begins with a single token of
/// context, and the last, shorter one reaches back to the left as far as the window allows. Source: the rolling
/// log-likelihood of the lm-evaluation-harness.
public enum RollingWindows {
  /// The windows of a document.
  ///
  /// - Parameters:
  ///   - ids: its tokens, without special tokens.
  ///   - prefix: what stands before the first token.
  ///   - window: the most tokens the model is given at once.
  public static func windows(of ids: [Int], prefix: Int, window: Int) -> [ScoredText] {
    precondition(window >= 1, "a window holds a token")
    guard !ids.isEmpty else { return [] }
    let first = min(window, ids.count)
    var windows = [
      ScoredText(ids: [prefix] + ids[..<(first - 1)], positions: Array(0..<first), targets: Array(ids[..<first]))
    ]
    var done = first
    while done < ids.count {
      let count = min(window, ids.count - done)
      let end = done + count
      let given = Array(ids[(end - 1 - window)..<(end - 1)])
      windows.append(
        ScoredText(ids: given, positions: Array(window - count..<window), targets: Array(ids[done..<end])))
      done = end
    }
    return windows
  }
}

/// Log-likelihoods of a corpus at every depth, and what they come to per token, word and byte.
public struct CorpusScores: Sendable, Equatable {
  /// Σ ln p over all tokens, in nats, [L + 1].
  public var logLikelihood: [Double]

  public init(logLikelihood: [Double]) { self.logLikelihood = logLikelihood }

  public init(_ scores: DepthScores) { logLikelihood = scores.logLikelihood.map { $0.reduce(0, +) } }

  /// −Σ ln p / count, in nats, [L + 1]; nil where nothing is counted.
  public func loss(per count: Int) -> [Double?] {
    logLikelihood.map { count > 0 ? -$0 / Double(count) : nil }
  }
}
