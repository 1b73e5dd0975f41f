import ArgumentParser
import Diagnostics
import Files
import Foundation
import Reports
import Results

/// `layerbook archive`: published versions of reports, kept for good.
struct ArchiveCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "archive",
    abstract: "Keep, list, check and compare published versions of reports.",
    discussion: """
      A version is an immutable folder archive/REPORT/0007-YYYYMMDD-DIGEST: page, template, book entries, every result as
      JSON and CSV, environment and manifest, as a BagIt 1.0 bag with RO-Crate 1.1 metadata. VERSION is REPORT (its
      latest), REPORT/7 or the folder's full name.

      Examples:
        layerbook archive add convergence
        layerbook archive list
        layerbook archive diff convergence/1 convergence/2
        layerbook archive reproduce convergence
      """,
    subcommands: [
      ArchiveAdd.self, ArchiveList.self, ArchiveShow.self, ArchiveVerify.self, ArchiveOpen.self, ArchiveReproduce.self,
      ArchiveDiff.self,
    ])
}

/// Where the archive is.
struct ArchiveOptions: ParsableArguments {
  @Option(help: "The archive's folder.")
  var archive: String = "archive"

  func validate() throws { try PathOptions.check("--archive", archive) }

  var folder: Archive { Archive(directory: archive) }

  /// The version a user names.
  func version(_ name: String) throws -> ArchiveVersion {
    // As `archive add` prints it: the folder itself.
    let path = absolutePath(name)
    let inside = absolutePath(archive) + "/"
    let short = path.hasPrefix(inside) && isDirectory(path) ? String(path.dropFirst(inside.count)) : name
    do { return try folder.version(named: short) } catch { throw Faults.failure(error) }
  }

  /// The results of a version, with what the archive finds wrong with it.
  func results(_ version: ArchiveVersion) throws -> ResultSet {
    var results = try version.results()
    results.faults += folder.verify(version).map { "\($0)" }
    return results
  }

  /// The named versions, or every one.
  func versions(_ names: [String]) throws -> [ArchiveVersion] {
    if !names.isEmpty { return try names.map(version) }
    let all: [ArchiveVersion]
    do { all = try folder.reports().flatMap { try folder.versions(of: $0) } } catch { throw Faults.failure(error) }
    // Nothing found wrong with nothing would read like a sound archive.
    guard !all.isEmpty else {
      throw CommandFailure(
        code: .failed, message: "error: no version in '\(archive)'\n  hint: name the archive with --archive")
    }
    return all
  }
}

/// `archive list`.
struct ArchiveList: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "list", abstract: "List versions, oldest first.")

  @Argument(help: "A report; by default all.")
  var report: String?

  @OptionGroup var options: ArchiveOptions

  func run() throws {
    guard isDirectory(options.archive) else {
      throw CommandFailure(
        code: .failed,
        message: "error: there is no archive at '\(options.archive)'\n  hint: name it with --archive, or make one with "
          + "'layerbook archive add'")
    }
    do {
      if let report { _ = try options.version(report) }
      for report in try report.map({ [$0] }) ?? options.folder.reports() {
        for version in try options.folder.versions(of: report) {
          let title = version.info.first { $0.label == "External-Description" }?.value ?? ""
          print("\(version)  \(version.date)  \(version.digest)  \(title)")
        }
      }
    } catch { throw Faults.failure(error) }
  }
}

/// `archive show`.
struct ArchiveShow: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "show", abstract: "Say what a version holds.")

  @Argument(help: "The version.")
  var version: String

  @OptionGroup var options: ArchiveOptions

  func run() throws {
    let version = try options.version(version)
    do {
      print("\(version)  \(version.path)")
      for line in version.info { print("  \(line.label): \(line.value)") }
      print("")
      for entry in try version.manifest().entries {
        print("  \(entry.id)  <<\(entry.directive)>>  \(entry.valueDigest.hex.prefix(12))")
      }
      print("")
      for file in try version.files() { print("  \(file.path)  \(StoreOptions.size(file.size))") }
    } catch { throw Faults.failure(error) }
  }
}

/// `archive verify`.
struct ArchiveVerify: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify", abstract: "Find every byte that was changed, removed or added since.")

  @Argument(help: "Versions; by default all.")
  var versions: [String] = []

  @OptionGroup var options: ArchiveOptions

  func run() throws {
    var isSound = true
    for version in try options.versions(versions) {
      var findings = options.folder.verify(version).map { "\($0)" }
      if let page = try? version.contents(of: "page.html") {
        findings += PageAudit.verify(page: page).findings.map { "page.html: \($0)" }
      }
      for finding in findings { Terminal.error("\(version): error: \(finding)") }
      print("\(version): \(findings.isEmpty ? "sound" : counted(findings.count, "contradiction"))")
      isSound = isSound && findings.isEmpty
    }
    if !isSound { throw CommandFailure(code: .failed, message: "not every version is as it was archived") }
  }
}

/// `archive open`.
struct ArchiveOpen: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "open", abstract: "Print the path of a version's page, and show it where there is a browser.")

  @Argument(help: "The version.")
  var version: String

  @OptionGroup var options: ArchiveOptions

  func run() throws {
    let page = absolutePath(try options.version(version).pagePath)
    print(page)
    // Only for people: in a script the path is all that is wanted.
    guard isatty(STDOUT_FILENO) == 1 else { return }
    let folders = ProcessInfo.processInfo.environment["PATH"]?.split(separator: ":").map(String.init) ?? []
    for name in ["xdg-open", "open"] {
      guard let folder = folders.first(where: { FileManager.default.isExecutableFile(atPath: $0 + "/" + name) }) else {
        continue
      }
      let process = Process()
      process.executableURL = URL(fileURLWithPath: folder + "/" + name)
      process.arguments = [page]
      try? process.run()
      return
    }
  }
}

/// `archive reproduce`.
struct ArchiveReproduce: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "reproduce",
    abstract: "Run a version's directives again with the book's models and compare number by number.")

  @Argument(help: "The version.")
  var version: String

  @OptionGroup var archive: ArchiveOptions
  @OptionGroup var output: DiffOptions
  @OptionGroup var options: BookOptions

  func run() throws {
    let version = try archive.version(version)
    do {
      let (diff, reprint, _) = try Reproduction(options: options, book: try options.load()).compare(
        archive.results(version), manifest: version.manifest(), page: version.contents(of: "page.html"))
      switch reprint {
      case .same: Terminal.error("the page comes out the same, byte by byte")
      case .differs(let place): Terminal.error("the page comes out otherwise, \(place)")
      case .impossible(let reason): Terminal.error("the page was not made again: \(reason)")
      }
      try output.finish(diff)
    } catch { throw Faults.failure(error) }
  }
}

/// `archive diff`.
struct ArchiveDiff: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "diff", abstract: "Compare two versions; of one, with the version before it.",
    discussion: "Exit code 1 where a result changed beyond its tolerance, came or went.")

  @Argument(help: "The old version, or a report: its last two.")
  var old: String

  @Argument(help: "The new version.")
  var new: String?

  @OptionGroup var archive: ArchiveOptions
  @OptionGroup var output: DiffOptions

  func run() throws {
    let first = try archive.version(old)
    do {
      let pair: (ArchiveVersion, ArchiveVersion)
      if let new {
        pair = (first, try archive.version(new))
      } else {
        let earlier = try archive.folder.versions(of: first.report).last { $0.number < first.number }
        guard let earlier else {
          throw CommandFailure(
            code: .usage, message: "error: \(first) is the first version: nothing to compare it with")
        }
        pair = (earlier, first)
      }
      try output.finish(try output.diff(archive.results(pair.0), archive.results(pair.1)))
    } catch { throw Faults.failure(error) }
  }
}
