/// Some rows of keys and values of one head.
struct KeyRows {
  let keys: UnsafePointer<Float>
  let values: UnsafePointer<Float>
  /// Elements from one position to the next.
  let stride: Int
  /// The positions, counted from the beginning of the text.
  let positions: Range<Int>
}

/// The keys and values of one block that come before the rows that are run.
struct PastKeys {
  let keys: FloatBuffer
  let values: FloatBuffer
  /// Elements of one position: heads with keys × d_h.
  let width: Int
  /// Positions before the rows that are run.
  let count: Int
  /// Whether the rows that are run join the past, which then holds them too; else several texts share it.
  let isGrowing: Bool
  /// Rows that are run, where they join.
  private(set) var joined = 0

  init(keys: FloatBuffer, values: FloatBuffer, width: Int, count: Int, growingBy joined: Int?) {
    (self.keys, self.values, self.width, self.count) = (keys, values, width, count)
    isGrowing = joined != nil
    self.joined = joined ?? 0
  }

  /// Takes over the keys and values of the rows that are run, where they join.
  func append(keys own: UnsafePointer<Float>, values: UnsafePointer<Float>, stride: Int, count rows: Int) {
    guard isGrowing else { return }
    precondition(rows == joined && (count + rows) * width <= keys.count, "no room for \(rows) positions")
    for row in 0..<rows {
      (keys.pointer + (count + row) * width).update(from: own + row * stride, count: width)
      (self.values.pointer + (count + row) * width).update(from: values + row * stride, count: width)
    }
  }

  /// The rows of the head whose columns begin at `offset`.
  func rows(offset: Int) -> [KeyRows] {
    [
      KeyRows(
        keys: keys.pointer + offset, values: values.pointer + offset, stride: width, positions: 0..<count + joined)
    ]
  }
}
