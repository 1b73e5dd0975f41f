import Glibc
import Synchronization

/// Ends the program with a sentence where a mapped file turns out shorter than it was: the system says so by a signal.
///
/// A checkpoint that is downloaded again while it is read is the usual cause. Unfinished files are removed first.
public func installMappingFaultHandler() {
  _ = MappedRanges.table
  preparePartialFileRemoval()
  var action = sigaction()
  action.__sigaction_handler.sa_sigaction = { number, info, _ in
    guard let address = info?.pointee._sifields._sigfault.si_addr, MappedRanges.report(address) else {
      // Not ours: what would have happened without a handler happens when the instruction is tried again.
      signal(number, SIG_DFL)
      return
    }
    removePartialFiles()
    _exit(1)
  }
  action.sa_flags = SA_SIGINFO
  sigaction(SIGBUS, &action, nil)
}

/// The mappings of this process with their paths, in memory that a signal handler may read at any time.
enum MappedRanges {
  private static let slots = 1024
  private static let pathLimit = 1024

  // Unchecked: each entry is written only by the thread that moved its start from 0 to 1.
  struct Table: @unchecked Sendable {
    let starts: UnsafeMutablePointer<Atomic<UInt>>
    let ends: UnsafeMutablePointer<Atomic<UInt>>
    let paths: UnsafeMutablePointer<CChar>
  }

  static let table: Table = {
    let starts = UnsafeMutablePointer<Atomic<UInt>>.allocate(capacity: slots)
    let ends = UnsafeMutablePointer<Atomic<UInt>>.allocate(capacity: slots)
    for slot in 0..<slots {
      (starts + slot).initialize(to: Atomic(0))
      (ends + slot).initialize(to: Atomic(0))
    }
    let paths = UnsafeMutablePointer<CChar>.allocate(capacity: slots * pathLimit)
    paths.initialize(repeating: 0, count: slots * pathLimit)
    return Table(starts: starts, ends: ends, paths: paths)
  }()

  /// Notes a mapping and returns its slot; nil where the table is full, which costs only the name in the sentence.
  static func register(_ memory: UnsafeRawBufferPointer, _ path: String) -> Int? {
    guard let start = memory.baseAddress else { return nil }
    let text = Array(path.utf8CString)
    for slot in 0..<slots {
      let state = table.starts + slot
      guard state.pointee.compareExchange(expected: 0, desired: 1, ordering: .acquiring).exchanged else { continue }
      let target = table.paths + slot * pathLimit
      for (index, character) in text.prefix(pathLimit - 1).enumerated() { target[index] = character }
      target[min(text.count, pathLimit) - 1] = 0
      (table.ends + slot).pointee.store(UInt(bitPattern: start) + UInt(memory.count), ordering: .relaxed)
      state.pointee.store(UInt(bitPattern: start), ordering: .releasing)
      return slot
    }
    return nil
  }

  /// Forgets a mapping that ends.
  static func unregister(_ slot: Int?) {
    guard let slot else { return }
    (table.starts + slot).pointee.store(0, ordering: .releasing)
  }

  /// Says which file was cut short; false where no mapping holds the address.
  ///
  /// Calls only what a signal handler may.
  static func report(_ address: UnsafeMutableRawPointer) -> Bool {
    let place = UInt(bitPattern: address)
    // Beyond the file's end a mapping goes on to the end of its last page.
    let page = UInt(1 << 12)
    for slot in 0..<slots {
      let start = (table.starts + slot).pointee.load(ordering: .acquiring)
      let end = (table.ends + slot).pointee.load(ordering: .relaxed)
      guard start > 1, place >= start, place < (end + page - 1) / page * page else { continue }
      write("error: '")
      let path = table.paths + slot * pathLimit
      _ = Glibc.write(STDERR_FILENO, path, strlen(path))
      write("' became shorter while it was read: it was replaced or cut off; run again when it is whole\n")
      return true
    }
    return false
  }

  private static func write(_ text: StaticString) {
    _ = Glibc.write(STDERR_FILENO, text.utf8Start, text.utf8CodeUnitCount)
  }
}
