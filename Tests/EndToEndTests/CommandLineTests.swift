import Foundation
import JSONText
import TestSupport
import Testing

/// What the command line says, and in which form.
@Suite struct CommandLineTests {
  @Test func severalDirectivesAreOneArrayOrALineEach() throws {
    let book = try BookFolder()
    let asked = ["<<convergence n=5>>", "<<value convergence.score n=5>>"]
    let array = try Program.run(["ask", "--book", "book", "--format", "json"] + asked, in: book.path)
    let items = try #require(try JSON.parse(array.output).arrayValue)
    #expect(items.count == 2)
    #expect(items[1]["value"]?.doubleValue == items[0]["result"]?["score"]?.doubleValue)
    let lines = try Program.run(["ask", "--book", "book", "--format", "jsonl"] + asked, in: book.path)
    let objects = lines.output.split(separator: "\n")
    #expect(objects.count == 2)
    #expect(try objects.map { try JSON.parse(String($0)) } == items)
    // One directive is one object, as it always was.
    #expect(try JSON.parse(book.ask(asked[0]).output).objectValue != nil)
  }

  @Test func aDrawingForAPaper() throws {
    let book = try BookFolder()
    let svg = try book.ask("<<convergence n=5>>", format: "svg").output
    #expect(svg.hasPrefix("<svg xmlns=\"http://www.w3.org/2000/svg\""))
    #expect(!svg.contains("class=") && !svg.contains("var(") && !svg.contains("<style"))
    let there = try Program.run(
      ["ask", "--book", "book", "<<convergence n=5>>", "--format", "svg", "--out", "c.svg"], in: book.path)
    #expect(there.status == 0 && there.output.isEmpty)
    #expect(book.bytes("c.svg") == Data(svg.utf8))
    #expect(try book.ask("<<convergence n=5>>", format: "csv", "--text", "outlines").status == 2)
  }

  @Test(arguments: [("pdf", Array("%PDF-".utf8)), ("png", [0x89, 0x50, 0x4E, 0x47] as [UInt8])])
  func otherFormsOfADrawing(format: String, beginning: [UInt8]) throws {
    let book = try BookFolder()
    let asked = ["ask", "--book", "book", "<<convergence n=5>>", "--format", format, "--out", "c"]
    let outcome = try Program.run(asked, in: book.path)
    guard outcome.status == 0 else {
      // Where librsvg's program is missing, that is said.
      #expect(outcome.errors.contains("apt-get install librsvg2-bin"), "\(outcome.errors)")
      return
    }
    let bytes = try #require(book.bytes("c"))
    #expect(bytes.starts(with: beginning))
    #expect(try Program.run(asked, in: book.path).status == 0)
    #expect(book.bytes("c") == bytes)
    let without = try Program.run(asked, in: book.path, environment: ["PATH": "/nowhere"])
    #expect(without.status == 1)
    #expect(without.errors.contains("rsvg-convert, which is not here"), "\(without.errors)")
  }

  @Test func aFirstBookWorksAsItIs() throws {
    let book = try BookFolder()
    let model = ProjectRoot.asset("models/atlas-gpt2")
    for arguments in [["init", "own"], ["init", "withmodel", "--model", model]] {
      let made = try Program.run(arguments, in: book.path)
      #expect(made.status == 0, "\(made.errors)")
      let folder = arguments[1]
      #expect(try book.run("check", "--book", folder).status == 0)
      let rendered = try book.run("render", "--book", folder, "--out", folder + "/site")
      #expect(rendered.status == 0, "\(rendered.errors)")
      #expect(try book.run("verify", "--book", folder, folder + "/site/first.html").status == 0)
      #expect(try Program.run(arguments, in: book.path).status == 1)
    }
    let page = String(decoding: try #require(book.bytes("withmodel/site/first.html")), as: UTF8.self)
    #expect(page.contains("gpt2"))
  }

  @Test func aMissingArchiveIsAnError() throws {
    let outcome = try BookFolder().run("archive", "list", "--archive", "nowhere")
    #expect(outcome.status == 1)
    #expect(outcome.errors.contains("there is no archive at 'nowhere'"))
  }

  @Test func aHintNamesTheFlagOfTheCommand() throws {
    let outcome = try BookFolder().run(
      "capture", "--book", "book", "--model", "gpt", "--dataset", "atlas", "--position", "last", "--n", "1000000",
      "--out", "s")
    #expect(outcome.status == 1)
    #expect(outcome.errors.contains("hint: lower --n"), "\(outcome.errors)")
  }

  @Test func modelsOfTheHubCacheByTheirNames() throws {
    let book = try BookFolder()
    let cache = book.path + "/no-hub/models--acme--tiny"
    try book.write("abc\n", to: "no-hub/models--acme--tiny/refs/main")
    try FileManager.default.createDirectory(atPath: cache + "/snapshots", withIntermediateDirectories: true)
    try FileManager.default.createSymbolicLink(
      atPath: cache + "/snapshots/abc", withDestinationPath: ProjectRoot.asset("models/atlas-gpt2"))
    let found = try Program.run(
      [
        "ask", "--book", "none", "--store", "none", "--model", "acme/tiny", "--dataset", "book/texts.txt",
        "<<convergence n=2>>",
      ], in: try withTexts(book).path)
    #expect(found.status == 0, "\(found.errors)")
    let absent = try book.run("ask", "--book", "book", "--model", "acme/large", "<<convergence>>")
    #expect(absent.status == 2)
    #expect(absent.errors.contains("hf download acme/large"), "\(absent.errors)")
  }

  private func withTexts(_ book: BookFolder) throws -> BookFolder {
    try book.write("One text.\nAnother text.\n", to: "book/texts.txt")
    return book
  }

  @Test func messagesHaveNoColoursWhereNobodyLooks() throws {
    let outcome = try BookFolder().ask("<<convergenc>>")
    #expect(outcome.status == 2)
    #expect(!outcome.errors.contains("\u{1B}"))
  }

  /// The ten lines of reports/README.md write a file that is read.
  @Test(.enabled(if: Python.isHere)) func theStatesFormatIsAsItIsTold() throws {
    let book = try BookFolder()
    let readme = try String(contentsOfFile: ProjectRoot.path + "/reports/README.md", encoding: .utf8)
    let code = try #require(readme.components(separatedBy: "```python\n").last?.components(separatedBy: "```").first)
    try book.write(code, to: "write.py")
    let python = Process()
    python.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    python.arguments = ["python3", "write.py"]
    python.currentDirectoryURL = URL(fileURLWithPath: book.path)
    try python.run()
    python.waitUntilExit()
    #expect(python.terminationStatus == 0)
    try book.write(Array(try #require(book.bytes("states.safetensors"))), to: "book/states.safetensors")
    let answer = try JSON.parse(book.ask("<<convergence captured>>").output)
    #expect(answer["sample"]?["blocks"]?.intValue == 2)
    #expect(answer["sample"]?["width"]?.intValue == 2)
    #expect(answer["result"]?["distance"]?.arrayValue?.count == 2)
  }
}
