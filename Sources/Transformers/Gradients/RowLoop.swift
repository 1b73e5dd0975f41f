import Tensors

/// Loops over rows that more than one kernel shares; what a thread does depends on the row alone.
enum RowLoop {
  /// y ← y + x, `count` numbers.
  static func add<Element: KernelElement>(
    _ x: UnsafePointer<Element>, to y: UnsafeMutablePointer<Element>, count: Int
  ) {
    Compute.parallelFor(count: count, chunk: 1 << 14) { part in
      for index in part { y[index] += x[index] }
    }
  }

  /// y ← y · x, element by element.
  static func multiply<Element: KernelElement>(
    _ y: UnsafeMutablePointer<Element>, by x: UnsafePointer<Element>, count: Int
  ) { for index in 0..<count { y[index] *= x[index] } }

  /// Adds the sum of each column of `x` [rows, width], rows `stride` apart, to `sums`; rows are added in order, in double
  /// precision.
  static func addColumnSums<Element: KernelElement>(
    _ x: UnsafePointer<Element>, stride: Int, rows: Int, width: Int, to sums: UnsafeMutablePointer<Element>
  ) {
    Compute.parallelFor(count: width, chunk: 128) { part in
      withUnsafeTemporaryAllocation(of: Double.self, capacity: part.count) { wide in
        guard let base = wide.baseAddress else { return }
        base.initialize(repeating: 0, count: part.count)
        for row in 0..<rows { Element.addToSums(x + row * stride + part.lowerBound, base, count: part.count) }
        for index in 0..<part.count { sums[part.lowerBound + index] += Element(base[index]) }
      }
    }
  }
}
