import Books
import Checkpoints
import Directives
import Files
import JSONText

/// What a program of the author's own is asked.
struct EngineRequest {
  private let bound: BoundDirective
  private let entry: EngineEntry
  /// The states, what is known of the model and the sample, and the model's digest.
  var states: (sample: SampledStates, facts: Facts, model: String)?

  init(_ bound: BoundDirective, _ entry: EngineEntry) { (self.bound, self.entry) = (bound, entry) }

  /// The request, and the file of states beside it.
  ///
  /// Names stand nowhere in it: a result depends on what is in files, never on what they are called.
  func write(into folder: ScratchFolder) throws -> String {
    var settings = JSONObject()
    for (name, _) in entry.settings { settings[name] = bound.values[name]?.json ?? .null }
    var object: JSONObject = [
      "format": "layerbook.request/1", "directive": .string(entry.name), "settings": .object(settings),
    ]
    if case .int(let seed)? = bound.values[Key<Int>.seed.name] { object["seed"] = .int(seed) }
    if let states {
      let facts = states.facts
      object["model"] = [
        "digest": .string(states.model), "family": facts.family.map { .string($0) } ?? .null,
        "blocks": .int(facts.blocks), "width": .int(facts.width),
      ]
      object["sample"] = [
        "texts": facts.texts.map { .int($0) } ?? .null, "positions": .int(facts.positions),
        "position": .string(facts.position),
      ]
      object["states"] = .string(try Self.write(states.sample, facts, states.model, into: folder))
    }
    let path = folder.file("request.json")
    try AtomicFile.write(Array((JSON.write(.object(object)) + "\n").utf8), to: path, durable: false)
    return path
  }

  private static func write(
    _ sample: SampledStates, _ facts: Facts, _ model: String, into folder: ScratchFolder
  ) throws -> String {
    let path = folder.file("states.safetensors")
    let writer = try CapturedStatesWriter(
      path: path, states: sample.states.count, samples: sample.positions.count, width: sample.width,
      metadata: StatesMetadata(
        model: "", modelDigest: model, dataset: "", datasetDigest: "", position: facts.position),
      positions: sample.positions)
    for (index, rows) in sample.states.enumerated() { try writer.write(rows, state: index, firstRow: 0) }
    try writer.finish()
    return path
  }
}
