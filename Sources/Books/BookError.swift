import Diagnostics

/// A model, a dataset or a sample that the book names and the disk cannot give.
public struct BookError: HintedError, Sendable, CustomStringConvertible {
  /// What failed, in one sentence.
  public let message: String
  /// What to do about it.
  public let hint: String?

  public init(_ message: String, hint: String? = nil) {
    self.message = message
    self.hint = hint
  }

  /// Message, and the hint on a line of its own.
  public var description: String { hint.map { message + "\n  hint: " + $0 } ?? message }
}
