import Foundation
import JSONText
import Testing

@Suite struct PlanCommandTests {
  @Test func missingResultsAndWhatTheyRestOn() throws {
    let book = try BookFolder()
    try book.write(SmallReport.template(20), to: "book/t.md")
    // A second template that shows one of the results, and a third directive of the first one's states.
    try book.write("<<heatmap r2 mean n=40 solver=ridge>>\n\n<<redundancy self n=40 solver=ridge>>\n", to: "book/u.md")
    let outcome = try book.run("plan", "--book", "book")
    #expect(outcome.status == 0 && outcome.errors == "", "\(outcome.errors)")
    let lines = try WorkLine.all(outcome.output)
    #expect(try book.run("plan", "--book", "book").output == outcome.output)
    #expect(Set(lines.map(\.key)).count == lines.count)
    let results = lines.filter { $0.part == nil }
    #expect(
      results.map { $0.directive.prefix { $0 != " " } }.sorted() == ["<<convergence", "<<heatmap", "<<redundancy"])
    // One capture for both that fit, and the regressions out of each of the eight depths for both as well.
    let states = try #require(lines.first { $0.part == "states of 40 texts, position last" })
    let fits = lines.filter { $0.part?.hasPrefix("regressions ") ?? false }
    #expect(lines.count == results.count + 1 + fits.count && fits.count == 8)
    #expect(states.waits == [] && fits.allSatisfy { $0.waits == [states.key] })
    for result in results.filter({ !$0.directive.hasPrefix("<<convergence") }) {
      #expect(result.waits == (fits.map(\.key) + [states.key]).sorted())
    }
    // What is waited for stands above.
    var seen: Set<String> = []
    for line in lines {
      #expect(seen.isSuperset(of: line.waits), "\(line.json)")
      seen.insert(line.key)
      #expect(line.seconds > 0 && line.seconds < 60, "\(line.json)")
    }
    // Nothing was run.
    #expect(book.entries() == [])
    let asked = try JSON.parse(Array(try book.ask("<<convergence n=20>>").output.utf8))
    let line = try #require(results.first { $0.directive.hasPrefix("<<convergence") })
    #expect(line.json["inputs"]?["model"] == asked["model"] && line.json["inputs"]?["dataset"] == asked["dataset"])
    #expect(line.json["directive"] == asked["directive"])
    #expect(line.json["template"]?.stringValue?.hasSuffix("book/t.md") ?? false && line.json["line"] == 4)
  }

  @Test func aCorpusInShards() throws {
    let book = try BookFolder()
    let cut = ["convergence", "lambada", "wikitext", "lens kl", "memory agreement", "memory cases"]
    try book.write(
      cut.map { "<<\($0) n=600>>\n\n" }.joined() + "<<lens transfer fit=50>>\n\n<<lens kl \"The sky\">>\n",
      to: "book/t.md")
    #expect(try book.plan().count == cut.count + 2)
    let lines = try book.plan("--shards", "3")
    #expect(lines.count == 4 * cut.count + 2)
    for name in cut {
      let own = lines.filter { $0.directive.hasPrefix("<<" + name) }
      let shards = own.filter { $0.part?.hasPrefix("shard ") ?? false }
      #expect(shards.count == 3, "\(name)")
      let result = try #require(own.first { $0.part == nil && $0.directive.contains("n=600") })
      #expect(result.waits == shards.map(\.key).sorted() && result.json["whole"] == nil, "\(name)")
    }
    #expect(lines.allSatisfy { $0.json["shards"] == 3 })
    // What cannot be cut says so; what brings its own text has nothing to cut.
    let other = try #require(lines.first { $0.directive.hasPrefix("<<lens transfer") })
    #expect(other.waits == [] && other.json["whole"]?.stringValue != nil)
    let sky = try #require(lines.first { $0.directive.contains("The sky") })
    #expect(sky.waits == [] && sky.json["whole"] == nil)
    for bad in ["0", "-1", "x"] { #expect(try book.run("plan", "book/t.md", "--shards=\(bad)").status == 2) }
  }

  @Test func whatStandsUnderAConditionIsPlannedWhenItIsDecided() throws {
    let book = try BookFolder()
    try book.write(
      """
      <<value convergence.score gpt n=8>>

      <<if convergence.score gpt n=8 > 0.5>>

      <<convergence llama n=9>>

      <<else>>

      <<convergence bert n=9>>

      <<end>>

      """, to: "book/t.md")
    let outcome = try book.run("plan", "book/t.md")
    #expect(outcome.status == 0)
    let lines = try WorkLine.all(outcome.output)
    try #require(lines.count == 1, "\(outcome.errors)")
    #expect(lines[0].json["decides"]?.arrayValue?.compactMap(\.stringValue) == ["book/t.md:3"])
    #expect(
      outcome.errors == "note: book/t.md:3: <<if>> is decided by a result of this plan; plan again once it is there\n")
    #expect(try book.run("compute", "--book", "book", lines[0].key).status == 0)
    let next = try book.plan()
    try #require(next.count == 1)
    #expect(next[0].json["decides"] == nil)
    let score = try JSON.parse(Array(try book.ask("<<convergence gpt n=8>>").output.utf8))["result"]?["score"]?
      .doubleValue
    #expect(next[0].directive.hasPrefix(try #require(score) > 0.5 ? "<<convergence llama " : "<<convergence bert "))
    #expect(try book.run("compute", "--book", "book", String(next[0].key.prefix(12))).status == 0)
    #expect(try book.plan().isEmpty)
    #expect(try book.frozenPage() != nil)
  }

  @Test func faultsOfTemplatesAndOfTheWorld() throws {
    let book = try BookFolder()
    try book.write("<<convergense n=8>>\n", to: "book/t.md")
    let wrong = try book.run("plan", "book/t.md")
    #expect(wrong.status == 2 && wrong.output == "" && wrong.errors.contains("'convergence'"), "\(wrong.errors)")
    try book.write("<<convergence n=8>>\n\n<<convergence llama-1b n=8>>\n", to: "book/t.md")
    let absent = try book.run("plan", "book/t.md")
    #expect(absent.status == 1 && absent.errors.contains("book/t.md:3:") && absent.errors.contains("hf download"))
    #expect(try WorkLine.all(absent.output).count == 1)
    try book.write("<<convergence n=8>>\n", to: "book/t.md")
    let homeless = try book.run("plan", "book/t.md", "--store", "none")
    #expect(homeless.status == 2 && homeless.errors.contains("--store none"))
    #expect(try book.run("plan", "--help").output.contains("layerbook plan reports/convergence.md --shards 8"))
  }
}
