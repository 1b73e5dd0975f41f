import Files

/// Why a version could not be archived or found.
public struct ArchiveError: Error, Sendable, CustomStringConvertible {
  /// The kind of failure.
  public enum Code: Sendable, Hashable {
    /// A name that would not survive every file system and archive tool.
    case badName
    /// A file outside the tree it should come from.
    case outsideTree
    /// No such report or version.
    case notFound
    /// The file system refused.
    case file
  }

  /// The kind of failure.
  public let code: Code

  /// What went wrong, in one line.
  public let description: String

  init(_ code: Code, _ description: String) {
    self.code = code
    self.description = description
  }

  init(_ error: FileError) { self.init(.file, "cannot use the archive: \(error)") }

  /// Runs `body` and puts what it throws in the archive's terms.
  static func wrap<T>(_ body: () throws(FileError) -> T) throws(ArchiveError) -> T {
    do throws(FileError) { return try body() } catch { throw ArchiveError(error) }
  }
}
