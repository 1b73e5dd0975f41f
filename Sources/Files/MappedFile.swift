import Glibc

/// A file mapped read-only into memory; unmapped when the last reference goes away.
///
/// Nothing is read until a page is touched. Writers in this project replace files by renaming, which leaves a mapping of
/// the old contents intact; where another program cuts the file short meanwhile, touching what is gone ends the program
/// with a sentence that names the file (`installMappingFaultHandler`).
public final class MappedFile: Sendable {
  /// The path it was opened with.
  public let path: String

  // Safe to share: the mapping is read-only and lives exactly as long as the object.
  private nonisolated(unsafe) let memory: UnsafeRawBufferPointer
  private let slot: Int?

  /// Maps a regular file.
  ///
  /// - Throws: `FileError` where it cannot be opened or is a folder, a pipe or a device.
  public init(path: String) throws(FileError) {
    let file = try openFile(path)
    let status = try file.status()
    self.path = path
    guard status.size > 0 else {
      memory = UnsafeRawBufferPointer(start: nil, count: 0)
      slot = nil
      return
    }
    guard let start = mmap(nil, status.size, PROT_READ, MAP_PRIVATE, file.raw, 0), start != MAP_FAILED else {
      throw FileError(.map, path: path, number: errno)
    }
    memory = UnsafeRawBufferPointer(start: start, count: status.size)
    slot = MappedRanges.register(memory, path)
  }

  deinit {
    MappedRanges.unregister(slot)
    if let start = memory.baseAddress { munmap(UnsafeMutableRawPointer(mutating: start), memory.count) }
  }

  /// Size in bytes.
  public var count: Int { memory.count }

  /// Lends the whole contents; the pointer must not leave the closure.
  public func withBytes<R>(_ body: (UnsafeRawBufferPointer) throws -> R) rethrows -> R {
    try withExtendedLifetime(self) { try body(memory) }
  }

  /// A copy of some bytes; `range` must lie within the file.
  public func bytes(_ range: Range<Int>) -> [UInt8] {
    precondition(range.lowerBound >= 0 && range.upperBound <= count, "range \(range) outside a file of \(count) bytes")
    return withBytes { Array($0[range]) }
  }

  /// Gives the memory of some pages back to the system; they are read from the file again when touched.
  ///
  /// Mapped pages count as the process's memory for as long as they stay; a reader that goes through a large file once
  /// releases what it has passed. Only whole pages inside `range` are released.
  public func release(_ range: Range<Int>) {
    guard let start = memory.baseAddress else { return }
    let page = Int(sysconf(Int32(truncatingIfNeeded: _SC_PAGESIZE)))
    let lower = (max(range.lowerBound, 0) + page - 1) / page * page
    let end = min(range.upperBound, count)
    let upper = end == count ? end : end / page * page
    guard upper > lower else { return }
    madvise(UnsafeMutableRawPointer(mutating: start + lower), upper - lower, MADV_DONTNEED)
  }
}
