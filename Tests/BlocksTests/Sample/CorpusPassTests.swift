import Blocks
import Books
import Directives
import Foundation
import JSONText
import TestSupport
import Testing

/// Engines that go over a corpus text by text say the same whether it is cut or not.
@Suite struct CorpusPassTests {
  /// - Parameter memory: where it is little, a shard begins amid texts that the whole reads together.
  private func evaluator(memory: Int = 2 << 30, store: String? = nil) -> Evaluator {
    let book = Book(
      models: ["llama", "bert"].map { ModelEntry(name: $0, source: .path(ProjectRoot.asset("models/atlas-\($0)"))) },
      datasets: [DatasetEntry(name: "atlas", path: ProjectRoot.asset("texts/atlas.txt"))])
    return Evaluator(bench: Workbench(book: book, storeDirectory: store, memory: memory))
  }

  private func bind(_ text: String) throws -> BoundDirective {
    let scope = BindingScope(
      models: ["llama", "bert"], datasets: ["atlas"], model: "llama", dataset: "atlas", seed: 42)
    let directive = try #require(DirectiveParser.parse(directive: text).0)
    let (bound, faults) = DirectiveBinder(schemas: Registry.standard.schemas, scope: scope).bind(directive)
    #expect(faults.map(\.message) == [])
    return try #require(bound).source
  }

  private func parts(_ items: [WorkItem]) -> [WorkItem] { items.filter { $0.task != .result } }

  @Test(arguments: [
    ("memory agreement n=300", 2 << 30, [2, 7]), ("memory triggers bert L2.N7 n=300", 2 << 30, [3]),
    ("memory confidence n=800", 2 << 30, [7]), ("memory confidence n=800", 150 << 20, [3]),
    ("lambada n=300", 2 << 30, [2, 7]), ("wikitext n=300", 2 << 30, [3]),
    ("lens ce n=300", 2 << 30, [7]), ("lens ce n=300", 150 << 20, [3]), ("lens kl bert n=300", 2 << 30, [3]),
  ])
  func shardsChangeNoByte(directive: String, memory: Int, counts: [Int]) throws {
    let bound = try bind("<<\(directive)>>")
    let whole = JSON.write(.object(try evaluator(memory: memory).evaluate(bound).result))
    for shards in counts {
      let folder = try TemporaryDirectory()
      func process() -> Evaluator {
        let evaluator = evaluator(memory: memory, store: folder.path)
        evaluator.bench.shards = shards
        return evaluator
      }
      let planned = try process().work(for: bound)
      let result = try #require(planned.last)
      // As many as there are chunks at most: a chunk is what rounds together.
      #expect(parts(planned).count >= min(shards, 3) && parts(planned).count <= shards)
      #expect(result.task == .result && result.waitsFor == parts(planned).map(\.key.hex).sorted())
      #expect(planned.allSatisfy { !$0.isWhole })
      // All but one by another process, the last first.
      let worker = process()
      for item in parts(try worker.work(for: bound)).dropFirst().reversed() {
        #expect(try worker.compute(item) > 0)
      }
      let left = process()
      let open = try left.work(for: bound)
      #expect(open.map(\.key) == [planned[0].key, result.key])
      #expect(try left.compute(open[1]) >= 2)
      #expect(try left.compute(open[0]) == 0)
      #expect(JSON.write(.object(try left.evaluate(bound).result)) == whole, "\(shards) shards")
      #expect(try process().work(for: bound).isEmpty)
    }
  }

  /// Shards are shared by all views of the same texts, and are not asked for once what they come to is there.
  @Test func viewsShareShards() throws {
    let folder = try TemporaryDirectory()
    let evaluator = evaluator(store: folder.path)
    evaluator.bench.shards = 2
    let (agreement, rank) = (try bind("<<memory agreement n=400>>"), try bind("<<memory rank n=400>>"))
    let shards = parts(try evaluator.work(for: agreement)).map(\.key)
    #expect(shards.count == 2)
    #expect(parts(try evaluator.work(for: rank)).map(\.key) == shards)
    _ = try evaluator.evaluate(agreement)
    #expect(parts(try evaluator.work(for: rank)).isEmpty)
    let shard = try #require(
      FileManager.default.subpathsOfDirectory(atPath: folder.path + "/shard").first { $0.hasSuffix(".entry") })
    try FileManager.default.removeItem(atPath: folder.path + "/shard/" + shard)
    #expect(parts(try evaluator.work(for: rank)).isEmpty)
  }

  /// What brings its own text, or fits maps to single positions, is no way through a corpus.
  @Test func notEverythingIsCut() throws {
    let evaluator = evaluator()
    evaluator.bench.shards = 3
    #expect(try evaluator.work(for: bind("<<lens kl \"The sky is\">>")).map(\.isWhole) == [false])
    #expect(try evaluator.work(for: bind("<<lens kl lens=mat fit=40>>")).map(\.isWhole) == [true])
    // Too little to cut.
    #expect(try evaluator.work(for: bind("<<lambada n=5>>")).map(\.isWhole) == [false])
  }
}
