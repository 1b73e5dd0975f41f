import Checkpoints
import Diagnostics
import Files

/// What is wrong with a model, or with what it was asked to do.
public struct ModelError: HintedError, Hashable, Sendable, CustomStringConvertible {
  /// The kind of mistake.
  public enum Code: Hashable, Sendable {
    /// A file is missing or cannot be read.
    case file
    /// config.json is damaged or contradicts itself.
    case configuration
    /// The architecture, or an option of it, is not implemented.
    case unsupported
    /// A tensor is missing, misshapen or unexpected.
    case tensor
    /// A weight or a hidden state is NaN or infinite.
    case notFinite
    /// The token ids or positions asked for cannot be run.
    case input
    /// The model has no head, or no final norm, that was asked for.
    case noHead
    /// The caller asked to stop.
    case cancelled
    /// A resumable capture's side files cannot be written.
    case journal
  }

  /// The kind of mistake.
  public var code: Code
  /// What was tried, worded to follow "cannot": "load" or "run".
  public var operation: String
  /// The file, or the model's folder.
  public var path: String
  /// What was expected and found.
  public var reason: String
  /// What may help.
  public var hint: String?

  /// An error in loading a file of a model.
  static func load(_ code: Code, _ path: String, _ reason: String, hint: String? = nil) -> ModelError {
    ModelError(code: code, operation: "load", path: path, reason: reason, hint: hint)
  }

  /// An error in running a model.
  static func run(_ code: Code, _ path: String, _ reason: String, hint: String? = nil) -> ModelError {
    ModelError(code: code, operation: "run", path: path, reason: reason, hint: hint)
  }

  /// An error about tensors, in the words of Checkpoints.
  public init(_ error: CheckpointError) {
    let code: Code =
      switch error.code {
      case .file: .file
      case .notFinite: .notFinite
      default: .tensor
      }
    let prefix = "cannot \(error.operation.rawValue) \(error.path): "
    self.init(
      code: code, operation: error.operation.rawValue, path: error.path,
      reason: String(error.message.dropFirst(prefix.count)), hint: error.hint)
  }

  /// An error of the file system.
  public init(_ error: FileError) {
    self.init(code: .file, operation: "load", path: error.path, reason: error.reason, hint: nil)
  }

  private init(code: Code, operation: String, path: String, reason: String, hint: String?) {
    (self.code, self.operation, self.path, self.reason, self.hint) = (code, operation, path, reason, hint)
  }

  /// One line, such as `cannot load gpt2/config.json: 'n_head' is missing`.
  public var message: String { "cannot \(operation) \(path): \(reason)" }

  /// The message, and the hint on a line of its own.
  public var description: String { message + (hint.map { "\nhint: \($0)" } ?? "") }
}
