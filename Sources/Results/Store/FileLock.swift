import Files
import Glibc

/// An exclusive lock on a name in the file system, held by one owner in one process at a time.
///
/// It is an `flock` on a small file. The kernel lets go of it when its process ends, however it ends, so no lock can be
/// left over by `kill -9`; only the empty file can, and the next owner takes that over.
final class FileLock: Sendable {
  private let descriptor: Int32
  private let path: String

  private init(descriptor: Int32, path: String) {
    self.descriptor = descriptor
    self.path = path
  }

  /// Lets go of the lock; to be called once, by the owner.
  func release() {
    // Removed while still held: whoever waits notices that the name is gone and makes a new file.
    unlink(path)
    close(descriptor)
  }

  /// Takes the lock, calling `onWait` once before it waits for another owner.
  ///
  /// - Throws: `FileError` where the lock file cannot be made or the file system has no locks.
  static func acquire(_ path: String, onWait: () -> Void = {}) throws(FileError) -> FileLock {
    var hasWaited = false
    while true {
      let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o666)
      guard descriptor >= 0 else {
        if errno == EINTR { continue }
        throw FileError(.open, path: path, number: errno)
      }
      var status = flock(descriptor, LOCK_EX | LOCK_NB)
      if status != 0, errno == EWOULDBLOCK {
        if !hasWaited { onWait() }
        hasWaited = true
        repeat { status = flock(descriptor, LOCK_EX) } while status != 0 && errno == EINTR
      }
      guard status == 0 else {
        let number = errno
        close(descriptor)
        throw FileError(.open, path: path, number: number)
      }
      if isCurrent(descriptor, path) { return FileLock(descriptor: descriptor, path: path) }
      close(descriptor)
    }
  }

  /// Removes the empty files that killed owners have left in a folder of locks.
  static func removeUnowned(in folder: String) {
    for name in (try? listing(folder)) ?? [] where name.hasSuffix(".lock") {
      let path = "\(folder)/\(name)"
      let descriptor = open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW)
      guard descriptor >= 0 else { continue }
      if flock(descriptor, LOCK_EX | LOCK_NB) == 0, isCurrent(descriptor, path) { unlink(path) }
      close(descriptor)
    }
  }

  /// Whether the locked file is still the one the name stands for.
  private static func isCurrent(_ descriptor: Int32, _ path: String) -> Bool {
    var mine = stat()
    var named = stat()
    guard fstat(descriptor, &mine) == 0, stat(path, &named) == 0 else { return false }
    return mine.st_ino == named.st_ino && mine.st_dev == named.st_dev
  }
}
