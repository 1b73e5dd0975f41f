internal import Glibc
import Tensors

/// Memory for numbers of single precision.
typealias FloatBuffer = NumberBuffer<Float>

/// Memory for numbers of either precision, uninitialised, freed with its owner.
///
/// Unchecked: a buffer is either weights, written while nobody else reads them, or scratch of one run, whose parallel
/// loops write to disjoint parts.
package final class NumberBuffer<Element: KernelElement>: @unchecked Sendable {
  /// The first number, where a cache line of 64 bytes begins: the widest vector loads that best.
  package let pointer: UnsafeMutablePointer<Element>
  /// How many there are.
  package let count: Int

  /// 2 MiB, a large page of x86-64 and of most others.
  private static var largePage: Int { 2 << 20 }

  /// Takes memory for `count` numbers.
  package init(count: Int) {
    self.count = count
    let bytes = max(count, 1) * MemoryLayout<Element>.stride
    let isLarge = bytes >= Self.largePage
    let memory = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: isLarge ? Self.largePage : 64)
    // Products read matrices across their rows, a small page each; a system that has no large ones says no.
    if isLarge { madvise(memory, bytes / Self.largePage * Self.largePage, MADV_HUGEPAGE) }
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
