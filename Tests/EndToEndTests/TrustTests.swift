import Foundation
import Testing

/// What a user meets who does not trust a page, an archive or a command's success.
@Suite struct TrustTests {
  @Test func aPageIsMadeAgainToVerifyIt() throws {
    let book = try BookFolder()
    #expect(try book.render("# T\n\n<<convergence n=20>>\n", "--set", "title=Other").status == 0)
    let sound = try book.run("verify", "site/t.html", "--book", "book")
    #expect(sound.status == 0)
    #expect(sound.output.hasPrefix("site/t.html: made again: its template and the store give the same page"))
    let again = try book.run("verify", "site/t.html", "--book", "book", "--recompute")
    #expect(again.status == 0, "\(again.errors)")
    #expect(again.output.contains("its template and results computed now give the same page"))
    let none = try book.run("verify", "site/t.html", "--book", "book", "--store", "none")
    #expect(none.status == 1)
    #expect(none.output.hasPrefix("site/t.html: not verified: it could not be made again from its template"))
    #expect(none.output.contains("what it shows is what the results in it give"))
    #expect(!none.output.contains("sound"))
    let seal = try book.run("verify", "site/t.html", "--book", "book", "--seal-only")
    #expect(seal.status == 0)
    #expect(seal.output.hasPrefix("site/t.html: the seal holds; nothing else was asked"))
    // A reader has the page and nothing else.
    let alone = try book.run("verify", "site/t.html", "--book", "none", "--seal-only")
    #expect(alone.status == 0, "\(alone.errors)")
    #expect(alone.output.contains("what it shows is what the results in it give"))
  }

  @Test func pagesOfCapturedStatesCanBeComputedAgain() throws {
    let book = try BookFolder()
    let capture = try book.run(
      "capture", "--book", "book", "--model", "gpt", "--dataset", "atlas", "--position", "random", "--n", "10", "--out",
      "book/states.safetensors")
    #expect(capture.status == 0, "\(capture.errors)")
    #expect(try book.render("# T\n\n<<convergence captured n=10>>\n").status == 0)
    let again = try book.run("verify", "site/t.html", "--book", "book", "--recompute")
    #expect(again.status == 0, "\(again.errors)")
    let asked = try book.ask("<<convergence captured n=10>>").output
    // No default that says something else than the file.
    #expect(asked.contains("\"directive\": \"<<convergence captured final=pre n=10 seed=42>>\""))
    #expect(asked.contains("\"position\": \"random\""))
  }

  @Test(arguments: [
    ["render", "--out", ""], ["render", "--store", ""], ["render", "--book", ""], ["archive", "add", "--archive", ""],
    ["ask", "convergence", "--store", ""], ["cache", "clean", "--store", ""],
  ])
  func anEmptyPathIsRefused(arguments: [String]) throws {
    let book = try BookFolder()
    let outcome = try Program.run(arguments, in: book.path)
    #expect(outcome.status == 2)
    #expect(outcome.errors.contains("needs a path, found an empty one"))
  }

  @Test(arguments: [
    ["ask", "--book", "book", "convergence n=20"],
    ["ask", "--book", "book", "heatmap r2 both n=60", "--format", "json"],
    ["directives"], ["--help"],
  ])
  func anAnswerThatDoesNotArriveIsAFailure(arguments: [String]) throws {
    let book = try BookFolder()
    for redirection in ["> /dev/full", ">&-"] {
      let words = ([Program.path] + arguments).map { "'\($0)'" }.joined(separator: " ")
      let process = Process()
      process.executableURL = URL(fileURLWithPath: "/bin/sh")
      process.arguments = ["-c", "\(words) \(redirection)"]
      process.currentDirectoryURL = URL(fileURLWithPath: book.path)
      process.standardError = FileHandle.nullDevice
      try process.run()
      process.waitUntilExit()
      #expect(process.terminationStatus == 1, "\(redirection)")
    }
  }

  @Test func archivesSayWhatTheyDidNotDo() throws {
    let book = try BookFolder()
    #expect(try book.run("archive", "verify").status == 1)
    #expect(try book.run("archive", "list", "nothing").status == 1)
    try book.write("# A\n", to: "book/a.md")
    try book.write("<<expect convergence.score > 2 n=5>>\n", to: "book/b.md")
    try book.write("# C\n", to: "book/c.md")
    let added = try book.run("archive", "add", "--book", "book")
    #expect(added.status == 1)
    #expect(added.errors.contains("book/b.md was not archived"))
    #expect(book.files(below: "archive").filter { $0.hasSuffix("page.html") }.count == 2)
    // A version goes by what `add` printed, too.
    let printed = String(added.output.prefix { $0 != " " })
    #expect(try book.run("archive", "show", printed).status == 0)
    try book.write("# Other\n", to: "book/c.md")
    #expect(try book.run("archive", "add", "c", "--book", "book").status == 0)
    try book.write("# C\n", to: "book/c.md")
    #expect(try book.run("archive", "add", "c", "--book", "book").output.contains("the latest version, 2, differs"))
    try book.write("# D\n", to: "book/sub/d.md")
    try book.write("# D\n", to: "book/sub-d.md")
    let clash = try book.run("archive", "add", "--book", "book")
    #expect(clash.status == 2)
    #expect(clash.errors.contains("would both be archived as 'sub-d'"))
  }

  @Test func whyAnswersForEveryDirectiveItCan() throws {
    let book = try BookFolder()
    try book.write("<<convergence n=20>>\n\n<<convergence llama-1b>>\n", to: "book/t.md")
    let why = try book.run("why", "book/t.md")
    #expect(why.status == 1)
    #expect(why.output.contains("book/t.md:1: <<convergence gpt"))
    #expect(why.errors.contains("book/t.md:3:1: error: model 'llama-1b' is not in the local Hugging Face cache"))
    try book.write("# Prose\n", to: "book/t.md")
    #expect(try book.run("why", "book/t.md").output == "book/t.md: nothing in it is computed\n")
  }

  @Test func checkWarnsOfAnAbsentModel() throws {
    let book = try BookFolder()
    try book.write("<<convergence llama-1b>>\n", to: "book/t.md")
    let check = try book.run("check", "book/t.md")
    #expect(check.status == 0)
    #expect(check.errors.contains("t.md:1:1: warning: model 'llama-1b' is not in the local Hugging Face cache"))
    #expect(check.errors.contains("hf download meta-llama/Llama-3.2-1B"))
    #expect(try book.run("check", "book/t.md", "--strict").status == 1)
  }

  @Test func oneRunListsEveryFaultThatCanBeKnown() throws {
    let book = try BookFolder()
    #expect(try book.render("<<value convergence.score n=5>>\n").status == 0)
    let outcome = try book.render(
      "<<expect convergence.score > 2 n=5>>\n\n<<convergence llama-1b>>\n\nSee <<ref nothing>>.\n")
    #expect(outcome.status == 2)
    let places = outcome.errors.split(separator: "\n").filter { $0.contains(": error: ") }.map { $0.prefix(12) }
    #expect(places == ["book/t.md:1:", "book/t.md:3:", "book/t.md:5:"])
    #expect(outcome.errors.contains("the claim convergence.score > 2 does not hold"))
    #expect(outcome.errors.contains("3 errors\n"))
  }

  @Test func aNameThatIsNoTemplateLeavesNothing() throws {
    let book = try BookFolder()
    #expect(try book.run("render", "book/nope.md").status == 2)
    #expect(book.files(below: "site") == [])
  }
}
