import Glibc
import Synchronization

/// Deletes the files that unfinished atomic writers of this process have begun; safe in a signal handler.
///
/// It only reads atomics and calls `unlink`. Call `preparePartialFileRemoval()` once before installing the handler.
public func removePartialFiles() { PartialFiles.removeAll() }

/// Sets up the table that `removePartialFiles()` reads, since a signal handler may not allocate it.
public func preparePartialFileRemoval() { _ = PartialFiles.table }

/// The names of files being written, in memory that is never freed so that a signal handler may read it at any time.
enum PartialFiles {
  static let slots = 128
  static let pathLimit = 4096

  private static let free = 0
  private static let claimed = 1
  private static let named = 2

  // Unchecked: each path is written only by the thread that moved its state from free to claimed.
  struct Table: @unchecked Sendable {
    let states: UnsafeMutablePointer<Atomic<Int>>
    let paths: UnsafeMutablePointer<CChar>
  }

  static let table: Table = {
    let states = UnsafeMutablePointer<Atomic<Int>>.allocate(capacity: slots)
    for slot in 0..<slots { (states + slot).initialize(to: Atomic(free)) }
    let paths = UnsafeMutablePointer<CChar>.allocate(capacity: slots * pathLimit)
    return Table(states: states, paths: paths)
  }()

  /// Notes a path and returns its slot; nil where the table is full, which costs only tidiness after a signal.
  static func register(_ path: String) -> Int? {
    var text = Array(path.utf8CString)
    guard text.count <= pathLimit else { return nil }
    for slot in 0..<slots {
      let state = table.states + slot
      guard state.pointee.compareExchange(expected: free, desired: claimed, ordering: .acquiring).exchanged else {
        continue
      }
      memcpy(table.paths + slot * pathLimit, &text, text.count)
      state.pointee.store(named, ordering: .releasing)
      return slot
    }
    return nil
  }

  /// Forgets a path that was renamed or removed.
  static func unregister(_ slot: Int?) {
    guard let slot else { return }
    (table.states + slot).pointee.store(free, ordering: .releasing)
  }

  static func removeAll() {
    for slot in 0..<slots where (table.states + slot).pointee.load(ordering: .acquiring) == named {
      unlink(table.paths + slot * pathLimit)
    }
  }
}
