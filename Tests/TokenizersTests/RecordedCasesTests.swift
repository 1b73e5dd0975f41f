import Foundation
import JSONText
import TestSupport
import Testing
import Tokenizers

/// Nasty texts in many scripts, with the ids and the decoded text of the reference implementation, for the committed
/// tokenizers and for small ones made for one component each (`Tests/Generators/tokenizer_cases.py`).
struct RecordedCasesTests {
  private struct Case {
    let name: String
    let tokenizer: Tokenizer
    let ids: [JSONValue]
    let decoded: [JSONValue]
  }

  private static func load() throws -> (texts: [String], cases: [Case]) {
    let url = URL(fileURLWithPath: ProjectRoot.fixture("tokenizers/cases.json"))
    let file = try JSON.parse([UInt8](try Data(contentsOf: url)))
    let texts = try #require(file["texts"]?.arrayValue).compactMap(\.stringValue)
    let cases = try #require(file["tokenizers"]?.arrayValue).map { record in
      let tokenizer: Tokenizer
      if let folder = record["folder"]?.stringValue {
        tokenizer = try Tokenizer.load(directory: ProjectRoot.path + "/" + folder)
      } else {
        let bytes = Array(JSON.write(try #require(record["file"])).utf8)
        tokenizer = try Tokenizer(tokenizerFile: bytes, path: "recorded")
      }
      return Case(
        name: record["name"]?.stringValue ?? "", tokenizer: tokenizer,
        ids: try #require(record["ids"]?.arrayValue), decoded: try #require(record["decoded"]?.arrayValue))
    }
    return (texts, cases)
  }

  @Test func idsAndTextsEqualTheRecordedOnes() throws {
    let (texts, cases) = try Self.load()
    #expect(cases.count >= 30)
    for one in cases {
      #expect(one.ids.count == texts.count)
      for (index, text) in texts.enumerated() {
        let expected = one.ids[index].arrayValue?.compactMap(\.intValue)
        #expect(try one.tokenizer.encode(text) == expected, "\(one.name): \(text.debugDescription)")
        let decoded = try one.tokenizer.decode(expected ?? [], skipSpecialTokens: true)
        #expect(
          one.decoded[index] == .string(decoded), "\(one.name): \(text.debugDescription), decoded as \(decoded)")
      }
    }
  }

  /// The first and the hundredth call, and calls at the same time, must not see each other's working memory.
  @Test func callsDoNotDisturbEachOther() async throws {
    let (texts, cases) = try Self.load()
    let tokenizer = cases[0].tokenizer
    let expected = try texts.map { try tokenizer.encode($0) }
    await withTaskGroup(of: Bool.self) { group in
      for _ in 0..<8 {
        group.addTask { (0..<20).allSatisfy { _ in (try? texts.map { try tokenizer.encode($0) }) == expected } }
      }
      for await isEqual in group { #expect(isEqual) }
    }
  }

  @Test(arguments: ["atlas-llama", "atlas-gpt2"])
  func byteLevelTokenizersReturnTheTextTheyWereGiven(name: String) throws {
    let tokenizer = try Tokenizer.load(directory: ProjectRoot.asset("models/" + name))
    let url = URL(fileURLWithPath: ProjectRoot.asset("texts/atlas.txt"))
    let text = try String(contentsOf: url, encoding: .utf8)
    let ids = try tokenizer.encode(text)
    #expect(try tokenizer.decode(ids, skipSpecialTokens: true) == text)
    #expect(ids.allSatisfy { $0 < tokenizer.vocabularySize })
  }

  @Test func bytesThatAreNotUTF8AreTakenForReplacementCharacters() throws {
    let tokenizer = try Tokenizer.load(directory: ProjectRoot.fixture("gpt2"))
    #expect(try tokenizer.encode(utf8: [0x61, 0xFF, 0x62]) == tokenizer.encode("a\u{FFFD}b"))
    #expect(try tokenizer.encode(utf8: [0xF0, 0x9F, 0x98]) == tokenizer.encode("\u{FFFD}"))
    #expect(try tokenizer.encode(utf8: Array("é".utf8)) == tokenizer.encode("é"))
  }
}
