import Analyses
import Blocks
import Books
import Directives
import JSONText
import Tensors
import TestSupport
import Testing

/// Counts positions, as another study would that goes through the same states.
private struct CountingMeter: Meter {
  var seen = 0
  var batches = 0
  mutating func add(_ batch: StateBatch) {
    seen += batch.count
    batches += 1
  }
  mutating func merge(_ other: CountingMeter) {
    seen += other.seen
    batches += other.batches
  }
  var series: [String: [Double]] { ["seen": [Double(seen)], "batches": [Double(batches)]] }
  mutating func add(series: [String: [Double]]) -> Bool {
    guard let more = series["seen"]?.first, let parts = series["batches"]?.first else { return false }
    seen += Int(more)
    batches += Int(parts)
    return true
  }
  func result() -> CountingView.Count { CountingView.Count(seen: seen, batches: batches) }
}

private struct CountingView: PassView {
  struct Count: Codable, Sendable {
    @Field("positions") var seen = 0
    @Field("batches") var batches = 0
  }

  static let texts = Key.int("n", standard: 20, "how many texts")
  static let position = Key<PositionMode>.choice("position", standard: .all, "which tokens")
  let keys: [any KeyDeclaration] = [texts, position]
  let engine = EngineIdentity("counting", version: 1)

  func example(_: BoundDirective) -> Count { Count() }
  func selection(of question: Question) -> StatesRequest {
    StatesRequest(
      selection: SampleSelection(texts: question[Self.texts], position: question[Self.position], seed: question[.seed]),
      takesFewer: !question.bound.isGiven(Self.texts))
  }
  func meter(for _: Question, blocks _: Int) -> CountingMeter { CountingMeter() }
  func meterSettings(of _: Question) -> JSONObject { JSONObject() }
  func exhibit(_ shown: Shown<Count>, in _: Language) -> Exhibit {
    Exhibit(chart: nil, table: Table([shown], [.count("seen", \.seen)]), caption: "Counts.")
  }
}

@Suite struct PassTests {
  private static let registry = Registry(
    blocks: Registry.standard.blocks + [
      Block("counting", "counts", views: [CountingView()], examples: ["<<counting>>"])
    ])

  private func evaluator(memory: Int = 2 << 30, isFrozen: Bool = false, store: String? = nil) -> Evaluator {
    let book = Book(
      models: [ModelEntry(name: "bert", source: .path(ProjectRoot.asset("models/atlas-bert")))],
      datasets: [DatasetEntry(name: "atlas", path: ProjectRoot.asset("texts/atlas.txt"))])
    let bench = Workbench(book: book, storeDirectory: store, isFrozen: isFrozen, memory: memory)
    return Evaluator(bench: bench, registry: Self.registry)
  }

  private func bind(_ text: String) throws -> BoundDirective {
    let scope = BindingScope(models: ["bert"], datasets: ["atlas"], model: "bert", dataset: "atlas", seed: 42)
    let directive = try #require(DirectiveParser.parse(directive: text).0)
    let (bound, faults) = DirectiveBinder(schemas: Self.registry.schemas, scope: scope).bind(directive)
    #expect(faults.map(\.message) == [])
    return try #require(bound).source
  }

  @Test func directivesThatWantTheSameStatesShareOnePass() throws {
    let texts = ["<<convergence n=20>>", "<<counting n=20>>", "<<counting n=21>>", "<<convergence n=20 as=table>>"]
    let questions = try texts.map { try bind($0) }
    let alone = evaluator()
    let apart = try questions.map { try alone.evaluate($0).result }
    #expect(alone.bench.passes == 3)
    let planned = evaluator()
    planned.prepare(questions)
    #expect(planned.bench.passes == 1)
    #expect(try questions.map { try planned.evaluate($0).result } == apart)
    // The one with another number of texts stands alone.
    #expect(planned.bench.passes == 2)
  }

  @Test func whatAPlanCannotRunFailsAtItsPlace() throws {
    let evaluator = evaluator()
    evaluator.prepare([try bind("<<convergence n=5000>>"), try bind("<<counting n=5000>>")])
    for text in ["<<convergence n=5000>>", "<<counting n=5000>>"] {
      #expect(throws: EngineError.self) { try evaluator.evaluate(bind(text)) }
    }
  }

  @Test func nothingIsPlannedWhereNothingMayRun() throws {
    let evaluator = evaluator(isFrozen: true)
    evaluator.prepare([try bind("<<convergence n=5>>"), try bind("<<counting n=5>>")])
    #expect(evaluator.bench.passes == 0)
  }

  @Test func theSizeOfABatchChangesNothing() throws {
    let whole = try evaluator().evaluate(bind("<<convergence n=300>>"))
    let small = evaluator(memory: 300_000)
    #expect(try small.evaluate(bind("<<convergence n=300>>")).result == whole.result)
    #expect(try small.evaluate(bind("<<counting n=300>>")).result["batches"]?.intValue ?? 0 > 3)
  }

  @Test(arguments: [2, 3, 50]) func shardsChangeNoBit(shards: Int) throws {
    let whole = try evaluator().evaluate(bind("<<convergence n=300>>")).result
    let folder = try TemporaryDirectory()
    let cut = evaluator(store: folder.path)
    cut.bench.shards = shards
    let items = try cut.work(for: bind("<<convergence n=300>>"))
    // As many as there are chunks at most: a chunk is what rounds together.
    #expect(items.count > min(shards, 3) && items.count <= shards + 1)
    for item in items.reversed() { _ = try cut.compute(item) }
    #expect(try cut.evaluate(bind("<<convergence n=300>>")).result == whole)
    // The result was computed first, and the shards on the way to it: each once.
    #expect(cut.bench.store?.counts.computed == items.count)
    #expect(try cut.work(for: bind("<<convergence n=300>>")).isEmpty)
  }

  @Test func metersOfTwoPartsMergeIntoOneOfTheWhole() {
    func batch(_ first: Int, _ count: Int) -> StateBatch {
      let states = (0..<3).map { depth in
        Matrix(
          rows: count, columns: 2,
          values: (0..<(2 * count)).map { Float((first * 2 + $0) % 7 - 3) + Float(depth) * 0.5 })
      }
      return StateBatch(states: states, positions: Array(first..<(first + count)))
    }
    var whole = ConvergenceMeter(blocks: 2)
    whole.add(batch(0, 9))
    var (left, right) = (ConvergenceMeter(blocks: 2), ConvergenceMeter(blocks: 2))
    left.add(batch(0, 4))
    right.add(batch(4, 5))
    left.merge(right)
    let (a, b) = (left.result(), whole.result())
    #expect(a.undefinedPositions == b.undefinedPositions)
    for (x, y) in zip(a.distance, b.distance) { #expect(abs((x ?? 0) - (y ?? 1)) < 1e-14) }
    #expect(abs((a.scorePerToken ?? 0) - (b.scorePerToken ?? 1)) < 1e-14)
  }
}
