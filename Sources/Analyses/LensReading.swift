import Tensors

/// Something that turns residual-stream states into logits: the final norm (statistics recomputed) and the unembedding.
public protocol Head {
  /// The logits of `states` `[n, d]`, as `[n, V]`.
  func logits(of states: Matrix) throws -> Matrix
}

/// What a lens says at one state of each sample, kept small so that no `[samples, V]` array outlives its chunk.
public struct LensReading: Sendable, Equatable {
  /// The token with the largest logit, the lower id on a tie, `[n]`.
  public var top: [Int] = []
  /// Probability of the top token minus that of the runner-up, `[n]`.
  public var gap: [Double] = []
  /// Probability of the top token, `[n]`.
  public var maximum: [Double] = []
  /// 1 - H / ln V with H the entropy of the distribution: 0 where it is uniform, 1 where it is certain, `[n]`.
  public var certainty: [Double] = []

  /// Reads `states` `[n, d]` through `head`, at most `chunk` samples at a time.
  public static func read(_ states: Matrix, through head: some Head, chunk: Int = 128) throws -> LensReading {
    var reading = LensReading()
    for one in try mapRows(of: states, through: head, chunk: chunk, { _, logits in OneReading(logits) }) {
      reading.top.append(one.top)
      reading.gap.append(one.gap)
      reading.maximum.append(one.maximum)
      reading.certainty.append(one.certainty)
    }
    return reading
  }

  /// What is made of the logits of each sample, which are in memory a chunk at a time.
  static func mapRows<Value>(
    of states: Matrix, through head: some Head, chunk: Int = 128, _ body: (Int, [Float]) -> Value
  ) throws -> [Value] {
    var values: [Value] = []
    for start in stride(from: 0, to: states.rows, by: chunk) {
      let logits = try head.logits(of: states.rows(start..<min(start + chunk, states.rows)))
      values += Compute.parallelMap(count: logits.rows) { body(start + $0, logits.row($0)) }
    }
    return values
  }

  /// How sure the lens is of each sample, in [0, 1].
  public func confidence(_ measure: ExitRule.Confidence) -> [Double] {
    switch measure {
    case .gap: gap
    case .maxprob: maximum
    case .entropy: certainty
    }
  }
}

/// What a lens says of one sample, in Float64.
private struct OneReading {
  var top: Int
  var gap = 1.0
  var maximum: Double
  var certainty = 1.0

  init(_ logits: [Float]) {
    let (best, second) = Self.twoLargest(logits)
    let largest = Double(logits[best])
    var (sum, weighted) = (0.0, 0.0)
    for logit in logits {
      let difference = Double(logit) - largest
      let weight = exponential(difference)
      sum += weight
      // A logit of minus infinity has no weight, and 0 · ∞ is no number.
      if weight > 0 { weighted += weight * difference }
    }
    top = best
    maximum = 1 / sum
    guard let second else { return }
    gap = (1 - exponential(Double(second) - largest)) / sum
    let entropy = max(0, logarithm(sum) - weighted / sum)
    certainty = 1 - entropy / logarithm(Double(logits.count))
  }

  /// The place of the largest logit, the first of equals, and the second largest logit; nil where there is but one.
  private static func twoLargest(_ logits: [Float]) -> (place: Int, second: Float?) {
    var (best, bestLogit, second) = (0, -Float.infinity, -Float.infinity)
    for (token, logit) in logits.enumerated() {
      if logit > bestLogit {
        (second, bestLogit, best) = (bestLogit, logit, token)
      } else if logit > second {
        second = logit
      }
    }
    return (best, logits.count > 1 ? second : nil)
  }
}
