import Files
import Glibc

extension Archive {
  /// What `add` did.
  public struct Addition: Sendable, Equatable {
    /// The new version, or the older one with the same content.
    public let version: ArchiveVersion
    /// Whether a version was made.
    public let isNew: Bool
  }

  /// The label in `bag-info.txt` by which identical content is recognised.
  static let contentLabel = "Layerbook-Content-SHA256"

  /// Archives a new version of a report, unless a sound version with the same files and bytes exists already.
  ///
  /// The version appears whole or not at all: it is made under a temporary name, flushed, and renamed. A process killed
  /// in between leaves only a folder `.partial-…` that the next `add` removes.
  ///
  /// - Throws: `ArchiveError` for names that are not portable, files outside their folder, and what the file system refuses.
  public func add(
    report: String, description: ArchiveDescription, items: [ArchiveItem]
  ) throws(ArchiveError) -> Addition {
    guard let date = description.compactDate else {
      throw ArchiveError(.badName, "the date '\(description.date)' is not of the form YYYY-MM-DD")
    }
    try check(report: report, items: items)
    var files: [PayloadFile] = []
    for item in items { files.append(PayloadFile(item: item, bytes: try item.bytes())) }
    files.sort { $0.item.path.utf8.lexicographicallyPrecedes($1.item.path.utf8) }
    let content = sha256(Array(Bag.manifest(files.map { ($0.item.path, $0.digest) }).utf8))
    let folder = "\(directory)/\(report)"
    let lock = try ArchiveError.wrap { () throws(FileError) in
      try createDirectory(folder)
      return try FileLock.acquire("\(folder)/.lock")
    }
    defer { lock.release() }
    try checkIsInside(folder)
    // Before anything else: also an add that has nothing to add clears up after one that was killed.
    try ArchiveError.wrap { () throws(FileError) in try removePartials(in: folder) }
    let versions = try versions(of: report)
    if let same = versions.last(where: { $0.hasContent(content) && verify($0).isEmpty }) {
      return Addition(version: same, isNew: false)
    }
    let number = (versions.last?.number ?? 0) + 1
    return try ArchiveError.wrap { () throws(FileError) in
      let payload = payload(files, description, identifier: "\(report)/\(ArchiveVersion.padded(number))")
      let bag = Bag(
        members: payload.map(\.member),
        info: [
          (label: "Bag-Software-Agent", value: "Layerbook \(description.version)"),
          (label: "Bagging-Date", value: description.date), (label: "External-Description", value: description.title),
          (label: "External-Identifier", value: "\(report)/\(ArchiveVersion.padded(number))"),
          (label: Archive.contentLabel, value: content.hex),
        ])
      return try write(bag, payload, folder: folder, number: number, date: date, report: report)
    }
  }
}

// MARK: - Parts

/// A file of the payload in memory.
private struct PayloadFile {
  var item: ArchiveItem
  var bytes: [UInt8]
  var digest: SHA256Digest

  init(item: ArchiveItem, bytes: [UInt8]) {
    self.item = item
    self.bytes = bytes
    digest = sha256(bytes)
  }

  var member: Bag.Member { Bag.Member(path: "data/\(item.path)", digest: digest, size: bytes.count) }
}

extension Archive {
  private func check(report: String, items: [ArchiveItem]) throws(ArchiveError) {
    guard PortableName.isPart(report) else {
      throw ArchiveError(.badName, "'\(report)' cannot name a report: use letters, digits, '.', '_' and '-'")
    }
    var seen: Set<String> = [ResearchCrate.fileName]
    for item in items {
      guard PortableName.isPath(item.path) else {
        throw ArchiveError(
          .badName, "'\(item.path)' cannot be archived: use letters, digits, '.', '_', '-' and single slashes")
      }
      guard seen.insert(item.path.lowercased()).inserted else {
        throw ArchiveError(.badName, "two archived files are named '\(item.path)' (whatever the case of letters)")
      }
    }
  }

  /// Refuses a report's folder that is a link to somewhere else.
  private func checkIsInside(_ folder: String) throws(ArchiveError) {
    guard FolderTree.kind(folder) == .directory else {
      throw ArchiveError(.outsideTree, "cannot archive into '\(folder)': it is a link, not a folder")
    }
  }

  private func payload(
    _ files: [PayloadFile], _ description: ArchiveDescription, identifier: String
  ) -> [PayloadFile] {
    let listed = files.map { file in
      ResearchCrate.File(
        path: file.item.path, title: file.item.title, mediaType: file.item.mediaType, size: file.bytes.count)
    }
    let text = Array(ResearchCrate.text(description, identifier: identifier, files: listed).utf8)
    let item = ArchiveItem(path: ResearchCrate.fileName, title: "RO-Crate metadata", content: .bytes(text))
    return files + [PayloadFile(item: item, bytes: text)]
  }

  private func removePartials(in folder: String) throws(FileError) {
    for name in try listing(folder) where name.hasPrefix(".partial-") { try FolderTree.remove("\(folder)/\(name)") }
  }

  private func write(
    _ bag: Bag, _ payload: [PayloadFile], folder: String, number: Int, date: String, report: String
  ) throws(FileError) -> Addition {
    let partial = "\(folder)/.partial-\(getpid())"
    let seal = sha256(Array((bag.tagFiles.last?.text ?? "").utf8)).hex.prefix(12)
    let name = "\(ArchiveVersion.padded(number))-\(date)-\(seal)"
    do throws(FileError) {
      let files =
        payload.map { ("data/\($0.item.path)", $0.bytes) } + bag.tagFiles.map { ($0.name, Array($0.text.utf8)) }
      for (path, bytes) in files { try writeReadOnly(bytes, to: "\(partial)/\(path)") }
      for path in Set(files.map { parentDirectory(of: "\(partial)/\($0.0)") }).sorted() {
        try FolderTree.synchronize(path)
      }
      guard rename(partial, "\(folder)/\(name)") == 0 else {
        throw FileError(.rename, path: partial, number: errno)
      }
    } catch {
      try? FolderTree.remove(partial)
      throw error
    }
    try FolderTree.synchronize(folder)
    guard let version = ArchiveVersion(report: report, folder: name, in: directory) else {
      throw FileError(.write, path: "\(folder)/\(name)", reason: "it is no name of a version")
    }
    return Addition(version: version, isNew: true)
  }

  private func writeReadOnly(_ bytes: [UInt8], to path: String) throws(FileError) {
    try createDirectory(parentDirectory(of: path))
    try AtomicFile.write(bytes, to: path)
    guard chmod(path, 0o444) == 0 else { throw FileError(.write, path: path, number: errno) }
  }
}

extension ArchiveVersion {
  fileprivate func hasContent(_ digest: SHA256Digest) -> Bool {
    info.contains { $0.label == Archive.contentLabel && $0.value == digest.hex }
  }
}
