import Glibc

/// A claim on a piece of work that holds between machines which share a folder, as long as its owner is heard of.
///
/// ```
/// <path>/<host>~<process>~<boot of its kernel>~<number>
/// ```
/// The folder `path` with that one file in it appears by one renaming, which fails where somebody else's file stands in
/// a folder of that name; an empty one counts for nothing. The owner sets the file's time every ten seconds. One that was
/// not heard of for a minute, or is known to be dead, loses its claim to whoever renames its file to their own name: of
/// several that try, one succeeds, since every owner's name is its own.
///
/// It needs a file system whose renaming is atomic (local ones, NFS, Lustre, CephFS, GPFS). All times are those that the
/// file system itself writes and compares: the clocks of the machines have no part in it.
public final class Lease: Sendable {
  /// What a name may carry that is no other machine's: the kernel's, drawn when it started; empty where it does not say.
  public static var ofThisKernel: String { LeaseOwner.ofThisKernel }

  /// How long after its owner was last heard of a claim lasts, in nanoseconds.
  public static let patience: Int64 = 60_000_000_000

  private let path: String
  private let name: String
  private let slots: [Int?]
  private var file: String { path + "/" + name }

  private init(path: String, name: String, slots: [Int?]) {
    (self.path, self.name, self.slots) = (path, name, slots)
    Heartbeat.shared.add(path + "/" + name)
  }

  /// Gives the work back; to be called once, by the owner.
  public func release() {
    Heartbeat.shared.remove(file)
    // Where somebody has taken it over, what stands there now is theirs, and stays.
    unlink(file)
    rmdir(path)
    for slot in slots { PartialFiles.unregister(slot) }
  }

  /// Takes a claim where nobody has it, or its owner is gone.
  ///
  /// - Parameters:
  ///   - path: The claim's own folder; the one above it must be there.
  ///   - isAloneHere: Whether the caller has made sure otherwise that no living process of this kernel has the claim.
  /// - Returns: nil where somebody has it.
  /// - Throws: `FileError` where the folder cannot be written.
  public static func take(_ path: String, isAloneHere: Bool) throws(FileError) -> Lease? {
    let name = LeaseOwner.next()
    // Registered before anything is there, so that Ctrl-C leaves nothing to wait for.
    let slots = [PartialFiles.register(path + "/" + name), PartialFiles.register(path)]
    do throws(FileError) {
      // One after the other: `||` would lose the type of what is thrown.
      var isTaken = try make(path, name)
      if !isTaken { isTaken = try takeOver(path, name, isAloneHere) }
      if isTaken { return Lease(path: path, name: name, slots: slots) }
    } catch {
      for slot in slots { PartialFiles.unregister(slot) }
      throw error
    }
    for slot in slots { PartialFiles.unregister(slot) }
    return nil
  }

  /// Removes claims of owners that were not heard of for long.
  ///
  /// - Parameter folder: The folder of the claims.
  public static func removeAbandoned(in folder: String) {
    for name in (try? listing(folder)) ?? [] {
      let path = folder + "/" + name
      let owners = (try? listing(path)) ?? []
      if owners.isEmpty, !name.hasPrefix(".") { rmdir(path) }
      for owner in owners where isSilent(path + "/" + owner, in: folder) {
        // By the same renaming as a takeover, so that nobody's new claim can be hit.
        let mine = path + "/" + LeaseOwner.next()
        if rename(path + "/" + owner, mine) == 0 { unlink(mine) }
        rmdir(path)
      }
      if name.hasPrefix("."), isSilent(path, in: folder) {
        unlink(path)
        rmdir(path)
      }
    }
  }
}

// MARK: - Taking

extension Lease {
  /// Puts a folder with the owner's file in the claim's place, which must be free.
  private static func make(_ path: String, _ name: String) throws(FileError) -> Bool {
    let partial = parentDirectory(of: path) + "/." + name
    let slots = [PartialFiles.register(partial + "/" + name), PartialFiles.register(partial)]
    defer { for slot in slots { PartialFiles.unregister(slot) } }
    guard mkdir(partial, 0o777) == 0 else { throw FileError(.createDirectory, path: partial, number: errno) }
    defer {
      unlink(partial + "/" + name)
      rmdir(partial)
    }
    _ = try FileDescriptor(path: partial + "/" + name, flags: O_WRONLY | O_CREAT | O_EXCL)
    let status = rename(partial, path)
    let number = errno
    // A network may lose the answer to a renaming that was done: what counts is what stands there.
    if status == 0 || isThere(path + "/" + name) { return true }
    guard number == ENOTEMPTY || number == EEXIST || number == ENOENT else {
      throw FileError(.rename, path: path, number: number)
    }
    return false
  }

  /// Renames the file of an owner that is gone.
  ///
  /// - Throws: `FileError` where it is another user's who lets nobody do that: waiting would have no end.
  private static func takeOver(
    _ path: String, _ name: String, _ isAloneHere: Bool
  ) throws(FileError) -> Bool {
    guard let owner = (try? listing(path))?.first else { return false }
    let file = path + "/" + owner
    let isKnownDead = isAloneHere && LeaseOwner.isOfThisKernel(owner)
    guard isKnownDead || isSilent(file, in: parentDirectory(of: path)) else { return false }
    // Heard of from now on, so that the next one who looks does not take it for the dead one's.
    guard utimensat(AT_FDCWD, file, nil, 0) == 0 else { return try isGone(errno, file) }
    if rename(file, path + "/" + name) == 0 { return true }
    let number = errno
    return isThere(path + "/" + name) ? true : try isGone(number, file)
  }

  /// false where what was to be taken is somebody else's by now.
  private static func isGone(_ number: Int32, _ file: String) throws(FileError) -> Bool {
    guard number == ENOENT else { throw FileError(.rename, path: file, number: number) }
    return false
  }

  private static func isThere(_ path: String) -> Bool {
    var info = stat()
    return lstat(path, &info) == 0
  }

  /// Whether a file's time was set too long ago, both times by the clock of the file system.
  private static func isSilent(_ file: String, in folder: String) -> Bool {
    // Opened, since a network file system may answer from memory where it is only asked for the status.
    guard let heard = modified(file), let now = time(of: folder) else { return false }
    return now - heard > patience
  }

  /// The time that a folder's file system writes now.
  private static func time(of folder: String) -> Int64? {
    let probe = folder + "/.clock-" + LeaseOwner.next()
    let slot = PartialFiles.register(probe)
    defer {
      unlink(probe)
      PartialFiles.unregister(slot)
    }
    do throws(FileError) {
      let file = try FileDescriptor(path: probe, flags: O_WRONLY | O_CREAT | O_EXCL)
      guard futimens(file.raw, nil) == 0 else { return nil }
      return try file.status().modifiedNanoseconds
    } catch {
      return nil
    }
  }

  private static func modified(_ file: String) -> Int64? {
    do throws(FileError) {
      let opened = try FileDescriptor(path: file, flags: O_RDONLY)
      return try opened.status().modifiedNanoseconds
    } catch {
      // Another user's that may not be opened has a time all the same.
      return try? fileStatus(file).modifiedNanoseconds
    }
  }
}
