import Foundation
import TestSupport
import Testing
import Transformers

/// Running on from behind a network must give what running the whole text with that network changed gives.
@Suite struct ForkTests {
  private static let families: [String] =
    ["gpt2", "llama", "llama-tied", "qwen2", "bert"]
    + ((try? FileManager.default.contentsOfDirectory(atPath: ProjectRoot.fixture("families"))) ?? []).sorted()
    .map { "families/" + $0 }

  @Test(arguments: families, [2, 9]) func gradientsEqualThoseOfTheWholeRun(_ name: String, length: Int) throws {
    let model = try Model.open(ProjectRoot.fixture(name))
    let c = model.configuration
    guard c.hasHead else { return }
    let ids = (0..<length).map { ($0 * 31 + 7) % c.vocabulary }
    let (position, answer, steps) = (c.isBidirectional ? 1 : length - 1, 5, 4)
    let parameters = try ParameterList(model)
    let runner = ForkRunner(parameters)
    let trunk = try runner.trunk(ids, position: position)
    let forks = (0..<c.blocks).flatMap { block in
      (0..<steps).map { Fork(block: block, scale: (Float($0) + 0.5) / Float(steps), weight: 1 / Double(steps)) }
    }
    let found = try runner.run(forks, of: trunk, token: answer)
    let whole = IntegratedGradients(parameters: parameters, ids: ids, position: position, answer: answer)
    for block in 0..<c.blocks {
      let expected = try whole.attributions(block: block, steps: steps)
      let gradient = try #require(found.gradients[block])
      let own = zip(trunk.activations[block], gradient).map { Double($0) * Double($1) }
      let scale = expected.map(abs).max() ?? 0
      let worst = zip(own, expected).map { abs($0 - $1) }.max() ?? .infinity
      #expect(worst <= 2e-4 * scale + 1e-9, "block \(block) of \(name): \(worst) of \(scale)")
    }
    // A fork that changes nothing predicts what the trunk does.
    let same = try runner.run(
      (0..<c.blocks).map { Fork(block: $0, scale: 1, weight: 0) }, of: trunk, token: answer)
    let plain = try runner.probability(of: answer, trunk)
    #expect(same.probabilities.allSatisfy { abs($0 - plain) <= 1e-5 * plain })
  }

  /// Short texts of an encoder are run in another way than long ones, with weights laid out for them.
  @Test func whatRanBeforeChangesNoBit() throws {
    let model = try Model.open(ProjectRoot.fixture("bert"))
    let c = model.configuration
    let texts = [65, 9, 65, 9].map { length in (0..<length).map { ($0 * 31 + 7) % c.vocabulary } }
    let forks = (0..<c.blocks).flatMap { block in
      [0.25, 0.75].map { Fork(block: block, scale: $0, weight: 0.5) }
    }
    func run(_ ids: [Int], by runner: ForkRunner) throws -> ForkOutcome {
      try runner.run(forks, of: runner.trunk(ids, position: 1), token: 5)
    }
    let shared = ForkRunner(try ParameterList(model))
    for ids in texts {
      let (after, alone) = (try run(ids, by: shared), try run(ids, by: ForkRunner(try ParameterList(model))))
      #expect(after.probabilities == alone.probabilities, "\(ids.count) tokens")
      #expect(after.gradients == alone.gradients, "\(ids.count) tokens")
    }
  }
}
