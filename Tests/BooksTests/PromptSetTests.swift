import Books
import Files
import TestSupport
import Testing

/// Prompts with answers, one JSON object a line.
@Suite struct PromptSetTests {
  private func read(_ text: String, _ change: (inout DatasetEntry) -> Void = { _ in }) throws -> [PromptSet.Prompt] {
    let folder = try TemporaryDirectory()
    let path = folder.path + "/prompts.jsonl"
    try AtomicFile.write(Array(text.utf8), to: path)
    var entry = DatasetEntry(name: "prompts", path: path)
    change(&entry)
    return try PromptSet(reading: entry).prompts
  }

  @Test func aPromptOrTheFirstOfSeveral() throws {
    let prompts = try read(
      """
      {"prompt": "The capital of France is", "answer": "Paris"}

      {"prompts": ["Ministers of Italy live in", "Rome?"], "answer": "Rome", "relation": "capital"}
      """)
    #expect(prompts.map(\.text) == ["The capital of France is", "Ministers of Italy live in"])
    #expect(prompts.map(\.answer) == ["Paris", "Rome"])
  }

  @Test func theEntryShufflesAndCuts() throws {
    let text = (0..<20).map { "{\"prompt\": \"\($0)\", \"answer\": \"a\"}" }.joined(separator: "\n")
    let shuffled = try read(text) { $0.shuffle = 7 }
    #expect(Set(shuffled.map(\.text)).count == 20 && shuffled.map(\.text) != (0..<20).map { "\($0)" })
    #expect(try read(text) { ($0.shuffle, $0.take) = (7, 5) } == Array(shuffled.prefix(5)))
  }

  @Test func whatIsNoPromptIsNamedWithItsLine() throws {
    for (text, message) in [
      ("{\"prompt\": \"a\", \"answer\": \"b\"}\n{\"prompt\": \"a\"}", "line 2"),
      ("{\"prompts\": [], \"answer\": \"b\"}", "line 1"),
      ("\"a text\"", "line 1"), ("{\"prompt\"", "is not JSON"),
    ] {
      let error = #expect(throws: BookError.self) { try read(text) }
      #expect(error?.message.contains(message) == true, "\(text): \(error?.message ?? "")")
    }
    let error = #expect(throws: BookError.self) { try read("a\n") { $0.format = .lines } }
    #expect(error?.message.contains("read as lines") == true)
  }
}
