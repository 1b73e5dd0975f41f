import JSONText

/// Why a tokenizer cannot be loaded or trained, or a text not be encoded or decoded.
public struct TokenizerError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The kind of mistake.
  public enum Code: Sendable, Equatable {
    /// The file cannot be read.
    case unreadable
    /// The file is not JSON, or a value has another type than the format says.
    case malformed
    /// A component, option or regular expression that this module does not implement, or does not train.
    case unsupported
    /// Parts of the file that contradict each other: ids used twice, merges of unknown tokens and so on.
    case inconsistent
    /// A text that would need more memory or more steps of a regular expression than is allowed.
    case limit
  }

  /// What was tried, worded to follow "cannot".
  public enum Operation: String, Sendable {
    case load, encode = "encode with", decode = "decode with", train = "train a tokenizer like"
  }

  /// Where in the file the mistake is.
  public enum Place: Sendable, Equatable {
    /// A byte of the text, with its line and column.
    case text(offset: Int, line: Int, column: Int)
    /// A value, by the names that lead to it, such as `pre_tokenizer.pretokenizers[0]`.
    case component(String)
    /// The file as a whole.
    case file
  }

  /// The kind of mistake.
  public let code: Code
  public let path: String
  /// Where in the file.
  public let place: Place
  /// What was tried.
  public let operation: Operation
  /// The sentence without file and place.
  public let message: String

  init(_ code: Code, path: String, place: Place = .file, operation: Operation = .load, _ message: String) {
    self.code = code
    self.operation = operation
    self.path = path
    self.place = place
    self.message = message
  }

  init(_ failure: EncodingFailure, path: String, operation: Operation) {
    self.init(failure.code, path: path, operation: operation, failure.message)
  }

  init(_ error: JSONError, path: String) {
    let place = Place.text(offset: error.offset, line: error.line, column: error.column)
    let isContradiction = error.code == .invalidValue || error.code == .duplicateKey
    self.init(isContradiction ? .inconsistent : .malformed, path: path, place: place, error.message)
  }

  /// The whole sentence, as in `cannot load m/tokenizer.json: 3:14: duplicate member name 'a'`.
  public var description: String {
    switch place {
    case .text(_, let line, let column): "cannot \(operation.rawValue) \(path): \(line):\(column): \(message)"
    case .component(let name): "cannot \(operation.rawValue) \(path): \(name): \(message)"
    case .file: "cannot \(operation.rawValue) \(path): \(message)"
    }
  }
}
