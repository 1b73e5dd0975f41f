import Files

/// A folder of published versions of reports, each an immutable BagIt 1.0 bag with RO-Crate 1.1 metadata.
///
/// ```
/// <directory>/<report>/0007-20260131-0a1b2c3d4e5f/
///   bagit.txt  bag-info.txt  manifest-sha256.txt  tagmanifest-sha256.txt
///   data/  page.html  template.md  book.json  environment.json  manifest.json  sources/…  results/…  ro-crate-metadata.json
/// ```
public struct Archive: Sendable {
  /// The folder, as the caller gave it.
  public let directory: String

  /// An archive in `directory`, which need not exist yet.
  public init(directory: String) { self.directory = directory }

  /// The names of the reports that have versions.
  ///
  /// - Throws: `ArchiveError` where a folder cannot be listed.
  public func reports() throws(ArchiveError) -> [String] {
    guard isDirectory(directory) else { return [] }
    let names = try ArchiveError.wrap { () throws(FileError) in try listing(directory) }
    var reports: [String] = []
    for name in names where PortableName.isPart(name) {
      if try !versions(of: name).isEmpty { reports.append(name) }
    }
    return reports
  }

  /// The versions of a report, oldest first; none where it was never archived.
  ///
  /// - Throws: `ArchiveError` where the folder cannot be listed.
  public func versions(of report: String) throws(ArchiveError) -> [ArchiveVersion] {
    guard PortableName.isPart(report), FolderTree.kind("\(directory)/\(report)") == .directory else { return [] }
    let names = try ArchiveError.wrap { () throws(FileError) in try listing("\(directory)/\(report)") }
    return names.compactMap { ArchiveVersion(report: report, folder: $0, in: directory) }
      .sorted { $0.number < $1.number }
  }

  /// The version that a user names: `report` (its latest), `report/7`, `report/0007` or the folder's full name.
  ///
  /// - Throws: `ArchiveError` that lists what there is.
  public func version(named name: String) throws(ArchiveError) -> ArchiveVersion {
    let parts = name.split(separator: "/", omittingEmptySubsequences: true).map(String.init)
    guard let report = parts.first, parts.count <= 2 else {
      throw ArchiveError(.notFound, "'\(name)' names no version, expected REPORT or REPORT/NUMBER")
    }
    let versions = try versions(of: report)
    guard let latest = versions.last else {
      let known = try reports().map { "'\($0)'" }.joined(separator: ", ")
      throw ArchiveError(
        .notFound,
        "no version of '\(report)' is archived; \(known.isEmpty ? "the archive is empty" : "there are \(known)")")
    }
    guard parts.count == 2 else { return latest }
    let wanted = parts[1]
    let found = versions.filter { Int(wanted) == $0.number || fileName(of: $0.path) == wanted }
    guard found.count <= 1 else {
      throw ArchiveError(
        .notFound,
        "'\(name)' is ambiguous: there are \(found.map { "'\(fileName(of: $0.path))'" }.joined(separator: ", "))")
    }
    guard let version = found.first else {
      throw ArchiveError(.notFound, "'\(report)' has no version '\(wanted)'; its latest is \(latest.number)")
    }
    return version
  }
}
