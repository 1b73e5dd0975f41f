import Files
import Glibc

extension ResultStore {
  /// Entries and bytes of one kind.
  public struct KindStatus: Sendable, Equatable {
    /// The kind's name.
    public var kind: String
    /// Number of entries.
    public var entries = 0
    /// Their size on disk in bytes.
    public var bytes = 0
  }

  /// What a store holds.
  public struct Status: Sendable, Equatable {
    /// One element for each kind, by name.
    public var kinds: [KindStatus] = []
    /// Time of the least recent use, in nanoseconds since 1970; nil in an empty store.
    public var leastRecentUse: Int64?
    /// Files that a killed process has left half-written.
    public var abandoned = 0

    public init() {}

    /// Number of entries of all kinds.
    public var entries: Int { kinds.reduce(0) { $0 + $1.entries } }
    /// Bytes of all entries.
    public var bytes: Int { kinds.reduce(0) { $0 + $1.bytes } }
  }

  /// What `clean` did.
  public struct CleanReport: Sendable, Equatable {
    /// Entries removed.
    public var removed = 0
    /// Bytes of the entries removed.
    public var removedBytes = 0
    /// Entries that stay.
    public var kept = 0
    /// Bytes of the entries that stay.
    public var keptBytes = 0
    /// Half-written files of killed processes, removed.
    public var abandoned = 0

    public init() {}
  }

  /// What `verify` found.
  public struct VerifyReport: Sendable, Equatable {
    /// Entries whose every byte was read.
    public var checked = 0
    /// A warning for each damaged entry, which is gone now.
    public var damaged: [StoreWarning] = []

    public init(checked: Int = 0, damaged: [StoreWarning] = []) {
      self.checked = checked
      self.damaged = damaged
    }
  }

  /// Counts entries and bytes without reading them.
  ///
  /// - Throws: `FileError` where a folder of the store cannot be listed; a store that does not exist is empty.
  public func status() throws(FileError) -> Status {
    var status = Status()
    for entry in try entries() {
      if status.kinds.last?.kind != entry.kind { status.kinds.append(KindStatus(kind: entry.kind)) }
      status.kinds[status.kinds.count - 1].entries += 1
      status.kinds[status.kinds.count - 1].bytes += entry.bytes
      status.leastRecentUse = min(status.leastRecentUse ?? .max, entry.lastUse)
    }
    for folder in try writtenFolders() { status.abandoned += abandonedPartials(in: folder, now: clock()).count }
    return status
  }

  /// Removes entries by last use: first those older than `olderThan`, then the least recent until `maxBytes` is kept.
  ///
  /// An entry from the future (the clock went back) counts as used just now.
  ///
  /// - Parameters:
  ///   - olderThan: Age in seconds; nil removes nothing by age.
  ///   - maxBytes: Bytes that may stay; nil sets no limit.
  /// - Throws: `FileError` where a folder cannot be listed or an entry cannot be removed.
  public func clean(olderThan: Int? = nil, maxBytes: Int? = nil) throws(FileError) -> CleanReport {
    let now = clock()
    var report = CleanReport()
    // Ties of time are broken by path, so that the same store is always cleaned the same way.
    let entries = try entries().sorted { ($0.lastUse, $0.path) < ($1.lastUse, $1.path) }
    var bytes = entries.reduce(0) { $0 + $1.bytes }
    for entry in entries {
      let age = max(0, (now - entry.lastUse) / 1_000_000_000)
      let isOld = olderThan.map { age > Int64($0) } ?? false
      if isOld || bytes > maxBytes ?? .max {
        try removeFile(entry.path)
        bytes -= entry.bytes
        report.removed += 1
        report.removedBytes += entry.bytes
      } else {
        report.kept += 1
      }
    }
    report.keptBytes = bytes
    for folder in try writtenFolders() { report.abandoned += removeAbandonedPartials(in: folder, now: now) }
    if let olderThan { report.abandoned += try removeJournals(olderThan: olderThan, now: now) }
    FileLock.removeUnowned(in: "\(directory)/locks")
    Lease.removeAbandoned(in: "\(directory)/claims")
    return report
  }

  /// Reads every byte of every entry and removes the damaged ones.
  ///
  /// - Throws: `FileError` where a folder cannot be listed or an entry cannot be opened.
  public func verify() throws(FileError) -> VerifyReport {
    var report = VerifyReport()
    for entry in try entries() {
      report.checked += 1
      do {
        let opened = try EntryFile.open(entry.path)
        guard opened.header.kind == entry.kind else { throw EntryFile.Damage(reason: "it is of another kind") }
        try opened.checkAll(isNamed: entry.hex)
      } catch let damage as EntryFile.Damage {
        report.damaged.append(remove(entry.path, damage))
      } catch let error as FileError {
        guard error.isMissing else { throw error }
      } catch {
        report.damaged.append(remove(entry.path, EntryFile.Damage(reason: "\(error)")))
      }
    }
    return report
  }
}

// MARK: - Walking

extension ResultStore {
  private struct Entry {
    var kind: String
    var hex: String
    var path: String
    var bytes: Int
    var lastUse: Int64
  }

  private struct Shard {
    var kind: String
    var path: String
  }

  /// Every `<kind>/<two hex digits>` folder, in order.
  private func shards() throws(FileError) -> [Shard] {
    guard isDirectory(directory) else { return [] }
    var shards: [Shard] = []
    for kind in try listing(directory) where isDirectory("\(directory)/\(kind)") {
      for name in try listing("\(directory)/\(kind)") where name.utf8.count == 2 {
        let path = "\(directory)/\(kind)/\(name)"
        if isDirectory(path) { shards.append(Shard(kind: kind, path: path)) }
      }
    }
    return shards
  }

  /// Removes the journals of captures that were killed and not taken up again; they hold no result.
  private func removeJournals(olderThan: Int, now: Int64) throws(FileError) -> Int {
    let folder = directory + "/captures"
    guard isDirectory(folder) else { return 0 }
    var removed = 0
    for name in try listing(folder) {
      let path = "\(folder)/\(name)"
      guard let status = try? fileStatus(path), status.kind == .file,
        (now - status.changedNanoseconds) / 1_000_000_000 > Int64(olderThan)
      else { continue }
      try removeFile(path)
      removed += 1
    }
    return removed
  }

  /// Every folder with files of ours: those of entries, and those of records, digests and journals.
  private func writtenFolders() throws(FileError) -> [String] {
    guard isDirectory(directory) else { return [] }
    return try listing(directory).map { "\(directory)/\($0)" }.filter(isDirectory) + shards().map(\.path)
  }

  private func entries() throws(FileError) -> [Entry] {
    var entries: [Entry] = []
    for shard in try shards() {
      for name in try listing(shard.path) where name.hasSuffix(".entry") {
        let path = "\(shard.path)/\(name)"
        guard let status = try? fileStatus(path) else { continue }
        let hex = String(name.dropLast(".entry".count))
        entries.append(
          Entry(kind: shard.kind, hex: hex, path: path, bytes: status.size, lastUse: status.modifiedNanoseconds))
      }
    }
    return entries
  }
}
