import Blocks
import Foundation
import JSONText
import Testing
import Transformers

/// What the views that take a prediction apart say of the embedded models, and what they refuse.
@Suite struct ContributionTests {
  private static let prompt = "\"The capital of France is\""

  private func sum(_ json: JSONValue?) -> Double { numbers(json).compactMap { $0 }.reduce(0, +) }

  @Test(arguments: ["atlas-llama", "atlas-gpt2"]) func layersTelescope(model: String) throws {
    let found = try LensBook().result("<<contribution layers \(model) \(Self.prompt)>>")
    #expect(found["target"]?.stringValue == " Paris" && found["target_id"]?.intValue != nil)
    let (start, end) = (found["logprob"]?["start"]?.doubleValue ?? 0, found["logprob"]?["end"]?.doubleValue ?? 0)
    let parts = sum(found["attention"]) + sum(found["ffn"])
    #expect(abs(start + parts - end) < 1e-9 && end > -0.2 && start < -5)
    #expect(abs(found["remainder"]?.doubleValue ?? 1) < 1e-9)
    let logit = try #require(found["logit"])
    let whole = (logit["embedding"]?.doubleValue ?? 0) + (logit["constant"]?.doubleValue ?? 0)
    #expect(abs(whole + sum(logit["attention"]) + sum(logit["ffn"]) - (logit["total"]?.doubleValue ?? 0)) < 1e-4)
  }

  @Test func headsPositionsAndNeuronsAgreeWithEachOther() throws {
    let book = try LensBook()
    let layers = try book.result("<<contribution layers \(Self.prompt)>>")
    let heads = try book.result("<<contribution heads \(Self.prompt)>>")
    #expect(heads["top"]?[0]?["unit"]?.stringValue == "L4.H3")
    let rows = try #require(heads["heads"]?.arrayValue)
    for (block, whole) in numbers(layers["attention"]).enumerated() {
      let missing = try #require(heads["remainder"]?[block]?.doubleValue)
      #expect(abs(sum(rows[block]) - missing - (whole ?? 0)) < 1e-9)
    }
    let positions = try book.result("<<contribution positions \(Self.prompt) L4.H3>>")
    #expect(positions["tokens"]?.arrayValue?.count == numbers(positions["contribution"]).count)
    #expect(
      (positions["contribution"]?[4]?.doubleValue ?? 0) > 1 && (positions["attention"]?[4]?.doubleValue ?? 0) > 0.9)
    #expect(positions["tokens"]?[4]?.stringValue == " France")
    let all = try book.result("<<contribution positions \(Self.prompt)>>")
    #expect(abs(sum(all["attention"]) - 1) < 1e-5)
    let neurons = try book.result("<<contribution neurons \(Self.prompt) top=5 k=10>>")
    #expect(neurons["neurons"]?[0]?["unit"]?.stringValue == "L11.N340")
    for (block, whole) in numbers(layers["ffn"]).enumerated() {
      let (total, missing) = (neurons["sum"]?[block]?.doubleValue, neurons["remainder"]?[block]?.doubleValue)
      #expect(abs((total ?? 9) - (missing ?? 0) - (whole ?? 0)) < 1e-9)
    }
    // Its coefficient is negative: what its vector lowers is what it promotes here.
    let promoted = words(neurons["neurons"]?[0]?["promoted"])
    let vocabulary = try book.result("<<vocab L11.N340 k=10>>")
    #expect(promoted == (vocabulary["suppressed"]?.arrayValue ?? []).compactMap { $0["token"]?.stringValue })
    let there = try book.result("<<vocab L11.N340 \(Self.prompt) k=10>>")
    #expect(promoted == (there["promoted"]?.arrayValue ?? []).compactMap { $0["token"]?.stringValue })
    #expect((there["coefficient"]?.doubleValue ?? 0) < 0)
  }

  @Test func aUnitMovesTheDistributionByItsContribution() throws {
    let book = try LensBook()
    let shift = try book.result("<<shift L11.N340 \(Self.prompt) target=\" Paris\">>")
    let neuron = try book.result("<<contribution neurons \(Self.prompt) target=\" Paris\" top=1>>")["neurons"]?[0]
    let (before, after) = (
      try #require(shift["target"]?["before"]?.doubleValue), try #require(shift["target"]?["after"]?.doubleValue)
    )
    let increase = try #require(neuron?["contribution"]?.doubleValue)
    #expect(abs(before * exp(increase) - after) < 1e-5)
    let curve = try book.result("<<logprob curve \(Self.prompt) L11.N340 target=\" Paris\">>")
    #expect(abs((curve["probability"]?[0]?.doubleValue ?? 0) - before) < 1e-5)
    #expect(abs((curve["probability"]?[10]?.doubleValue ?? 0) - after) < 1e-5)
    let additivity = try book.result("<<logprob additivity \(Self.prompt) L11>>")
    #expect(additivity["block"]?.intValue == 11)
    #expect(abs((additivity["sum"]?[0]?.doubleValue ?? 0) - increase) < 1e-5)
  }

  @Test func aDimensionOfAHeadIsNamedAsItIsShown() throws {
    let book = try LensBook()
    let found = try book.result("<<contribution attn-neurons \(Self.prompt) target=\" Paris\" top=1>>")["neurons"]?[0]
    let name = try #require(found?["unit"]?.stringValue)
    #expect(name.contains("@4"), "\(name)")
    let shift = try book.result("<<shift \(name) \(Self.prompt) target=\" Paris\">>")
    let (own, listed) = (shift["coefficient"]?.doubleValue ?? .nan, found?["coefficient"]?.doubleValue ?? .nan)
    #expect(abs(own - listed) < 1e-6 * abs(listed))
    let (before, after) = (
      try #require(shift["target"]?["before"]?.doubleValue), try #require(shift["target"]?["after"]?.doubleValue)
    )
    #expect(abs(before * exp(try #require(found?["contribution"]?.doubleValue)) - after) < 1e-5)
    let curve = try book.result("<<logprob curve \(Self.prompt) \(name) target=\" Paris\">>")
    #expect(abs((curve["probability"]?[10]?.doubleValue ?? 0) - after) < 1e-5)
    // Its vector is the same whatever the text.
    #expect(try book.result("<<vocab \(name) k=3>>")["coefficient"] == nil)
  }

  @Test func whatFeedsANeuronAddsUp() throws {
    let book = try LensBook()
    for key in ["grad", "gate", "up"] {
      let found = try book.result("<<influence layers L11.N340 \(Self.prompt) key=\(key)>>")
      let parts = (found["embedding"]?.doubleValue ?? 0) + sum(found["attention"]) + sum(found["ffn"])
      #expect(abs(parts + (found["bias"]?.doubleValue ?? 0) - (found["total"]?.doubleValue ?? 0)) < 1e-9)
      #expect(numbers(found["attention"]).count == 12 && numbers(found["ffn"]).count == 11)
      let shares = try book.result("<<influence layers L11.N340 \(Self.prompt) key=\(key) normalize=sum>>")
      #expect(abs((shares["total"]?.doubleValue ?? 0) - 1) < 1e-9)
    }
    let queries = try book.result("<<influence neurons \(Self.prompt) top=5 k=3>>")
    #expect(queries["neurons"]?[0]?["unit"]?.stringValue == "L0.N129")
    #expect(queries["sources"]?.arrayValue?.count == 30)
    #expect(numbers(queries["by_layer"]).compactMap { $0 }.reduce(0, +) == 5)
  }

  @Test func whatScoresNameIsWhatTheAnswerRestsOn() throws {
    let book = try LensBook()
    let found = try book.result("<<intervene dataset=facts n=12>>")
    let original = try #require(found["original"]?["probability"]?.doubleValue)
    let random = try #require(found["random"]?["probability"]?.doubleValue)
    let named = try #require(found["logprob-increase"]?["probability"]?.doubleValue)
    #expect(named < 0.85 * original && random > 0.95 * original)
    #expect(found["prompts"]?.intValue == 12)
    for method in ["logprob", "prob-increase", "norm", "coef", "rank", "coef-norm", "coef-rank"] {
      #expect(found[method]?["mrr"]?.doubleValue != nil, "\(method)")
    }
    let heads = try book.result("<<intervene dataset=facts n=4 top=2 units=heads at=all>>")
    #expect(heads["coef"] == nil && heads["rank"] != nil)
    let value = try book.result("<<neurons value dataset=facts n=4 top=50>>")
    #expect(abs(sum(value["by_layer"]) - 50) < 1e-9 && abs(sum(value["attention"]) - 50) < 1e-9)
    let overlap = try book.result("<<neurons overlap dataset=facts n=4 top=50>>")
    #expect(abs(sum(overlap["query_only"]) + sum(overlap["both"]) - 50) < 1e-9)
    let query = try book.result("<<neurons query dataset=facts n=4 top=50>>")
    let both = zip(numbers(overlap["query_only"]), numbers(overlap["both"])).map { ($0 ?? 0) + ($1 ?? 0) }
    #expect(zip(numbers(query["by_layer"]), both).allSatisfy { abs(($0 ?? 9) - $1) < 1e-9 })
  }

  @Test func whatCannotBeTakenApartIsRefusedWithTheReason() throws {
    let book = try LensBook()
    #expect {
      _ = try book.result("<<contribution layers atlas-bert \(Self.prompt)>>")
    } throws: { "\($0)".contains("norms after each addition") }
    let failures = [
      "<<contribution positions \(Self.prompt) L99.H0>>": "12 blocks", "<<vocab L0.N344>>": "344 neurons",
      "<<shift L4.H2.D8@6 \(Self.prompt)>>": "6 tokens, @0 to @5", "<<vocab L4.H2.D32@0>>": "32 dimensions in a head",
      "<<contribution layers \(Self.prompt) target=Parisian>>": "tokens here",
      "<<intervene n=3>>": "prompts with answers",
    ]
    for (text, message) in failures {
      #expect {
        _ = try book.result(text)
      } throws: { "\($0)".contains(message) }
    }
  }

  @Test func faultsOfATemplateAreFoundWithoutRunning() throws {
    let book = try LensBook()
    for (text, message) in [
      ("<<contribution layers \(Self.prompt) method=coef>>", "asks for a coefficient"),
      ("<<contribution heads \(Self.prompt) contrast=\" Berlin\" method=rank>>", "no second token"),
      ("<<contribution neurons \(Self.prompt) target=\" a\" contrast=\" a\">>", "same token"),
      ("<<contribution positions \(Self.prompt) L4.N3>>", "one position only"),
      ("<<contribution positions \(Self.prompt) L4 method=coef>>", "one head"),
      ("<<contribution layers \(Self.prompt) n=5>>", "'n' has no meaning"),
      ("<<contribution layers>>", "text"), ("<<vocab L4.H3>>", "hangs on the text"),
      ("<<vocab L4 \"a\">>", "no vector"),
      ("<<contribution positions \(Self.prompt) L4.H3.D1@2>>", "one position only"),
      ("<<influence layers L4.H3.D1@2 \(Self.prompt)>>", "one key"), ("<<vocab L4.H3.D1>>", "L21.H19.D7@1, found"),
      ("<<influence layers L4.H3 \(Self.prompt)>>", "one key"), ("<<shift L4 \(Self.prompt)>>", "no vector"),
      ("<<logprob curve \(Self.prompt) L4>>", "two vectors"),
      ("<<logprob additivity \(Self.prompt) L4.N1>>", "whole block"),
      ("<<intervene dataset=facts units=heads method=coef>>", "heads do not have"),
    ] {
      let faults = try book.faults(text)
      #expect(faults.count == 1 && faults[0].contains(message), "\(text): \(faults)")
    }
  }
}
