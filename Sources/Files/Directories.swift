import Glibc

/// Makes a folder and the folders above it; one that is there already is fine.
///
/// - Throws: `FileError` where a name on the way is a file, or the system refuses.
public func createDirectory(_ path: String) throws(FileError) {
  guard !path.isEmpty, !isDirectory(path) else { return }
  let parent = parentDirectory(of: path)
  if parent != path, !isDirectory(parent) { try createDirectory(parent) }
  // Another process may have made it between the two calls.
  guard mkdir(path, 0o777) == 0 || (errno == EEXIST && isDirectory(path)) else {
    throw FileError(.createDirectory, path: path, number: errno)
  }
}

/// The names in a folder, without `.` and `..`, in the order of their bytes.
public func listing(_ path: String) throws(FileError) -> [String] {
  guard let directory = opendir(path) else { throw FileError(.list, path: path, number: errno) }
  defer { closedir(directory) }
  var names: [String] = []
  errno = 0
  while let entry = readdir(directory) {
    let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
      pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
    }
    if name != "." && name != ".." { names.append(name) }
    errno = 0
  }
  guard errno == 0 else { throw FileError(.list, path: path, number: errno) }
  return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
}

/// Removes a folder in which nothing is; any other stays.
public func removeEmptyDirectory(_ path: String) { rmdir(path) }

/// Removes a file; one that is not there is fine.
public func removeFile(_ path: String) throws(FileError) {
  guard unlink(path) != 0 else { return }
  let number = errno
  var info = stat()
  // A read-only file system refuses before it looks whether anything is there.
  if number == ENOENT || (lstat(path, &info) != 0 && errno == ENOENT) { return }
  throw FileError(.remove, path: path, number: number)
}

/// The folder that holds `path`: `a/b` for `a/b/c`, `.` for a bare name, `/` for the root.
public func parentDirectory(of path: String) -> String {
  var bytes = Array(path.utf8)
  while bytes.count > 1, bytes.last == UInt8(ascii: "/") { bytes.removeLast() }
  guard let slash = bytes.lastIndex(of: UInt8(ascii: "/")) else { return "." }
  var head = bytes[..<slash]
  while head.last == UInt8(ascii: "/") { head.removeLast() }
  return head.isEmpty ? "/" : String(decoding: head, as: UTF8.self)
}

/// The last part of a path: `c` for `a/b/c`.
public func fileName(of path: String) -> String {
  path.split(separator: "/", omittingEmptySubsequences: true).last.map(String.init) ?? path
}

/// The process's working folder; nil where it was removed.
public func currentDirectory() -> String? {
  guard let path = getcwd(nil, 0) else { return nil }
  defer { free(path) }
  return String(cString: path)
}
