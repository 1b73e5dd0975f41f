import Files
import Foundation
import TestSupport
import Testing

/// The commands around stored results and archived pages, run as a user runs them.
@Suite(.enabled(if: FileManager.default.isExecutableFile(atPath: Program.path), "build the program first: make build"))
struct ArchiveCommandTests {
  static let template = "---\ntitle: Movement\n---\nA figure.\n\n<<convergence n=5 id=fig-move>>\n"

  @Test func versionsAreKeptComparedAndReproduced() throws {
    let book = try CommandBook(Self.template)
    let first = try book.run("archive", "add", "page", "--archive", book.path("archive"))
    #expect(first.status == 0, "\(first.errors)")
    #expect(first.output.contains("/page/0001-20260131-"))
    let again = try book.run("archive", "add", "page", "--archive", book.path("archive"))
    #expect(again.output.hasSuffix("unchanged since\n"))
    #expect(try book.run("archive", "verify", "--archive", book.path("archive")).output == "page/0001: sound\n")
    let reproduced = try book.run("archive", "reproduce", "page", "--archive", book.path("archive"))
    #expect(reproduced.status == 0, "\(reproduced.output)")
    #expect(reproduced.output.hasSuffix("0 of 1 results changed, 0 beyond tolerance\n"))

    try book.write(Self.template.replacingOccurrences(of: "n=5", with: "n=6"))
    #expect(try book.run("archive", "add", "page", "--archive", book.path("archive")).status == 0)
    let diff = try book.run("archive", "diff", "page/1", "page/2", "--archive", book.path("archive"))
    #expect(diff.status == 1)
    #expect(diff.output.contains("  input: settings.n 5 → 6\n"))
    let loose = try book.run("archive", "diff", "page", "--tolerance", "1000%", "--archive", book.path("archive"))
    #expect(loose.status == 0, "\(loose.output)")
  }

  @Test func changedByteInTheArchiveIsFound() throws {
    let book = try CommandBook(Self.template)
    let added = try book.run("archive", "add", "page", "--archive", book.path("archive"))
    let version = String(added.output.prefix { $0 != " " })
    let page = version + "/data/page.html"
    try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: page)
    try AtomicFile.write(try readFile(page) + [0x20], to: page)
    let report = try book.run("archive", "verify", "--archive", book.path("archive"))
    #expect(report.status == 1)
    #expect(report.errors.contains("data/page.html"))
    #expect(report.errors.contains("page.html: the page was altered"))
  }

  @Test func lastGoodPageStays() throws {
    let book = try CommandBook(Self.template)
    #expect(try book.run("render", book.path("page.md"), "--out", book.path("site")).status == 0)
    let good = try readFile(book.path("site/page.html"))
    try book.write(Self.template + "\n<<convergense>>\n")
    let failed = try book.run("render", book.path("page.md"), "--out", book.path("site"))
    #expect(failed.status == 2)
    #expect(failed.errors.contains("page.md:8:3: error: unknown directive 'convergense'"))
    #expect(try readFile(book.path("site/page.html")) == good)
    #expect(isFile(book.path("site/page.preview.html")))
    try book.write(Self.template)
    #expect(
      try book.run("render", book.path("page.md"), "--out", book.path("site")).output.hasSuffix("is up to date\n"))
    #expect(!isFile(book.path("site/page.preview.html")))
  }

  @Test func missesAreExplainedAndFrozenRendersFail() throws {
    let book = try CommandBook(Self.template)
    let frozen = try book.run("render", book.path("page.md"), "--out", book.path("site"), "--frozen")
    #expect(frozen.status == 1)
    #expect(frozen.errors.contains("page.md:6:1: error: --frozen: the store has no result of <<convergence"))
    #expect(try book.run("render", book.path("page.md"), "--out", book.path("site")).status == 0)
    #expect(try book.run("why", book.path("page.md")).output.hasSuffix("\n  hit\n"))
    try book.write(Self.template.replacingOccurrences(of: "n=5", with: "n=7"))
    #expect(try book.run("why", book.path("page.md") + ":6").output.hasSuffix("\n  miss: settings.n 5 → 7\n"))
    #expect(try book.run("why", book.path("page.md") + ":2").status == 2)
  }

  @Test func storeIsCountedAndCleaned() throws {
    let book = try CommandBook(Self.template)
    #expect(try book.run("render", book.path("page.md"), "--out", book.path("site")).status == 0)
    #expect(try book.run("cache", "status").output.contains("  result  1 entries"))
    #expect(try book.run("cache", "verify").output.hasSuffix("0 damaged\n"))
    #expect(try book.run("cache", "clean").status == 2)
    #expect(try book.run("cache", "clean", "--older", "30d", "--max", "5G").output.hasPrefix("removed 0 entries"))
    #expect(try book.run("cache", "clean", "--all").output.contains("kept 0"))
    #expect(try book.run("why", book.path("page.md")).output.contains("miss: no input changed"))
  }
}

/// A book with one template in a folder of its own.
final class CommandBook {
  private let directory: TemporaryDirectory

  init(_ template: String) throws {
    directory = try TemporaryDirectory()
    let model = ProjectRoot.asset("models/atlas-gpt2")
    let book = """
      models:
        small: {path: \(model)}
      datasets:
        texts: {path: texts.txt, format: lines}
      defaults: {model: small, dataset: texts, seed: 1}
      """
    let texts = (0..<12).map { "The river number \($0) runs through the city and the old town to the sea." }
    try AtomicFile.write(Array(book.utf8), to: path("layerbook.yaml"))
    try AtomicFile.write(Array(texts.joined(separator: "\n").utf8), to: path("texts.txt"))
    try write(template)
  }

  func path(_ name: String) -> String { directory.path + "/" + name }

  func write(_ template: String) throws { try AtomicFile.write(Array(template.utf8), to: path("page.md")) }

  /// Runs the program on this book; standard error goes through a file, so that neither pipe can fill up.
  func run(_ arguments: String...) throws -> (status: Int32, output: String, errors: String) {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: Program.path)
    let takesBook =
      !["diff", "verify", "list", "show"].contains(arguments.count > 1 ? arguments[1] : "")
      || arguments[0] == "cache"
    process.arguments = arguments + (takesBook ? ["--book", directory.path] : [])
    var environment = ProcessInfo.processInfo.environment
    environment["SOURCE_DATE_EPOCH"] = "1769817600"
    process.environment = environment
    let (output, errors) = (path("output"), path("errors"))
    for file in [output, errors] { try AtomicFile.write([], to: file) }
    process.standardOutput = FileHandle(forWritingAtPath: output)
    process.standardError = FileHandle(forWritingAtPath: errors)
    try process.run()
    process.waitUntilExit()
    return (
      process.terminationStatus, String(decoding: try readFile(output), as: UTF8.self),
      String(decoding: try readFile(errors), as: UTF8.self)
    )
  }
}
