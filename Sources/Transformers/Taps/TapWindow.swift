import Tensors

/// Some rows and columns of an activation, as a tap sees them.
struct TapWindow {
  let first: UnsafeMutablePointer<Float>
  let stride: Int
  let columns: Int
  /// Which rows, counted from `first`.
  let offsets: [Int]

  /// A copy of the rows.
  func copy() -> Matrix {
    Matrix(rows: offsets.count, columns: columns) { target in
      for (index, offset) in offsets.enumerated() {
        (target + index * columns).initialize(from: first + offset * stride, count: columns)
      }
    }
  }

  /// Puts rows in the place of the activation's.
  ///
  /// - Returns: The indices of the rows in which a bit changed.
  func take(_ values: Matrix) -> [Int] {
    precondition(
      values.rows == offsets.count && values.columns == columns,
      "a tap gave [\(values.rows), \(values.columns)] for [\(offsets.count), \(columns)]")
    return values.withUnsafePointer { source in
      offsets.indices.filter { index in
        let (old, new) = (first + offsets[index] * stride, source + index * columns)
        guard (0..<columns).contains(where: { old[$0].bitPattern != new[$0].bitPattern }) else { return false }
        old.update(from: new, count: columns)
        return true
      }
    }
  }

  /// Lets a tap read or write.
  ///
  /// - Returns: The indices of the rows in which a bit changed.
  func show(to tap: Tap, _ visit: Tap.Visit) throws -> [Int] {
    switch tap.action {
    case .read(let body):
      try body(visit, copy())
      return []
    case .write(let body):
      var values = copy()
      try body(visit, &values)
      return take(values)
    case .replace, .skip: return []
    }
  }
}
