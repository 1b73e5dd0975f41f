import Tensors

/// Memory for numbers of either precision, uninitialised, freed with its owner.
///
/// Unchecked: scratch of one run, whose parallel loops write to disjoint parts.
package final class NumberBuffer<Element: KernelElement>: @unchecked Sendable {
  /// The first number, on a cache line of its own.
  package let pointer: UnsafeMutablePointer<Element>
  /// How many there are.
  package let count: Int

  /// Takes memory for `count` numbers.
  package init(count: Int) {
    self.count = count
    let bytes = max(count, 1) * MemoryLayout<Element>.stride
    let memory = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: 64)
    pointer = memory.bindMemory(to: Element.self, capacity: max(count, 1))
  }

  /// Takes memory and copies numbers into it.
  package convenience init(_ values: [Element]) {
    self.init(count: values.count)
    values.withUnsafeBufferPointer { source in
      if let base = source.baseAddress { pointer.update(from: base, count: count) }
    }
  }

  /// Sets every number to 0.
  package func clear() { pointer.update(repeating: 0, count: count) }

  /// A copy of all numbers.
  package var values: [Element] { Array(UnsafeBufferPointer(start: pointer, count: count)) }

  deinit { UnsafeMutableRawPointer(pointer).deallocate() }
}

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
