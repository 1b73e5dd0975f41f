internal import Glibc
import Tensors

/// The token a position is most likely followed by, and how the model's own next token fares.
public struct TopReading: Hashable, Sendable {
  /// The token with the largest logit, the lower id where two are equal.
  public var token: Int
  /// Its probability less that of the runner-up; 1 where there is no other token.
  public var gap: Double
  /// The log-probability of the token that was asked for, in nats; nil where none was.
  public var logProbability: Double?

  /// Reads one row of logits.
  init(_ logits: UnsafePointer<Float>, count: Int, next: Int?) {
    var (best, second) = (0, -Float.infinity)
    for token in 1..<max(1, count) {
      if logits[token] > logits[best] {
        (second, best) = (logits[best], token)
      } else if logits[token] > second {
        second = logits[token]
      }
    }
    let total = Kernels.logSumExp(logits, count: count)
    token = best
    gap = Self.probability(logits[best], total) - Self.probability(second, total)
    logProbability = next.map { Double(logits[$0]) - total }
  }

  private static func probability(_ logit: Float, _ logSumExp: Double) -> Double {
    exp(Double(logit) - logSumExp)
  }
}

extension Model {
  /// Reads of many positions only what scoring and early exit need, tile by tile.
  ///
  /// - Parameters:
  ///   - input: [n, d], what the unembedding multiplies, as `headInput` gives it.
  ///   - next: A token within 0..<V for each position, or none at all.
  ///   - tileBytes: About how large a tile of positions × vocabulary may be.
  /// - Returns: n readings.
  /// - Throws: `ModelError` with code `noHead` where the checkpoint has no head.
  public func readTop(
    ofHeadInput input: Matrix, next: [Int] = [], tileBytes: Int = 16 << 20
  ) throws -> [TopReading] {
    precondition(next.isEmpty || next.count == input.rows, "\(next.count) tokens for \(input.rows) positions")
    let v = configuration.vocabulary
    precondition(next.allSatisfy { (0..<v).contains($0) }, "tokens outside the vocabulary")
    var readings: [TopReading] = []
    try forEachLogitTile(ofHeadInput: input, tileBytes: tileBytes) { rows, logits in
      readings += logits.withUnsafePointer { first in
        Compute.parallelMap(count: rows.count) { row in
          TopReading(first + row * v, count: v, next: next.isEmpty ? nil : next[rows.lowerBound + row])
        }
      }
    }
    return readings
  }
}
