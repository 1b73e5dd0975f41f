import Files
import Glibc

/// What tells one state of a file from another without reading it.
struct FileStamp: Hashable, Sendable {
  var size: Int
  var modified: Int64
  /// Time of the last change of contents or metadata; unlike `modified` a user cannot set it back.
  var changed: Int64
  var inode: UInt64
  var isRegular: Bool

  init(size: Int, modified: Int64, changed: Int64, inode: UInt64, isRegular: Bool) {
    self.size = size
    self.modified = modified
    self.changed = changed
    self.inode = inode
    self.isRegular = isRegular
  }

  /// The state of what `path` names, following links; nil where nothing is there.
  init?(path: String) {
    var info = stat()
    guard stat(path, &info) == 0 else { return nil }
    size = Int(info.st_size)
    modified = nanoseconds(info.st_mtim)
    changed = nanoseconds(info.st_ctim)
    inode = UInt64(info.st_ino)
    isRegular = info.st_mode & S_IFMT == S_IFREG
  }
}

/// The time by which the store judges age, in nanoseconds since 1970; no result depends on it.
public typealias StoreClock = @Sendable () -> Int64

/// The system's clock.
public let systemStoreClock: StoreClock = currentTime

/// Sets a file's time of modification; a refusal is of no consequence.
func touch(_ path: String, modified: Int64) {
  let time = timespec(tv_sec: Int(modified / 1_000_000_000), tv_nsec: Int(modified % 1_000_000_000))
  _ = utimensat(AT_FDCWD, path, [time, time], 0)
}

extension FileError {
  /// Whether the disk or the quota is full.
  var isOutOfSpace: Bool { number == ENOSPC || number == EDQUOT }
}

/// The process's working folder; nil where it was removed.
func currentDirectory() -> String? {
  guard let path = getcwd(nil, 0) else { return nil }
  defer { free(path) }
  return String(cString: path)
}
