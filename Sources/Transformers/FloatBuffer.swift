/// Memory for numbers, uninitialised, freed with its owner.
///
/// Unchecked: a buffer is either weights, written before anyone else sees them, or scratch of one run, whose parallel
/// loops write to disjoint parts.
final class FloatBuffer: @unchecked Sendable {
  let pointer: UnsafeMutablePointer<Float>
  let count: Int

  init(count: Int) {
    self.count = count
    // 64 bytes: a cache line, and what the widest vector loads like best.
    let memory = UnsafeMutableRawPointer.allocate(byteCount: max(count, 1) * MemoryLayout<Float>.stride, alignment: 64)
    pointer = memory.bindMemory(to: Float.self, capacity: max(count, 1))
  }

  deinit { UnsafeMutableRawPointer(pointer).deallocate() }
}
