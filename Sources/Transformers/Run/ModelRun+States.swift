import Checkpoints
import Tensors

extension ModelRun {
  /// The row of a position of a text.
  public func row(text: Int, position: Int) -> Int { texts[text].lowerBound + position }

  /// Copies h_`level` of every position, [rows, d].
  ///
  /// - Throws: `ModelError` with code `notFinite`.
  public func allStates() throws(ModelError) -> Matrix { try states(at: Array(0..<(texts.last?.upperBound ?? 0))) }

  /// Copies h_`level` of each text's last position, [texts, d].
  ///
  /// - Throws: `ModelError` with code `notFinite`.
  public func lastStates() throws(ModelError) -> Matrix { try states(at: texts.map { $0.upperBound - 1 }) }

  /// Copies some rows of h_`level`.
  ///
  /// - Throws: `ModelError` with code `notFinite`: a number that overflowed on the way up must not become a result.
  public func states(at rows: [Int]) throws(ModelError) -> Matrix {
    let d = model.configuration.width
    let result = Matrix(rows: rows.count, columns: d) { target in
      for (position, row) in rows.enumerated() {
        (target + position * d).initialize(from: states.pointer + row * d, count: d)
      }
    }
    let bad = result.withUnsafePointer { firstNonFinite(UnsafeBufferPointer(start: $0, count: rows.count * d)) }
    guard let bad else { return result }
    throw .run(
      .notFinite, model.directory,
      "hidden state h_\(level) is not finite at position \(position(of: rows[bad / d])), coordinate \(bad % d)")
  }

  /// A row's position within its text.
  private func position(of row: Int) -> Int { row - (texts.first { $0.contains(row) }?.lowerBound ?? 0) }
}
