import Tensors

/// Something that turns residual-stream states into logits: the final norm (statistics recomputed) and the unembedding.
public protocol Head {
  /// The logits of `states` `[n, d]`, as `[n, V]`.
  func logits(of states: Matrix) throws -> Matrix
}

/// What a lens says at one state of each sample, kept small so that no `[samples, V]` array outlives its chunk.
public struct LensReading: Sendable, Equatable {
  /// The token with the largest logit, the lower id on a tie, `[n]`.
  public var top: [Int]
  /// Probability of the top token minus that of the runner-up, `[n]`.
  public var gap: [Double]

  /// Reads `states` `[n, d]` through `head`, at most `chunk` samples at a time.
  public static func read(_ states: Matrix, through head: some Head, chunk: Int = 128) throws -> LensReading {
    var reading = LensReading(top: [], gap: [])
    reading.top.reserveCapacity(states.rows)
    reading.gap.reserveCapacity(states.rows)
    var start = 0
    while start < states.rows {
      let end = min(start + chunk, states.rows)
      let logits = try head.logits(of: states.rows(start..<end))
      for sample in 0..<logits.rows {
        let (token, gap) = topAndGap(of: logits.row(sample))
        reading.top.append(token)
        reading.gap.append(gap)
      }
      start = end
    }
    return reading
  }

  /// The top token of one row of logits and the probability gap to the second, in Float64.
  static func topAndGap(of logits: [Float]) -> (token: Int, gap: Double) {
    var best = 0
    var bestLogit = -Float.infinity
    var second = -Float.infinity
    for (token, logit) in logits.enumerated() {
      if logit > bestLogit {
        second = bestLogit
        bestLogit = logit
        best = token
      } else if logit > second {
        second = logit
      }
    }
    var sum = 0.0
    for logit in logits { sum += exponential(Double(logit) - Double(bestLogit)) }
    guard logits.count > 1 else { return (best, 1) }
    return (best, (1 - exponential(Double(second) - Double(bestLogit))) / sum)
  }
}
