import Blocks
import Books
import Directives
import Foundation
import JSONText
import TestSupport
import Testing

/// A view that compares models, datasets and files named in its settings.
private struct NamingView: View {
  struct Count: Codable, Sendable { @Field("how many were named") var named = 0 }

  static let models = Key.models("models", "models to compare")
  static let fit = Key.datasets("fit", "corpora to fit on")
  static let notes = Key.files("notes", "annotations")

  let keys: [any KeyDeclaration] = [models, fit, notes]
  let engine = EngineIdentity("naming", version: 1)

  func example(_: BoundDirective) -> Count { Count() }

  func answer(_ question: Question, on bench: Workbench) throws -> Answer<Count> {
    let models = try bench.subjects(question[Self.models])
    let datasets = try bench.datasetEntries(question[Self.fit], for: "naming")
    return Answer(
      result: Count(named: models.count + datasets.count + question[Self.notes].count),
      facts: Facts(blocks: 1, width: 1, family: nil, texts: nil, positions: 1, position: "last"))
  }

  func exhibit(_ shown: Shown<Count>, in say: Language) -> Exhibit {
    Exhibit(chart: nil, table: Table([shown], [.count("named", \.named)]), caption: "Names.")
  }
}

@Suite struct NamedInputTests {
  private let folder: TemporaryDirectory
  private let registry = Registry(blocks: [
    Block("naming", "counts names", views: [NamingView()], examples: ["<<naming>>"])
  ])

  init() throws {
    folder = try TemporaryDirectory()
    try write("one\ntwo\n", "a.txt")
    try write("three\n", "b.txt")
    try write("note\n", "notes.csv")
  }

  private func write(_ text: String, _ name: String) throws {
    try text.write(toFile: folder.path + "/" + name, atomically: true, encoding: .utf8)
  }

  private func evaluator(_ names: (String, String) = ("a", "b")) -> Evaluator {
    let model = ProjectRoot.asset("models/atlas-bert")
    let book = Book(
      directory: folder.path,
      models: ["bert", "same"].map { ModelEntry(name: $0, source: .path(model)) }
        + [ModelEntry(name: "gpt2", source: .path(ProjectRoot.asset("models/atlas-gpt2")))],
      datasets: [
        DatasetEntry(name: names.0, path: folder.path + "/a.txt"),
        DatasetEntry(name: names.1, path: folder.path + "/b.txt"),
      ])
    return Evaluator(bench: Workbench(book: book, storeDirectory: nil), registry: registry)
  }

  private func bind(_ text: String, _ names: [String] = ["a", "b"]) throws -> BoundDirective {
    let scope = BindingScope(
      models: ["bert", "same", "gpt2"], datasets: names, model: "bert", dataset: names[0], seed: 42)
    let directive = try #require(DirectiveParser.parse(directive: text).0)
    let (bound, faults) = DirectiveBinder(schemas: registry.schemas, scope: scope).bind(directive)
    #expect(faults.map(\.message) == [])
    return try #require(bound).source
  }

  private func key(_ text: String) throws -> JSONObject {
    try #require(try evaluator().keys(of: bind(text)).first).key.inputs
  }

  @Test func namesAreNoPartOfTheKeyAndContentsAre() throws {
    let one = try key("<<naming models=bert,gpt2 fit=a,b>>")
    #expect(one["settings"]?["models"] == nil && one["settings"]?["fit"] == nil)
    #expect(try JSON.canonical(.object(key("<<naming models=same,gpt2 fit=a,b>>"))) == JSON.canonical(.object(one)))
    for other in ["<<naming models=gpt2,bert fit=a,b>>", "<<naming models=bert,gpt2 fit=b,a>>", "<<naming fit=a,b>>"] {
      #expect(try JSON.canonical(.object(key(other))) != JSON.canonical(.object(one)), "\(other)")
    }
    let renamed = try evaluator(("x", "y")).keys(of: bind("<<naming models=bert,gpt2 fit=x,y>>", ["x", "y"]))
    #expect(try JSON.canonical(.object(#require(renamed.first).key.inputs)) == JSON.canonical(.object(one)))
  }

  @Test func whatChangedCanBeTold() throws {
    let text = "<<naming fit=a,b notes=notes.csv>>"
    let before = try key(text)
    try write("four\n", "b.txt")
    let data = try key(text)
    #expect(data["inputs"]?["fit"]?["0"] == before["inputs"]?["fit"]?["0"])
    #expect(data["inputs"]?["fit"]?["1"]?["file"] != before["inputs"]?["fit"]?["1"]?["file"])
    try write("other note\n", "notes.csv")
    let note = try key(text)
    #expect(note["inputs"]?["fit"] == data["inputs"]?["fit"])
    #expect(note["inputs"]?["notes"]?["0"] != data["inputs"]?["notes"]?["0"])
  }

  @Test func theSettingsStillShowTheNames() throws {
    let evaluation = try evaluator().evaluate(bind("<<naming models=same,gpt2 fit=b>>"))
    #expect(evaluation.settings["models"] == ["same", "gpt2"])
    #expect(evaluation.result["named"]?.intValue == 3)
  }

  @Test(arguments: [
    ("<<naming notes=gone.csv>>", "notes=gone.csv: no file at"), ("<<naming notes=\"a b.csv\">>", "notes=a b.csv: no"),
  ])
  func whatIsNotThereIsFoundBeforeAnythingRuns(text: String, message: String) throws {
    let bound = try bind(text)
    #expect { try evaluator().resolve(bound) } throws: { "\($0)".hasPrefix(message) }
  }
}
