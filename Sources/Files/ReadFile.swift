import Glibc

/// The whole contents of a regular file.
///
/// - Throws: `FileError` where it cannot be opened or read, or is no regular file.
public func readFile(_ path: String) throws(FileError) -> [UInt8] {
  var contents: [UInt8] = []
  try readChunks(of: openFile(path), size: 1 << 16) { contents.append(contentsOf: $0) }
  return contents
}

/// What comes on standard input, up to its end.
///
/// - Throws: `FileError` where it cannot be read.
public func readStandardInput() throws(FileError) -> [UInt8] {
  var contents: [UInt8] = []
  try readChunks(of: FileDescriptor(path: "/dev/stdin", flags: O_RDONLY), size: 1 << 16) {
    contents.append(contentsOf: $0)
  }
  return contents
}

/// The SHA-256 of a file's contents, read in pieces so that large files need little memory.
///
/// - Throws: `FileError` where it cannot be opened or read, or is no regular file.
public func sha256(ofFile path: String) throws(FileError) -> SHA256Digest {
  var hasher = SHA256Hasher()
  try readChunks(of: openFile(path), size: 1 << 20) {
    hasher.update(UnsafeRawBufferPointer(rebasing: $0))
  }
  return hasher.finish()
}

/// Calls `body` with one piece of the file after another.
private func readChunks(
  of file: consuming FileDescriptor, size: Int, _ body: (UnsafeMutableRawBufferPointer.SubSequence) -> Void
) throws(FileError) {
  let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: size, alignment: 16)
  defer { buffer.deallocate() }
  while true {
    let count = try file.read(into: buffer)
    if count == 0 { return }
    body(buffer[0..<count])
  }
}
