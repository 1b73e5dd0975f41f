import Foundation
import Glibc
import TestSupport
import Testing

@Suite struct FailureTests {
  @Test func anAbsentModelNamesTheCommandThatGetsIt() throws {
    let book = try BookFolder()
    #expect(try book.render("# Good\n").status == 0)
    let good = try #require(book.bytes("site/t.html"))
    let outcome = try book.render("<<convergence llama-1b>>\n\n<<convergence n=5>>\n")
    #expect(outcome.status == 1)
    #expect(
      outcome.errors == """
        book/t.md:1:1: error: model 'llama-1b' is not in the local Hugging Face cache
          <<convergence llama-1b>>
          ^~~~~~~~~~~~~~~~~~~~~~~~
          hint: get it with: hf download meta-llama/Llama-3.2-1B
        1 error
        preview with the faults in their places: site/t.preview.html
        some pages were not written; the last good ones stay

        """)
    #expect(book.bytes("site/t.html") == good)
    #expect(try book.run("check", "book/t.md").status == 0)
  }

  @Test func aModelsOwnHintReachesItsReader() throws {
    let book = try BookFolder()
    let config = try Data(contentsOf: URL(fileURLWithPath: ProjectRoot.asset("models/atlas-gpt2/config.json")))
    try book.write(Array(config), to: "old/config.json")
    try book.write("weights", to: "old/pytorch_model.bin")
    let asked = try book.ask("<<convergence n=5>>", format: "json", "--model", "old")
    #expect(asked.status == 1)
    let hint = "  hint: convert them, in the folder, with: python3 -c "
    let message =
      "error: cannot load old: the folder has no .safetensors file, only pickled weights ('pytorch_model.bin')\n"
    #expect(asked.errors.hasPrefix(message + hint))
    try book.write("models: {old: {path: ../old}}\ndatasets: {t: {path: t.txt}}\n", to: "book/layerbook.yaml")
    try book.write("A text.\n", to: "book/t.txt")
    let rendered = try book.render("<<convergence old dataset=t n=1>>\n")
    #expect(rendered.status == 1 && rendered.errors.contains("\n" + hint), "\(rendered.errors)")
  }

  @Test func aClaimThatFailsFailsTheBuild() throws {
    let book = try BookFolder()
    let outcome = try book.render("S is <<expect convergence.score < 0 n=20>>.\n")
    #expect(outcome.status == 1)
    #expect(
      outcome.errors.hasPrefix(
        "book/t.md:1:33: error: the claim convergence.score < 0 does not hold: expected < 0, found 0.94"))
    #expect(
      outcome.errors.contains(
        ", from <<convergence gpt dataset=atlas final=pre max-tokens=128 n=20 position=all seed=42>> ("))
    #expect(try book.render("S is <<expect convergence.score > 0.9 n=20>>.\n").status == 0)
    #expect(book.page().contains("class=\"claim pass\""))
  }

  @Test func tooFewTextsAreSaid() throws {
    let book = try BookFolder()
    let outcome = try book.ask("<<heatmap r2 mean solver=ridge train=9223372036854775807 test=9223372036854775807>>")
    #expect(outcome.status == 1)
    #expect(outcome.errors.hasPrefix("error: dataset 'atlas' has only 2000 usable texts, and "))
  }

  @Test func frozenNeverComputes() throws {
    let book = try BookFolder()
    let miss = try book.render("<<convergence n=5>>\n", "--frozen")
    #expect(miss.status == 1)
    #expect(miss.errors.contains("error: --frozen: the store has no result of <<convergence gpt"))
    #expect(try book.render("<<convergence n=5>>\n").status == 0)
    #expect(try book.render("<<convergence n=5>>\n", "--frozen").output == "site/t.html is up to date\n")
  }

  @Test func anOutputFolderThatIsAFileIsSaid() throws {
    let book = try BookFolder()
    try book.write("x", to: "site")
    let outcome = try book.render("# A\n")
    #expect(outcome.status == 1)
    #expect(outcome.errors.hasPrefix("error: cannot create folder 'site': file exists\n"))
    #expect(book.bytes("site") == Data("x".utf8))
  }

  @Test func aStoreThatCannotBeWrittenIsOnlyAWarning() throws {
    let book = try BookFolder()
    try book.write("x", to: "store")
    let outcome = try book.render("<<convergence n=5>>\n", "--store", "store")
    #expect(outcome.status == 0)
    #expect(outcome.errors.hasPrefix("warning: cannot keep a result in the store: "))
  }

  @Test func interruptionLeavesNoHalfFile() throws {
    let book = try BookFolder()
    try book.write("<<heatmap r2 mean llama n=800>>\n", to: "book/t.md")
    let started = try Program.start(["render", "book/t.md", "--threads", "1"], in: book.path)
    // Long enough for states to be captured and for the first regressions to run, which take seconds.
    usleep(700_000)
    #expect(kill(started.process.processIdentifier, SIGINT) == 0)
    let outcome = try Program.finish(started)
    #expect(outcome.status == 130)
    #expect(book.files(below: "site") == [])
    let kept = book.files(below: "book/.layerbook").filter { $0.contains(".") }
    #expect(kept.allSatisfy { ["entry", "json", "lock"].contains(($0 as NSString).pathExtension) }, "\(kept)")
  }
}
