// C's `stdout` is a variable to Swift; nothing here or elsewhere ever assigns it.
@preconcurrency import Glibc

/// Prints bytes as they are, behind what was printed before.
public func printBytes(_ bytes: [UInt8]) { _ = fwrite(bytes, 1, bytes.count, stdout) }

/// Writes out what `print` has kept in memory.
///
/// - Returns: the reason, in words, where it or anything printed before could not be written; nil where all arrived.
public func flushStandardOutput() -> String? {
  errno = 0
  if fflush(stdout) != 0, errno != 0 { return String(cString: strerror(errno)) }
  // What did not arrive earlier has left only a mark behind.
  return ferror(stdout) == 0 ? nil : "write error"
}
