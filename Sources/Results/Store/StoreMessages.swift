import Files

/// Why a result could not be kept.
public struct StoreError: Error, Sendable, CustomStringConvertible {
  /// The kind of failure.
  public enum Code: Sendable, Hashable {
    /// The store's folder cannot be made or written.
    case unwritable
    /// The disk, or the quota, is full.
    case full
    /// A streamed blob's producer failed.
    case producer
  }

  /// The kind of failure.
  public let code: Code

  /// The entry's path.
  public let path: String

  /// What the system or the producer said.
  public let reason: String

  /// One line such as `cannot keep a result in the store: cannot write 'x': no space left on device`.
  public var description: String { "cannot keep a result in the store: \(reason)" }

  init(_ error: FileError) {
    code = error.isOutOfSpace ? .full : .unwritable
    path = error.path
    reason = error.description
  }

  /// Runs `body` and puts what it throws in the store's terms.
  static func wrap<T>(_ body: () throws(FileError) -> T) throws(StoreError) -> T {
    do throws(FileError) { return try body() } catch { throw StoreError(error) }
  }

  init(producer error: any Error, path: String) {
    code = .producer
    self.path = path
    reason = "\(error)"
  }
}

/// Something the store put up with: the render goes on and its numbers are right, but the user should know.
public struct StoreWarning: Sendable, Equatable, CustomStringConvertible {
  /// The kind of trouble.
  public enum Code: Sendable, Hashable {
    /// An entry was truncated or altered, and was thrown away.
    case damaged
    /// An entry exists but cannot be read.
    case unreadable
    /// A computed result could not be kept.
    case notKept
    /// Another process computing the same could not be kept out.
    case unlocked
  }

  /// The kind of trouble.
  public let code: Code

  /// The entry's path.
  public let path: String

  /// What happened, in one line.
  public let description: String

  static func damaged(_ path: String, _ reason: String, isRemoved: Bool) -> StoreWarning {
    let fate = isRemoved ? "it was thrown away" : "it cannot be removed and is ignored"
    return StoreWarning(
      code: .damaged, path: path, description: "store entry '\(fileName(of: path))' is damaged (\(reason)); \(fate)")
  }

  static func unreadable(_ error: FileError) -> StoreWarning {
    StoreWarning(
      code: .unreadable, path: error.path, description: "store entry '\(fileName(of: error.path))': \(error)")
  }

  static func notKept(_ error: StoreError) -> StoreWarning {
    StoreWarning(code: .notKept, path: error.path, description: "\(error); going on without keeping it")
  }

  static func unlocked(_ error: FileError) -> StoreWarning {
    StoreWarning(
      code: .unlocked, path: error.path,
      description: "the store cannot be locked: \(error); another render may compute the same result")
  }
}
