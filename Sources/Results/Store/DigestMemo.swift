import Files
import JSONText
import Synchronization

/// Remembers the SHA-256 of files, so that a checkpoint of many gigabytes is read once.
///
/// A digest is remembered with the file's path, size, inode and times of modification and of change. It is trusted only
/// where the file had already been at rest for two seconds when it was read: a second write within the granularity of
/// the file system's clock would otherwise go unnoticed. A file from the future (the clock went back) is read again.
public final class DigestMemo: Sendable {
  /// The folder of the notes, one for each path.
  public let directory: String

  private let clock: StoreClock
  private let state = Mutex(State())

  private struct State {
    var notes: [String: Note] = [:]
    var filesRead = 0
  }

  fileprivate struct Note: Equatable {
    var status: FileStatus
    var digest: SHA256Digest
  }

  /// Coarser than the clock of any file system in use (FAT: two seconds).
  private static let rest: Int64 = 2_000_000_000

  /// A memo in `directory`, which need not exist yet; one that cannot be written forgets when the process ends.
  public init(directory: String, clock: @escaping StoreClock = systemStoreClock) {
    self.directory = directory
    self.clock = clock
  }

  /// How many files this process has read to the end.
  public var filesRead: Int { state.withLock { $0.filesRead } }

  /// SHA-256 of a file's contents, from memory where the file has not changed since.
  ///
  /// - Throws: `FileError` where it is missing, no regular file, or changes while it is read.
  public func digest(ofFile path: String) throws(FileError) -> SHA256Digest {
    let path = absolute(path)
    if let status = try? fileStatus(path), let note = note(for: path), note.status == status { return note.digest }
    for _ in 0..<3 {
      let began = clock()
      guard let before = try? fileStatus(path) else { return try sha256(ofFile: path) }
      guard before.kind == .file else { throw FileError(.read, path: path, reason: "it is not a regular file") }
      let digest = try sha256(ofFile: path)
      state.withLock { $0.filesRead += 1 }
      guard (try? fileStatus(path)) == before else { continue }
      if began - max(before.modifiedNanoseconds, before.changedNanoseconds) >= DigestMemo.rest {
        remember(Note(status: before, digest: digest), for: path)
      }
      return digest
    }
    throw FileError(.read, path: path, reason: "it changes while it is read")
  }

  private func absolute(_ path: String) -> String {
    guard !path.hasPrefix("/"), let folder = currentDirectory() else { return path }
    return "\(folder)/\(path)"
  }
}

// MARK: - Notes on disk

extension DigestMemo {
  private func notePath(_ path: String) -> String { "\(directory)/\(sha256(Array(path.utf8)).hex).json" }

  private func note(for path: String) -> Note? {
    if let note = state.withLock({ $0.notes[path] }) { return note }
    guard let bytes = try? readFile(notePath(path)), let json = try? JSON.parse(bytes) else { return nil }
    return Note(json, path: path)
  }

  private func remember(_ note: Note, for path: String) {
    state.withLock { $0.notes[path] = note }
    // Not flushed: a note lost in a power failure costs one reading, and a torn one fails its check.
    try? createDirectory(directory)
    try? AtomicFile.write(Array(JSON.write(note.json(path: path)).utf8), to: notePath(path), durable: false)
  }
}

extension DigestMemo.Note {
  private static let format = "layerbook.digest/1"

  fileprivate func json(path: String) -> JSONValue {
    var object: JSONObject = [
      "format": .string(Self.format), "path": .string(path), "size": .int(status.size),
      "modified_ns": .int(Int(status.modifiedNanoseconds)), "changed_ns": .int(Int(status.changedNanoseconds)),
      "inode": .string(String(status.inode)), "sha256": .string(digest.hex),
    ]
    object["check"] = .string(valueDigest(of: .object(object)).hex)
    return .object(object)
  }

  /// Reads a note; nil where it is torn or about another path.
  fileprivate init?(_ json: JSONValue, path: String) {
    guard var object = json.objectValue, let check = object["check"]?.stringValue else { return nil }
    object["check"] = nil
    guard valueDigest(of: .object(object)).hex == check, object["format"]?.stringValue == Self.format,
      object["path"]?.stringValue?.utf8.elementsEqual(path.utf8) == true, let size = object["size"]?.intValue,
      let modified = object["modified_ns"]?.intValue, let changed = object["changed_ns"]?.intValue,
      let inode = object["inode"]?.stringValue.flatMap({ UInt64($0) }),
      let digest = object["sha256"]?.stringValue.flatMap(SHA256Digest.init(hex:))
    else { return nil }
    let status = FileStatus(
      kind: .file, size: size, modifiedNanoseconds: Int64(modified), changedNanoseconds: Int64(changed), inode: inode)
    self.init(status: status, digest: digest)
  }
}
