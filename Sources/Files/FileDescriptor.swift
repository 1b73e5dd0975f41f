import Glibc

/// An open file descriptor that is closed when its owner goes away.
struct FileDescriptor: ~Copyable {
  let raw: Int32
  let path: String

  /// Opens `path`; `mode` matters only where `flags` create a file.
  init(path: String, flags: Int32, mode: mode_t = 0o666) throws(FileError) {
    guard !path.utf8.contains(0) else { throw FileError(.open, path: path, reason: "the path contains a zero byte") }
    var result: Int32
    repeat { result = Glibc.open(path, flags | O_CLOEXEC, mode) } while result < 0 && errno == EINTR
    guard result >= 0 else { throw FileError(.open, path: path, number: errno) }
    self.path = path
    raw = result
  }

  deinit { _ = Glibc.close(raw) }

  /// Size, kind and times of the open file.
  func status() throws(FileError) -> FileStatus {
    var info = stat()
    guard fstat(raw, &info) == 0 else { throw FileError(.examine, path: path, number: errno) }
    return FileStatus(info)
  }

  /// Writes every byte, going on after short writes and interruptions.
  func write(_ bytes: UnsafeRawBufferPointer) throws(FileError) {
    var done = 0
    while done < bytes.count {
      let count = Glibc.write(raw, bytes.baseAddress?.advanced(by: done), bytes.count - done)
      if count < 0 {
        if errno == EINTR { continue }
        throw FileError(.write, path: path, number: errno)
      }
      done += count
    }
  }

  /// Writes every byte at a place in the file, which must be seekable.
  func write(_ bytes: UnsafeRawBufferPointer, at offset: Int) throws(FileError) {
    var done = 0
    while done < bytes.count {
      let count = pwrite(raw, bytes.baseAddress?.advanced(by: done), bytes.count - done, off_t(offset + done))
      if count < 0 {
        if errno == EINTR { continue }
        throw FileError(.write, path: path, number: errno)
      }
      done += count
    }
  }

  /// Reads up to `buffer.count` bytes and returns how many there were; 0 at the end of the file.
  func read(into buffer: UnsafeMutableRawBufferPointer) throws(FileError) -> Int {
    while true {
      let count = Glibc.read(raw, buffer.baseAddress, buffer.count)
      if count >= 0 { return count }
      if errno != EINTR { throw FileError(.read, path: path, number: errno) }
    }
  }

  /// Waits until what was written has reached the disk.
  func synchronize() throws(FileError) {
    // Pipes and devices cannot be flushed and say EINVAL; that is no failure.
    guard fsync(raw) == 0 || errno == EINVAL || errno == EROFS else {
      throw FileError(.synchronize, path: path, number: errno)
    }
  }
}

/// Opens a regular file for reading, and nothing else: a pipe without a writer would be waited for without end.
///
/// What it is is asked of the open descriptor, so that nothing can take its place in between.
func openFile(_ path: String) throws(FileError) -> FileDescriptor {
  // Without waiting for the other end of a pipe; to a regular file the flag means nothing.
  let file = try FileDescriptor(path: path, flags: O_RDONLY | O_NONBLOCK | O_NOCTTY)
  switch try file.status().kind {
  case .file: return file
  case .directory: throw FileError(.open, path: path, reason: "it is a folder")
  case .other: throw FileError(.open, path: path, reason: FileError.noFile)
  }
}
