internal import Diagnostics
public import Files

/// What is wrong with a file of tensors: the file, the tensor where there is one, and what was found.
public struct CheckpointError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The kind of mistake.
  public enum Code: Hashable, Sendable {
    /// The file system refused.
    case file
    /// The safetensors header breaks the format.
    case header
    /// A tensor that was asked for is not there.
    case missing
    /// A tensor has another type or shape than was asked for.
    case mismatch
    /// A value is NaN or infinite where numbers are needed.
    case notFinite
    /// A shard index, or the files it names, contradict each other.
    case index
    /// A file of captured states breaks its format.
    case states
  }

  /// What was tried, worded to follow "cannot".
  public enum Operation: String, Hashable, Sendable { case load, write }

  /// The kind of mistake.
  public var code: Code
  /// What was tried.
  public var operation: Operation
  /// The file or folder.
  public var path: String
  /// The tensor's name, where the mistake is in one.
  public var tensor: String?
  /// What was expected and found.
  public var reason: String
  /// What may help.
  public var hint: String?

  /// An error in loading or writing `path`.
  public init(
    _ code: Code, path: String, tensor: String? = nil, _ reason: String, hint: String? = nil,
    operation: Operation = .load
  ) {
    self.code = code
    self.operation = operation
    self.path = path
    self.tensor = tensor
    self.reason = reason
    self.hint = hint
  }

  /// An error of the file system.
  public init(_ error: FileError, path: String, operation: Operation = .load) {
    self.init(.file, path: path, error.reason, operation: operation)
  }

  /// One line, such as `cannot load model.safetensors: tensor 'h.3.attn.c_attn.weight' has shape [768, 2304], expected [768, 3072]`.
  public var description: String {
    let subject = tensor.map { "tensor '\(quotable($0))' " } ?? ""
    return "cannot \(operation.rawValue) \(path): \(subject)\(reason)" + (hint.map { "\nhint: \($0)" } ?? "")
  }
}
