import Checkpoints
import Foundation
import JSONText
import TestSupport
import Testing

/// `bypass` and `generate` as commands, and measurements on pages.
@Suite struct ShorteningTests {
  @Test func aShortenedModelRunsAndIsAsked() throws {
    let book = try BookFolder()
    let written = try book.run(
      "bypass", "--book", "book", "--model", "gpt", "--span", "2..4", "--train", "60", "--out", "new/short")
    #expect(written.status == 0, "\(written.errors)")
    #expect(written.output == "new/short  6 of 8 blocks, a linear layer after block 1\n")
    #expect(book.files(below: "new").contains("short/modeling_bypass.py"))
    let forward = try book.run("forward", "--book", "none", "--model", "new/short", "--out", "f", "Bruno was")
    #expect(forward.status == 0, "\(forward.errors)")
    let file = try SafetensorsFile(path: book.path + "/f")
    #expect(try file.shape(of: "hidden")[0] == 7)
    let asked = try book.run(
      "ask", "--book", "none", "--store", "none", "--model", "./new/short", "--dataset",
      ProjectRoot.asset("texts/atlas.txt"), "<<value convergence.score n=10>>")
    #expect(asked.status == 0, "\(asked.errors)")
    // The directive and the command fit the same map: what runs is what was judged.
    let again = try book.run(
      "bypass", "--book", "book", "--model", "gpt", "--span", "2->4", "--train", "60", "--out", "new/again")
    #expect(again.status == 0)
    #expect(book.bytes("new/again/model.safetensors") == book.bytes("new/short/model.safetensors"))
  }

  @Test func whatCannotBeWrittenIsSaid() throws {
    let book = try BookFolder()
    try book.write("kept", to: "full/file")
    func run(_ span: String, _ more: String...) throws -> Program.Outcome {
      try Program.run(["bypass", "--book", "book", "--model", "gpt", "--span", span] + more, in: book.path)
    }
    let full = try run("2..4", "--out", "full")
    #expect(full.status == 1 && full.errors.contains("the folder is there and not empty"))
    #expect(book.files(below: "full") == ["file"])
    let all = try run("0..8", "--train", "20", "--out", "new")
    #expect(all.status == 1 && all.errors.contains("at least one of its blocks must stay"), "\(all.errors)")
    #expect(try run("4..2", "--out", "new").status == 2)
    #expect(try run("2-4", "--out", "new").status == 2)
    let above = try run("2..9", "--train", "20", "--out", "new")
    #expect(above.status == 1 && above.errors.contains("ends above the last depth"))
    let top = try run("2..4", "--top", "3", "--out", "new")
    #expect(top.status == 2 && top.errors.contains("it goes with by=sparse"), "\(top.errors)")
    #expect(book.bytes("new/config.json") == nil)
  }

  @Test func decodingSaysWhereEachTokenLeft() throws {
    let book = try BookFolder()
    func generate(_ more: String...) throws -> Program.Outcome {
      try Program.run(
        ["generate", "--book", "book", "--model", "llama", "--tokens", "12"] + more + ["Bruno was\nborn in"],
        in: book.path)
    }
    let json = try generate("--exit", "0.9", "--at", "6,9", "--format", "json")
    #expect(json.status == 0, "\(json.errors)")
    let answer = try JSON.parse(json.output)
    #expect(answer["result"]?["tokens"]?.arrayValue?.count == 12)
    #expect(answer["result"]?["exit_layer"]?.arrayValue?.allSatisfy { [6, 9, 12].contains($0.intValue ?? 0) } == true)
    #expect((answer["tokens_per_second"]?["exit"]?.doubleValue ?? 0) > 0)
    #expect(answer["result"]?["prompt"]?.stringValue == "Bruno was\nborn in")
    // Nobody leaves: the text is that of full decoding.
    let never = try JSON.parse(try generate("--exit", "1.2", "--format", "json").output)
    #expect(never["result"]?["text"] == never["result"]?["full_text"])
    #expect(never["result"]?["mean_layers"]?.doubleValue == 12 && never["result"]?["agreement"]?.doubleValue == 1)
    let text = try generate("--lens", "mat", "--dataset", "atlas")
    #expect(text.status == 0 && text.output.contains("(this machine, this run)"), "\(text.errors)")
    #expect(try generate("--at", "12").errors.contains("a test after block 12 of 12 or beyond saves nothing"))
    #expect(try generate("--dataset", "atlas").status == 2)
  }

  @Test func whatAClockSaidIsLeftOutOfComparisons() throws {
    let book = try BookFolder()
    let template = """
      ---
      title: Timed
      ---

      <<bypass 2->4 measure=time train=20 test=10 words=2>>

      """
    let rendered = try book.render(template)
    #expect(rendered.status == 0, "\(rendered.errors)")
    #expect(book.page().contains("Measured on one machine"))
    let verified = try book.run("verify", "site/t.html", "--book", "book")
    #expect(verified.status == 0, "\(verified.output)\(verified.errors)")
    let recomputed = try book.run("verify", "site/t.html", "--recompute", "--book", "book")
    #expect(recomputed.status == 0, "\(recomputed.output)\(recomputed.errors)")
    #expect(recomputed.output.contains("0 of 1 results changed"), "\(recomputed.output)")
    // Without a store another run measures other numbers: they differ, and no comparison counts it.
    let page = book.bytes("site/t.html")
    try FileManager.default.removeItem(atPath: book.path + "/book/.layerbook")
    _ = try book.render(template)
    #expect(book.bytes("site/t.html") != page, "a clock that says the same twice")
  }
}
