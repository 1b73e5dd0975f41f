import Blocks
import Books
import Directives
import Foundation
import JSONText
import TestSupport
import Testing

@Suite struct LensViewTests {
  private func curve(_ value: JSONValue?) throws -> [Double] {
    try #require(value?.arrayValue).compactMap(\.doubleValue)
  }

  @Test func whatHoldsOfEveryModel() throws {
    let precision = try Asker().ask("<<precision k=10,1,5,5 n=200>>").result
    let surprisal = try Asker().ask("<<surprisal n=200>>").result
    #expect(precision["mat"]?.objectValue?.keys == ["1", "10", "5"])
    let floor = try #require(surprisal["floor"]?.doubleValue)
    for lens in ["mat", "id"] {
      let curves = try ["1", "5", "10"].map { try curve(precision[lens]?[$0]) }
      for (depth, value) in curves[0].enumerated() {
        #expect(value <= curves[1][depth] && curves[1][depth] <= curves[2][depth], "k \(depth)")
        let band = precision["bands"]?[lens]?["1"]?[depth]
        let (low, high) = (band?["low"]?.doubleValue ?? .nan, band?["high"]?.doubleValue ?? .nan)
        #expect(low <= value && value <= high)
      }
      #expect(curves.allSatisfy { $0.last == 1 })
      let surprisals = try curve(surprisal[lens])
      #expect(surprisals.last == floor)
      #expect(surprisals.allSatisfy { $0 >= floor })
    }
  }

  @Test func aMaskedModelIsAskedAboutAMaskedToken() throws {
    for text in ["<<precision n=60>>", "<<earlyexit 95% n=60>>", "<<submodules precision n=60>>"] {
      let evaluation = try Asker().ask(text)
      #expect(evaluation.facts.position == "mask" && evaluation.settings["position"] == "mask", "\(text)")
      #expect(evaluation.bound.canonicalText.contains("position=mask"))
    }
    let asked = try Asker().ask("<<precision n=60 position=random>>")
    #expect(asked.facts.position == "random")
    #expect(try Asker().ask("<<precision n=60 position=mask>>").result == Asker().ask("<<precision n=60>>").result)
  }

  @Test func predictionsFillTheGap() throws {
    let result = try Asker().ask("<<predictions \"Rome is the capital of [MASK].\" top=3 n=60>>").result
    let layers = try #require(result["layers"]?.arrayValue)
    #expect(layers.count == 7)
    for layer in layers {
      for lens in ["mat", "id"] {
        let probabilities = try #require(layer[lens]?.arrayValue).compactMap { $0["probability"]?.doubleValue }
        #expect(probabilities.count == 3 && probabilities == probabilities.sorted(by: >))
      }
    }
    #expect(layers.last?["mat"] == layers.last?["id"])
    let failure = try Asker().failure("<<predictions \"Rome\" n=60>>")
    #expect(failure?.message == "'bert' fills in a masked token, and the text has 0 of them")
  }

  @Test func wholeBlocksAreTheLens() throws {
    let submodules = try Asker().ask("<<submodules precision n=200>>").result
    let precision = try Asker().ask("<<precision n=200>>").result
    #expect(submodules["block"]?["precision"] == precision["mat"]?["1"])
    #expect(submodules["block"]?["precision10"] == precision["mat"]?["10"])
    #expect(submodules["floor"] == submodules["attention"]?["surprisal"]?[6])
  }

  @Test func oneLongJumpIsTheLens() throws {
    let result = try Asker().ask("<<alternation a=0,2,9 b=6 n=200>>").result
    let precision = try curve(try Asker().ask("<<precision n=200>>").result["mat"]?["1"])
    let schedules = try #require(result["schedules"]?.arrayValue)
    #expect(schedules.compactMap { $0["executed"]?.intValue } == [0, 2, 6])
    #expect(schedules.compactMap { $0["precision"]?.doubleValue } == [precision[0], precision[2], 1])
    #expect(schedules.compactMap { $0["single"]?.doubleValue } == [precision[0], precision[2], 1])
  }

  @Test func everyTargetIsInTheTable() throws {
    let result = try Asker().ask("<<earlyexit 95% targets=90,99.5 n=200>>").result
    let targets = try #require(result["targets"]?.arrayValue)
    #expect(targets.compactMap { $0["target"]?.doubleValue } == [0.9, 0.95, 0.995])
    for target in targets {
      let wanted = try #require(target["target"]?.doubleValue)
      let alone = try Asker().ask("<<earlyexit \(100 * wanted)% n=200>>").result
      #expect(target["mat"]?["saved"] == alone["mat"]?["saved"] && target["difference"] == alone["difference"])
    }
    let faults = Registry.standard.faults(of: try Asker().bind("<<earlyexit 95% targets=0>>"))
    #expect(faults.map(\.message) == ["'targets' must be percentages from 0.1 to 100, found 0.0"])
  }

  @Test(arguments: ["gap", "maxprob", "entropy"]) func everyRuleReachesItsTarget(rule: String) throws {
    let result = try Asker().ask("<<earlyexit 90% rule=\(rule) n=200>>").result
    for lens in ["mat", "id"] {
      #expect(try #require(result[lens]?["reached"]?["precision"]?.doubleValue) >= 0.9)
      #expect(result[lens]?["published_grid"]?[0]?["layers"]?.doubleValue == 1)
    }
  }

  @Test func publishedSavingsAreMarkedAsThoseOfOtherModels() throws {
    let exhibit = try Asker().ask("<<earlyexit 95% n=60 as=table>>").exhibit(in: .english)
    #expect(exhibit.notes.contains { $0.hasPrefix("Published marks are of other models") })
    for text in ["<<earlyexit 90% n=60>>", "<<earlyexit 95% published=off n=60>>"] {
      #expect(!(try Asker().ask(text).exhibit(in: .english).notes.contains { $0.contains("Published") }), "\(text)")
    }
  }

  @Test func transferShowsTheNamesOfTheBook() throws {
    let folder = try TemporaryDirectory()
    let text = try String(contentsOfFile: ProjectRoot.asset("texts/atlas.txt"), encoding: .utf8)
    let lines = text.split(separator: "\n")
    for (name, part) in [("a", lines[..<200]), ("b", lines[200..<400])] {
      try part.joined(separator: "\n").write(toFile: "\(folder.path)/\(name)", atomically: true, encoding: .utf8)
    }
    func ask(_ names: (String, String)) throws -> Evaluation {
      let book = Book(
        models: [ModelEntry(name: "gpt2", source: .path(ProjectRoot.asset("models/atlas-gpt2")))],
        datasets: [
          DatasetEntry(name: names.0, path: folder.path + "/a"), DatasetEntry(name: names.1, path: folder.path + "/b"),
        ])
      let scope = BindingScope(models: ["gpt2"], datasets: [names.0, names.1], model: "gpt2", seed: 42)
      let directive = try #require(
        DirectiveParser.parse(directive: "<<transfer dataset=\(names.0),\(names.1) n=200>>").0)
      let bound = try #require(DirectiveBinder(schemas: Registry.standard.schemas, scope: scope).bind(directive).0)
      return try Evaluator(bench: Workbench(book: book, storeDirectory: folder.path + "/store")).evaluate(bound.source)
    }
    let first = try ask(("one", "two"))
    #expect(first.result["datasets"] == ["one", "two"])
    let precision = try #require(first.result["precision"]?.arrayValue)
    #expect(precision.count == 2 && precision[0][1]?[8] == 1.0 && first.result["id"]?[0]?[8] == 1.0)
    #expect(precision[0][0] != precision[1][0], "maps of another corpus")
    let renamed = try ask(("three", "four"))
    #expect(renamed.wasHit && renamed.result["datasets"] == ["three", "four"])
    #expect(renamed.result["precision"] == first.result["precision"])
  }

  @Test func transferNeedsTwoCorpora() throws {
    let faults = Registry.standard.faults(of: try Asker().bind("<<transfer dataset=atlas>>"))
    #expect(faults.map(\.message) == ["'transfer' needs two corpora or more, found 1"])
  }
}
