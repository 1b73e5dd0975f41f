import Blocks
import Books
import Files
import JSONText
import TestSupport
import Testing

/// The facts of one relation through the directives, against float64 values of an independent program.
@Suite struct KnowledgeReferenceTests {
  /// One relation of one model.
  private struct Case {
    let json: JSONValue
    let asker: FactsAsker

    init(model: String, reference path: String, relation: String?) throws {
      let whole = try JSON.parse(try readFile(path))
      json = try relation.map { try #require(whole["relations"]?[$0]) } ?? whole
      let ids = try #require(json["facts"]?.arrayValue).compactMap { $0["fact"]?.stringValue }
      let lines = try String(decoding: readFile(ProjectRoot.asset("texts/facts.jsonl")), as: UTF8.self)
        .split(separator: "\n").map(String.init)
      let byID = Dictionary(
        uniqueKeysWithValues: try lines.map { (try #require(JSON.parse(Array($0.utf8))["id"]?.stringValue), $0) })
      asker = try FactsAsker(model: ProjectRoot.referenceModel(model), lines: ids.compactMap { byID[$0] })
    }
  }

  private static func units(_ json: JSONValue?) -> Set<String> {
    Set((json?.arrayValue ?? []).map { "L\($0[0]?.intValue ?? -1).N\($0[1]?.intValue ?? -1)" })
  }

  private static func isClose(_ found: Double?, _ expected: JSONValue?, _ what: Comment, _ tolerance: Double = 1e-4)
    throws
  {
    let expected = try #require(expected?.doubleValue)
    let found = try #require(found)
    #expect(abs(found - expected) <= tolerance * max(1, abs(expected)), "\(what): \(found), expected \(expected)")
  }

  @Test func theRelationOfTheFixture() throws {
    let one = try Case(
      model: "atlas-llama", reference: ProjectRoot.fixture("knowledge/atlas-llama.json"), relation: nil)
    try Self.check(one)
    let update = try #require(one.json["update"])
    let found = try one.asker.result(
      "<<knowledge update \"capital/France\" \"\(update["new_answer"]?.stringValue ?? "")\" n=16 most=20>>")
    #expect(Set((found["neurons"]?.arrayValue ?? []).compactMap(\.stringValue)) == Self.units(update["neurons"]))
    for (member, reference) in [("before", "before"), ("after", "after_signed")] {
      let (own, theirs) = (found[member], update[reference])
      try Self.isClose(own?["probability"]?.doubleValue, theirs?["p_new"], "p new, \(member)")
      try Self.isClose(own?["probability_old"]?.doubleValue, theirs?["p_old"], "p old, \(member)")
      try Self.isClose(own?["success"]?.doubleValue, theirs?["success"], "success, \(member)")
      try Self.isClose(own?["changed"]?.doubleValue, theirs?["changed"], "changed, \(member)")
      #expect(own?["rank"]?.intValue == theirs?["rank_new"]?.intValue)
    }
    let erased = try one.asker.result("<<knowledge erase \"capital\" n=16 most=20>>")
    let erase = try #require(one.json["erase"])
    #expect(Set((erased["neurons"]?.arrayValue ?? []).compactMap(\.stringValue)) == Self.units(erase["neurons"]))
    for member in ["before", "after"] {
      try Self.isClose(erased[member]?["perplexity_same"]?.doubleValue, erase[member]?["own_ppl"], "ppl, \(member)")
      try Self.isClose(erased[member]?["success"]?.doubleValue, erase[member]?["own_accuracy"], "right, \(member)")
    }
  }

  @Test(.enabled(if: SharedMaterial.isPresent)) func aRelationOfAMaskedModel() throws {
    try Self.check(
      Case(
        model: "atlas-bert", reference: SharedMaterial.path("reference/atlas-bert/knowledge.json"),
        relation: "language"))
  }

  private static func check(_ one: Case) throws {
    let (json, asker) = (one.json, one.asker)
    let stats = try asker.result("<<knowledge stats n=16 most=20>>")
    let relation = stats["relations"]?[0]
    try isClose(relation?["per_fact"]?["knowledge"]?.doubleValue, json["mean_neurons"], "neurons of a fact")
    try isClose(relation?["per_fact"]?["baseline"]?.doubleValue, json["baseline_mean_neurons"], "baseline")
    #expect(
      relation?["share_threshold"]?["knowledge"]?.doubleValue.map { Int((100 * $0).rounded()) } == json["p"]?.intValue)
    if json["shared_within"] != nil {
      try isClose(stats["shared_within"]?["knowledge"]?.doubleValue, json["shared_within"], "shared")
    }
    let layers = try #require(json["layer_histogram"]?.arrayValue).compactMap(\.doubleValue)
    let found = try asker.result("<<knowledge distribution n=16 most=20>>")
    for (block, count) in layers.enumerated() {
      let share = try #require(found["knowledge"]?[block]?.doubleValue)
      #expect(abs(share - count / layers.reduce(0, +)) < 1e-9)
    }
    for fact in try #require(json["facts"]?.arrayValue).prefix(3) {
      let id = try #require(fact["fact"]?.stringValue)
      let own = try asker.result("<<knowledge neurons \"\(id)\" n=16 most=20>>")
      #expect(Set((own["neurons"]?.arrayValue ?? []).compactMap { $0["unit"]?.stringValue }) == units(fact["neurons"]))
      #expect(Set((own["baseline"]?.arrayValue ?? []).compactMap(\.stringValue)) == units(fact["baseline"]))
    }
    for word in ["suppress", "amplify"] {
      let changed = try asker.result("<<knowledge \(word) n=16 most=20>>")["relations"]?[0]
      for (own, theirs) in [("change", "kn"), ("baseline", "baseline")] {
        let percent = try #require(json["effect_percent"]?[theirs]?[word]?.doubleValue)
        let share = try #require(changed?[own]?.doubleValue)
        #expect(abs(100 * share - percent) < 1e-2, "\(word), \(own): \(100 * share), expected \(percent)")
      }
      #expect(changed?["unrelated"]?.isNull == true, "there is no other relation here")
    }
  }
}
