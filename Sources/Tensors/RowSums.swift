/// What scores of single parts need of rows of numbers: logarithms of summed exponentials, and ranks.
extension DenseMatrix where Element == Float {
  /// ln Σ exp(base + factor · row) of some rows, in nats.
  ///
  /// A base of log-probabilities, whose own sum is 0, keeps the digits of small changes.
  ///
  /// - Parameters:
  ///   - requests: Rows with their factors; a row may occur more than once.
  ///   - base: What is added to every row, one number a column.
  ///   - cap: c of the soft cap c · tanh(z / c) on each sum; nil for none.
  /// - Returns: One number for each request.
  public func logSumExps(
    of requests: [(row: Int, factor: Float)], over base: [Float], cap: Float? = nil
  ) -> [Double] {
    precondition(base.count == columns, "a base of \(base.count) for rows of \(columns)")
    for request in requests { precondition(request.row >= 0 && request.row < rows, "no row \(request.row)") }
    return withUnsafePointer { values in
      base.withUnsafeBufferPointer { base in
        guard let base = base.baseAddress else { return requests.map { _ in -Double.infinity } }
        return Compute.parallelMap(count: requests.count) { index in
          let request = requests[index]
          return withUnsafeTemporaryAllocation(of: Float.self, capacity: columns) { memory in
            guard let sum = memory.baseAddress else { return -Double.infinity }
            sum.initialize(from: base, count: columns)
            Kernels.add(values + request.row * columns, times: request.factor, to: sum, count: columns)
            if let cap { Kernels.softCap(sum, at: cap, count: columns) }
            return Kernels.logSumExp(sum, count: columns)
          }
        }
      }
    }
  }

  /// The place of a column in every row, counted from 1: when elements fall, and when they rise.
  ///
  /// Of equal elements all have the first place that any of them could have.
  public func ranks(ofColumn column: Int) -> [(falling: Int, rising: Int)] {
    ranks(ofColumns: Array(repeating: column, count: rows))
  }

  /// The place of a column of its own in each row, counted as above.
  ///
  /// - Parameter chosen: one column for each row.
  public func ranks(ofColumns chosen: [Int]) -> [(falling: Int, rising: Int)] {
    precondition(chosen.count == rows, "\(chosen.count) columns for \(rows) rows")
    for column in chosen { precondition(column >= 0 && column < columns, "no column \(column)") }
    return withUnsafePointer { values in
      Compute.parallelMap(count: rows) { index in
        let row = values + index * columns
        let own = row[chosen[index]]
        var (larger, smaller): (Int32, Int32) = (0, 0)
        for other in 0..<columns {
          larger &+= row[other] > own ? 1 : 0
          smaller &+= row[other] < own ? 1 : 0
        }
        return (Int(larger) + 1, Int(smaller) + 1)
      }
    }
  }

  /// Where each row is largest and where it is smallest; of equal elements the first column.
  public func extremePlaces() -> [(largest: Int, smallest: Int)] {
    withUnsafePointer { values in
      Compute.parallelMap(count: rows) { index in
        let row = values + index * columns
        var (largest, smallest) = (0, 0)
        for column in 0..<columns {
          if row[column] > row[largest] { largest = column }
          if row[column] < row[smallest] { smallest = column }
        }
        return (largest, smallest)
      }
    }
  }
}

extension DenseMatrix where Element == Float {
  /// Replaces every row by the softmax of it.
  public mutating func softmaxRows() {
    let (rows, columns) = (rows, columns)
    withUnsafeMutablePointer { values in
      Compute.parallelFor(count: rows) { Kernels.softmax(values + $0 * columns, count: columns) }
    }
  }
}
