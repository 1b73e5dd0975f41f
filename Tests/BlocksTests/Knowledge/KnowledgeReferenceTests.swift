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
    let updates: [JSONValue]
    let erase: JSONValue?
    let relation: String
    let asker: FactsAsker

    init(model: String, reference path: String, relation: String, isAlone: Bool = false) throws {
      let whole = try JSON.parse(try readFile(path))
      json = isAlone ? whole : try #require(whole["relations"]?[relation])
      updates = (whole["update"]?.arrayValue ?? [whole["update"]].compactMap(\.self))
        .filter { $0["fact"]?.stringValue?.hasPrefix(relation + "/") ?? false }
      erase = isAlone ? whole["erase"] : whole["erase"]?[relation]
      self.relation = relation
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
      model: "atlas-llama", reference: ProjectRoot.fixture("knowledge/atlas-llama.json"), relation: "capital",
      isAlone: true)
    #expect(one.updates.count == 1 && one.erase != nil)
    try Self.check(one, facts: 3)
    for update in one.updates { try Self.check(update, one) }
    try Self.checkErase(one)
  }

  /// All refined sets, effects, updates and erasures that there are.
  @Test(
    .enabled(if: SharedMaterial.isPresent), arguments: ["atlas-bert", "atlas-llama", "atlas-gpt2"],
    ["capital", "continent", "language", "currency"])
  func everyRelationOfEveryModel(_ model: String, _ relation: String) throws {
    let one = try Case(
      model: model, reference: SharedMaterial.path("reference/\(model)/knowledge.json"), relation: relation)
    try Self.check(one, facts: 16)
    for update in one.updates { try Self.check(update, one) }
    try Self.checkErase(one)
  }

  private static func check(_ update: JSONValue, _ one: Case) throws {
    let (fact, target) = (
      try #require(update["fact"]?.stringValue), try #require(update["new_answer"]?.stringValue)
    )
    let found = try one.asker.result("<<knowledge update \"\(fact)\" \"\(target)\" n=16 most=20>>")
    #expect(Set((found["neurons"]?.arrayValue ?? []).compactMap(\.stringValue)) == Self.units(update["neurons"]))
    for (member, reference) in [("before", "before"), ("after", "after_signed")] {
      let (own, theirs) = (found[member], update[reference])
      try Self.isClose(own?["probability"]?.doubleValue, theirs?["p_new"], "p new, \(member)")
      try Self.isClose(own?["probability_old"]?.doubleValue, theirs?["p_old"], "p old, \(member)")
      try Self.isClose(own?["success"]?.doubleValue, theirs?["success"], "success, \(member)")
      try Self.isClose(own?["changed"]?.doubleValue, theirs?["changed"], "changed, \(member)")
      #expect(own?["rank"]?.intValue == theirs?["rank_new"]?.intValue)
    }
  }

  private static func checkErase(_ one: Case) throws {
    let erased = try one.asker.result("<<knowledge erase \"\(one.relation)\" n=16 most=20>>")
    let erase = try #require(one.erase)
    #expect(Set((erased["neurons"]?.arrayValue ?? []).compactMap(\.stringValue)) == Self.units(erase["neurons"]))
    for member in ["before", "after"] {
      try Self.isClose(erased[member]?["perplexity_same"]?.doubleValue, erase[member]?["own_ppl"], "ppl, \(member)")
      try Self.isClose(erased[member]?["success"]?.doubleValue, erase[member]?["own_accuracy"], "right, \(member)")
    }
  }

  private static func check(_ one: Case, facts: Int) throws {
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
    for fact in try #require(json["facts"]?.arrayValue).prefix(facts) {
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
