import AtlasCorpus
import Files
import TestSupport
import Testing

@Suite struct AtlasCorpusTests {
  private func world() throws -> AtlasWorld {
    try AtlasWorld(facts: String(decoding: readFile(ProjectRoot.asset("texts/facts.jsonl")), as: UTF8.self))
  }

  private func embedded() throws -> [String] {
    String(decoding: try readFile(ProjectRoot.asset("texts/atlas.txt")), as: UTF8.self).split(separator: "\n")
      .map(String.init)
  }

  /// The words between two spaces, their marks left out.
  private func words(_ texts: [String]) -> Set<String> {
    Set(texts.flatMap { $0.split { !$0.isLetter && !$0.isNumber }.map(String.init) })
  }

  @Test func itIsTheCorpusOfTheEmbeddedTexts() throws {
    let texts = AtlasCorpus(try world(), seed: 1).texts(20_000)
    let (own, others) = (words(texts), words(try embedded()))
    #expect(others.subtracting(own) == [], "words of the embedded texts that it never writes")
    // Few of them begin a sentence with every element.
    let foreign = own.subtracting(others).filter { !others.contains($0.lowercased()) }
    #expect(foreign == [], "words that the embedded texts do not have")
    // As long, on average, as they are.
    func mean(_ texts: [String]) -> Double { Double(texts.reduce(0) { $0 + $1.count }) / Double(texts.count) }
    #expect(abs(mean(texts) / mean(try embedded()) - 1) < 0.1)
    // Every sentence of facts that is judged could have been read.
    let sentences = Set(texts.flatMap { $0.split(separator: ". ").map { $0.hasSuffix(".") ? $0.dropLast() : $0 } })
    let judged = try embedded().flatMap { $0.split(separator: ". ").map { $0.hasSuffix(".") ? $0.dropLast() : $0 } }
    let seen = judged.count { sentences.contains($0) }
    #expect(Double(seen) / Double(judged.count) > 0.7, "\(seen) of \(judged.count)")
  }

  @Test func noKindOfTextIsHeldOut() throws {
    let embedded = try embedded()
    let texts = AtlasCorpus(try world(), seed: 1).texts(20_000, without: Set(embedded))
    #expect(words(embedded).subtracting(words(texts)) == [], "words that only texts have by which models are judged")
    let shared = Set(texts).intersection(embedded)
    #expect(shared.count <= 16)
    #expect(shared.allSatisfy { $0.hasPrefix("They counted ") }, "\(shared.first ?? "")")
  }

  @Test func aSeedIsACorpus() throws {
    let world = try world()
    #expect(AtlasCorpus(world, seed: 1).texts(50) == AtlasCorpus(world, seed: 1).texts(50))
    #expect(AtlasCorpus(world, seed: 1).texts(50) != AtlasCorpus(world, seed: 2).texts(50))
    #expect(Array(AtlasCorpus(world, seed: 1).texts(500).prefix(50)) == AtlasCorpus(world, seed: 1).texts(50))
    let first = AtlasCorpus(world, seed: 1).texts(1)
    #expect(!AtlasCorpus(world, seed: 1).texts(500, without: Set(first)).contains(first[0]))
  }

  @Test(arguments: [
    ("{\"relation\": \"capital\"}", "line 1 is no fact"), ("x", "line 1 is no fact"), ("", "no countries"),
    ("{\"relation\": \"river\", \"subject\": \"A\", \"answer\": \"B\"}", "the relation 'river'"),
    ("{\"relation\": \"capital\", \"subject\": \"A\", \"answer\": \"B\"}", "A lacks its"),
  ])
  func factsThatMakeNoWorldAreRefused(_ facts: String, _ message: String) {
    #expect { try AtlasWorld(facts: facts) } throws: { "\($0)".contains(message) }
  }
}
