import Files

/// A difference between an archived version and what it was when it was made.
public struct ArchiveFinding: Sendable, Equatable, CustomStringConvertible {
  /// The kind of difference.
  public enum Code: String, Sendable, Hashable {
    /// A file has other bytes.
    case changed
    /// A file is gone.
    case missing
    /// A file that was not there.
    case added
    /// A link, pipe or device.
    case notAFile = "not a file"
    /// The folder's name does not belong to its content.
    case name
    /// A file cannot be read.
    case unreadable
  }

  /// The kind of difference.
  public let code: Code
  /// The file, relative to the version's folder.
  public let path: String
  /// More about it; empty where the code says all.
  public let detail: String

  init(_ code: Code, _ path: String, _ detail: String = "") {
    self.code = code
    self.path = path
    self.detail = detail
  }

  /// One line such as `changed: data/page.html`.
  public var description: String { "\(code.rawValue): \(path)" + (detail.isEmpty ? "" : " (\(detail))") }
}

extension Archive {
  /// Reads every byte of a version and lists what was changed, removed or added since it was made.
  ///
  /// The folder's name carries a digest over the tag manifest, which covers all other files; so even a bag whose
  /// manifests were made to fit altered files is found out.
  public func verify(_ version: ArchiveVersion) -> [ArchiveFinding] {
    var check = VersionCheck(version: version)
    check.run()
    return check.findings.sorted { ($0.path, $0.code.rawValue) < ($1.path, $1.code.rawValue) }
  }
}

private struct VersionCheck {
  let version: ArchiveVersion
  var findings: [ArchiveFinding] = []

  init(version: ArchiveVersion) { self.version = version }

  mutating func run() {
    let present: [(path: String, kind: FolderTree.Kind)]
    do throws(FileError) { present = try FolderTree.contents(version.path) } catch {
      findings.append(ArchiveFinding(.unreadable, ".", error.description))
      return
    }
    for (path, kind) in present where kind == .directory {
      findings.append(ArchiveFinding(.added, path, "an empty folder"))
    }
    for (path, kind) in present where kind != .file && kind != .directory {
      findings.append(ArchiveFinding(.notAFile, path))
    }
    let files = Set(present.filter { $0.kind != .directory }.map(\.path))
    let tags = listed(in: Bag.tagManifestName)
    let payload = listed(in: "manifest-sha256.txt")
    compare(tags, files: files)
    compare(payload, files: files)
    let expected = Set(Bag.tagNames + [Bag.tagManifestName] + payload.map(\.path))
    for path in files.subtracting(expected) { findings.append(ArchiveFinding(.added, path)) }
    for path in Bag.tagNames where !tags.contains(where: { $0.path == path }) {
      findings.append(ArchiveFinding(.changed, Bag.tagManifestName, "it does not list \(path)"))
    }
    checkName()
  }

  private func bytes(_ path: String) -> [UInt8]? {
    guard FolderTree.kind("\(version.path)/\(path)") == .file else { return nil }
    return try? readFile("\(version.path)/\(path)")
  }

  /// The lines of a manifest, which must be spelt exactly as the archive spells them.
  private mutating func listed(in name: String) -> [(path: String, digest: SHA256Digest)] {
    guard let bytes = bytes(name) else { return [] }
    guard let files = Bag.readManifest(bytes), Array(Bag.manifest(files).utf8) == bytes else {
      findings.append(ArchiveFinding(.changed, name, "it is no manifest"))
      return []
    }
    return files
  }

  private mutating func compare(_ expected: [(path: String, digest: SHA256Digest)], files: Set<String>) {
    for (path, digest) in expected {
      guard files.contains(path) else {
        findings.append(ArchiveFinding(.missing, path))
        continue
      }
      guard FolderTree.kind("\(version.path)/\(path)") == .file else { continue }
      do throws(FileError) {
        if try sha256(ofFile: "\(version.path)/\(path)") != digest { findings.append(ArchiveFinding(.changed, path)) }
      } catch {
        findings.append(ArchiveFinding(.unreadable, path, error.description))
      }
    }
  }

  /// The name's digest must be the tag manifest's, its number and date those of the bag.
  private mutating func checkName() {
    guard let manifest = bytes(Bag.tagManifestName) else {
      findings.append(ArchiveFinding(.missing, Bag.tagManifestName))
      return
    }
    let digest = sha256(manifest).hex.prefix(12)
    if digest != version.digest {
      findings.append(ArchiveFinding(.name, ".", "the content's digest is \(digest), the name's \(version.digest)"))
    }
    let info = Bag.readInfo(bytes("bag-info.txt") ?? [])
    let identifier = info.first { $0.label == "External-Identifier" }?.value
    let date = info.first { $0.label == "Bagging-Date" }?.value.split(separator: "-").joined()
    if identifier != "\(version)" || date != version.date {
      findings.append(ArchiveFinding(.name, ".", "the content is \(identifier ?? "nameless") of \(date ?? "no date")"))
    }
  }
}
