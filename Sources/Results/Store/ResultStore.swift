import Files
import Synchronization

/// A folder of results, each kept under the digest of everything it depends on.
///
/// ```
/// <directory>/<kind>/<two hex digits>/<64 hex digits>.entry
/// ```
/// Nothing is made before something is kept. Entries appear whole or not at all, so any number of processes may share a
/// store; one that is truncated or altered is thrown away and counts as a miss. A store that cannot be written (read-only,
/// full disk) still answers and still computes; `takeWarnings()` tells about it.
public final class ResultStore: Sendable {
  /// Which bytes of an entry are compared with their digests before it counts as a hit.
  public enum BlobCheck: Sendable {
    /// JSON and blobs; a blob that this process has already checked is not read again.
    case whole
    /// The JSON only: for a caller that will not read the blobs.
    case valueOnly
  }

  /// How often the store was asked, and with what success.
  public struct Counts: Sendable, Equatable {
    /// Lookups answered from the store.
    public var hits = 0
    /// Results computed because the store had none.
    public var computed = 0

    public init(hits: Int = 0, computed: Int = 0) {
      self.hits = hits
      self.computed = computed
    }
  }

  /// The folder, as the caller gave it.
  public let directory: String

  let clock: StoreClock
  private let state = Mutex(State())

  private struct State {
    var warnings: [StoreWarning] = []
    var counts = Counts()
    /// Entries whose blobs were read and found right, by path.
    var checked: [String: FileStatus] = [:]
  }

  /// A store in `directory`, which need not exist yet.
  public init(directory: String, clock: @escaping StoreClock = systemStoreClock) {
    self.directory = directory
    self.clock = clock
  }

  /// Hits and computations so far.
  public var counts: Counts { state.withLock { $0.counts } }

  /// The warnings since the last call, oldest first.
  public func takeWarnings() -> [StoreWarning] {
    state.withLock { state in
      defer { state.warnings = [] }
      return state.warnings
    }
  }

  /// The result kept under `key`; nil where there is none, or only a damaged one.
  public func lookup(_ key: ResultKey, kind: ResultKind = .result, check: BlobCheck = .whole) -> StoredResult? {
    let path = entryPath(key.hex, kind: kind)
    do {
      guard let result = try read(path, key: key, check: check) else { return nil }
      noteUse(of: path)
      state.withLock { $0.counts.hits += 1 }
      return result
    } catch let damage as EntryFile.Damage {
      discard(path, damage)
    } catch let error as FileError {
      if !error.isMissing { warn(.unreadable(error)) }
    } catch {
      discard(path, EntryFile.Damage(reason: "\(error)"))
    }
    return nil
  }

  /// Keeps a result, in place of any older one, and returns it with its blobs mapped from the entry.
  ///
  /// - Throws: `StoreError` where it cannot be written; nothing half-written stays.
  @discardableResult
  public func put(_ key: ResultKey, _ result: StoredResult, kind: ResultKind = .result) throws(StoreError)
    -> StoredResult
  {
    let path = entryPath(key.hex, kind: kind)
    let folder = parentDirectory(of: path)
    try StoreError.wrap { () throws(FileError) in try createDirectory(folder) }
    removeAbandonedPartials(in: folder, now: clock())
    try EntryFile.write(result, key: key, kind: kind, to: path)
    guard !result.blobs.isEmpty else { return result }
    // The bytes were digested on their way to the disk: no need to read them once more in this process.
    if let status = try? fileStatus(path) { state.withLock { $0.checked[path] = status } }
    return (try? read(path, key: key, check: .whole)) ?? result
  }

  /// The result kept under `key`, or else what `compute` returns, which is then kept.
  ///
  /// Of several processes (or threads) that ask for the same key at once, one computes and the others wait for it, also
  /// where they are on machines that share the folder; the work of a process killed in between is done by another.
  /// `compute` may ask for other keys but never, directly or not, for this one.
  ///
  /// - Parameter onWait: Called before waiting for another process; with true after ten seconds of waiting for another
  ///   machine's.
  /// - Throws: only what `compute` throws; trouble with the store itself becomes a warning.
  public func value<E: Error>(
    for key: ResultKey, kind: ResultKind = .result, check: BlobCheck = .whole, onWait: (Bool) -> Void = { _ in },
    compute: () throws(E) -> StoredResult
  ) throws(E) -> Retrieval {
    if let found = lookup(key, kind: kind, check: check) { return Retrieval(result: found, wasHit: true) }
    let lock = acquireLock(key, kind: kind) { onWait(false) }
    defer { (try? lock.get())?.release() }
    let claim = claim(key, kind: kind, isLocked: (try? lock.get()) != nil, onWait: { onWait(true) }) {
      lookupAnew(key, kind: kind, check: check)
    }
    defer { (try? claim.get())?.lease?.release() }
    // Whoever held the lock or the claim may have kept the result meanwhile.
    if let found = (try? claim.get())?.found ?? lookupAnew(key, kind: kind, check: check) {
      return Retrieval(result: found, wasHit: true)
    }
    let computed = try compute()
    state.withLock { $0.counts.computed += 1 }
    do throws(StoreError) {
      let kept = try put(key, computed, kind: kind)
      // Where nothing can be kept there is nothing to lock, and one warning is enough.
      if case .failure(let error) = claim { warn(.unlocked(error)) }
      return Retrieval(result: kept, wasHit: false)
    } catch {
      warn(.notKept(error))
      return Retrieval(result: computed, wasHit: false)
    }
  }
}

// MARK: - Parts

extension ResultStore {
  func entryPath(_ hex: String, kind: ResultKind) -> String {
    "\(directory)/\(kind.name)/\(hex.prefix(2))/\(hex).entry"
  }

  func warn(_ warning: StoreWarning) { state.withLock { $0.warnings.append(warning) } }

  /// Removes a damaged entry and says so.
  func discard(_ path: String, _ damage: EntryFile.Damage) {
    warn(remove(path, damage))
  }

  /// Removes a damaged entry and returns the warning about it.
  func remove(_ path: String, _ damage: EntryFile.Damage) -> StoreWarning {
    var isRemoved = true
    do throws(FileError) { try removeFile(path) } catch { isRemoved = false }
    return .damaged(path, damage.reason, isRemoved: isRemoved)
  }

  private func read(_ path: String, key: ResultKey, check: BlobCheck) throws -> StoredResult? {
    guard let status = try? fileStatus(path) else { return nil }
    guard status.kind == .file else { throw FileError(.read, path: path, reason: "it is not a regular file") }
    let entry = try EntryFile.open(path)
    let result = try entry.result(for: key)
    guard check == .whole, !result.blobs.isEmpty else { return result }
    if state.withLock({ $0.checked[path] }) != status {
      try entry.checkBlobs()
      state.withLock { $0.checked[path] = status }
    }
    return result
  }

  /// Notes the time of use in the entry's time of modification, for `clean`; at most once a minute.
  private func noteUse(of path: String) {
    let now = clock()
    guard let status = try? fileStatus(path), now - status.modifiedNanoseconds > 60_000_000_000 else { return }
    touch(path, modified: now)
    // The touch changed the status by which checked blobs are known.
    state.withLock { state in
      if state.checked[path] == status { state.checked[path] = try? fileStatus(path) }
    }
  }

  /// How long another machine is waited for without a word, in microseconds.
  private static var patience: Int { 10_000_000 }

  /// Looks for what another machine may have kept just now: a network file system remembers for a while what was not
  /// there, until the folder is opened.
  private func lookupAnew(_ key: ResultKey, kind: ResultKind, check: BlobCheck) -> StoredResult? {
    _ = try? listing(parentDirectory(of: entryPath(key.hex, kind: kind)))
    return lookup(key, kind: kind, check: check)
  }

  /// Waits until nobody of any machine computes a result.
  ///
  /// - Parameters:
  ///   - isLocked: Whether no other process of this machine does.
  ///   - lookup: Finds the result once somebody has kept it.
  private func claim(
    _ key: ResultKey, kind: ResultKind, isLocked: Bool, onWait: () -> Void, lookup: () -> StoredResult?
  ) -> Result<(lease: Lease?, found: StoredResult?), FileError> {
    let folder = "\(directory)/claims"
    var (pause, waited) = (50_000, 0)
    do throws(FileError) {
      try createDirectory(folder)
      while true {
        if let lease = try Lease.take("\(folder)/\(kind.name)-\(key.hex)", isAloneHere: isLocked) {
          return .success((lease, nil))
        }
        pauseThread(microseconds: pause)
        if waited <= Self.patience, waited + pause > Self.patience { onWait() }
        waited += pause
        pause = min(2 * pause, 2_000_000)
        if let found = lookup() { return .success((nil, found)) }
      }
    } catch {
      return .failure(error)
    }
  }

  private func acquireLock(
    _ key: ResultKey, kind: ResultKind, onWait: () -> Void
  ) -> Result<FileLock, FileError> {
    let folder = "\(directory)/locks"
    do throws(FileError) {
      try createDirectory(folder)
      // One for each machine: over a network a lock may outlive the machine that has it. Between machines the claim decides.
      let name = "\(kind.name)-\(key.hex)-\(Lease.ofThisKernel).lock"
      return .success(try FileLock.acquire("\(folder)/\(name)", onWait: onWait))
    } catch {
      return .failure(error)
    }
  }
}
