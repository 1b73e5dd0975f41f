import Diagnostics

/// Training that cannot go on, or cannot be taken up again.
public struct TrainingError: HintedError, Sendable, Equatable, CustomStringConvertible {
  /// One sentence without a full stop.
  public var description: String
  /// What helps; nil where nothing is known to.
  public var hint: String?

  init(_ description: String, hint: String? = nil) { (self.description, self.hint) = (description, hint) }
}
