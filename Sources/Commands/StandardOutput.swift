import Files
import Foundation

/// Standard output: a result that could not be written is a failure, not a success.
enum StandardOutput {
  /// Occupies descriptors that whoever started the program has closed, so that no file opened later takes their place
  /// and receives what is meant for people.
  static func prepare() {
    for descriptor in [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO] where fcntl(descriptor, F_GETFD) == -1 {
      // Read-only: what is written there fails, and is reported.
      _ = open("/dev/null", O_RDONLY)
    }
  }

  /// Writes an answer, once the line that tells how far work has come is gone: on a terminal the two share a line.
  static func write(_ bytes: [UInt8]) {
    ProgressLine.shared.clear()
    printBytes(bytes)
  }

  /// Writes out what is still in memory; ends the program as failed where anything printed so far has not arrived.
  static func finish() {
    if let reason = flushStandardOutput() { Program.fail("error: cannot write to standard output: \(reason)") }
  }
}
