import Glibc

/// Deletes the files that unfinished atomic writers of this process have begun; safe in a signal handler.
///
/// It only reads atomics and calls `unlink`. Call `preparePartialFileRemoval()` once before installing the handler.
public func removePartialFiles() { PartialFiles.removeAll() }

/// Sets up the table that `removePartialFiles()` reads, since a signal handler may not allocate it.
public func preparePartialFileRemoval() { _ = PartialFiles.paths }

/// The names of files being written.
enum PartialFiles {
  static let slots = 128
  static let paths = SignalSafePaths(slots: slots)

  /// Notes a path and returns its slot; nil where the table is full, which costs only tidiness after a signal.
  static func register(_ path: String) -> Int? { paths.add(path) }

  /// Forgets a path that was renamed or removed.
  static func unregister(_ slot: Int?) { paths.remove(slot) }

  static func removeAll() {
    for slot in 0..<slots {
      if let path = paths[slot] { unlink(path) }
    }
    // Folders last, once what was in them is gone; of anything else this is refused.
    for slot in 0..<slots {
      if let path = paths[slot] { rmdir(path) }
    }
  }
}
