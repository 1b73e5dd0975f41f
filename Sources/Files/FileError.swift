import Glibc

/// What went wrong with a file or folder: the path, what was tried and the system's reason.
public struct FileError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What was tried, worded to follow "cannot".
  public enum Operation: String, Hashable, Sendable {
    case open, read, write, map, examine, rename, remove, list, start
    case createDirectory = "create folder"
    case synchronize = "flush to disk"
  }

  /// What was tried.
  public var operation: Operation

  /// The path as the caller gave it.
  public var path: String

  /// The system's error number; 0 where the reason is ours.
  public var number: Int32

  /// The reason in words.
  public var reason: String

  /// An error with the reason the system gives for `number`.
  public init(_ operation: Operation, path: String, number: Int32) {
    self.operation = operation
    self.path = path
    self.number = number
    // What the system says of a socket, and of a device that is not there, is of no help.
    self.reason = operation == .open && number == ENXIO ? FileError.noFile : FileError.words(for: number)
  }

  /// An error whose reason is not an error number of the system.
  public init(_ operation: Operation, path: String, reason: String) {
    self.operation = operation
    self.path = path
    self.number = 0
    self.reason = reason
  }

  /// One line such as `cannot open 'a/b.json': no such file or directory`.
  public var description: String { "cannot \(operation.rawValue) '\(path)': \(reason)" }

  /// The reason where a pipe, a device or a socket stands in a file's place.
  static let noFile = "it is a pipe, a device or a socket, not a regular file"

  /// Whether the path does not exist.
  public var isMissing: Bool { number == ENOENT || number == ENOTDIR }

  /// Whether the disk or the quota is full.
  public var isOutOfSpace: Bool { number == ENOSPC || number == EDQUOT }

  /// The system's text for an error number, begun in lower case like every message of ours.
  private static func words(for number: Int32) -> String {
    guard let words = strerror(number) else { return "error \(number)" }
    let text = String(cString: words)
    return text.prefix(1).lowercased() + text.dropFirst()
  }
}
