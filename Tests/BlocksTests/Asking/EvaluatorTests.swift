import Blocks
import Directives
import Foundation
import TestSupport
import Testing

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
