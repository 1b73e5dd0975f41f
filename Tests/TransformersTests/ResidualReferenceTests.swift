import Checkpoints
import Files
import Foundation
import JSONText
import Tensors
import TestSupport
import Testing
import Transformers

/// Activations, frozen projections and interventions against float64 values computed elsewhere.
@Suite(.enabled(if: SharedMaterial.isPresent)) struct ResidualReferenceTests {
  private static let models = ["atlas-llama", "atlas-gpt2", "stories260K", "capp-gpt"]

  private struct Prompt {
    let model: Model
    let json: JSONValue
    let ids: [Int]
    let target: Int
    let last: Int

    func number(_ key: String) throws -> Double { try #require(json[key]?.doubleValue) }

    /// h_L of the last position, with taps.
    func final(_ taps: [Tap] = []) throws -> Matrix {
      try #require(try model.states([ids], taps: taps).last).rows(at: [last])
    }

    func reading(_ taps: [Tap] = []) throws -> LogitReading {
      try model.readLogits(ofHeadInput: model.headInput(final(taps)), tokens: [[target]])[0]
    }
  }

  private func prompts(_ name: String) throws -> [Prompt] {
    let model = try Model.open(SharedMaterial.path("models/\(name)"))
    let json = try JSON.parse(try readFile(SharedMaterial.path("reference/\(name)/residual.json")))
    return try #require(json["prompts"]?.arrayValue).map { prompt in
      let ids = try #require(prompt["ids"]?.arrayValue).compactMap(\.intValue)
      return Prompt(
        model: model, json: prompt, ids: ids, target: try #require(prompt["target"]?.intValue), last: ids.count - 1)
    }
  }

  @Test(arguments: models) func predictionsAndActivations(name: String) throws {
    let file = try SafetensorsFile(path: SharedMaterial.path("reference/\(name)/residual.safetensors"))
    for (index, prompt) in try prompts(name).enumerated() {
      let reading = try prompt.reading()
      #expect(abs(reading.logProbability(reading.chosen[0]) - (try prompt.number("log_probability"))) < 1e-4)
      #expect(reading.ranks[0] == Int(try prompt.number("rank")))
      let scale = try prompt.model.finalNormScales(of: prompt.final())[0]
      #expect(abs(Double(scale) / (try prompt.number("scale")) - 1) < 1e-5)
      let notebook = Notebook()
      notebook.add(.ffnActivation, blocks: nil)
      _ = try prompt.model.states([prompt.ids], taps: notebook.taps)
      let found = (0..<prompt.model.configuration.blocks).flatMap {
        notebook.row(.ffnActivation, block: $0, text: 0, position: prompt.last)
      }
      #expect(relativeDifference(found, try file.floats("activation.\(index)")) < 1e-4)
    }
  }

  /// Before-softmax values of what each branch adds, with the norm frozen to the final state.
  @Test(arguments: models) func componentsInFrozenUnits(name: String) throws {
    for prompt in try prompts(name) {
      let notebook = Notebook()
      for site in [Site.attentionOut, .ffnOut, .pattern] { notebook.add(site, blocks: nil) }
      _ = try prompt.model.states([prompt.ids], taps: notebook.taps)
      let scales = try prompt.model.finalNormScales(of: prompt.final())
      let row = try prompt.model.unembedding(rows: prompt.target..<prompt.target + 1).row(0)
      for component in try #require(prompt.json["components"]?.arrayValue) {
        let label = try #require(component["label"]?.stringValue).split(separator: "_", maxSplits: 1)
        guard let block = Int(label[0]) else { continue }
        let site: Site = label[1] == "attn_out" ? .attentionOut : .ffnOut
        let vector = notebook.row(site, block: block, text: 0, position: prompt.last)
        let normed = try prompt.model.finalNorm(
          Matrix(rows: 1, columns: vector.count, values: vector), frozenTo: scales)
        let value = zip(normed.values, row).reduce(0.0) { $0 + Double($1.0) * Double($1.1) }
        #expect(abs(value - (try #require(component["target"]?.doubleValue))) < 1e-4, "\(name) \(label)")
      }
      for position in try #require(prompt.json["positions"]?.arrayValue) {
        let unit = try #require(position["head"]?.stringValue).dropFirst().split(separator: ".H").compactMap { Int($0) }
        let weights = try #require(position["weight"]?.arrayValue).compactMap(\.doubleValue).map { Float($0) }
        let found = notebook.all(.pattern, block: unit[0], text: 0, position: prompt.last)[unit[1]]
        #expect(relativeDifference(found, weights) < 1e-4)
      }
    }
  }

  /// The best neurons set to 0, at the last position and at all.
  @Test(arguments: models) func zeroedNeurons(name: String) throws {
    for prompt in try prompts(name) {
      let intervene = try #require(prompt.json["intervene"])
      let sets = [intervene] + (intervene["random"]?.arrayValue ?? [])
      for set in sets {
        let units = try #require(set["units"]?.arrayValue).map { ($0.arrayValue ?? []).compactMap(\.intValue) }
        for (key, positions) in [("last", Tap.Positions.last), ("all", .all)] {
          guard let expected = set[key]?["log_probability"]?.doubleValue else { continue }
          let taps = units.map { unit in
            Tap.scale(.ffnActivation, by: 0, blocks: [unit[0]], positions: positions, columns: unit[1]..<unit[1] + 1)
          }
          let reading = try prompt.reading(taps)
          #expect(abs(reading.logProbability(reading.chosen[0]) - expected) < 1e-4, "\(name) \(key)")
        }
      }
    }
  }
}
