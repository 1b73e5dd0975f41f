import Diagnostics

/// Training that cannot go on, or cannot be taken up again.
public struct TrainingError: HintedError, Sendable, Equatable, CustomStringConvertible {
  /// One sentence without a full stop.
  public var message: String
  /// What helps; nil where nothing is known to.
  public var hint: String?

  init(_ message: String, hint: String? = nil) { (self.message, self.hint) = (message, hint) }

  public var description: String { message + (hint.map { "; \($0)" } ?? "") }
}
