import Blocks
import Files
import JSONText
import TestSupport
import Testing

/// Files of facts that are wrong, and facts that cannot be asked for: found before anything runs, or said in the result.
@Suite struct KnowledgeFaultTests {
  private static let good = """
    {"id": "capital/France", "relation": "capital", "subject": "France", "answer": "Paris", "prompts": \
    ["The capital of France is", "The government of France sits in", "Ministers of France live in"]}
    """
  private static let severalTokens = """
    {"id": "capital/Cambodia", "relation": "capital", "subject": "Cambodia", "answer": "Phnom Penh", "prompts": \
    ["The capital of Cambodia is", "The government of Cambodia sits in", "Ministers of Cambodia live in"]}
    """

  private func asker(_ lines: [String], model: String = "atlas-llama") throws -> FactsAsker {
    try FactsAsker(model: ProjectRoot.asset("models/\(model)"), lines: lines)
  }

  @Test(arguments: ["id", "relation", "subject", "answer", "prompts"]) func aMissingMember(_ name: String) throws {
    let line = Self.good.replacing("\"\(name)\"", with: "\"other\"")
    let found = try #require(try asker([Self.good, line]).misfit("<<knowledge stats>>"))
    #expect(found.message.contains("line 2") && found.message.contains("'\(name)'"), "\(found.message)")
    #expect(found.part == .dataset)
  }

  @Test func aSecondFactOfOneName() throws {
    let found = try #require(try asker([Self.good, Self.good]).misfit("<<knowledge stats>>"))
    #expect(found.message.contains("a second time, after line 1"))
  }

  @Test func namesThatAreNotThere() throws {
    let asker = try asker([Self.good])
    let fact = try #require(try asker.misfit("<<knowledge neurons \"capital/Frence\">>"))
    #expect(fact.hint == "did you mean 'capital/France'?")
    #expect(fact.part == .setting("fact"))
    #expect(try asker.misfit("<<knowledge erase \"capitol\">>")?.hint == "did you mean 'capital'?")
    #expect(try asker.misfit("<<knowledge stats relations=capitol>>")?.part == .setting("relations"))
    #expect(try asker.misfit("<<knowledge attribution \"capital/France\" prompt=3>>")?.part == .setting("prompt"))
    #expect(try asker.misfit("<<knowledge attribution \"capital/France\" prompt=2>>") == nil)
    #expect(try asker.misfit("<<knowledge attribution \"Any words at all\">>") == nil)
  }

  @Test(arguments: [
    ("fact,texts\ncapital/France,x\n", "'texts'"), ("fact,texts\ncapital/France,-1\n", "no whole number from 0"),
    ("fact,texts\ncapital/France,1\ncapital/France,2\n", "line 3: the fact stands here twice"),
    ("fact,number\ncapital/France,1\n", "has no column 'texts'"),
  ])
  func countsThatCannotBeRead(table: String, message: String) throws {
    let folder = try TemporaryDirectory()
    try AtomicFile.write(Array(table.utf8), to: folder.path + "/counts.csv")
    let found = try #require(try asker([Self.good]).misfit("<<knowledge seen counts=\(folder.path)/counts.csv>>"))
    #expect(found.message.contains(message) && found.part == .setting("counts"), "\(found.message)")
  }

  @Test func countsComeFromATable() throws {
    let folder = try TemporaryDirectory()
    try AtomicFile.write(Array("fact,texts\ncapital/France,31\n".utf8), to: folder.path + "/counts.csv")
    let found = try asker([Self.good]).result("<<knowledge seen most=20 counts=\(folder.path)/counts.csv>>")
    #expect(found["facts"]?[0]?["texts"]?.intValue == 31 && found["texts"]?.isNull == true)
    // Of one fact no correlation could be told from chance.
    #expect(found["chance"]?.isNull == true && found["correlation"]?["probability"]?.isNull == true)
    try AtomicFile.write(Array("fact,texts\ncapital/Spain,31\n".utf8), to: folder.path + "/counts.csv")
    #expect {
      _ = try asker([Self.good]).result("<<knowledge seen most=20 counts=\(folder.path)/counts.csv>>")
    } throws: { "\($0)".contains("has no row for 'capital/France'") }
  }

  /// A decoder is forced along the tokens of an answer; a masked model has one place, and says what it leaves out.
  @Test func answersOfSeveralTokens() throws {
    let decoder = try asker([Self.good, Self.severalTokens])
    #expect(try decoder.misfit("<<knowledge neurons \"capital/Cambodia\">>") == nil)
    let found = try decoder.result("<<knowledge attribution \"capital/Cambodia\" most=20>>")
    #expect((found["answer"]?.arrayValue?.count ?? 0) > 1)
    let masked = try asker([Self.good, Self.severalTokens], model: "atlas-bert")
    #expect(try masked.misfit("<<knowledge neurons \"capital/Cambodia\">>")?.message.contains("several tokens") == true)
    let stats = try masked.result("<<knowledge stats most=20>>")
    #expect(stats["omitted"]?[0]?["fact"]?.stringValue == "capital/Cambodia")
    #expect(stats["omitted"]?[0]?["reason"]?.stringValue == "tokens")
    // One fact is left: two of them share nothing that could be said.
    #expect(stats["shared_within"]?["knowledge"]?.isNull == true)
    #expect(stats["relations"]?[0]?["facts"]?.intValue == 1)
  }

  @Test func anAnswerOutsideTheVocabulary() throws {
    let line = Self.good.replacing("Paris", with: "🜚")
    let asker = try asker([line], model: "atlas-bert")
    #expect(try asker.misfit("<<knowledge neurons \"capital/France\">>")?.message.contains("vocabulary") == true)
    #expect(try asker.failure("<<knowledge stats most=20>>")?.message.contains("vocabulary") == true)
  }

  /// The gap of a template may stand anywhere for a masked model, at the end for a decoder.
  @Test func gapsOfTemplates() throws {
    let line = """
      {"id": "a", "relation": "capital", "subject": "France", "answer": "Paris", "prompts": \
      ["[MASK] is the capital of France.", "The capital of France is [MASK].", "In France, the parliament meets in [MASK] ."]}
      """
    let masked = try asker([line], model: "atlas-bert").result("<<knowledge attribution \"a\" most=20>>")
    #expect(masked["prompt"]?.stringValue == "[MASK] is the capital of France.")
    let decoder = try asker([line])
    #expect(try decoder.misfit("<<knowledge neurons \"a\">>")?.message.contains("end") == true)
    let written = try decoder.result("<<knowledge attribution \"a\" prompt=1 most=20>>")
    let plain = try decoder.result(
      "<<knowledge attribution \"The capital of France is\" target=\" Paris\" most=20>>")
    #expect(written["probability"] == plain["probability"])
    #expect(try decoder.failure("<<knowledge attribution \"a\" most=20>>")?.message.contains("end") == true)
  }

  @Test func theModelsOwnAnswer() throws {
    let found = try asker([Self.good]).result("<<knowledge attribution \"The capital of France is\" most=20>>")
    #expect(found["answer"]?[0]?.stringValue == " Paris")
  }
}
