import Blocks
import Books
import Checkpoints
import Directives
import Foundation
import JSONText
import TestSupport
import Testing
import Tokenizers
import Transformers

/// Shortcuts of one model, computed elsewhere in float64, with the very samples they were computed on.
struct ShortcutReference {
  let json: JSONValue
  let train: Int
  let test: Int
  private let evaluator: Evaluator
  private let folder: TemporaryDirectory
  private let arguments: String

  /// A model of the project: the samples are beginnings of the texts under `assets`.
  init(embedded name: String) throws {
    json = try Self.read(ProjectRoot.fixture("shortcuts/\(name).json"))
    (train, test) = try Self.sizes(json)
    folder = try TemporaryDirectory()
    let lines = try Self.lines()
    let texts = try zip(Self.ints(json["text"]), Self.ints(json["length"])).map { String(lines[$0].prefix($1)) }
    let path = folder.path + "/prefixes.jsonl"
    try texts.map { JSON.write(["text": .string($0)]) + "\n" }.joined()
      .write(toFile: path, atomically: true, encoding: .utf8)
    evaluator = Self.evaluator(ModelEntry(name: "model", source: .path(ProjectRoot.referenceModel(name))), path)
    arguments = "position=last split=head train=\(train) test=\(test)"
  }

  /// A model of the material that is not part of the project.
  init(shared name: String) throws {
    json = try Self.read(SharedMaterial.path("reference/\(name)/shortcuts.json"))
    train = try #require(json["settings"]?["train"]?.intValue)
    test = try #require(json["settings"]?["test"]?.intValue)
    folder = try TemporaryDirectory()
    evaluator = Self.evaluator(
      ModelEntry(name: "model", source: .path(SharedMaterial.path("models/" + name))),
      SharedMaterial.path("reference/\(name)/prefixes.jsonl"))
    arguments = "position=last split=head train=\(train) test=\(test)"
  }

  /// The masked model of the project: a position of each text was drawn elsewhere, so its states are captured here.
  init(masked name: String) throws {
    json = try Self.read(ProjectRoot.fixture("shortcuts/\(name).json"))
    (train, test) = try Self.sizes(json)
    folder = try TemporaryDirectory()
    let directory = ProjectRoot.referenceModel(name)
    let tokenizer = try Tokenizer.load(directory: directory)
    let mask = try #require(tokenizer.specialTokens.mask)
    let positions = try Self.ints(json["position"])
    let texts = try zip(try Self.lines(), positions).map { text, position in
      var ids = try tokenizer.encode(text)
      ids[position] = mask
      return CaptureRequest(ids: ids, positions: [position])
    }
    let first = try #require(json["first"]?.arrayValue).map { try Self.ints($0) }
    #expect(Array(texts.prefix(first.count).map(\.ids)) == first)
    let states = try Model.open(directory).capture(texts)
    let path = folder.path + "/mask.safetensors"
    let writer = try CapturedStatesWriter(
      path: path, states: states.count, samples: texts.count, width: states[0].columns,
      metadata: StatesMetadata(
        model: name, modelDigest: "", dataset: "atlas", datasetDigest: "", position: "mask"), positions: positions)
    for (level, rows) in states.enumerated() { try writer.write(rows, state: level, firstRow: 0) }
    try writer.finish()
    evaluator = Self.evaluator(
      ModelEntry(name: "model", source: .states(file: path, checkpoint: directory)), path)
    arguments = "split=head train=\(train) test=\(test)"
  }

  private static func evaluator(_ model: ModelEntry, _ data: String) -> Evaluator {
    Evaluator(
      bench: Workbench(
        book: Book(models: [model], datasets: [DatasetEntry(name: "prefixes", path: data)]), storeDirectory: nil))
  }

  private static func read(_ path: String) throws -> JSONValue {
    try JSON.parse(String(contentsOfFile: path, encoding: .utf8))
  }

  private static func lines() throws -> [String] {
    try String(contentsOfFile: ProjectRoot.asset("texts/atlas.txt"), encoding: .utf8).split(separator: "\n")
      .map(String.init)
  }

  private static func sizes(_ json: JSONValue) throws -> (Int, Int) {
    (try #require(json["train"]?.intValue), try #require(json["test"]?.intValue))
  }

  private static func ints(_ value: JSONValue?) throws -> [Int] {
    try #require(value?.arrayValue).compactMap(\.intValue)
  }

  /// The answer to a directive over the reference's own sample.
  func ask(_ text: String) throws -> JSONValue {
    let scope = BindingScope(models: ["model"], datasets: ["prefixes"], model: "model", dataset: "prefixes", seed: 42)
    let written = "<<\(text) \(arguments)>>"
    let directive = try #require(DirectiveParser.parse(directive: written).0)
    let (bound, faults) = DirectiveBinder(schemas: Registry.standard.schemas, scope: scope).bind(directive)
    #expect(faults.map(\.message) == [])
    return .object(try evaluator.evaluate(try #require(bound).source).result)
  }

  /// Compares two curves; entries that the reference leaves out must be left out.
  func expectEqual(
    _ found: JSONValue?, _ expected: JSONValue?, within tolerance: (Double) -> Double, _ what: String
  ) throws {
    let found = try #require(found?.arrayValue, "\(what)")
    let expected = try #require(expected?.arrayValue, "\(what)")
    #expect(found.count == expected.count, "\(what)")
    for (place, (ours, theirs)) in zip(found, expected).enumerated() {
      guard let theirs = theirs.doubleValue else {
        #expect(ours.isNull, "\(what)[\(place)]")
        continue
      }
      let ours = ours.doubleValue ?? .nan
      #expect(abs(ours - theirs) <= tolerance(theirs), "\(what)[\(place)]: \(ours), expected \(theirs)")
    }
  }

  /// Precision@k to one sample.
  func expectPrecision(_ found: JSONValue?, _ expected: JSONValue?, _ what: String) throws {
    try expectEqual(found, expected, within: { _ in 1 / Double(test) + 1e-6 }, what)
  }

  /// Surprisal to a thousandth.
  func expectSurprisal(_ found: JSONValue?, _ expected: JSONValue?, _ what: String) throws {
    try expectEqual(found, expected, within: { 1e-3 * abs($0) }, what)
  }
}
