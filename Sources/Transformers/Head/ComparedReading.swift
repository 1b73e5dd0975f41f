import Tensors

/// What the head says of one state, beside the distribution that the model ends with at the same position.
public struct ComparedReading: Hashable, Sendable {
  /// What is read from the logits themselves.
  public var logits: LogitReading
  /// KL(p_L ‖ p) in nats, the model's own distribution first; 0 where the state is h_L.
  public var divergence: Double
}

extension Model {
  /// Reads states of several depths through the head, each beside the model's own distribution at its position.
  ///
  /// Positions go through in tiles: whatever the number of depths, two tiles of positions × vocabulary are in memory.
  ///
  /// ```
  /// KL(p_L ‖ p_l) = ln Σ exp z_l − Σ p_L z_l − H(p_L)
  /// ```
  ///
  /// - Parameters:
  ///   - depths: States of the same n positions, [n, d] each, before the final norm, whose statistics are recomputed.
  ///   - final: h_L of the positions, [n, d].
  ///   - tokens: The tokens to look up at a position, given what the model itself says there: two largest entries at least.
  ///   - top: How many of the largest logits to keep.
  ///   - tileBytes: About how large the tiles may be together.
  ///   - part: Where the positions stand among others, if they are to round as they do there.
  /// - Returns: For every depth n readings, each with the position's tokens in their order.
  /// - Throws: `ModelError` with code `noHead` where the checkpoint has no head.
  public func compareLogits(
    of depths: [Matrix], with final: Matrix, tokens: (Int, LogitReading) -> [Int], top: Int = 0,
    tileBytes: Int = 64 << 20, part: RowPart? = nil
  ) throws(ModelError) -> [[ComparedReading]] {
    precondition(depths.allSatisfy { $0.rows == final.rows }, "depths of different positions")
    let v = configuration.vocabulary
    let step = max(1, tileBytes / (2 * v * MemoryLayout<Float>.stride))
    var result: [[ComparedReading]] = depths.map { _ in [] }
    for (rows, part) in (part ?? RowPart(all: final.rows)).tiles(of: step, count: final.rows) {
      let own = try FinalTile(self, final.rows(rows), part)
      let wanted = rows.map { row in
        let tokens = tokens(row, own.readings[row - rows.lowerBound])
        precondition(tokens.allSatisfy { (0..<v).contains($0) }, "tokens outside the vocabulary")
        return tokens
      }
      for (depth, states) in depths.enumerated() {
        let tile = try logits(of: states.rows(rows), part: part)
        result[depth] += own.compare(tile, tokens: wanted, top: top)
      }
    }
    return result
  }
}

/// The model's own distributions at some positions.
private struct FinalTile {
  /// p_L [n, V].
  let probabilities: Matrix
  /// Entropies as the same sums give them, so that a reading of h_L itself diverges by exactly 0.
  let entropies: [Double]
  let readings: [LogitReading]

  init(_ model: Model, _ states: Matrix, _ part: RowPart) throws(ModelError) {
    var tile = try model.logits(of: states, part: part)
    let v = tile.columns
    readings = tile.withUnsafePointer { first in
      Compute.parallelMap(count: states.rows) { row in
        LogitReading(UnsafeBufferPointer(start: first + row * v, count: v), tokens: [], top: 2)
      }
    }
    let sums = readings.map(\.logSumExp)
    // The logits become probabilities in place, and are needed once more for the entropy: row by row.
    entropies = tile.withUnsafeMutablePointer { first in
      Compute.parallelMap(count: states.rows) { row in
        let logits = Array(UnsafeBufferPointer(start: first + row * v, count: v))
        Kernels.softmax(first + row * v, count: v)
        return logits.withUnsafeBufferPointer { known in
          known.baseAddress.map { sums[row] - Kernels.dot(first + row * v, $0, count: v) } ?? 0
        }
      }
    }
    probabilities = tile
  }

  func compare(_ tile: Matrix, tokens: [[Int]], top: Int) -> [ComparedReading] {
    let v = tile.columns
    return tile.withUnsafePointer { logits in
      probabilities.withUnsafePointer { own in
        Compute.parallelMap(count: tile.rows) { row in
          let reading = LogitReading(
            UnsafeBufferPointer(start: logits + row * v, count: v), tokens: tokens[row], top: top)
          let cross = reading.logSumExp - Kernels.dot(own + row * v, logits + row * v, count: v)
          return ComparedReading(logits: reading, divergence: max(0, cross - entropies[row]))
        }
      }
    }
  }
}
