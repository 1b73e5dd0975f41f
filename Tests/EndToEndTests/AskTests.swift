import Foundation
import FoundationXML
import JSONText
import TestSupport
import Testing

@Suite struct AskTests {
  private static func json(_ directive: String) throws -> JSONValue {
    let outcome = try BookFolder().ask(directive)
    #expect(outcome.status == 0, "\(outcome.errors)")
    return try JSON.parse(Array(outcome.output.utf8))
  }

  /// Length of a list, or of a list and of each list in it.
  private static func shape(_ value: JSONValue?) -> [Int] {
    guard let items = value?.arrayValue else { return [] }
    return [items.count] + (items.first.map { shape($0) } ?? [])
  }

  @Test func theObjectOfADirective() throws {
    let answer = try Self.json("<<convergence gpt n=20>>")
    #expect(
      answer.objectValue?.keys == [
        "directive", "engine", "engine_version", "model", "dataset", "settings", "sample", "result",
      ])
    #expect(
      answer["directive"]?.stringValue
        == "<<convergence gpt dataset=atlas final=pre max-tokens=128 n=20 position=all seed=42>>")
    #expect(answer["engine"]?.stringValue == "convergence")
    #expect(answer["engine_version"]?.intValue != nil)
    #expect(answer["model"]?["name"]?.stringValue == "gpt")
    #expect(answer["model"]?["digest"]?.stringValue?.count == 64)
    #expect(answer["dataset"]?["digest"]?.stringValue?.count == 64)
    #expect(
      answer["settings"]
        == [
          "text": nil, "pos": nil, "n": 20, "position": "all", "max-tokens": 128, "final": "pre", "seed": 42,
        ])
    let result = answer["result"]
    #expect(Self.shape(result?["distance"]) == [8])
    for name in ["score", "score_per_token", "last_distance", "last_ratio"] {
      #expect(result?[name]?.doubleValue != nil, "\(name)")
    }
  }

  @Test(arguments: ["mean", "max", "std", "median", "min", "negative"])
  func statisticsOfRegressions(view: String) throws {
    let result = try Self.json("<<heatmap r2 \(view) bert solver=ridge n=40>>")["result"]
    for name in ["mean", "max", "std", "median", "min", "negative", "undefined"] {
      #expect(Self.shape(result?[name]) == [6], "\(name)")
    }
  }

  @Test func allPairsAreRowsOfSources() throws {
    let result = try Self.json("<<heatmap r2 mean bert solver=ridge pairs=all n=40>>")["result"]
    #expect(Self.shape(result?["mean"]) == [7, 7])
    for source in 0..<7 {
      for target in 0..<7 {
        #expect((result?["mean"]?[source]?[target]?.doubleValue != nil) == (target > source))
      }
    }
    let adjacent = try Self.json("<<heatmap r2 mean bert solver=ridge n=40>>")["result"]
    #expect((0..<6).allSatisfy { adjacent?["mean"]?[$0] == result?["mean"]?[$0]?[$0 + 1] })
  }

  @Test func everyTargetDimension() throws {
    let dimensions = try Self.json("<<heatmap r2 dims bert solver=ridge n=40>>")["result"]?["r2"]
    #expect(Self.shape(dimensions) == [6, 128])
    let mean = try Self.json("<<heatmap r2 mean bert solver=ridge n=40>>")["result"]?["mean"]
    for step in 0..<6 {
      let values = dimensions?[step]?.arrayValue?.compactMap { $0.doubleValue } ?? []
      let expected = try #require(mean?[step]?.doubleValue)
      #expect(abs(values.reduce(0, +) / Double(values.count) - expected) < 1e-12)
    }
  }

  @Test(arguments: [("mat", ["mat"]), ("id", ["id"]), ("both", ["mat", "id"]), ("diff", ["mat", "id"])])
  func mapsBetweenAllDepths(view: String, names: [String]) throws {
    let result = try Self.json("<<heatmap r2 \(view) bert n=60>>")["result"]
    for name in ["mat", "id"] {
      #expect(Self.shape(result?[name]) == (names.contains(name) ? [7, 7] : []))
      guard names.contains(name) else { continue }
      for source in 0..<7 {
        #expect(result?[name]?[source]?[source] == 1)
        #expect((0..<source).allSatisfy { result?[name]?[source]?[$0]?.isNull == true })
        #expect(((source + 1)..<7).allSatisfy { result?[name]?[source]?[$0]?.doubleValue != nil })
      }
    }
  }

  @Test func earlyExit() throws {
    let result = try Self.json("<<earlyexit gpt 90% n=60>>")["result"]
    for lens in ["mat", "id"] {
      let values = result?[lens]
      let layers = try #require(values?["layers"]?.doubleValue)
      let saved = try #require(values?["saved"]?.doubleValue)
      #expect(abs(saved - (1 - layers / 8)) < 1e-12)
      #expect(values?["saved_net"]?.doubleValue != nil)
      let curve = try #require(values?["curve"]?.arrayValue)
      let grid = try #require(values?["published_grid"]?.arrayValue)
      #expect(grid.count == (lens == "mat" ? 13 : 22))
      #expect((curve + grid).allSatisfy { $0.objectValue?.keys == ["lambda", "layers", "precision"] })
      let reached = try #require(values?["reached"])
      #expect(reached["layers"]?.doubleValue == layers && curve.contains(reached))
      #expect(reached["precision"]?.doubleValue ?? 0 >= 0.9)
      #expect(values?["before"]?["precision"]?.doubleValue ?? 0 < 0.9)
      // Always leaving goes through one block, never leaving through all of them and agrees with itself.
      #expect(curve.first?["layers"] == 1.0)
      #expect(curve.last?["layers"] == 8.0)
      #expect(curve.last?["precision"] == 1.0)
      let fixed = try #require(values?["fixed"]?.arrayValue)
      #expect(fixed.map { $0["layer"]?.intValue } == (0...8).map { $0 })
    }
    let mat = result?["mat"]?["saved"]?.doubleValue ?? .nan
    let id = result?["id"]?["saved"]?.doubleValue ?? .nan
    #expect(abs((result?["difference"]?.doubleValue ?? .nan) - 100 * (mat - id)) < 1e-9)
  }

  @Test func aShareThatIsNotWholeIsPrintedAsItIs() throws {
    let text = try BookFolder().ask("<<earlyexit gpt 99.5% n=60>>", format: "text").output
    #expect(text.hasPrefix("Early exit at 99.50% agreement with the full model"))
  }

  @Test func quantitiesAndClaims() throws {
    let book = try BookFolder()
    let distance = try JSON.parse(Array(book.ask("<<convergence n=20>>").output.utf8))["result"]?["distance"]
    let last = try book.ask("<<value convergence.distance[-1] n=20>>", format: "text").output
    #expect(last == JSON.write(distance?[7] ?? .null) + "\n")
    #expect(try book.ask("<<expect convergence.distance[7] > 0 n=20>>", format: "text").output == last)
    #expect(try book.ask("<<expect convergence.distance[7] > 1 n=20>>").status == 1)
    let object = try JSON.parse(Array(book.ask("<<value convergence.distance[-1] n=20>>").output.utf8))
    #expect(object["value"] == distance?[7])
    #expect(object["quantity"] == "convergence.distance[-1]")
    #expect(object["engine"] == "convergence")
    #expect(try book.ask("<<value convergence.score n=20>>", format: "svg").status == 2)
    let missing = try book.ask("<<value convergence.scor n=20>>")
    #expect(missing.status == 2)
    #expect(missing.errors.hasPrefix("directive:1:9: error: 'convergence' has no 'scor'\n"))
    #expect(missing.errors.contains("hint: did you mean 'score' or 'score_per_token'?"))
  }

  @Test func theOtherFormats() throws {
    let book = try BookFolder()
    let directive = "<<convergence gpt vs=bert n=10>>"
    let drawing = try book.ask(directive, format: "svg").output
    let parser = XMLParser(data: Data(drawing.utf8))
    #expect(drawing.hasPrefix("<"))
    #expect(parser.parse())
    let html = PageReader("<main>" + (try book.ask(directive, format: "html").output) + "</main>")
    #expect(html.isWellFormed)
    #expect(html.elements["figure"] == 1)
    let lines = try book.ask(directive, format: "csv").output.split(whereSeparator: \.isNewline)
    // The last row is the last state after the norm; bert has no norm there.
    #expect(lines.count == 1 + 8 + 6 + 1)
    #expect(Set(lines.map { $0.filter { $0 == "," }.count }).count == 1)
    #expect(try book.ask(directive, format: "text").output.hasPrefix("Movement D of the hidden state in each block"))
  }

  @Test func nothingButTheCommandLineIsNeeded() throws {
    let folder = try TemporaryDirectory()
    let outcome = try Program.run(
      [
        "ask", "--book", "none", "--store", "none", "--model", ProjectRoot.asset("models/atlas-gpt2"), "--dataset",
        ProjectRoot.asset("texts/atlas.txt"), "--format", "json", "<<convergence n=20>>",
      ], in: folder.path)
    #expect(outcome.status == 0)
    let here = try JSON.parse(Array(outcome.output.utf8))
    let book = try JSON.parse(Array(BookFolder().ask("<<convergence n=20>>").output.utf8))
    #expect(here["result"] == book["result"])
    #expect(here["model"]?["digest"] == book["model"]?["digest"])
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == [])
  }
}
