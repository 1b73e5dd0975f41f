import Files
import Glibc

/// What stands in a folder, links not followed.
enum FolderTree {
  /// The kind of a thing in the tree.
  enum Kind: Sendable, Hashable { case file, directory, link, other }

  /// The kind of `path` itself; nil where nothing is there.
  static func kind(_ path: String) -> Kind? {
    var info = stat()
    guard lstat(path, &info) == 0 else { return nil }
    switch info.st_mode & S_IFMT {
    case S_IFREG: return .file
    case S_IFDIR: return .directory
    case S_IFLNK: return .link
    default: return .other
    }
  }

  /// Everything below `root`, as paths relative to it, in order of their bytes; of folders those that hold nothing.
  static func contents(_ root: String) throws(FileError) -> [(path: String, kind: Kind)] {
    var found: [(path: String, kind: Kind)] = []
    var folders = [""]
    while let folder = folders.popLast() {
      let names = try listing(folder.isEmpty ? root : "\(root)/\(folder)")
      if names.isEmpty, !folder.isEmpty { found.append((folder, .directory)) }
      for name in names {
        let path = folder.isEmpty ? name : "\(folder)/\(name)"
        guard let kind = kind("\(root)/\(path)") else { continue }
        if kind == .directory { folders.append(path) } else { found.append((path, kind)) }
      }
    }
    return found.sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
  }

  /// Removes a file, a link, or a folder with all that is in it.
  static func remove(_ path: String) throws(FileError) {
    guard let kind = kind(path) else { return }
    guard kind == .directory else { return try removeFile(path) }
    for name in try listing(path) { try remove("\(path)/\(name)") }
    guard rmdir(path) == 0 else { throw FileError(.remove, path: path, number: errno) }
  }

  /// Waits until a folder's names are on disk.
  static func synchronize(_ path: String) throws(FileError) {
    let folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard folder >= 0 else { throw FileError(.open, path: path, number: errno) }
    defer { close(folder) }
    guard fsync(folder) == 0 || errno == EINVAL else { throw FileError(.synchronize, path: path, number: errno) }
  }
}
