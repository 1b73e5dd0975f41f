import Glibc

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

/// The mappings of this process with their paths.
enum MappedRanges {
  private static let slots = 1024

  // Unchecked: the bounds of a slot are written before its path can be seen, by the thread that adds it.
  struct Table: @unchecked Sendable {
    let paths = SignalSafePaths(slots: slots)
    let bounds = UnsafeMutablePointer<(start: UInt, end: UInt)>.allocate(capacity: slots)
  }

  static let table = Table()

  /// Notes a mapping and returns its slot; nil where the table is full, which costs only the sentence.
  static func register(_ memory: UnsafeRawBufferPointer, _ path: String) -> Int? {
    guard let first = memory.baseAddress else { return nil }
    let start = UInt(bitPattern: first)
    return table.paths.add(path) { (table.bounds + $0).initialize(to: (start, start + UInt(memory.count))) }
  }

  /// Forgets a mapping that ends.
  static func unregister(_ slot: Int?) { table.paths.remove(slot) }

  /// Says which file was cut short; false where no mapping holds the address.
  ///
  /// Calls only what a signal handler may.
  static func report(_ address: UnsafeMutableRawPointer) -> Bool {
    let place = UInt(bitPattern: address)
    // Beyond the file's end a mapping goes on to the end of its last page.
    let page = UInt(1 << 12)
    for slot in 0..<slots {
      guard let path = table.paths[slot] else { continue }
      let (start, end) = table.bounds[slot]
      guard place >= start, place < (end + page - 1) / page * page else { continue }
      write("error: '")
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
