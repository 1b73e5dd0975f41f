import Checkpoints
import Foundation
import JSONText
import TestSupport
import Testing

@Suite struct ModelCommandTests {
  static let fixtures = ["gpt2", "llama", "llama-tied", "qwen2", "bert"]

  @Test(arguments: fixtures)
  func forwardAgreesWithTheReference(name: String) throws {
    let folder = try TemporaryDirectory()
    let directory = ProjectRoot.fixture(name)
    let expected = try SafetensorsFile(path: directory + "/expected.safetensors")
    let texts = try Self.texts(of: name)
    for index in [0, 2, 3] {
      let outcome = try Program.run(
        ["forward", "--model", directory, "--out", "f", "--", texts[index]], in: folder.path)
      #expect(outcome.status == 0, "\(outcome.errors)")
      #expect(outcome.output == "")
      let found = try SafetensorsFile(path: folder.path + "/f")
      #expect(try found.int64s("ids") == expected.int64s("ids.\(index)"))
      for tensor in ["hidden", "logits"] {
        #expect(try found.shape(of: tensor) == expected.shape(of: "\(tensor).\(index)"))
        let (ours, theirs) = (try found.floats(tensor), try expected.floats("\(tensor).\(index)"))
        let largest = theirs.map(abs).max() ?? 0
        #expect((zip(ours, theirs).map { abs($0 - $1) }.max() ?? .infinity) < 1e-4 * largest)
      }
    }
  }

  @Test(arguments: fixtures)
  func tokenizeAgreesWithTheReference(name: String) throws {
    let folder = try TemporaryDirectory()
    let texts = try Self.texts(of: name)
    let lines = texts.map { JSON.write(["text": .string($0)]) + "\n" }.joined()
    try Data(lines.utf8).write(to: URL(fileURLWithPath: folder.path + "/texts.jsonl"))
    let directory = ProjectRoot.fixture(name)
    let outcome = try Program.run(["tokenize", "--model", directory, "--jsonl", "texts.jsonl"], in: folder.path)
    #expect(outcome.status == 0, "\(outcome.errors)")
    let found = outcome.output.split(separator: "\n").map(String.init)
    let expected = try JSON.parse(
      Array(try #require(FileManager.default.contents(atPath: directory + "/expected.json"))))
    #expect(found == expected["ids"]?.arrayValue?.map { JSON.write($0) })
    let single = try Program.run(["tokenize", "--model", directory, "--", texts[0]], in: folder.path)
    #expect(single.output == found[0] + "\n")
  }

  private static func texts(of name: String) throws -> [String] {
    let path = ProjectRoot.fixture(name + "/expected.json")
    let expected = try JSON.parse(Array(try #require(FileManager.default.contents(atPath: path))))
    return expected["texts"]?.arrayValue?.compactMap(\.stringValue) ?? []
  }

  @Test func whatCannotBeReadIsSaid() throws {
    let book = try BookFolder()
    try book.write("{\"text\": \"a\"}\n{\"txt\": \"b\"}\n", to: "t.jsonl")
    let field = try book.run("tokenize", "--model", "gpt", "--book", "book", "--jsonl", "t.jsonl")
    #expect(field.status == 1)
    #expect(field.errors.hasPrefix("error: dataset 't.jsonl': line 2 of 't.jsonl' has no text in field 'text'\n"))
    #expect(try book.run("tokenize", "--model", "gpt", "--book", "book").status == 2)
    let model = try book.run("forward", "--model", "nope", "--book", "book", "a", "--out", "f")
    #expect(model.status == 2)
    #expect(model.errors.hasPrefix("error: 'nope' is neither a model of the book nor a checkpoint folder\n"))
    let absent = try book.run("forward", "--model", "llama-1b", "--book", "book", "a", "--out", "f")
    #expect(absent.status == 1)
    #expect(absent.errors.contains("hint: get it with: hf download meta-llama/Llama-3.2-1B\n"))
    let nowhere = try book.run("forward", "--model", "gpt", "--book", "book", "a", "--out", "no/such/f")
    #expect(nowhere.status == 1)
    #expect(nowhere.errors.hasPrefix("error: "))
    #expect(book.bytes("f") == nil)
  }

  @Test func theModelsOfTheBookAreListed() throws {
    let outcome = try BookFolder().run("models", "--book", "book")
    #expect(outcome.status == 0)
    let rows = outcome.output.split(separator: "\n")
    #expect(rows.count == 7)
    #expect(rows[1].hasPrefix("gpt       GPT-2   8       128    1.9 M    F16"))
    #expect(outcome.output.contains("absent: get it with: hf download meta-llama/Llama-3.2-1B"))
  }
}
