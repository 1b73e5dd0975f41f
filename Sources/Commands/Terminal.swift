import Foundation
import Results

/// Standard error, where everything goes that is not a result.
enum Terminal {
  /// Whether someone is looking: progress is drawn only then.
  static let isInteractive: Bool =
    isatty(STDERR_FILENO) == 1 && ProcessInfo.processInfo.environment["TERM"] != "dumb"

  /// Whether messages have colours: where someone is looking who has not asked for none (no-color.org).
  static let hasColors: Bool = isInteractive && ProcessInfo.processInfo.environment["NO_COLOR", default: ""].isEmpty

  /// Writes a message and a line end.
  static func error(_ text: String) {
    ProgressLine.shared.clear()
    let shown = shownText(text)
    FileHandle.standardError.write(Data(((hasColors ? MessageColors.painted(shown) : shown) + "\n").utf8))
  }

  /// Writes what the store could not do as one would wish.
  static func warn(_ warnings: [StoreWarning]) {
    for warning in warnings { error("warning: \(warning)") }
  }
}
