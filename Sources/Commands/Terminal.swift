import Foundation

/// Standard error, where everything goes that is not a result.
enum Terminal {
  /// Whether someone is looking: progress is drawn only then.
  static let isInteractive: Bool =
    isatty(STDERR_FILENO) == 1 && ProcessInfo.processInfo.environment["TERM"] != "dumb"

  /// Writes a message and a line end.
  static func error(_ text: String) {
    ProgressLine.shared.clear()
    FileHandle.standardError.write(Data((shownText(text) + "\n").utf8))
  }
}
