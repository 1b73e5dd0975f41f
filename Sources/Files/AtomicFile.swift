import Glibc
import Synchronization

/// Writing a file so that readers see the old contents or the new ones, never a part.
public enum AtomicFile {
  /// Replaces the contents of `path` with `bytes`.
  ///
  /// - Parameters:
  ///   - bytes: The new contents.
  ///   - path: The target; its folder must exist.
  ///   - durable: Whether to wait until the disk has them, so that they survive a power failure.
  ///   - followsLinks: Whether a link at `path` stays and what it points to is replaced; else the link is replaced.
  /// - Throws: `FileError`; the target is then as it was and nothing is left beside it.
  public static func write(
    _ bytes: [UInt8], to path: String, durable: Bool = true, followsLinks: Bool = true
  ) throws(FileError) {
    let writer = try AtomicFileWriter(path: path, durable: durable, followsLinks: followsLinks)
    try writer.write(bytes)
    try writer.commit()
  }

  /// Replaces the contents of `path` unless it holds just these: its time tells when they changed.
  ///
  /// A link that somebody put there is replaced, not followed to what it points to. The folder is made where it is
  /// missing, and what a killed writer left in it goes.
  ///
  /// - Returns: whether it held them already.
  /// - Throws: `FileError`; the target is then as it was.
  @discardableResult
  public static func update(_ bytes: [UInt8], at path: String) throws(FileError) -> Bool {
    if contents(of: path) == bytes { return true }
    let folder = parentDirectory(of: path)
    try createDirectory(folder)
    removeAbandonedPartials(in: folder)
    try write(bytes, to: path, followsLinks: false)
    return false
  }

  /// What a file holds; nil where there is none that can be read, or a link stands in its place.
  public static func contents(of path: String) -> [UInt8]? { isLink(path) ? nil : try? readFile(path) }
}

/// An atomic write in pieces: the target changes when `commit()` returns; a writer dropped before leaves nothing.
public final class AtomicFileWriter {
  private static let counter = Atomic<UInt64>(0)

  /// The target as the caller gave it.
  public let path: String

  /// Bytes written so far.
  public private(set) var count = 0

  /// What is really replaced: the target after following a link; nil once committed or where the target is no file.
  private var target: String?
  private let partial: String
  private let durable: Bool
  private var slot: Int?
  private let file: FileDescriptor

  /// Begins a file beside `path`.
  ///
  /// A target that is a device or pipe (`/dev/null`, `/dev/stdout`) is written directly, never replaced.
  ///
  /// - Throws: `FileError` where the folder is missing or not writable, or the target is a folder.
  public init(path: String, durable: Bool = true, followsLinks: Bool = true) throws(FileError) {
    self.path = path
    self.durable = durable
    let existing = try AtomicFileWriter.existing(path)
    guard existing?.kind != .other else {
      (target, partial) = (nil, "")
      file = try FileDescriptor(path: path, flags: O_WRONLY)
      return
    }
    let target = existing == nil || !followsLinks ? path : AtomicFileWriter.resolved(path)
    let number = AtomicFileWriter.counter.add(1, ordering: .relaxed).newValue
    let partial = "\(parentDirectory(of: target))/.layerbook-\(getpid())-\(number).partial"
    self.target = target
    self.partial = partial
    // Registered before the file exists, so that no moment is left in which a signal would leave it behind.
    let slot = PartialFiles.register(partial)
    do throws(FileError) {
      file = try FileDescriptor(path: partial, flags: O_WRONLY | O_CREAT | O_EXCL)
    } catch {
      PartialFiles.unregister(slot)
      throw FileError(.write, path: path, number: error.number)
    }
    self.slot = slot
  }

  deinit {
    if target != nil { unlink(partial) }
    PartialFiles.unregister(slot)
  }

  /// Adds bytes.
  public func write(_ bytes: UnsafeRawBufferPointer) throws(FileError) {
    do { try file.write(bytes) } catch { throw FileError(.write, path: path, number: error.number) }
    count += bytes.count
  }

  /// Adds bytes.
  public func write(_ bytes: [UInt8]) throws(FileError) {
    // A typed throw does not pass through `withUnsafeBytes`.
    let result = bytes.withUnsafeBytes { buffer -> Result<Void, FileError> in
      Result { () throws(FileError) in try write(buffer) }
    }
    try result.get()
  }

  /// Puts bytes at a place counted from the start; what is never written reads as zeros.
  public func write(_ bytes: UnsafeRawBufferPointer, at offset: Int) throws(FileError) {
    do { try file.write(bytes, at: offset) } catch { throw FileError(.write, path: path, number: error.number) }
  }

  /// Puts the finished file in the target's place.
  public func commit() throws(FileError) {
    if durable { try file.synchronize() }
    guard let target else { return }
    guard rename(partial, target) == 0 else { throw FileError(.rename, path: path, number: errno) }
    self.target = nil
    PartialFiles.unregister(slot)
    slot = nil
    // The new name itself is data of the folder; where the folder cannot be flushed the file is still whole.
    if durable, let folder = try? FileDescriptor(path: parentDirectory(of: target), flags: O_RDONLY) {
      try? folder.synchronize()
    }
  }

  private static func existing(_ path: String) throws(FileError) -> FileStatus? {
    do throws(FileError) {
      let status = try fileStatus(path)
      guard status.kind != .directory else { throw FileError(.write, path: path, number: EISDIR) }
      return status
    } catch {
      guard error.number == ENOENT else { throw FileError(.write, path: path, number: error.number) }
      return nil
    }
  }

  private static func resolved(_ path: String) -> String {
    guard let real = realpath(path, nil) else { return path }
    defer { Glibc.free(real) }
    return String(cString: real)
  }
}
