import Checkpoints
import Foundation
import JSONText
import TestSupport
import Testing

@Suite struct StatesTests {
  /// A result without what needs the model's own norm, which captured states do not have.
  private static func result(_ outcome: Program.Outcome) throws -> JSONValue? {
    #expect(outcome.status == 0, "\(outcome.errors)")
    var result = try JSON.parse(Array(outcome.output.utf8))["result"]?.objectValue
    result?["post_norm_distance"] = nil
    return result.map { .object($0) }
  }

  private static func captured(position: String, texts: Int = 40) throws -> BookFolder {
    let book = try BookFolder()
    let outcome = try book.run(
      "capture", "--book", "book", "--model", "gpt", "--dataset", "atlas", "--position", position, "--n",
      String(texts), "--max-tokens", "24", "--out", "book/states.safetensors")
    #expect(outcome.status == 0, "\(outcome.errors)")
    return book
  }

  @Test func theFileIsAsTheContractSays() throws {
    let book = try Self.captured(position: "last")
    let file = try SafetensorsFile(path: book.path + "/book/states.safetensors")
    for depth in 0...8 {
      #expect(try file.shape(of: "hidden.\(depth)") == [40, 128])
      #expect(try file.type(of: "hidden.\(depth)") == .f32)
    }
    let positions = try file.int64s("position")
    #expect(try file.int64s("next_token").count == 40)
    for sample in 0..<40 { #expect(try file.int64s("token_ids.\(sample)").count == Int(positions[sample]) + 1) }
    let expected = [
      "format": "layerbook.states/1", "model": "gpt", "dataset": "atlas", "position": "last", "final_state": "pre_norm",
    ]
    for (key, value) in expected { #expect(file.metadataValue(key) == value) }
    #expect(file.metadataValue("model_digest")?.count == 64)
    #expect(file.metadataValue("dataset_digest")?.count == 64)
  }

  @Test(arguments: ["convergence", "heatmap r2 both", "heatmap r2 mean solver=ridge"])
  func capturedStatesGiveTheNumbersOfTheModel(directive: String) throws {
    let book = try Self.captured(position: "last")
    let words = directive.split(separator: " ", maxSplits: 1).map(String.init)
    let rest = words.count > 1 ? words[1] + " " : ""
    let live = try Self.result(book.ask("<<\(words[0]) \(rest)gpt n=40 max-tokens=24 position=last>>"))
    #expect(try Self.result(book.ask("<<\(words[0]) \(rest)captured n=40>>")) == live)
  }

  @Test func whatNeedsTheFinalNormIsUndefinedWithoutIt() throws {
    let book = try Self.captured(position: "last")
    func distance(_ model: String, _ more: String) throws -> JSONValue? {
      try JSON.parse(Array(book.ask("<<convergence \(model) n=40 \(more)>>").output.utf8))["result"]?[
        "post_norm_distance"]
    }
    #expect(try distance("gpt", "max-tokens=24 position=last")?.doubleValue != nil)
    #expect(try distance("captured", "") == .null)
  }

  @Test func aHeadIsNeededWhereThereIsNone() throws {
    let book = try Self.captured(position: "last")
    let outcome = try book.ask("<<earlyexit captured n=40>>")
    #expect(outcome.status == 2)
    #expect(
      outcome.errors == """
        directive:1:13: error: <<earlyexit>> needs the model's head, and 'captured' has captured states but no checkpoint
          <<earlyexit captured n=40>>
                      ^~~~~~~~
          hint: add path: to its entry in the book
        1 error

        """)
    let live = try Self.result(book.ask("<<earlyexit gpt n=40 max-tokens=24 position=last>>"))
    #expect(try Self.result(book.ask("<<earlyexit headed n=40>>")) == live)
  }

  @Test func anotherPositionIsRefusedEvenWhereTheStoreHasAnAnswer() throws {
    let book = try Self.captured(position: "last")
    let answer = try book.ask("<<earlyexit headed n=40>>")
    let settings = try JSON.parse(Array(answer.output.utf8))["settings"]
    #expect(settings?["position"]?.stringValue == "last")
    #expect(settings?["max-tokens"]?.isNull == true)
    let outcome = try book.ask("<<earlyexit headed n=40 position=random>>")
    #expect(outcome.status == 1)
    #expect(
      outcome.errors.hasPrefix("error: position=random is asked for, and 'book/states.safetensors' holds states "))
  }

  @Test func textsAreCountedAlsoWhereEveryPositionIsKept() throws {
    let book = try Self.captured(position: "all", texts: 12)
    for texts in [5, 12] {
      let live = try Self.result(book.ask("<<convergence gpt max-tokens=24 n=\(texts)>>"))
      #expect(try Self.result(book.ask("<<convergence captured n=\(texts)>>")) == live)
    }
    let tooMany = try book.ask("<<convergence captured n=13>>")
    #expect(
      tooMany.errors == "error: 'book/states.safetensors' holds 12 texts, and 13 are asked for\n  hint: lower n=\n")
  }
}

@Suite struct ReferenceTests {
  private static func numbers(_ value: JSONValue?) -> [Double] { value?.arrayValue?.compactMap(\.doubleValue) ?? [] }

  private static func difference(_ found: [Double], _ expected: [Double]) -> Double {
    guard found.count == expected.count else { return .infinity }
    return zip(found, expected).map { abs($0 - $1) }.max() ?? .infinity
  }

  private static func ask(_ directive: String, in folder: TemporaryDirectory) throws -> JSONValue? {
    let outcome = try Program.run(
      [
        "ask", "--book", "none", "--store", folder.path + "/store", "--format", "json", "--model",
        SharedMaterial.path("models/stories260K"), "--dataset",
        SharedMaterial.path("data/tinystories-wikitext-snippets/tinystories_1000.json"), directive,
      ], in: folder.path)
    #expect(outcome.status == 0, "\(outcome.errors)")
    return try JSON.parse(Array(outcome.output.utf8))["result"]
  }

  @Test(.enabled(if: SharedMaterial.isPresent))
  func theTrainedLlamaGivesTheReferenceNumbers() throws {
    let folder = try TemporaryDirectory()
    let path = SharedMaterial.path("reference/stories260K/reference.json")
    let reference = try JSON.parse(Array(try #require(FileManager.default.contents(atPath: path))))
    let convergence = try Self.ask("<<convergence n=1000 position=last max-tokens=64>>", in: folder)
    let distances = Self.numbers(reference["convergence"]?["distance"])
    #expect(Self.difference(Self.numbers(convergence?["distance"]), distances) < 1e-7)
    let maps = try Self.ask("<<heatmap r2 both split=head train=800 test=200 max-tokens=64>>", in: folder)
    for (name, expected) in [("mat", "linear_map_r2"), ("id", "identity_r2")] {
      for (pair, value) in reference[expected]?.objectValue ?? JSONObject() {
        let depths = pair.split(separator: "-").compactMap { Int($0) }
        let found = maps?[name]?[depths[0]]?[depths[1]]?.doubleValue ?? .nan
        #expect(abs(found - (value.doubleValue ?? 0)) < 1e-6, "\(name) \(pair)")
      }
    }
    let exits = try Self.ask(
      "<<earlyexit 95% split=head train=800 test=200 position=last max-tokens=64>>", in: folder)
    for lens in ["mat", "id"] {
      for point in reference["early_exit"]?[lens]?.arrayValue ?? [] {
        let found = exits?[lens]?["published_grid"]?.arrayValue?.first {
          abs(($0["lambda"]?.doubleValue ?? .nan) - (point["lambda"]?.doubleValue ?? 0)) < 1e-9
        }
        #expect(Self.difference(Self.point(found), Self.point(point)) < 1e-9, "\(lens) \(JSON.write(point))")
      }
    }
  }

  private static func point(_ value: JSONValue?) -> [Double] {
    [value?["layers"]?.doubleValue ?? .nan, value?["precision"]?.doubleValue ?? .nan]
  }
}
