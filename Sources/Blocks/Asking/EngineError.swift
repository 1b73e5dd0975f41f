import Diagnostics

/// An engine that cannot answer, and what the author of the template can do about it.
public struct EngineError: HintedError, Sendable, CustomStringConvertible {
  /// What stands in the way.
  public let message: String
  /// What to do.
  public let hint: String?

  public init(_ message: String, hint: String? = nil) {
    self.message = message
    self.hint = hint
  }

  /// What is kept in the store is not what was kept there.
  static func unreadable(_ what: String) -> EngineError {
    EngineError("\(what) in the store cannot be understood", hint: "layerbook cache clean")
  }

  /// The message alone.
  public var description: String { message }
}
