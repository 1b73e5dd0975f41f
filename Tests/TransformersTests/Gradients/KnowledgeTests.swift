import Checkpoints
import Files
import JSONText
import Tensors
import TestSupport
import Testing
import Transformers

/// Integrated gradients of an answer's probability along the scaled activation of one block's neurons at one position.
struct IntegratedGradients {
  let parameters: ParameterList
  let ids: [Int]
  let position: Int
  let answer: Int

  /// Midpoint rule over `steps` points; one number to a neuron.
  func attributions(block: Int, steps: Int) throws -> [Double] {
    var activation: [Float] = []
    let base = try ReverseRun(
      parameters, texts: [ids],
      taps: [.read(.ffnActivation, blocks: [block], positions: .at([position])) { activation = $1.values }])
    let states = Matrix.vertical(Array(repeating: base.state(block), count: steps))
    // All points of the rule are texts of one batch, which begins at the block's own input.
    let scale = Tap.write(.ffnActivation, blocks: [block], positions: .at([position])) { visit, values in
      for (row, text) in visit.texts.enumerated() {
        let share = (Float(text) + 0.5) / Float(steps)
        values.setRow(row, values.row(row).map { $0 * share })
      }
    }
    let run = try ReverseRun(
      parameters, states: states, at: block, lengths: Array(repeating: ids.count, count: steps), taps: [scale])
    let rows = (0..<steps).map { run.row(text: $0, position: position) }
    let head = try parameters.gradient(
      of: .probability(tokens: Array(repeating: answer, count: steps)),
      at: run.state(run.levels.upperBound).rows(at: rows))
    var sums = [Double](repeating: 0, count: activation.count)
    let collect = Tap.read(.ffnActivation, blocks: [block], positions: .at([position])) { _, gradients in
      for row in 0..<gradients.rows {
        for (neuron, value) in gradients.row(row).enumerated() { sums[neuron] += Double(value) }
      }
    }
    try run.backward(
      from: [run.levels.upperBound: run.spread(head.states, to: rows)], until: (block, .ffnActivation), taps: [collect])
    return zip(activation, sums).map { Double($0) * $1 / Double(steps) }
  }
}

@Suite struct KnowledgeTests {
  static let examples: [JSONValue] = {
    guard let bytes = try? readFile(ProjectRoot.fixture("gradients/knowledge.json")) else { return [] }
    return (try? JSON.parse(bytes))?.arrayValue ?? []
  }()

  private func gradients(_ name: String, _ example: JSONValue) throws -> IntegratedGradients {
    let model = try Model.open(ProjectRoot.referenceModel(name))
    return IntegratedGradients(
      parameters: try ParameterList(model),
      ids: try #require(example["ids"]?.arrayValue).compactMap { $0.intValue },
      position: try #require(example["position"]?.intValue), answer: try #require(example["gold"]?.intValue))
  }

  @Test func theFixtureIsThere() { #expect(Self.examples.count == 3) }

  @Test(arguments: 0..<3) func attributionsEqualFloat64(_ index: Int) throws {
    let example = Self.examples[index]
    let name = try #require(example["model"]?.stringValue)
    let integrated = try gradients(name, example)
    let blocks = integrated.parameters.model.configuration.blocks
    let found = try (0..<blocks).map { try integrated.attributions(block: $0, steps: 20) }
    var worst = 0.0
    for (block, expected) in try #require(example["sum"]?.arrayValue).enumerated() {
      worst = max(worst, abs(found[block].reduce(0, +) - (expected.doubleValue ?? .nan)))
    }
    #expect(worst < 1e-5, "sums of \(name)")
    var worstNeuron = 0.0
    for entry in try #require(example["largest"]?.arrayValue) {
      let (block, neuron) = (try #require(entry[0]?.intValue), try #require(entry[1]?.intValue))
      worstNeuron = max(worstNeuron, abs(found[block][neuron] - (try #require(entry[2]?.doubleValue))))
    }
    #expect(worstNeuron < 2e-6, "neurons of \(name)")
    print("integrated gradients of \(name): largest difference \(worstNeuron), of a block's sum \(worst)")
  }

  @Test(.enabled(if: SharedMaterial.isPresent), arguments: ["atlas-gpt2", "atlas-llama", "atlas-bert"])
  func everyNeuronOfMorePrompts(_ name: String) throws {
    let json = try JSON.parse(try readFile(SharedMaterial.path("reference/\(name)/knowledge.json")))
    let tensors = try SafetensorsFile(path: SharedMaterial.path("reference/\(name)/knowledge.safetensors"))
    var worst = 0.0
    for (number, example) in try #require(json["detail"]?.arrayValue).enumerated() where number % 3 == 0 {
      let integrated = try gradients(name, example)
      let expected = try tensors.floats("midpoint.\(number)")
      var found: [Double] = []
      for block in 0..<integrated.parameters.model.configuration.blocks {
        found += try integrated.attributions(block: block, steps: 20)
      }
      try #require(found.count == expected.count)
      worst = max(worst, zip(found, expected).map { abs($0 - Double($1)) }.max() ?? .infinity)
    }
    #expect(worst < 2e-6)
    print("integrated gradients of \(name), every neuron: largest difference \(worst)")
  }
}
