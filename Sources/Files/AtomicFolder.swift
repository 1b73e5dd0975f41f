import Glibc
import Synchronization

/// Writing a folder of files so that it appears whole or not at all.
public enum AtomicFolder {
  private static let counter = Atomic<UInt64>(0)

  /// Makes a folder that is not there yet, or takes the place of an empty one.
  ///
  /// The files are written into a folder beside it, which is renamed when all of them are there. What a killed process
  /// leaves is a folder `.layerbook-<pid>-<n>.partial-folder` beside the target.
  ///
  /// - Parameters:
  ///   - path: The folder; those above it are made where they are missing.
  ///   - fill: Writes the files into the folder whose path it gets; no folders below it.
  /// - Throws: `FileError` where something stands in the way, and what `fill` throws; nothing is left then.
  public static func write(to path: String, _ fill: (String) throws -> Void) throws {
    try requireRoom(at: path)
    let parent = parentDirectory(of: path)
    try createDirectory(parent)
    let number = counter.add(1, ordering: .relaxed).newValue
    let partial = "\(parent)/.layerbook-\(getpid())-\(number).partial-folder"
    guard mkdir(partial, 0o777) == 0 else { throw FileError(.createDirectory, path: partial, number: errno) }
    do {
      try fill(partial)
      guard rename(partial, path) == 0 else { throw FileError(.rename, path: path, number: errno) }
    } catch {
      for name in (try? listing(partial)) ?? [] { unlink(partial + "/" + name) }
      rmdir(partial)
      throw error
    }
    // The new name itself is data of the folder above.
    if let folder = try? FileDescriptor(path: parent, flags: O_RDONLY) { try? folder.synchronize() }
  }

  /// Refuses a target that holds something: what stands there is not ours to remove.
  public static func requireRoom(at path: String) throws(FileError) {
    guard let kind = try? fileStatus(path).kind else { return }
    guard kind == .directory else { throw FileError(.createDirectory, path: path, reason: "a file stands there") }
    guard try listing(path).isEmpty else {
      throw FileError(.createDirectory, path: path, reason: "the folder is there and not empty")
    }
  }
}
