import Tensors

/// How likely one wanted token is at one position.
public struct TokenScore: Hashable, Sendable {
  /// Its log-probability, in nats.
  public var logProbability: Double
  /// Whether it has the largest logit; of equal ones the lowest id counts as the largest.
  public var isTop: Bool
}

extension Model {
  /// Scores one wanted token at each of many states, tile by tile.
  ///
  /// - Parameters:
  ///   - states: [n, d], before the final norm, whose statistics are recomputed.
  ///   - tokens: n tokens within 0..<V.
  ///   - tileBytes: About how large a tile of positions × vocabulary may be.
  ///   - part: Where the states stand among others, if they are to round as they do there.
  /// - Returns: n scores.
  /// - Throws: `ModelError` with code `noHead` where the checkpoint has no head.
  public func scoreTokens(
    _ tokens: [Int], at states: Matrix, tileBytes: Int = 32 << 20, part: RowPart? = nil
  ) throws(ModelError) -> [TokenScore] {
    let v = configuration.vocabulary
    precondition(tokens.count == states.rows, "\(tokens.count) tokens for \(states.rows) states")
    precondition(tokens.allSatisfy { (0..<v).contains($0) }, "tokens outside the vocabulary")
    var scores: [TokenScore] = []
    scores.reserveCapacity(tokens.count)
    let step = max(1, tileBytes / (v * MemoryLayout<Float>.stride))
    for (rows, part) in (part ?? RowPart(all: states.rows)).tiles(of: step, count: states.rows) {
      let tile = try logits(of: states.rows(rows), part: part)
      scores += tile.withUnsafePointer { first in
        Compute.parallelMap(count: rows.count) { row in
          TokenScore(UnsafeBufferPointer(start: first + row * v, count: v), token: tokens[rows.lowerBound + row])
        }
      }
    }
    return scores
  }
}

extension TokenScore {
  init(_ logits: UnsafeBufferPointer<Float>, token: Int) {
    guard let first = logits.baseAddress else { preconditionFailure("no logits") }
    logProbability = Double(logits[token]) - Kernels.logSumExp(first, count: logits.count)
    let largest = Kernels.maximum(first, count: logits.count)
    isTop = logits[token] == largest && !logits[..<token].contains(largest)
  }
}
