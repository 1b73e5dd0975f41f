import Glibc

/// A pipe out of another program, read without waiting; for one thread.
final class Pipe {
  let reading: Int32
  let writing: Int32
  private var isWritingOpen = true
  /// Whether the other end was closed and everything was read.
  private(set) var isAtEnd = false

  init() throws(FileError) {
    var ends: [Int32] = [0, 0]
    guard pipe(&ends) == 0 else { throw FileError(.open, path: "a pipe", number: errno) }
    (reading, writing) = (ends[0], ends[1])
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    _ = fcntl(reading, F_SETFL, O_NONBLOCK)
  }

  deinit {
    closeWriting()
    _ = Glibc.close(reading)
  }

  /// Closes this process's writing end, so that the pipe ends with the program that has the other.
  func closeWriting() {
    if isWritingOpen { _ = Glibc.close(writing) }
    isWritingOpen = false
  }

  /// Hands over what is there, a piece at most; false where there is nothing.
  func read(_ take: ([UInt8]) -> Void) -> Bool {
    guard !isAtEnd else { return false }
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    let count = Glibc.read(reading, &buffer, buffer.count)
    if count > 0 { take(Array(buffer[..<count])) }
    if count == 0 { isAtEnd = true }
    return count > 0
  }
}
