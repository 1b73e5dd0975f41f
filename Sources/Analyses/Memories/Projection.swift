import Tensors
import Transformers

/// How the final norm stands between a vector of the stream and the vocabulary.
public enum ProjectionNorm: String, Sendable, CaseIterable {
  /// U v: no norm at all.
  case none
  /// U (g · c(v)), with c taking the mean away (LayerNorm) or nothing: the final norm with a scale that changes no order,
  /// without its bias and the head's.
  case frozen
  /// The model's own final norm and head on the vector itself, biases included.
  case recompute
}

extension Model {
  /// Hands out what vectors of the stream give every token, tile by tile.
  ///
  /// - Parameters:
  ///   - vectors: [n, d].
  ///   - norm: what stands between; `frozen` and `none` are linear in the vectors.
  ///   - tileBytes: about how large a tile of vectors × vocabulary may be.
  ///   - part: where the vectors stand among others, if they are to round as they do there.
  ///   - body: gets rows of `vectors` and their values [rows.count, V].
  /// - Throws: `ModelError` with code `noHead` without a head; or what `body` throws.
  func forEachProjection(
    of vectors: Matrix, _ norm: ProjectionNorm, tileBytes: Int = 128 << 20, part: RowPart? = nil,
    _ body: (Range<Int>, Matrix) throws -> Void
  ) throws {
    let step = max(1, tileBytes / (configuration.vocabulary * MemoryLayout<Float>.stride))
    for (rows, part) in (part ?? RowPart(all: vectors.rows)).tiles(of: step, count: vectors.rows) {
      let tile = vectors.rows(rows)
      switch norm {
      case .recompute: try body(rows, logits(of: tile, part: part))
      case .none: try body(rows, unembed(tile, part: part))
      case .frozen:
        let ones = [Float](repeating: 1, count: rows.count)
        let input = try configuration.head.norm == nil ? tile : finalNorm(tile, frozenTo: ones)
        try body(rows, unembed(input, part: part))
      }
    }
  }

  /// The token that each vector gives most, the lower id of equals.
  func tops(of vectors: Matrix, _ norm: ProjectionNorm, part: RowPart? = nil) throws -> [Int] {
    var tops: [Int] = []
    try forEachProjection(of: vectors, norm, part: part) { _, values in tops += values.extremePlaces().map(\.largest) }
    return tops
  }
}
