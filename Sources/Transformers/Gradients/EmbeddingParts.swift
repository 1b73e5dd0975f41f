import Tensors

/// The weights that make h_0 of token ids, or the places of their gradients.
package struct EmbeddingParts<Element: KernelElement> {
  /// One row to a token, [V, d].
  package var tokens: UnsafeMutablePointer<Element>
  /// One row to a position.
  package var positions: UnsafeMutablePointer<Element>?
  /// One row to a segment; the first is used.
  package var segments: UnsafeMutablePointer<Element>?
  /// The norm of the sum.
  package var norm: NormPart<Element>?
  /// What the token's row is multiplied by.
  package var scale: Element?
  /// d.
  package var width: Int

  /// A plain embedding; the rest is named afterwards.
  package init(tokens: UnsafeMutablePointer<Element>, width: Int) { (self.tokens, self.width) = (tokens, width) }

  /// h ← h_0 of tokens, [rows, d], before the norm.
  ///
  /// - Parameters:
  ///   - ids: The token of each row.
  ///   - places: The row of the table of positions of each row; not read where positions are not learned.
  package func apply(_ ids: [Int], places: [Int], to h: UnsafeMutablePointer<Element>) {
    Compute.parallelFor(count: ids.count, chunk: 64) { part in
      for row in part {
        let (line, token) = (h + row * width, tokens + ids[row] * width)
        let scale = scale ?? 1
        for i in 0..<width { line[i] = token[i] * scale }
        // transformers adds the segment before the position; the order decides the last bit.
        if let segments { for i in 0..<width { line[i] += segments[i] } }
        if let positions { for i in 0..<width { line[i] += positions[places[row] * width + i] } }
      }
    }
  }

  /// Adds to the gradients, which this is the place of, what dh [rows, d] asks of the rows that were summed.
  ///
  /// Rows are added in order, so that a token that occurs twice has one sum whatever the number of threads.
  package func addGradient(of dh: UnsafePointer<Element>, ids: [Int], places: [Int]) {
    let factor = scale ?? 1
    Compute.parallelFor(count: width, chunk: 64) { part in
      for row in ids.indices {
        let line = dh + row * width
        let token = tokens + ids[row] * width
        for i in part { token[i] += line[i] * factor }
        if let positions { for i in part { positions[places[row] * width + i] += line[i] } }
        if let segments { for i in part { segments[i] += line[i] } }
      }
    }
  }
}
