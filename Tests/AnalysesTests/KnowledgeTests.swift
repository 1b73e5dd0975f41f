import Analyses
import Checkpoints
import Files
import JSONText
import Tensors
import TestSupport
import Testing
import Transformers

/// Attributions, refined sets and edits against float64 values of an independent program, and what must hold of any model.
@Suite struct KnowledgeTests {
  private static let examples: [JSONValue] = {
    guard let bytes = try? readFile(ProjectRoot.fixture("gradients/knowledge.json")) else { return [] }
    return (try? JSON.parse(bytes))?.arrayValue ?? []
  }()

  private static func prompt(_ json: JSONValue, isBidirectional: Bool) throws -> AnsweredPrompt {
    let ids = try #require(json["ids"]?.arrayValue).compactMap(\.intValue)
    let gold = try #require(json["gold"]?.intValue)
    return isBidirectional
      ? AnsweredPrompt(masked: ids, position: try #require(json["position"]?.intValue), answer: gold)
      : AnsweredPrompt(prompt: ids, answer: [gold])
  }

  @Test func theFixtureIsThere() { #expect(Self.examples.count == 3) }

  @Test(arguments: 0..<3) func attributionsEqualFloat64(_ index: Int) throws {
    let example = Self.examples[index]
    let model = try Model.open(ProjectRoot.referenceModel(try #require(example["model"]?.stringValue)))
    let prompt = try Self.prompt(example, isBidirectional: model.configuration.isBidirectional)
    let found = try IntegratedGradients(ParameterList(model), mostSteps: 20).attribution(of: prompt)
    #expect(abs(found.probability - (try #require(example["probability"]?.doubleValue))) < 1e-6)
    for (block, sum) in try #require(example["sum"]?.arrayValue).enumerated() {
      #expect(abs(found.values[block].reduce(0) { $0 + Double($1) } - (sum.doubleValue ?? .nan)) < 1e-5, "\(block)")
    }
    for entry in try #require(example["largest"]?.arrayValue) {
      let (block, neuron) = (try #require(entry[0]?.intValue), try #require(entry[1]?.intValue))
      #expect(abs(Double(found.values[block][neuron]) - (try #require(entry[2]?.doubleValue))) < 2e-6)
    }
  }

  @Test(.enabled(if: SharedMaterial.isPresent), arguments: ["atlas-gpt2", "atlas-llama", "atlas-bert"])
  func everyRuleOfEveryPrompt(_ name: String) throws {
    let json = try JSON.parse(try readFile(SharedMaterial.path("reference/\(name)/knowledge.json")))
    let tensors = try SafetensorsFile(path: SharedMaterial.path("reference/\(name)/knowledge.safetensors"))
    let model = try Model.open(SharedMaterial.path("models/\(name)"))
    let parameters = try ParameterList(model)
    for (number, example) in try #require(json["detail"]?.arrayValue).enumerated() where number % 3 == 0 {
      let prompt = try Self.prompt(example, isBidirectional: model.configuration.isBidirectional)
      for rule in AttributionRule.allCases {
        let found = try IntegratedGradients(parameters, rule: rule, mostSteps: 20).attribution(of: prompt)
        let expected = try tensors.floats("\(rule.rawValue).\(number)")
        // Of attributions up to 0.2: in block 0 of atlas-llama the probability jumps along the way.
        #expect(Self.worst(found.values, expected) < 1e-5, "\(rule) of \(number)")
        let gaps = try #require(example[rule.rawValue]?["gap"]?.arrayValue).compactMap(\.doubleValue)
        for (own, theirs) in zip(found.gaps, gaps) { #expect(abs(own - theirs) < 5e-5) }
      }
      let doubled = try IntegratedGradients(parameters).attribution(of: prompt)
      let steps = try #require(example["m_used"]?.arrayValue).compactMap(\.intValue)
      let expected = try tensors.floats("converged.\(number)")
      let width = model.configuration.ffnWidth
      // Whether steps are doubled can hinge on the last digits where a block's whole effect is tiny.
      for block in steps.indices where doubled.steps[block] == steps[block] {
        let own = Array(expected[block * width..<(block + 1) * width])
        #expect(Self.worst([doubled.values[block]], own) < 4e-6, "block \(block) of \(number)")
      }
      let differing = steps.indices.filter { doubled.steps[$0] != steps[$0] }
      #expect(differing.allSatisfy { abs(doubled.spans[$0]) < 1e-3 }, "steps of \(number): \(differing)")
    }
  }

  @Test(.enabled(if: SharedMaterial.isPresent), arguments: ["atlas-gpt2", "atlas-llama"])
  func answersOfSeveralTokensAreForced(_ name: String) throws {
    let json = try JSON.parse(try readFile(SharedMaterial.path("reference/\(name)/knowledge.json")))
    let tensors = try SafetensorsFile(path: SharedMaterial.path("reference/\(name)/knowledge.safetensors"))
    let model = try Model.open(SharedMaterial.path("models/\(name)"))
    for (number, example) in try #require(json["multi"]?.arrayValue).enumerated() {
      let prompt = AnsweredPrompt(
        prompt: try #require(example["ids"]?.arrayValue).compactMap(\.intValue),
        answer: try #require(example["answer"]?.arrayValue).compactMap(\.intValue))
      let found = try IntegratedGradients(ParameterList(model), mostSteps: 20).attribution(of: prompt)
      #expect(abs(found.probability - (try #require(example["probability"]?.doubleValue))) < 1e-6)
      #expect(Self.worst(found.values, try tensors.floats("multi.\(number)")) < 2e-6)
    }
  }

  private static func worst(_ values: [[Float]], _ expected: [Float]) -> Float {
    let flat = Array(values.joined())
    guard flat.count == expected.count else { return .infinity }
    return zip(flat, expected).map { abs($0 - $1) }.max() ?? .infinity
  }

  /// Invariant 17: on a cubic of ∫ = 1 the rules are off by what they should be.
  @Test func rulesOnACubic() {
    func integral(_ rule: AttributionRule) -> Double {
      rule.scales(20).reduce(0) { $0 + 3 * Double($1) * Double($1) } / 20
    }
    #expect(abs(integral(.left) - 0.92625) < 1e-6)
    #expect(abs(integral(.right) - 1.07625) < 1e-6)
    #expect(abs(integral(.midpoint) - 0.999375) < 1e-6)
  }

  /// A neuron that writes nothing accounts for nothing, exactly; all others stay complete.
  @Test(arguments: ["atlas-llama", "atlas-gpt2", "atlas-bert"]) func anEmptyColumnGetsZero(_ name: String) throws {
    let model = try Model.open(ProjectRoot.asset("models/" + name))
    let example = try #require(Self.examples.first { $0["model"]?.stringValue == name })
    let prompt = try Self.prompt(example, isBidirectional: model.configuration.isBidirectional)
    let parameters = try ParameterList(model)
    let last = model.configuration.blocks - 1
    let units: [StreamUnit] = [.neuron(block: last, 3), .neuron(block: last, 40), .neuron(block: 1, 7)]
    let found = try parameters.with(parameters.emptied(units)) {
      try IntegratedGradients(parameters).attribution(of: prompt)
    }
    for unit in units {
      guard case .neuron(let block, let index) = unit else { continue }
      #expect(found.values[block][index] == 0)
      #expect(found.activations[block][index] != 0)
    }
    for block in 0...last where found.steps[block] < 320 && abs(found.spans[block]) > 1e-4 {
      #expect(abs(found.gaps[block]) <= 0.01 * abs(found.spans[block]) + 1e-7)
    }
  }

  /// Invariant 18: nothing changed changes nothing, and what is put back is what was there.
  @Test func editsAreTakenBack() throws {
    let model = try Model.open(ProjectRoot.asset("models/atlas-gpt2"))
    let example = try #require(Self.examples.first { $0["model"]?.stringValue == "atlas-gpt2" })
    let prompt = try Self.prompt(example, isBidirectional: false)
    let same = try model.probabilities(of: prompt, under: [.init([], factor: 0), .init([], factor: 1)])
    // Rows of one product, rounded by their place in a tile.
    #expect(abs(same[0] - same[1]) < 1e-6)
    let parameters = try ParameterList(model)
    let before = parameters.names.map { parameters.values(of: $0) ?? [] }
    let units: [StreamUnit] = [.neuron(block: 2, 5), .neuron(block: 7, 100)]
    let columns = try FactUpdate(from: prompt.answer[0], to: 11).columns(
      of: units, coefficients: [1, -1], in: parameters)
    let reading = try parameters.readings(of: [prompt])
    let edited = try parameters.with(columns) { try parameters.readings(of: [prompt]) }
    #expect(edited != reading)
    #expect(try parameters.readings(of: [prompt]) == reading)
    #expect(zip(parameters.names.map { parameters.values(of: $0) ?? [] }, before).allSatisfy { $0 == $1 })
    struct Stop: Error {}
    #expect(throws: Stop.self) { try parameters.with(columns) { throw Stop() } }
    #expect(zip(parameters.names.map { parameters.values(of: $0) ?? [] }, before).allSatisfy { $0 == $1 })
    #expect(abs(reading[0].probability - same[0]) < 1e-6)
  }

  /// A planted fact: a neuron that writes the answer's unembedding row is the one that is found.
  ///
  /// In a model without centring and without a head's transform, where that row is what raises the answer.
  @Test func aPlantedFactIsFound() throws {
    let model = try Model.open(ProjectRoot.asset("models/atlas-llama"))
    let example = try #require(Self.examples.first { $0["model"]?.stringValue == "atlas-llama" })
    var prompt = try Self.prompt(example, isBidirectional: false)
    let planted = 1_500
    prompt.answer = [planted]
    let parameters = try ParameterList(model)
    let block = model.configuration.blocks - 2
    let plain = try IntegratedGradients(parameters, mostSteps: 20).attribution(of: prompt)
    #expect(plain.probability < 0.1)
    // The neuron that answers the prompt most strongly, so that it is lit here.
    let index = try #require(
      plain.activations[block].indices.max { abs(plain.activations[block][$0]) < abs(plain.activations[block][$1]) })
    let row = try parameters.unembedding(of: planted)
    let scale = 60 / (plain.activations[block][index] * row.reduce(0) { $0 + $1 * $1 }.squareRoot())
    let column = NeuronColumn(block: block, neuron: index, values: row.map { $0 * scale })
    let found = try parameters.with([column]) { try IntegratedGradients(parameters).attribution(of: prompt) }
    #expect(found.probability > 0.5)
    let best = NeuronScores(found.values, reaching: 0.99).neurons
    #expect(best.map(\.unit) == [.neuron(block: block, index)])
  }

  /// The same in a masked model: a neuron of the last block that writes, at the mask, the state that makes its answer.
  ///
  /// Norms follow the branches and the head has a transform, so that no row of the unembedding is what a neuron must
  /// write: the state is that of another text, whose answer it is.
  @Test func aPlantedFactIsFoundInAMaskedModel() throws {
    let model = try Model.open(ProjectRoot.referenceModel("atlas-bert"))
    let example = try #require(Self.examples.first { $0["model"]?.stringValue == "atlas-bert" })
    var prompt = try Self.prompt(example, isBidirectional: true)
    let parameters = try ParameterList(model)
    let block = model.configuration.blocks - 1
    // What leaves the last block at the mask of another text, and what the model says there.
    let place = prompt.positions[0]
    var others = prompt.ids
    for position in others.indices where position != place && position != 0 { others[position] = 300 + 7 * position }
    let run = try ModelRun(model, [others])
    try run.advance(to: model.configuration.blocks)
    let state = try run.states(at: [place])
    prompt.answer = [try model.readLogits(ofHeadInput: model.headInput(state), top: 1)[0].top[0].token]
    let plain = try IntegratedGradients(parameters, mostSteps: 20).attribution(of: prompt)
    #expect(plain.probability < 0.1)
    let index = try #require(
      plain.activations[block].indices.max { abs(plain.activations[block][$0]) < abs(plain.activations[block][$1]) })
    // The norm behind the branch drops mean and length: what is far longer than the stream is all that it passes on.
    let factor = 100 / plain.activations[block][index]
    let inverse = try Self.beforeTheLastNorm(state.row(0), parameters, block)
    let column = NeuronColumn(block: block, neuron: index, values: inverse.map { $0 * factor })
    let found = try parameters.with([column]) { try IntegratedGradients(parameters).attribution(of: prompt) }
    #expect(found.probability > 10 * plain.probability && found.probability > 0.3, "\(found.probability)")
    let best = NeuronScores(found.values, reaching: 0.99).neurons
    #expect(best.map(\.unit) == [.neuron(block: block, index)])
  }

  /// A vector that the norm behind a block's network makes a state of: (state − bias) / gain.
  private static func beforeTheLastNorm(
    _ state: [Float], _ parameters: ParameterList, _ block: Int
  ) throws -> [Float] {
    let norm = "bert.encoder.layer.\(block).output.LayerNorm"
    let (gain, bias) = (
      try #require(parameters.values(of: norm + ".weight")), try #require(parameters.values(of: norm + ".bias"))
    )
    return state.indices.map { (state[$0] - bias[$0]) / gain[$0] }
  }

  /// Texts of a masked model that are too long for its own forks run whole: both ways say the same.
  @Test func longTextsOfAMaskedModel() throws {
    let model = try Model.open(ProjectRoot.asset("models/atlas-bert"))
    let parameters = try ParameterList(model)
    let engine = IntegratedGradients(parameters, steps: 4, mostSteps: 4)
    for length in [64, 65] {
      let ids = (0..<length).map { ($0 * 37 + 11) % model.configuration.vocabulary }
      let found = try engine.attribution(of: AnsweredPrompt(masked: ids, position: 5, answer: 400))
      for block in found.gaps.indices {
        // Both take the midpoints of four steps: what they miss of P(w) - P(0) is the rule's, and small.
        #expect(abs(found.gaps[block]) <= 0.1 * abs(found.spans[block]) + 1e-7, "block \(block) of \(length)")
      }
    }
  }

  /// Neither attributions nor what edits make of answers depend on the number of threads.
  @Test(arguments: ["atlas-llama", "atlas-gpt2", "atlas-bert"]) func threadsChangeNothing(_ name: String) throws {
    let model = try Model.open(ProjectRoot.asset("models/" + name))
    let example = try #require(Self.examples.first { $0["model"]?.stringValue == name })
    let prompt = try Self.prompt(example, isBidirectional: model.configuration.isBidirectional)
    let parameters = try ParameterList(model)
    let threads = Compute.threads
    defer { Compute.threads = threads }
    let units: [StreamUnit] = [.neuron(block: 2, 5), .neuron(block: 3, 100)]
    let columns = try FactUpdate(from: prompt.answer[0], to: 11).columns(
      of: units, coefficients: [1, -1], in: parameters)
    let found = try [1, 2, 3].map { count in
      Compute.threads = count
      let attribution = try IntegratedGradients(parameters, mostSteps: 40).attribution(of: prompt)
      let changed = try model.probabilities(of: prompt, under: [.init(units, factor: 0), .init(units, factor: 2)])
      let edited = try parameters.with(columns) { try parameters.readings(of: [prompt]) }
      return (attribution, changed, edited)
    }
    for other in found.dropFirst() {
      #expect(other.0.values == found[0].0.values && other.0.gaps == found[0].0.gaps)
      #expect(other.0.probability == found[0].0.probability && other.0.steps == found[0].0.steps)
      #expect(other.1 == found[0].1)
      #expect(other.2 == found[0].2)
    }
  }

  /// Each group falls, and both together would rise.
  @Test func ranksWithinGroups() throws {
    let (a, b) = ([1.0, 2, 3, 11, 12, 13], [3.0, 2, 1, 13, 12, 11])
    let groups = ["x", "x", "x", "y", "y", "y"]
    #expect(rankCorrelation(a, b, within: groups) == -1)
    #expect(try #require(rankCorrelation(a, b)) > 0.5)
    #expect(rankCorrelation([1, 1], [1, 2], within: ["x", "x"]) == nil)
    // scipy.stats.spearmanr([1, 2, 2, 4], [2, 1, 4, 3]).
    #expect(abs(try #require(rankCorrelation([1, 2, 2, 4], [2, 1, 4, 3])) - 0.316_227_766_016_837_94) < 1e-15)
  }

  /// Counts as the paper keeps them: a share of prompts and three at least, the share moved until facts have two to five.
  @Test func refining() {
    func unit(_ index: Int) -> StreamUnit { .neuron(block: 0, index) }
    let prompts = [[unit(1), unit(2)], [unit(1), unit(2)], [unit(1)], [unit(1), unit(3)]]
    #expect(RefinedFact(prompts, percent: 70).neurons == [unit(1)])
    #expect(RefinedFact(prompts, percent: 10).neurons == [unit(1)])
    #expect(RefinedFact(Array(prompts.prefix(2)), percent: 10).neurons.isEmpty)
    let many = (0..<10).map { _ in (0..<8).map(unit) }
    let relation = RefinedRelation([many, many])
    #expect(relation.percent == 95 && !relation.isSettled && relation.meanCount == 8)
    #expect(relation.sharedWithin == 8)
    #expect(RefinedRelation([prompts]).sharedWithin == nil)
    #expect(RefinedRelation([prompts, []]).shared(with: relation) == 0.5)
    #expect(relation.mostCommon(2) == [unit(0), unit(1)])
  }
}
