internal import Glibc
import Tensors

/// What is read from the logits of one position, so that the logits themselves need not be kept.
public struct LogitReading: Hashable, Sendable {
  /// A token with its logit.
  public struct Entry: Hashable, Sendable {
    /// The token's id, within 0..<V.
    public var token: Int
    /// What the head gives it, bias and soft cap included; probabilities are softmax over all V of them.
    public var logit: Float
  }

  /// ln Σ exp logit, in nats.
  public var logSumExp: Double
  /// The entropy of the distribution, in nats.
  public var entropy: Double
  /// The tokens with the largest logits, from the largest down; the lower id first where two are equal.
  public var top: [Entry]
  /// The tokens asked for, in that order.
  public var chosen: [Entry]
  /// The rank of each token asked for: 1 + the number of tokens with a larger logit.
  public var ranks: [Int]

  /// The log-probability of an entry, in nats.
  public func logProbability(_ entry: Entry) -> Double { Double(entry.logit) - logSumExp }

  /// The probability of an entry.
  public func probability(_ entry: Entry) -> Double { exp(logProbability(entry)) }

  /// Reads one row of logits.
  ///
  /// - Parameters:
  ///   - logits: V numbers.
  ///   - tokens: The tokens to look up.
  ///   - count: How many of the largest to keep.
  public init(_ logits: UnsafeBufferPointer<Float>, tokens: [Int], top count: Int) {
    guard let first = logits.baseAddress else { preconditionFailure("no logits") }
    logSumExp = Kernels.logSumExp(first, count: logits.count)
    entropy = LogitReading.entropy(first, logits.count, logSumExp)
    top = LogitReading.largest(logits, count)
    chosen = tokens.map { Entry(token: $0, logit: logits[$0]) }
    ranks = chosen.map { entry in
      var rank = 1
      for logit in logits where logit > entry.logit { rank += 1 }
      return rank
    }
  }

  /// ln Σ exp z − Σ p z.
  private static func entropy(_ logits: UnsafePointer<Float>, _ count: Int, _ logSumExp: Double) -> Double {
    let probabilities = UnsafeMutablePointer<Float>.allocate(capacity: count)
    defer { probabilities.deallocate() }
    probabilities.initialize(from: logits, count: count)
    Kernels.softmax(probabilities, count: count)
    return max(0, logSumExp - Kernels.dot(probabilities, logits, count: count))
  }

  private static func largest(_ logits: UnsafeBufferPointer<Float>, _ count: Int) -> [Entry] {
    var best: [Entry] = []
    guard count > 0 else { return best }
    for (token, logit) in logits.enumerated() {
      // Strictly larger: of equals the lower id, which came first, stays ahead.
      if best.count == count, !(logit > best[count - 1].logit) { continue }
      let place = best.firstIndex { logit > $0.logit } ?? best.count
      best.insert(Entry(token: token, logit: logit), at: place)
      if best.count > count { best.removeLast() }
    }
    return best
  }
}

extension Model {
  /// Hands out logits a few positions at a time, so that never more than a tile of positions × vocabulary is in memory.
  ///
  /// - Parameters:
  ///   - input: [n, d], what the unembedding multiplies, as `headInput` or a frozen `finalNorm` gives it.
  ///   - tileBytes: About how large a tile may be; at least one position.
  ///   - part: Where the positions stand among others, if they are to round as they do there.
  ///   - body: Gets rows of `input` and their logits [rows.count, V], bias and soft cap included.
  /// - Throws: `ModelError` with code `noHead` where the checkpoint has no head; or what `body` throws.
  public func forEachLogitTile(
    ofHeadInput input: Matrix, tileBytes: Int = 64 << 20, part: RowPart? = nil,
    _ body: (Range<Int>, Matrix) throws -> Void
  ) throws {
    let part = part ?? RowPart(all: input.rows)
    for (rows, part) in part.tiles(of: logitTileRows(tileBytes), count: input.rows) {
      try body(rows, try logits(ofHeadInput: input.rows(rows), part: part))
    }
  }

  /// Reads the logits of many positions tile by tile.
  ///
  /// - Parameters:
  ///   - input: [n, d], what the unembedding multiplies, as `headInput` or a frozen `finalNorm` gives it.
  ///   - tokens: The tokens to look up at each position, within 0..<V: n lists, or one for all positions, or none.
  ///   - top: How many of the largest to keep at each position.
  ///   - tileBytes: About how large a tile of positions × vocabulary may be.
  /// - Returns: n readings.
  /// - Throws: `ModelError` with code `noHead` where the checkpoint has no head.
  public func readLogits(
    ofHeadInput input: Matrix, tokens: [[Int]] = [], top: Int = 0, tileBytes: Int = 64 << 20
  ) throws(ModelError) -> [LogitReading] {
    precondition(tokens.count <= 1 || tokens.count == input.rows, "\(tokens.count) lists for \(input.rows) positions")
    let v = configuration.vocabulary
    precondition(tokens.allSatisfy { $0.allSatisfy { (0..<v).contains($0) } }, "tokens outside the vocabulary")
    var readings: [LogitReading] = []
    let step = logitTileRows(tileBytes)
    for start in stride(from: 0, to: input.rows, by: step) {
      let rows = start..<min(start + step, input.rows)
      let tile = try logits(ofHeadInput: input.rows(rows))
      readings += tile.withUnsafePointer { first in
        Compute.parallelMap(count: rows.count) { row in
          let wanted = tokens.count == 1 ? tokens[0] : tokens.isEmpty ? [] : tokens[start + row]
          return LogitReading(UnsafeBufferPointer(start: first + row * v, count: v), tokens: wanted, top: top)
        }
      }
    }
    return readings
  }

  private func logitTileRows(_ bytes: Int) -> Int {
    max(1, bytes / (configuration.vocabulary * MemoryLayout<Float>.stride))
  }
}
