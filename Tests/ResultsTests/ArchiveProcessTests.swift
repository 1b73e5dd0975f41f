import Files
import Foundation
import Glibc
import Results
import TestSupport
import Testing

@Suite(.serialized) struct ArchiveProcessTests {
  @Test func noHalfVersionAfterFiftyKills() throws {
    let folder = try TemporaryDirectory()
    let archive = Archive(directory: folder.path + "/archive")
    var safe = 0
    for _ in 0..<50 {
      let process = try TortureProgram.start(["archive", archive.directory, "\(safe)", "1000"])
      usleep(useconds_t.random(in: 2_000...60_000))
      process.kill()
      safe += process.finish().output.split(separator: "\n").count
      let versions = try archive.versions(of: "torture")
      // A version may be complete although its number was not printed any more.
      #expect(versions.count >= safe)
      #expect(versions.suffix(3).flatMap { archive.verify($0) } == [])
      safe = max(safe, versions.count)
    }
    #expect(try TortureProgram.run(["archive", archive.directory, "\(safe)", "1"]).output == "\(safe)\n")
    let versions = try archive.versions(of: "torture")
    #expect(versions.map(\.number) == Array(1...versions.count))
    #expect(versions.flatMap { archive.verify($0) } == [])
    #expect(try listing(archive.directory + "/torture").count == versions.count)
  }

  @Test func twoProcessesShareTheNumbers() throws {
    let folder = try TemporaryDirectory()
    let processes = try (0..<2).map { try TortureProgram.start(["archive", folder.path, "\($0 * 100)", "10"]) }
    for process in processes { #expect(process.finish().status == 0) }
    let archive = Archive(directory: folder.path)
    let versions = try archive.versions(of: "torture")
    #expect(versions.map(\.number) == Array(1...20))
    #expect(versions.flatMap { archive.verify($0) } == [])
  }

  @Test(.enabled(if: MountedFolder.isPossible)) func fullDiskLeavesNoHalfVersion() throws {
    let folder = try TemporaryDirectory()
    let disk = try folder.mount("disk", megabytes: 1)
    let archive = Archive(directory: disk.path)
    let first = try archive.add(report: "tiny", description: exampleDescription, items: try exampleItems().items)
    let big = ArchiveItem(path: "big", title: "big", content: .bytes([UInt8](repeating: 7, count: 2_000_000)))
    let error = #expect(throws: ArchiveError.self) {
      try archive.add(report: "tiny", description: exampleDescription, items: [big])
    }
    #expect(error?.description.hasSuffix("no space left on device") == true)
    #expect(try listing(disk.path + "/tiny") == [fileName(of: first.version.path)])
    #expect(archive.verify(first.version) == [])
  }
}

/// The field's own validators, where they are installed (PyPI: bagit, roc-validator).
enum Validators {
  static let bagit = find("bagit.py")
  static let crate = find("rocrate-validator")

  /// Further options, such as `--offline --cache-path FILE` where there is no network.
  static let crateOptions = (ProcessInfo.processInfo.environment["LAYERBOOK_CRATE_OPTIONS"] ?? "")
    .split(separator: " ").map(String.init)

  private static func find(_ name: String) -> String? {
    let environment = ProcessInfo.processInfo.environment
    let folders = (environment["LAYERBOOK_VALIDATORS"] ?? "") + ":" + (environment["PATH"] ?? "")
    return folders.split(separator: ":").map { "\($0)/\(name)" }.first { access($0, X_OK) == 0 }
  }

  static func run(_ program: String, _ arguments: [String]) throws -> (output: String, status: Int32) {
    try TortureProgram.start(arguments, program: program).finish()
  }
}

@Suite struct ArchiveValidatorTests {
  private func example(_ folder: TemporaryDirectory, license: String?) throws -> ArchiveVersion {
    var description = exampleDescription
    description.license = license
    return try Archive(directory: folder.path)
      .add(report: "tiny", description: description, items: try exampleItems().items).version
  }

  @Test(.enabled(if: Validators.bagit != nil)) func bagitAccepts() throws {
    let folder = try TemporaryDirectory()
    let version = try example(folder, license: nil)
    let program = try #require(Validators.bagit)
    let (output, status) = try Validators.run(program, ["--validate", version.path])
    #expect(status == 0, "\(output)")
    try AtomicFile.write([1], to: version.pagePath)
    #expect(try Validators.run(program, ["--validate", version.path]).status != 0)
  }

  @Test(
    .enabled(if: Validators.crate != nil),
    arguments: [nil, "MIT", "https://creativecommons.org/licenses/by/4.0/"])
  func crateValidatorAccepts(license: String?) throws {
    let folder = try TemporaryDirectory()
    let version = try example(folder, license: license)
    let (output, status) = try Validators.run(
      try #require(Validators.crate),
      ["--disable-color", "--no-interactive", "validate", "--no-paging"] + Validators.crateOptions
        + [version.path + "/data"])
    // The validator needs RO-Crate's context from the network, or from its cache.
    if output.contains("URLError") || output.contains("OfflineCacheMiss") { return }
    #expect(status == 0, "\(output)")
  }
}
