import Tensors
import TestSupport
import Testing
import Transformers

@Suite struct SiteTests {
  /// Every site of every block of every family against a block written out in double precision.
  @Test(arguments: FixtureModels.all) func everySiteHoldsWhatItSays(fixture: String) throws {
    let model = try FixtureModels.open(fixture)
    let texts = FixtureModels.texts(model)
    let notebook = Notebook()
    // A site that only some blocks have is asked of those.
    for site in Site.all {
      let blocks = model.configuration.plans.indices.filter { site.exists(in: model.configuration.plans[$0]) }
      if !blocks.isEmpty { notebook.add(site, blocks: Set(blocks)) }
    }
    _ = try model.states(texts, taps: notebook.taps)
    for block in 0..<model.configuration.blocks {
      let reference = try ReferenceBlock(model, block: block)
      for text in texts.indices {
        let entered = texts[text].indices.map {
          notebook.row(.residualIn, block: block, text: text, position: $0).map(Double.init)
        }
        for (site, expected) in reference.run(entered) {
          let found = texts[text].indices.flatMap { position in
            notebook.all(site, block: block, text: text, position: position)
          }
          let difference = relativeDifference(found.flatMap { $0 }, expected.flatMap { $0.map(Float.init) })
          #expect(difference < 1e-5, "\(fixture) block \(block) text \(text) \(site)")
        }
      }
    }
  }

  @Test(arguments: FixtureModels.all) func attentionWeightsAreDistributions(fixture: String) throws {
    let model = try FixtureModels.open(fixture)
    let texts = FixtureModels.texts(model)
    let notebook = Notebook()
    notebook.add(.pattern, blocks: nil)
    _ = try model.states(texts, taps: notebook.taps)
    for (block, plan) in model.configuration.plans.enumerated() {
      for (text, ids) in texts.enumerated() {
        for position in ids.indices {
          let rows = notebook.all(.pattern, block: block, text: text, position: position)
          #expect(rows.count == model.configuration.heads)
          for row in rows {
            #expect(row.count == ids.count && abs(row.reduce(0, +) - 1) < 1e-5)
            #expect(!plan.attention.isCausal || row[(position + 1)...].allSatisfy { $0 == 0 })
            let seen = plan.attention.window ?? .max
            #expect(row.indices.allSatisfy { abs(position - $0) < seen || row[$0] == 0 })
          }
        }
      }
    }
  }

  /// Heads times their slice of W_O, and neurons times their value, with the bias: what the branches add.
  @Test(arguments: FixtureModels.all) func headsAndNeuronsAddUpToTheirBranches(fixture: String) throws {
    let model = try FixtureModels.open(fixture)
    let plans = model.configuration.plans
    guard plans.allSatisfy({ $0.residual == .postNorm || ($0.attentionOutNorm ?? $0.ffnOutNorm) == nil }) else {
      return
    }
    let notebook = Notebook()
    for site in [Site.heads, .ffnActivation, .attentionOut, .ffnOut] { notebook.add(site, blocks: nil) }
    let ids = FixtureModels.texts(model)[0]
    _ = try model.states([ids], taps: notebook.taps)
    for block in plans.indices {
      let weights = try model.parameters(block: block)
      for (parts, whole, product) in [
        (Site.heads, Site.attentionOut, weights.attentionOut), (.ffnActivation, .ffnOut, weights.ffnOut),
      ] {
        for position in ids.indices {
          let x = notebook.row(parts, block: block, text: 0, position: position)
          let sum = (0..<product.weight.rows).map { row in
            Float(zip(product.weight.row(row), x).reduce(Double(product.bias?[row] ?? 0)) { $0 + Double($1.0 * $1.1) })
          }
          #expect(relativeDifference(sum, notebook.row(whole, block: block, text: 0, position: position)) < 1e-5)
        }
      }
    }
  }

  @Test func sitesThatABlockLacksAreRefused() throws {
    let path = ProjectRoot.fixture("gpt2")
    let run = try ModelRun(Model.open(path), [[1, 2, 3]])
    let error = try #require(throws: ModelError.self) {
      try run.advance(taps: [.read(.ffnUp) { _, _ in }])
    }
    #expect(error.description == "cannot run \(path): block 0 of this GPT-2 model has no site 'ffnUp'")
    #expect(throws: ModelError.self) { try run.advance(taps: [.replace(.norm(.ffnOut)) { $1 }]) }
  }

  @Test func postNormModelsDoNotAddUp() throws {
    let path = ProjectRoot.fixture("bert")
    let error = try #require(throws: ModelError.self) { try Model.open(path).requirePreNorm() }
    #expect(
      error.description == "cannot run \(path): BERT norms after each addition, so parts of a block do not add up in "
        + "its stream")
  }
}
