import Blocks
import Books
import Directives
import Foundation
import JSONText
import Results
import TestSupport
import Testing

/// Answers directives of the embedded models in this process.
struct Asker {
  let evaluator: Evaluator
  let book: Book

  init(store: String? = nil, isFrozen: Bool = false, bert: String = ProjectRoot.asset("models/atlas-bert")) {
    book = Book(
      models: [
        ModelEntry(name: "bert", source: .path(bert)),
        ModelEntry(name: "gone", source: .path("/nowhere/at/all")),
        ModelEntry(name: "hub", source: .hub(name: "org/no-such-model", revision: "v2")),
      ],
      datasets: [DatasetEntry(name: "atlas", path: ProjectRoot.asset("texts/atlas.txt"))])
    evaluator = Evaluator(bench: Workbench(book: book, storeDirectory: store, isFrozen: isFrozen))
  }

  func bind(_ text: String) throws -> Bound {
    let scope = BindingScope(
      models: book.models.map(\.name), datasets: ["atlas"], model: "bert", dataset: "atlas", seed: 42)
    let directive = try #require(DirectiveParser.parse(directive: text).0)
    let (bound, faults) = DirectiveBinder(schemas: Registry.standard.schemas, scope: scope).bind(directive)
    #expect(faults.map(\.message) == [])
    return try #require(bound)
  }

  func ask(_ text: String) throws -> Evaluation { try evaluator.evaluate(bind(text).source) }

  func failure(_ text: String) throws -> EngineError? {
    do { _ = try ask(text) } catch let error as EngineError { return error }
    return nil
  }

  func value(_ text: String) throws -> Double? {
    guard case .quantity(let quantity) = try bind(text) else { return nil }
    return try QuantityLookup.value(of: quantity, in: evaluator.evaluate(quantity.source))
  }
}

@Suite struct EvaluatorTests {
  @Test func everyExampleOfTheDocumentationBinds() throws {
    for schema in Registry.standard.schemas {
      #expect(!schema.examples.isEmpty, "\(schema.name)")
      for example in schema.examples where !example.contains("atlas-") {
        // An example may show two directives side by side.
        for text in example.components(separatedBy: "> <") {
          let directive = DirectiveParser.parse(directive: text.filter { !"<>".contains($0) || schema.role == .claim })
            .0
          #expect(directive?.name == schema.name, "\(example)")
        }
      }
    }
  }

  @Test func theFixedSpellingsBind() throws {
    for text in ["<<heatmap r2 mean>>", "<<convergence bert>>", "<<earlyexit bert 95%>>"] {
      #expect(try Asker().bind(text).source.model == "bert")
    }
  }

  @Test func aStoredAnswerIsTheSameAnswer() throws {
    let folder = try TemporaryDirectory()
    let first = try Asker(store: folder.path).ask("<<heatmap r2 mean solver=ridge n=30>>")
    #expect(!first.wasHit)
    let second = try Asker(store: folder.path, isFrozen: true).ask("<<heatmap r2 mean solver=ridge n=30>>")
    #expect(second.wasHit)
    #expect(second.json == first.json)
    // Another statistic of the same regressions needs no new ones.
    #expect(try Asker(store: folder.path, isFrozen: true).ask("<<heatmap r2 max solver=ridge n=30>>").wasHit)
    let missing = try Asker(store: folder.path, isFrozen: true).failure("<<heatmap r2 mean solver=ridge n=31>>")
    #expect(missing?.message.hasPrefix("--frozen: the store has no result of <<heatmap r2 mean bert") == true)
  }

  @Test func whatIsPresentedIsNoPartOfTheKey() throws {
    let asker = Asker()
    let plain = try asker.ask("<<heatmap r2 dims solver=ridge n=30>>")
    let dressed = try asker.ask("<<heatmap r2 dims solver=ridge n=30 bin=max palette=cividis caption=\"C\" id=x>>")
    #expect(plain.key == dressed.key)
    #expect(try asker.ask("<<heatmap r2 dims solver=ridge n=30 seed=7>>").key != plain.key)
  }

  @Test func whatStandsInTheWayIsNamed() throws {
    let asker = Asker()
    let gone = try #require(try asker.failure("<<convergence gone>>"))
    #expect(gone.message == "model 'gone': no checkpoint folder at '/nowhere/at/all'")
    let hub = try #require(try asker.failure("<<convergence hub>>"))
    #expect(hub.message == "model 'hub' is not in the local Hugging Face cache")
    #expect(hub.hint == "get it with: hf download org/no-such-model --revision v2")
    let few = try #require(try asker.failure("<<convergence n=5000>>"))
    #expect(few.message == "dataset 'atlas' has only 2000 usable texts, and 5000 are asked for")
  }

  @Test func sizesOfASplitThatCannotBeAreFaults() throws {
    func fault(_ text: String) throws -> String? {
      let bound = try Asker().bind(text).source
      return Registry.standard.block(bound.name)?.faults(of: bound).first?.message
    }
    #expect(try fault("<<heatmap r2 mean n=20 train=30 test=10>>") == "train=30 and test=10 need 40 texts, and n=20")
    #expect(
      try fault("<<earlyexit 95% n=5>>") == "at least 2 samples must train and 2 must test, found 4 and 1")
    #expect(try fault("<<heatmap r2 mean train=9223372036854775807 test=9223372036854775807>>") == nil)
    #expect(try fault("<<heatmap r2 mean n=100>>") == nil)
  }
}

@Suite struct SharedWorkTests {
  @Test func whatComesOutTheSameStopsTheRebuildAboveIt() throws {
    let folder = try TemporaryDirectory()
    let model = folder.path + "/model"
    try FileManager.default.copyItem(atPath: ProjectRoot.asset("models/atlas-bert"), toPath: model)
    let question = "<<heatmap r2 mean solver=ridge n=30>>"
    func ask() throws -> (evaluation: Evaluation, counts: ResultStore.Counts) {
      let asker = Asker(store: folder.path + "/store", bert: model)
      let evaluation = try asker.ask(question)
      return (evaluation, try #require(asker.evaluator.bench.store).counts)
    }
    let first = try ask()
    let steps = first.evaluation.facts.blocks
    #expect(first.counts == ResultStore.Counts(hits: 0, computed: 2 + steps))
    // Another tokenizer file, the same tokens: states are captured again, and no regression is fitted.
    let file = try FileHandle(forUpdating: URL(fileURLWithPath: model + "/tokenizer.json"))
    try file.seekToEnd()
    try file.write(contentsOf: Data("\n".utf8))
    try file.close()
    let second = try ask()
    #expect(second.evaluation.key != first.evaluation.key)
    #expect(second.evaluation.result == first.evaluation.result)
    #expect(second.counts == ResultStore.Counts(hits: steps, computed: 2))
  }

  @Test func directivesShareStatesAndMaps() throws {
    let folder = try TemporaryDirectory()
    func counts(_ text: String) throws -> ResultStore.Counts {
      let asker = Asker(store: folder.path)
      _ = try asker.ask(text)
      return try #require(asker.evaluator.bench.store).counts
    }
    #expect(try counts("<<earlyexit 95% n=40>>") == ResultStore.Counts(hits: 0, computed: 3))
    #expect(try counts("<<earlyexit 90% n=40>>") == ResultStore.Counts(hits: 2, computed: 1))
    #expect(try counts("<<earlyexit 90% n=40 intercept=on>>") == ResultStore.Counts(hits: 1, computed: 2))
  }

  @Test func keptMapsGiveTheSameAnswer() throws {
    let folder = try TemporaryDirectory()
    _ = try Asker(store: folder.path).ask("<<earlyexit 95% n=40 intercept=on>>")
    let fromMaps = try Asker(store: folder.path).ask("<<earlyexit 90% n=40 intercept=on>>")
    #expect(fromMaps.result == (try Asker().ask("<<earlyexit 90% n=40 intercept=on>>").result))
  }
}

@Suite struct QuantityTests {
  @Test func pathsLeadToNumbers() throws {
    let asker = Asker()
    let distance = try asker.ask("<<convergence n=5>>").result["distance"]?.arrayValue ?? []
    #expect(distance.count == 6)
    #expect(try asker.value("<<value convergence.distance[-1] n=5>>") == distance[5].doubleValue)
    #expect(try asker.value("<<value convergence.distance[0] n=5>>") == distance[0].doubleValue)
    #expect(try asker.value("<<value heatmap.mat[0][1] r2 mat n=40>>") != nil)
    #expect(try asker.value("<<value heatmap.mat[1][0] r2 mat n=40>>") == nil)
  }

  @Test(arguments: [
    ("<<value convergence.distance[6] n=5>>", "'convergence.distance' has 6 entries, and [6] is none of them"),
    ("<<value convergence.distance[-7] n=5>>", "'convergence.distance' has 6 entries, and [-7] is none of them"),
    ("<<value convergence.distance n=5>>", "'convergence.distance' is not one number"),
    ("<<value convergence.score[0] n=5>>", "'convergence.score' is no list"),
    ("<<value convergence.nothing n=5>>", "'convergence' has no 'nothing'"),
  ])
  func pathsThatLeadNowhereSaySo(text: String, message: String) throws {
    #expect { try Asker().value(text) } throws: { ($0 as? EngineError)?.message == message }
  }
}

@Suite struct ResultShapeTests {
  /// Every view: what a block says its result holds is what it holds, no more and no less.
  @Test(arguments: [
    "<<convergence n=5>>", "<<earlyexit 95% n=40>>", "<<heatmap r2 mean solver=ridge n=30>>",
    "<<heatmap r2 mean pairs=all solver=ridge n=30>>", "<<heatmap r2 dims solver=ridge n=30>>",
    "<<heatmap r2 mat n=30>>", "<<heatmap r2 id n=30>>", "<<heatmap r2 both n=30>>", "<<heatmap r2 diff n=30>>",
    "<<paths r2 top=5 solver=ridge n=30>>", "<<redundancy targets solver=ridge n=30>>",
    "<<redundancy sources solver=ridge n=30>>", "<<redundancy layers solver=ridge n=30>>",
    "<<redundancy null dims=2 solver=ridge n=30>>", "<<redundancy scale dims=2 solver=ridge n=30>>",
    "<<redundancy self solver=ridge n=30>>",
  ])
  func theShapeIsThatOfTheResult(text: String) throws {
    let evaluation = try Asker().ask(text)
    let block = try #require(Registry.standard.block(evaluation.bound.name))
    #expect(differences(.object(evaluation.result), block.shape(of: evaluation.bound), at: evaluation.bound.name) == [])
  }

  @Test func everyViewIsTried() {
    // `std`, `max` and so on are members of the same result as `mean`.
    let views = Registry.standard.blocks.flatMap { $0.schema.views.last?.words ?? [] }
    #expect(views.count == 18)
  }

  @Test(arguments: [
    ("<<value convergence.scor>>", "'convergence' has no 'scor'", "did you mean 'score' or 'score_per_token'?"),
    (
      "<<value convergence.distance>>", "'convergence.distance' is not one number",
      "it is a list: choose an entry with [0], or [-1] for the last"
    ),
    ("<<value convergence.score[0]>>", "'convergence.score' is no list", "it is one number"),
    ("<<value earlyexit.mat.save 95%>>", "'earlyexit.mat' has no 'save'", "did you mean 'saved' or 'saved_net'?"),
    ("<<value earlyexit.minimum_norm>>", "'earlyexit.minimum_norm' is not one number", "it is true or false"),
    ("<<value heatmap.mat[0][1] r2 id>>", "'heatmap' has no 'mat'", "valid members: id, minimum_norm, undefined"),
  ])
  func aPathThatLeadsNowhereIsAFaultOfTheTemplate(text: String, message: String, hint: String) throws {
    let faults = Registry.standard.faults(of: try Asker().bind(text))
    #expect(faults.map(\.message) == [message])
    #expect(faults.first?.hints == [hint])
    #expect(faults.first?.span != nil)
  }

  private func differences(_ value: JSONValue, _ shape: ResultShape, at place: String) -> [String] {
    switch shape {
    case .number: value.isNull || value.doubleValue != nil ? [] : ["\(place) is no number"]
    case .flag: value.boolValue == nil ? ["\(place) is no flag"] : []
    case .list(let entry):
      value.arrayValue?.flatMap { differences($0, entry, at: place + "[]") } ?? ["\(place) is no list"]
    case .object(let members):
      if let object = value.objectValue, Set(object.keys) == Set(members.keys) {
        members.flatMap { differences(object[$0.key] ?? .null, $0.value, at: "\(place).\($0.key)") }
      } else {
        ["\(place) holds \(value.objectValue?.keys.sorted() ?? []), not \(members.keys.sorted())"]
      }
    }
  }
}
