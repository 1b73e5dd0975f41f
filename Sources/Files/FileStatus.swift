import Glibc

/// What the file system says about a file: enough to tell whether it changed since it was last read.
public struct FileStatus: Hashable, Sendable {
  /// What kind of thing a path names.
  public enum Kind: Hashable, Sendable { case file, directory, other }

  /// What kind of thing it is, after following links.
  public var kind: Kind

  /// Size in bytes.
  public var size: Int

  /// Time of the last change of the contents, in nanoseconds since 1970.
  public var modifiedNanoseconds: Int64

  /// Time of the last change of contents or metadata, in nanoseconds since 1970; unlike the other a user cannot set it.
  public var changedNanoseconds: Int64

  /// The inode number: a file put in place by renaming has another one.
  public var inode: UInt64

  /// A status as it was noted earlier.
  public init(kind: Kind, size: Int, modifiedNanoseconds: Int64, changedNanoseconds: Int64, inode: UInt64) {
    self.kind = kind
    self.size = size
    self.modifiedNanoseconds = modifiedNanoseconds
    self.changedNanoseconds = changedNanoseconds
    self.inode = inode
  }

  init(_ info: stat) {
    switch info.st_mode & S_IFMT {
    case S_IFREG: kind = .file
    case S_IFDIR: kind = .directory
    default: kind = .other
    }
    size = Int(info.st_size)
    modifiedNanoseconds = nanoseconds(info.st_mtim)
    changedNanoseconds = nanoseconds(info.st_ctim)
    inode = UInt64(info.st_ino)
  }
}

/// Size, kind, time and inode of what `path` names, following links.
///
/// - Throws: `FileError`; `isMissing` is true where nothing is there.
public func fileStatus(_ path: String) throws(FileError) -> FileStatus {
  var info = stat()
  guard stat(path, &info) == 0 else { throw FileError(.examine, path: path, number: errno) }
  return FileStatus(info)
}

/// Whether `path` names a regular file.
public func isFile(_ path: String) -> Bool { (try? fileStatus(path))?.kind == .file }

/// Whether `path` itself is a symbolic link.
public func isLink(_ path: String) -> Bool {
  var info = stat()
  return lstat(path, &info) == 0 && info.st_mode & S_IFMT == S_IFLNK
}

/// Whether `path` names a folder.
public func isDirectory(_ path: String) -> Bool { (try? fileStatus(path))?.kind == .directory }
