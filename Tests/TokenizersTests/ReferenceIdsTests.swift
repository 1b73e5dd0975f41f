import Foundation
import JSONText
import TestSupport
import Testing
import Tokenizers

/// Ids recorded from the reference implementation, for every text of the fixtures and of the shared material.
struct ReferenceIdsTests {
  @Test(arguments: ["gpt2", "llama", "llama-tied", "qwen2", "bert"])
  func fixtures(name: String) throws {
    let directory = ProjectRoot.fixture(name)
    let tokenizer = try Tokenizer.load(directory: directory)
    let expected = try JSON.parse(try read(directory + "/expected.json"))
    let texts = try #require(expected["texts"]?.arrayValue).compactMap(\.stringValue)
    let recorded = try #require(expected["ids"]?.arrayValue)
    #expect(texts.count == recorded.count && texts.count >= 17)
    for (text, ids) in zip(texts, recorded) {
      let ids = try #require(ids.arrayValue).compactMap(\.intValue)
      #expect(try tokenizer.encode(text) == ids, "\(text)")
    }
  }

  @Test(
    .enabled(if: SharedMaterial.isPresent),
    arguments: ["tokenizers/gpt2", "tokenizers/llama3", "tokenizers/bert-base-uncased", "models/stories260K"])
  func sharedMaterial(name: String) throws {
    let directory = SharedMaterial.path(name)
    let tokenizer = try Tokenizer.load(directory: directory)
    let lines = try read(directory + "/expected.jsonl").split(separator: UInt8(ascii: "\n"))
    #expect(lines.count == 177)
    for line in lines {
      let record = try JSON.parse(Array(line))
      let text = try #require(record["text"]?.stringValue)
      let ids = try #require(record["ids"]?.arrayValue).compactMap(\.intValue)
      #expect(try tokenizer.encode(text) == ids, "\(text)")
    }
  }

  private func read(_ path: String) throws -> [UInt8] { [UInt8](try Data(contentsOf: URL(fileURLWithPath: path))) }
}
