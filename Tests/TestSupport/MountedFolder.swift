import Files
import Foundation
import Glibc

/// A small file system of its own, where the tests may mount one.
public final class MountedFolder {
  /// Whether the tests may mount one: for `.enabled(if:)`.
  public static let isPossible: Bool = {
    guard getuid() == 0, let folder = try? TemporaryDirectory() else { return false }
    return (try? folder.mount("probe", megabytes: 1)) != nil
  }()

  /// The system would not mount, or the file system would not fill up.
  public struct Refused: Error {}

  /// Where it is mounted.
  public let path: String

  /// Mounts an empty file system on a folder, which is made.
  init(at path: String, megabytes: Int) throws {
    self.path = path
    try createDirectory(path)
    guard mount("tmpfs", path, "tmpfs", 0, "size=\(megabytes)m") == 0 else { throw Refused() }
  }

  /// Lets nobody write any more, root included, whom permissions do not stop.
  public func makeReadOnly() throws {
    guard mount("tmpfs", path, "tmpfs", UInt(MS_REMOUNT | MS_RDONLY), nil) == 0 else { throw Refused() }
  }

  /// Takes all the room but so many bytes, rounded down to whole blocks, in a file named `fill`.
  public func fill(leaving bytes: Int = 0) throws {
    let file = open(path + "/fill", O_WRONLY | O_CREAT | O_TRUNC, 0o600)
    guard file >= 0 else { throw Refused() }
    defer { close(file) }
    let block = [UInt8](repeating: 0, count: 4096)
    var count = 0
    while write(file, block, block.count) == block.count { count += block.count }
    guard errno == ENOSPC, ftruncate(file, max(0, count - bytes)) == 0 else { throw Refused() }
  }

  /// Gives the room back.
  public func empty() throws { try removeFile(path + "/fill") }

  /// Takes it away, with all that is in it.
  func unmount() { umount2(path, Int32(MNT_DETACH)) }
}
