import Analyses
import Checkpoints
import Files
import JSONText
import TestSupport
import Testing
import Tokenizers
import Transformers

/// Memories against float64 values of an independent program.
///
/// Many texts begin alike: where neighbouring values are equal, texts may stand in another order.
@Suite struct MemoryReferenceTests {
  private static let models = ["atlas-llama", "atlas-gpt2"]

  @Test(.enabled(if: SharedMaterial.isPresent), arguments: models) func agreesWithReference(name: String) throws {
    let reference = try Reference(name, SharedMaterial.path("reference/\(name)/memories.json"))
    try reference.checkAll()
    try reference.checkFirstTriggers(SharedMaterial.path("reference/\(name)/memories.safetensors"))
    try reference.checkAblation()
  }

  /// The same of atlas-llama from the project's own copy, with some neurons' triggers.
  @Test func agreesWithFixture() throws {
    try Reference("atlas-llama", ProjectRoot.fixture("memories/atlas-llama.json")).checkAll()
  }
}

/// A file of reference values with the model and the texts that they are of.
private struct Reference {
  let json: JSONValue
  let model: Model
  let corpus: PrefixCorpus
  let tables: [TriggerSign: TriggerTable]
  let signs: [TriggerSign]

  init(_ name: String, _ path: String) throws {
    json = try JSON.parse(try readFile(path))
    model = try Model.open(ProjectRoot.asset("models/\(name)"))
    let tokenizer = try Tokenizer.load(directory: model.directory)
    let lines = String(decoding: try readFile(ProjectRoot.asset("texts/atlas.txt")), as: UTF8.self)
      .split(separator: "\n").prefix(try #require(json["texts"]?.intValue))
    corpus = PrefixCorpus(
      try lines.map { Array(try tokenizer.encode(String($0)).prefix(128)) }, beginning: tokenizer.specialTokens.bos)
    tables = try model.triggers(in: corpus, count: 25)
    let triggers = json["triggers"]
    signs = TriggerSign.allCases.filter { triggers?[$0.rawValue] != nil }
  }

  func numbers(_ value: JSONValue?) throws -> [Double] {
    try #require(value?.arrayValue).map { $0.doubleValue ?? .nan }
  }

  func table(_ sign: TriggerSign) throws -> TriggerTable { try #require(tables[sign]) }

  func unit(_ value: JSONValue?) throws -> (block: Int, neuron: Int) {
    let parts = try #require(value?.stringValue).dropFirst().split(separator: ".N").compactMap { Int($0) }
    return (parts[0], parts[1])
  }

  func isClose(_ a: Double, _ b: Double) -> Bool { abs(a - b) <= 1e-4 * max(1e-3, abs(b)) }

  func checkAll() throws {
    #expect(corpus.count == json["prefixes"]?.intValue)
    for sign in signs {
      try checkTriggers(sign)
      for norm in [ProjectionNorm.none, .frozen] { try checkAgreement(sign, norm) }
    }
    try checkPredictive()
    for norm in ProjectionNorm.allCases { try checkSample(norm) }
  }

  private func checkTriggers(_ sign: TriggerSign) throws {
    for entry in try #require(json["triggers"]?[sign.rawValue]?.arrayValue) {
      let (block, neuron) = try unit(entry["unit"])
      let (values, texts) = (try numbers(entry["value"]), try numbers(entry["text"]))
      let (positions, next) = (try numbers(entry["position"]), try numbers(entry["next"]))
      let found = try table(sign)[block, neuron]
      #expect(found.count == values.count)
      for (place, trigger) in found.enumerated() {
        #expect(isClose(Double(trigger.coefficient), values[place]), "\(sign) L\(block).N\(neuron) \(place)")
        #expect(Int(trigger.next) == corpus.next(Int(trigger.text), Int(trigger.position)))
        let neighbours = [place - 1, place + 1].filter(values.indices.contains)
        // The last place is shared with texts that were cut off.
        guard neighbours.allSatisfy({ abs(abs(values[$0]) - abs(values[place])) > 1e-4 }), place + 1 < values.count
        else { continue }
        #expect(Double(trigger.text) == texts[place] && Double(trigger.position) == positions[place])
        #expect(Double(trigger.next) == next[place])
      }
      // Ties and all, the order of texts is nearly that of the reference.
      let same = zip(found, texts).count { Double($0.text) == $1 }
      #expect(same >= found.count - 3, "\(sign) L\(block).N\(neuron): \(same)")
    }
  }

  private func checkAgreement(_ sign: TriggerSign, _ norm: ProjectionNorm) throws {
    let wanted = try #require(json["agreement"]?[sign.rawValue])
    let table = try table(sign)
    let values = try model.readValues(norm, tokens: table.triggers.map { $0.map { Int($0.first?.next ?? 0) } })
    let found = TriggerAgreement(table, values, count: 25)
    let what: Comment = "\(sign) \(norm)"
    #expect(found.tiedFirst.map(Double.init) == (try numbers(wanted["tied_first"])), what)
    let count = Double(table.neurons)
    for (a, b) in zip(found.rate, try numbers(wanted[norm.rawValue]?["rate"])) {
      #expect(abs(a - b) * count < 0.5, what)
    }
    for (a, b) in zip(found.precision, try numbers(wanted[norm.rawValue]?["precision25"])) {
      // A tie at the 25th place lets another text in.
      #expect(abs(try #require(a) - b) * count * 25 < 15, what)
    }
    let ranks = try #require(wanted[norm.rawValue]?["rank"]?.arrayValue)
    for (block, wanted) in ranks.enumerated() {
      let all = table.triggers[block].enumerated().compactMap { neuron, triggers in
        triggers.first.map { Double(values[table.end(of: $0)].rank[block][neuron]) }
      }
      #expect(all.min() == wanted["min"]?.doubleValue)
      // Float32 moves a rank by one place where two logits are almost equal.
      for (a, b) in zip(Quartiles.of(all), try numbers(wanted["quartiles"])) {
        #expect(abs(try #require(a) - b) <= 1, what)
      }
      #expect(abs(all.reduce(0, +) / count - (try #require(wanted["mean"]?.doubleValue))) < 0.1, what)
    }
  }

  private func checkPredictive() throws {
    let found = PredictiveValue.ranking(try table(.signed), try model.readValues(.none), count: 25).prefix(100)
    let wanted = try #require(json["predictive"])
    for (place, entry) in try #require(wanted["top10"]?.arrayValue).enumerated() {
      let (block, neuron) = try unit(entry["unit"])
      let value = found[place]
      #expect((value.block, value.neuron) == (block, neuron))
      #expect(isClose(value.probability, try #require(entry["maxprob"]?.doubleValue)))
      #expect(abs(value.precision - (try #require(entry["precision25"]?.doubleValue))) < 1e-9)
    }
    var histogram = [Double](repeating: 0, count: model.configuration.blocks)
    for value in found { histogram[value.block] += 1 }
    #expect(histogram == (try numbers(wanted["layer_histogram"])))
    #expect(found.count { $0.precision > 0 } == wanted["with_agreeing_trigger"]?.intValue)
  }

  private func checkSample(_ norm: ProjectionNorm) throws {
    let sample = try #require(json["sample"])
    let (texts, positions) = (try numbers(sample["text"]), try numbers(sample["position"]))
    let requests = zip(texts, positions).map { CaptureRequest(ids: corpus.texts[Int($0)], positions: [Int($1)]) }
    let found = try model.memoryReadings(at: requests, values: try model.readValues(norm), norm: norm, whole: norm)
    let n = Double(requests.count)
    /// A tie within 1e-6 may fall to either side: one position in each block at most.
    func same(_ a: [Double?], _ b: [Double], _ what: Comment) {
      #expect(a.count == b.count)
      for (a, b) in zip(a, b) { #expect(abs((a ?? .nan) - b) * n < 1.5, what) }
    }
    for kind in MemoryCase.allCases {
      let wanted = try numbers(json["cases"]?[norm.rawValue]?[kind.rawValue]).map { $0 / 100 }
      same(found.shares(kind), wanted, "\(norm) \(kind)")
    }
    for block in found.blocks.indices {
      #expect(abs(MemoryCase.allCases.reduce(0) { $0 + (found.shares($1)[block] ?? 0) } - 1) < 1e-12)
    }
    if norm != .recompute {
      same(found.withoutAgreement, try numbers(json["zero_agreement"]?[norm.rawValue]), "\(norm) composition")
    }
    if norm != .frozen {
      same(
        found.residualIsFinal.map(\.rate), try numbers(json["residual"]?["top_is_final"]?[norm.rawValue]), "residual")
      try checkSpread(found, \.confidence, json["residual"]?["probability"]?[norm.rawValue], 1e-5)
    }
    guard norm == .none else { return }
    try checkSpread(found, \.effective, json["active"]?["effective"], 0.02)
    try checkSpread(found, \.positive, json["active"]?["positive"], 1e-5)
    try checkSpread(found, \.active, json["active"]?["active"], 1e-4)
    same(found.residualDominates, try numbers(json["dominant"]?["share"]), "dominant")
    let medians = found.quartiles { Double($0.residualRank) }.map { $0[1] ?? .nan }
    #expect(medians == (try numbers(json["dominant"]?["median_rank"])))
  }

  private func checkSpread(
    _ found: MemoryReadings, _ quantity: (MemoryReading) -> Double, _ wanted: JSONValue?, _ tolerance: Double
  ) throws {
    let (quartiles, means) = (found.quartiles(quantity), found.means(quantity))
    for (block, wanted) in try #require(wanted?.arrayValue).enumerated() {
      for (a, b) in zip(
        quartiles[block] + [means[block]],
        try numbers(wanted["quartiles"]) + [
          try #require(wanted["mean"]?.doubleValue)
        ])
      { #expect(abs(try #require(a) - b) <= tolerance * max(1, abs(b)), "block \(block)") }
    }
  }

  /// Every neuron's first trigger, and every value's ends.
  func checkFirstTriggers(_ path: String) throws {
    let file = try SafetensorsFile(path: path)
    for sign in signs {
      let values = try file.floats("\(sign.rawValue).value")
      let found = try table(sign).triggers.joined().map { Double($0.first?.coefficient ?? .nan) }
      #expect(zip(found, values).allSatisfy { isClose($0, Double($1)) })
    }
    let readings = try model.readValues(.none)
    let maxima = try file.floats("maxprob")
    #expect(zip(readings.positive.probability.joined(), maxima).allSatisfy { isClose($0, Double($1)) })
  }

  func checkAblation() throws {
    let wanted = try #require(json["ablation"])
    let triggers = try #require(json["triggers"]?["signed"]?.arrayValue).flatMap { entry in
      let (block, neuron) = try unit(entry["unit"])
      let (texts, positions) = (try numbers(entry["text"]), try numbers(entry["position"]))
      let (next, values) = (try numbers(entry["next"]), try numbers(entry["value"]))
      return values.indices.map {
        NeuronTrigger(
          block: block, neuron: neuron,
          trigger: Trigger(
            text: Int32(texts[$0]), position: Int32(positions[$0]), next: Int32(next[$0]),
            coefficient: Float(values[$0])))
      }
    }
    var places = try numbers(wanted["random_places"]).map(Int.init)[...]
    let start = corpus.first[0]
    let found = try model.removingTokens(from: triggers, in: corpus) { _ in places.removeFirst() - start }
    for place in RemovedTokens.Place.allCases {
      let expected = wanted[place.rawValue]
      #expect(found.changes.count == expected?["count"]?.intValue)
      let (mean, median) = found.summary(place)
      #expect(abs(try #require(mean) - (try #require(expected?["mean"]?.doubleValue))) < 1e-4, "\(place)")
      #expect(abs(try #require(median) - (try #require(expected?["median"]?.doubleValue))) < 1e-4, "\(place)")
    }
  }
}
