import Foundation
import JSONText
import TestSupport
import Testing
import Tokenizers

/// Random texts in many scripts through tokenizers of every kind of model, with the ids and the decoded text of the
/// reference implementation (`Tests/Generators/tokenizer_models.py`).
struct RandomTextTests {
  @Test func idsAndTextsEqualTheRecordedOnes() throws {
    let url = URL(fileURLWithPath: ProjectRoot.fixture("tokenizers/models.json"))
    let file = try JSON.parse([UInt8](try Data(contentsOf: url)))
    let texts = try #require(file["texts"]?.arrayValue).compactMap(\.stringValue)
    let models = try #require(file["models"]?.arrayValue)
    let records = try #require(file["tokenizers"]?.arrayValue)
    #expect(records.count >= 60 && texts.count >= 100)
    for record in records {
      let name = record["name"]?.stringValue ?? ""
      var parts = try #require(record["parts"]?.objectValue)
      parts["model"] = models[try #require(record["model"]?.intValue)]
      let bytes = Array(JSON.write(.object(parts)).utf8)
      let tokenizer = try Tokenizer(tokenizerFile: bytes, path: name)
      let expected = try #require(record["ids"]?.arrayValue)
      #expect(expected.count == texts.count)
      for (text, ids) in zip(texts, expected) {
        let ids = ids.arrayValue?.compactMap(\.intValue)
        #expect(try tokenizer.encode(text) == ids, "\(name): \(text.debugDescription)")
      }
      for (ids, decoded) in zip(expected, record["decoded"]?.arrayValue ?? []) {
        let ids = ids.arrayValue?.compactMap(\.intValue) ?? []
        #expect(try JSONValue.string(tokenizer.decode(ids)) == decoded, "\(name): \(ids)")
      }
    }
  }

  static let comparison = ProcessInfo.processInfo.environment["LAYERBOOK_TOKENIZER_CASES"]

  /// The same on as many texts as the generator was told to make; they are too large for the repository.
  @Test(.enabled(if: comparison != nil))
  func idsAndTextsEqualTheReferenceOnManyTexts() throws {
    let folder = Self.comparison ?? ""
    let names = try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasSuffix(".jsonl") }.sorted()
    #expect(names.count >= 60)
    for name in names {
      let stem = folder + "/" + name.dropLast(6)
      let tokenizer = try Tokenizer(tokenizerFile: try read(stem + ".json"), path: name)
      let wrong = try read(stem + ".jsonl").split(separator: UInt8(ascii: "\n")).filter { line in
        let record = try JSON.parse(Array(line))
        let ids = try #require(record["ids"]?.arrayValue).compactMap(\.intValue)
        guard try tokenizer.encode(try #require(record["text"]?.stringValue)) == ids else { return true }
        return try record["decoded"].map { try $0 != .string(tokenizer.decode(ids)) } ?? false
      }
      let first = wrong.first.map { String(decoding: $0, as: UTF8.self) } ?? ""
      #expect(wrong.isEmpty, "\(name): \(wrong.count) differ, first \(first)")
    }
  }

  private func read(_ path: String) throws -> [UInt8] { [UInt8](try Data(contentsOf: URL(fileURLWithPath: path))) }
}
