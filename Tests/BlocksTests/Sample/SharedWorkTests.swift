import Blocks
import Foundation
import Results
import TestSupport
import Testing

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
