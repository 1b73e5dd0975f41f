import Foundation
import Glibc
import TestSupport
import Testing

/// Files that are no files, that change under the reader, that cost more than they weigh.
@Suite struct HostileFileTests {
  @Test(arguments: ["book/layerbook.yaml", "book/t.md", "book/texts.txt", "model/config.json", "model/tokenizer.json"])
  func aPipeInAFilesPlaceIsRefusedAtOnce(name: String) throws {
    let book = try BookFolder()
    try book.write("<<convergence small dataset=texts n=2>>\n", to: "book/t.md")
    try book.write("one text\nanother text\n", to: "book/texts.txt")
    try FileManager.default.copyItem(
      atPath: ProjectRoot.asset("models/atlas-gpt2"), toPath: book.path + "/model")
    try book.write(
      "models: {small: {path: ../model}}\ndatasets: {texts: {path: texts.txt, format: lines}}\n",
      to: "book/layerbook.yaml")
    try book.remove(name)
    try #require(mkfifo(book.path + "/" + name, 0o600) == 0)
    let started = Date()
    let outcome = try Program.run(["render", "book/t.md", "--book", "book"], in: book.path)
    #expect(outcome.status != 0)
    #expect(
      outcome.errors.contains("pipe") || outcome.errors.contains("not a regular file")
        || outcome.errors.contains("no checkpoint"), "\(outcome.errors)")
    #expect(Date().timeIntervalSince(started) < 20)
  }

  @Test func aFileThatShrinksEndsTheProgramWithASentence() throws {
    let book = try BookFolder()
    try FileManager.default.copyItem(
      atPath: ProjectRoot.asset("models/atlas-gpt2"), toPath: book.path + "/model")
    try book.write("models: {small: {path: ../model}}\n", to: "book/layerbook.yaml")
    let weights = book.path + "/model/model.safetensors"
    chmod(weights, 0o644)
    try book.write(String(repeating: "The capital of France is Paris.\n", count: 4000), to: "book/texts.txt")
    try book.write(
      "models: {small: {path: ../model}}\ndatasets: {texts: {path: texts.txt, format: lines}}\n",
      to: "book/layerbook.yaml")
    let started = try Program.start(
      ["ask", "--book", "book", "--store", "none", "convergence small dataset=texts n=4000"], in: book.path)
    usleep(400_000)
    truncate(weights, 4096)
    let outcome = try Program.finish(started)
    // It may have read all it needs by then; it must never end by a signal.
    #expect([0, 1].contains(outcome.status), "\(outcome.status)")
    #expect(started.process.terminationReason == .exit)
    if outcome.status == 1 {
      #expect(
        outcome.errors.contains("became shorter while it was read") || outcome.errors.contains("model.safetensors"))
    }
  }

  @Test func whatACheckpointSaysCannotSteerTheTerminal() throws {
    let book = try BookFolder()
    let escape = "\\u001b]0;title\\u0007\\u001b[31m\\u009b2J"
    try book.write("{\"architectures\": [\"\(escape)\"], \"model_type\": \"\(escape)\"}", to: "model/config.json")
    try book.write("models: {bad: {path: ../model}}\n", to: "book/layerbook.yaml")
    let outcome = try Program.run(["models", "--book", "book"], in: book.path)
    let asked = try Program.run(["forward", "--model", "bad", "--book", "book", "x", "--out", "o"], in: book.path)
    for text in [outcome.output, outcome.errors, asked.output, asked.errors] {
      #expect(!text.unicodeScalars.contains { ($0.value < 0x20 && $0 != "\n") || (0x7F...0x9F).contains($0.value) })
    }
    #expect(asked.status != 0)
  }

  @Test(arguments: [
    (
      "a table",
      "|" + String(repeating: "a|", count: 4000) + "\n|" + String(repeating: "-|", count: 4000) + "\n"
        + String(repeating: "|x|\n", count: 2000), "a table of 4000 columns and 2000 rows"
    ),
    ("directives", String(repeating: "<<value convergence.score>> ", count: 30_000), "more than 20000 directives"),
    ("faults in one line", String(repeating: "<<value nothing.score>> ", count: 15_000), "15000 errors"),
    ("nested", String(repeating: "<<value ", count: 50_000), ""),
    ("headings", String(repeating: "# a\n\n", count: 10_000), ""),
  ])
  func aSmallTemplateCostsLittle(name: String, text: String, message: String) throws {
    let book = try BookFolder()
    try book.write(text, to: "book/t.md")
    let started = Date()
    let outcome = try Program.run(["check", "book/t.md", "--book", "book"], in: book.path)
    #expect([0, 2].contains(outcome.status), "\(name): \(outcome.status)")
    #expect(message.isEmpty || outcome.errors.contains(message), "\(outcome.errors.prefix(300))")
    #expect(Date().timeIntervalSince(started) < 20, "\(name)")
  }

  @Test func aHeaderOfAHundredMegabytesIsRefusedUnread() throws {
    let book = try BookFolder()
    try FileManager.default.copyItem(
      atPath: ProjectRoot.asset("models/atlas-gpt2"), toPath: book.path + "/model")
    try book.write("models: {small: {path: ../model}}\n", to: "book/layerbook.yaml")
    try book.remove("model/model.safetensors")
    var length = UInt64(100_000_000).littleEndian
    let bytes = withUnsafeBytes(of: &length) { Array($0) } + [UInt8](repeating: 0x20, count: 1000)
    try book.write(bytes, to: "model/model.safetensors")
    let outcome = try Program.run(["forward", "--model", "small", "--book", "book", "x", "--out", "o"], in: book.path)
    #expect(outcome.status == 1)
    #expect(outcome.errors.contains("at most 16000000 are allowed"), "\(outcome.errors)")
  }

  @Test func anImageIsNeverFetchedAndAnAbsentModelIsNamedOnce() throws {
    let book = try BookFolder()
    let outcome = try book.render(
      "![x](https://example.org/x.png)\n\n![y](y.png)\n\n"
        + String(repeating: "<<convergence llama-1b>>\n\n", count: 9))
    #expect(outcome.status == 2)
    #expect(outcome.errors.contains("t.md:1:1: error: the image 'https://example.org/x.png' stands on another machine"))
    #expect(outcome.errors.contains("t.md:3:6: error: no file 'y.png'"))
    #expect(outcome.errors.split(separator: "\n").count { $0.contains("error: model 'llama-1b'") } == 1)
    #expect(outcome.errors.contains("hint: the same at book/t.md:7:1, book/t.md:9:1"), "\(outcome.errors)")
  }
}
