import Analyses
import Files
import JSONText
import TestSupport
import Testing
import Transformers

/// Contributions against float64 values of an independent program.
@Suite struct ContributionReferenceTests {
  private static let tolerance = 1e-4

  /// A prompt with its reference values.
  private struct Case {
    let json: JSONValue
    let parts: PredictionParts

    init(_ model: Model, _ json: JSONValue) throws {
      self.json = json
      let ids = try #require(json["ids"]?.arrayValue).compactMap(\.intValue)
      parts = try PredictionParts(
        PromptTrace(model, ids), target: PredictionTarget(token: try #require(json["target"]?.intValue)))
    }

    func numbers(_ json: JSONValue?) throws -> [Double] { try #require(json?.arrayValue).compactMap(\.doubleValue) }
  }

  private static func cases(_ model: String, _ path: String) throws -> [Case] {
    let model = try Model.open(model)
    let json = try JSON.parse(try readFile(path))
    return try #require(json["prompts"]?.arrayValue).map { try Case(model, $0) }
  }

  private static func isClose(_ a: [Double], _ b: [Double], _ what: Comment) {
    #expect(a.count == b.count, what)
    for (a, b) in zip(a, b) { #expect(abs(a - b) < tolerance * max(1, abs(b)), what) }
  }

  /// Units as the reference writes them are ours, letter for letter.
  private static func check(_ units: [ScoredUnit], _ json: JSONValue?, score: String, _ what: Comment) throws {
    let wanted = try #require(json?.arrayValue)
    let found = Dictionary(uniqueKeysWithValues: units.map { ($0.unit.description, $0) })
    for entry in wanted {
      let name = try #require(entry["unit"]?.stringValue)
      let unit = try #require(found[name], "\(what) \(name)")
      #expect(abs(unit.score - (try #require(entry[score]?.doubleValue))) < tolerance, "\(what) \(name)")
      if let coefficient = entry["coefficient"]?.doubleValue {
        #expect(abs(unit.coefficient - coefficient) < tolerance * max(1, abs(coefficient)), "\(what) \(name)")
      }
    }
  }

  @Test(.enabled(if: SharedMaterial.isPresent), arguments: ["atlas-llama", "atlas-gpt2", "stories260K", "capp-gpt"])
  func agreesWithReference(name: String) throws {
    let cases = try Self.cases(
      SharedMaterial.path("models/\(name)"), SharedMaterial.path("reference/\(name)/residual.json"))
    for one in cases { try Self.check(one) }
  }

  /// The first prompt of atlas-llama, from the project's own copy.
  @Test func agreesWithFixture() throws {
    let cases = try Self.cases(
      ProjectRoot.asset("models/atlas-llama"), ProjectRoot.fixture("contributions/atlas-llama.json"))
    #expect(cases.count == 1)
    for one in cases { try Self.check(one) }
  }

  private static func check(_ one: Case) throws {
    try checkWhole(one)
    try checkHeads(one)
    try checkNeurons(one)
    try checkInfluence(one)
    try checkCurves(one)
    try checkZeroed(one)
  }

  private static func checkWhole(_ one: Case) throws {
    let (parts, json) = (one.parts, one.json)
    let isBest = json["rank"]?.intValue == 1
    #expect(
      try (PredictionParts(parts.trace).target.token == json["target"]?.intValue) == isBest, "the model's own best")
    let found = try parts.layers()
    isClose(found.attention, try one.numbers(json["layers"]?["attn"]), "attention")
    isClose(found.ffn, try one.numbers(json["layers"]?["ffn"]), "ffn")
    isClose(
      [found.start, found.end], [json["layers"]?["start"], json["layers"]?["end"]].compactMap { $0?.doubleValue },
      "ends")
    #expect(abs(try #require(found.remainder)) < 1e-10)
    var sums = ["embed": 0.0]
    for component in try #require(json["components"]?.arrayValue) {
      let label = try #require(component["label"]?.stringValue)
      sums[label == "pos_embed" ? "embed" : label, default: 0] += try #require(component["target"]?.doubleValue)
    }
    isClose([found.logits.embedding], [sums["embed"] ?? .nan], "embedding")
    for block in found.attention.indices {
      isClose([found.logits.attention[block]], [sums["\(block)_attn_out"] ?? .nan], "attention's logit")
      isClose([found.logits.ffn[block]], [sums["\(block)_mlp_out"] ?? .nan], "ffn's logit")
    }
    isClose([found.logits.total], [try #require(json["logit"]?.doubleValue)], "logit")
    isClose([found.logits.constant], [try #require(json["base"]?.doubleValue)], "constant")
    // Against the second token: the difference of logits, which adds up exactly.
    let contrast = try #require(json["contrast"]?.intValue)
    let pair = try PredictionParts(
      parts.trace, target: PredictionTarget(token: parts.target.token, contrast: contrast)
    ).layers()
    let whole = try #require(json["logit"]?.doubleValue) - (try #require(json["contrast_logit"]?.doubleValue))
    isClose([pair.logits.total, pair.end], [whole, whole], "contrast")
  }

  private static func checkHeads(_ one: Case) throws {
    let (parts, json) = (one.parts, one.json)
    let found = try parts.heads()
    for (block, row) in try #require(json["heads"]?["increase"]?.arrayValue).enumerated() {
      isClose(found.heads[block], try one.numbers(row), "heads \(block)")
      isClose(found.logits[block], try one.numbers(json["heads"]?["logit"]?[block]), "logits of heads \(block)")
    }
    let bias = try #require(json["heads"]?["bias_increase"]?.arrayValue).map(\.doubleValue)
    #expect(found.bias.map { $0 == nil } == bias.map { $0 == nil })
    isClose(found.bias.compactMap { $0 }, bias.compactMap { $0 }, "bias")
    isClose(found.remainder.compactMap { $0 }, try one.numbers(json["heads"]?["parts_minus_whole"]), "remainder")
    for position in try #require(json["positions"]?.arrayValue) {
      let unit = try #require(position["head"]?.stringValue).dropFirst().split(separator: ".H").compactMap { Int($0) }
      let found = try parts.positions(unit[0]..<unit[0] + 1, head: unit[1])
      isClose(found.contribution, try one.numbers(position["increase"]), "positions")
      isClose(found.attention, try one.numbers(position["weight"]), "weights")
      let whole = try #require(position["increase_of_head"]?.doubleValue)
      isClose([try #require(found.remainder)], [found.contribution.reduce(0, +) - whole], "remainder of positions")
    }
    try check(
      parts.attentionNeurons(top: 40).best, json["attention_neurons"], score: "increase", "attention neurons")
  }

  private static func checkNeurons(_ one: Case) throws {
    let (parts, json) = (one.parts, one.json)
    let all = try parts.neurons(top: 300, scoresAll: true)
    try check(all.best, json["neurons"]?["top"], score: "increase", "neurons")
    isClose(all.remainder.compactMap { $0 }, try one.numbers(json["neurons"]?["parts_minus_whole"]), "remainder")
    var histogram = [Double](repeating: 0, count: parts.trace.blocks.count)
    for unit in all.best { histogram[unit.unit.block] += 1 }
    let wanted = try one.numbers(json["neurons"]?["histogram300"])
    #expect(zip(histogram, wanted).reduce(0) { $0 + abs($1.0 - $1.1) } <= 2, "two units may change places at the end")
    #expect(all.scored == all.total)
    // The bound leaves units out and changes nothing.
    for top in [10, 300] {
      let bounded = try parts.neurons(top: top, scoresAll: false)
      #expect(bounded.best.map(\.unit) == all.best.prefix(top).map(\.unit))
      isClose(bounded.best.map(\.score), all.best.prefix(top).map(\.score), "bounded")
      #expect(bounded.scored <= all.total && bounded.total == all.total)
      #expect(top == 300 || bounded.scored < all.total / 2)
    }
    // Ranks among some words bound those among all.
    for method in [ContributionMethod.rank, .coefRank] {
      let all = try parts.neurons(method, top: 20, scoresAll: true)
      let bounded = try parts.neurons(method, top: 20, scoresAll: false)
      #expect(bounded.best == all.best && bounded.scored < all.total)
    }
    for entry in try #require(json["vocabulary"]?.arrayValue) {
      let name = try #require(entry["unit"]?.stringValue)
      let unit = try #require(all.best.first { $0.unit.description == name }).unit
      let values = try parts.head.values(of: parts.vectors(of: [unit])).row(0)
      let order = values.indices.sorted { values[$0] != values[$1] ? values[$0] > values[$1] : $0 < $1 }
      #expect(order.prefix(10).map { $0 } == (entry["largest"]?.arrayValue ?? []).compactMap(\.intValue), "\(name)")
      isClose(order.prefix(10).map { Double(values[$0]) }, try one.numbers(entry["largest_bs"]), "bs")
      isClose(order.suffix(10).reversed().map { Double(values[$0]) }, try one.numbers(entry["smallest_bs"]), "bs")
    }
  }

  private static func unit(_ json: JSONValue?) throws -> StreamUnit {
    let numbers = try #require(json?.stringValue).split { !$0.isNumber }.compactMap { Int($0) }
    return numbers.count == 2
      ? .neuron(block: numbers[0], numbers[1])
      : .headDimension(block: numbers[0], head: numbers[1], dimension: numbers[2], position: numbers[3])
  }

  /// Components in the reference's order, the position's embedding together with the token's.
  private static func shares(_ json: JSONValue) throws -> [Double] {
    let labels = try #require(json["labels"]?.arrayValue).compactMap(\.stringValue)
    let parts = try #require(json["parts"]?.arrayValue).compactMap(\.doubleValue)
    return labels.contains("pos_embed") ? [parts[0] + parts[1]] + parts.dropFirst(2) : parts
  }

  private static func checkInfluence(_ one: Case) throws {
    for entry in try #require(one.json["influence"]?.arrayValue) {
      let unit = try unit(entry["unit"])
      for (name, key) in [("pre", NeuronKey.grad), ("grad", .grad), ("gate", .gate), ("up", .up)] {
        guard let wanted = entry[name] else { continue }
        let found = try one.parts.influence(on: unit, key: key)
        isClose(found.parts, try shares(wanted), "\(unit) \(name)")
        isClose(
          [found.constant, found.total], [wanted["constant"], wanted["z"]].compactMap { $0?.doubleValue },
          "\(unit) \(name) whole")
        let plain = try one.parts.influence(on: unit, key: key, isPlain: true)
        let raw = try one.numbers(wanted["raw"])
        isClose([plain.total], [raw.reduce(0, +)], "\(unit) \(name) plain")
        isClose([plain.parts.last ?? .nan], [raw.last ?? .nan], "\(unit) \(name) plain")
      }
    }
    let wanted = try #require(one.json["attention_influence"])
    let found = try one.parts.influence(on: unit(wanted["unit"]))
    isClose(found.parts, try shares(wanted), "attention's value")
    isClose(
      [found.constant, found.total], [wanted["constant"], wanted["value"]].compactMap { $0?.doubleValue }, "value")
    try check(one.parts.queryNeurons(top: 40).best, one.json["query_neurons"], score: "score", "query neurons")
  }

  private static func checkCurves(_ one: Case) throws {
    let curve = try one.parts.curve(unit(one.json["curve"]?["unit"]))
    isClose(curve.probability, try one.numbers(one.json["curve"]?["probability"]), "curve")
    isClose(curve.logProbability, try one.numbers(one.json["curve"]?["log_probability"]), "curve")
    let way = try one.parts.curve()
    isClose(
      [way.logProbability[0], way.logProbability[10]],
      [
        try #require(one.json["layers"]?["start"]?.doubleValue), try #require(one.json["layers"]?["end"]?.doubleValue),
      ], "from end to end")
    let wanted = try #require(one.json["additivity"])
    let found = try one.parts.additivity()
    #expect(found.block == wanted["layer"]?.intValue)
    #expect(found.counts == (wanted["count"]?.arrayValue ?? []).compactMap(\.intValue))
    isClose(found.sum, try one.numbers(wanted["sum"]), "sum of scores")
    isClose(found.together, try one.numbers(wanted["together"]), "score of the sum")
  }

  private static func checkZeroed(_ one: Case) throws {
    let intervene = try #require(one.json["intervene"])
    let lists = [intervene] + (intervene["random"]?.arrayValue ?? [])
    let units = try lists.map { list in
      try #require(list["units"]?.arrayValue).map { pair -> StreamUnit in
        let numbers = (pair.arrayValue ?? []).compactMap(\.intValue)
        return .neuron(block: numbers[0], numbers[1])
      }
    }
    for (key, everywhere) in [("last", false), ("all", true)] {
      let found = try one.parts.trace.model.outcomes(
        of: one.parts.trace.ids, token: one.parts.target.token, zeroing: [[]] + units, everywhere: everywhere)
      isClose([found[0].logProbability], [try #require(one.json["log_probability"]?.doubleValue)], "nothing at zero")
      for (outcome, list) in zip(found.dropFirst(), lists) {
        isClose([outcome.logProbability], [try #require(list[key]?["log_probability"]?.doubleValue)], "zeroed \(key)")
        #expect(outcome.rank == list[key]?["rank"]?.intValue)
      }
    }
  }
}
