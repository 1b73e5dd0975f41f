import Blocks
import Books
import Directives
import Foundation
import JSONText
import TestSupport
import Testing

/// Bypasses of the embedded models beside values of another program.
@Suite struct BypassParityTests {
  static let models = ["atlas-llama", "atlas-gpt2"]

  /// Weights of one block of atlas-llama.
  static let block = 181_248.0

  /// The spans whose variants are asked for one by one; the search goes through all spans.
  private static let spans = ["atlas-llama": [[3, 8], [10, 12]], "atlas-gpt2": [[2, 4]]]

  /// The sample of the recorded values.
  static let sample = "train=300 test=100 split=head max-tokens=96"

  private func recorded(_ model: String) throws -> JSONValue {
    try JSON.parse(String(contentsOfFile: ProjectRoot.fixture("bypass/\(model).json"), encoding: .utf8))
  }

  @Test(arguments: models) func everyVariantIsWhatTheReferenceSays(model: String) throws {
    let reference = try recorded(model)
    let asker = BypassAsker(model)
    let variants = try #require(reference["variants"]?.arrayValue).filter {
      Self.spans[model]?.contains([$0["from"]?.intValue ?? 0, $0["to"]?.intValue ?? 0]) ?? false
    }
    #expect(variants.count >= 4)
    for variant in variants {
      let (from, to) = (try #require(variant["from"]?.intValue), try #require(variant["to"]?.intValue))
      func flag(_ name: String) -> String { variant[name]?.boolValue == true ? "on" : "off" }
      let fit = variant["fit"]?.stringValue == "all" ? "text" : "all"
      let text =
        "<<bypass \(from)->\(to) fit=\(fit) intercept=\(flag("intercept")) keep-first=\(flag("keep_first")) "
        + Self.sample + (variant["last_word"] == nil ? " words=1" : "") + " last-word=last-word>>"
      let result = try asker.result(text)
      try expectPerplexity(result, reference, variant, text)
      let tokens = try #require(reference["scored_tokens"]?.doubleValue)
      #expect(result["tokens"]?.doubleValue == tokens)
      // One predicting position, or one text, may go the other way in single precision.
      try expectShare(result["agreement"], variant["agreement"], of: tokens, text)
      guard variant["last_word"] != nil else { continue }
      try expectShare(result["last_word"]?["bypassed"], variant["last_word"], of: 200, text)
      try expectShare(result["last_word"]?["full"], reference["last_word_full"], of: 200, text)
    }
  }

  private func expectPerplexity(
    _ result: JSONValue, _ reference: JSONValue, _ variant: JSONValue, _ text: String
  ) throws {
    let full = try #require(result["perplexity"]?["full"]?.doubleValue)
    let bypassed = try #require(result["perplexity"]?["bypassed"]?.doubleValue)
    #expect(abs(full / (try #require(reference["full_perplexity"]?.doubleValue)) - 1) < 1e-4)
    let expected = try #require(variant["perplexity"]?.doubleValue)
    #expect(abs(bypassed / expected - 1) < 1e-3, "\(text): \(bypassed), expected \(expected)")
  }

  private func expectShare(_ found: JSONValue?, _ expected: JSONValue?, of count: Double, _ text: String) throws {
    let (found, expected) = (try #require(found?.doubleValue), try #require(expected?.doubleValue))
    #expect(abs(found - expected) < 1.5 / count, "\(text): \(found), expected \(expected)")
  }

  /// What a reader is told: a perplexity that looks harmless, and a lost ability beside it.
  @Test func aHarmlessPerplexityHidesALostAbility() throws {
    let result = try BypassAsker("atlas-llama").result("<<bypass 3->8 \(Self.sample) last-word=last-word>>")
    #expect(abs((result["perplexity"]?["bypassed"]?.doubleValue ?? 0) - 4.31) < 0.01)
    #expect(result["last_word"]?["full"]?.doubleValue == 0.475)
    #expect((result["last_word"]?["bypassed"]?.doubleValue ?? 1) <= 0.02)
    #expect(result["layers_skipped"]?.intValue == 5)
    let cost = try #require(result["cost"])
    // 12 blocks of 128·(128 + 2·64) + 128·128 + 3·128·344 weights, and a head of 2,048 · 128; the map has 128².
    let (full, shortened) = (12 * Self.block + 262_144, 7 * Self.block + 262_144 + 16_384)
    #expect(cost["full"]?.doubleValue == full)
    #expect(cost["bypassed"]?.doubleValue == shortened)
  }

  @Test(arguments: models) func theSearchFindsWhatTheReferenceHas(model: String) throws {
    let reference = try recorded(model)
    // The first half of the judging texts chooses: the texts of the recorded values.
    let result = try BypassAsker(model).result(
      "<<bypass auto budget=25% fit=text train=300 test=200 split=head max-tokens=96>>")
    let spans = try #require(result["spans"]?.arrayValue)
    let expected = try #require(reference["spans"]?.arrayValue)
    #expect(spans.count == expected.count)
    let tokens = try #require(reference["scored_tokens"]?.doubleValue)
    for (span, values) in zip(spans, expected) {
      #expect(span["span"]?[0] == values[0] && span["span"]?[1] == values[1])
      let (found, wanted) = (span["perplexity"]?.doubleValue ?? 0, values[2]?.doubleValue ?? 1)
      #expect(abs(found / wanted - 1) < 1e-3, "\(span)")
      try expectShare(span["agreement"], values[3], of: tokens, "\(span)")
    }
    try expectFrontier(result, full: try #require(reference["full_perplexity"]?.doubleValue))
  }

  private func expectFrontier(_ result: JSONValue, full: Double) throws {
    let frontier = try #require(result["frontier"]?.arrayValue)
    let places = frontier.map { ($0["layers_skipped"]?.intValue ?? -1, $0["perplexity"]?.doubleValue ?? 0) }
    #expect(places[0].0 == 0 && abs(places[0].1 / full - 1) < 1e-4)
    #expect(zip(places.dropFirst(), places.dropFirst(2)).allSatisfy { $0.0 < $1.0 && $0.1 < $1.1 })
    for span in result["spans"]?.arrayValue ?? [] {
      let own = (span["layers_skipped"]?.intValue ?? 0, span["perplexity"]?.doubleValue ?? 0)
      #expect(places.dropFirst().contains { $0.0 >= own.0 && $0.1 <= own.1 })
    }
    let chosen = try #require(result["chosen"])
    let allowed = try #require(result["allowed"]?.doubleValue)
    #expect(abs(allowed - 1.25 * places[0].1) < 1e-12)
    #expect((chosen["perplexity"]?.doubleValue ?? .infinity) <= allowed)
    #expect(places.allSatisfy { $0.0 <= (chosen["layers_skipped"]?.intValue ?? 0) || $0.1 > allowed })
    #expect(result["confirmed"]?["span"] == chosen["span"])
  }

  /// The same on a model and texts that are not part of the repository.
  @Test(.enabled(if: SharedMaterial.isPresent)) func storiesAreWhatTheReferenceSays() throws {
    let path = SharedMaterial.path("reference/stories260K/shortcuts.json")
    let reference = try #require(try JSON.parse(String(contentsOfFile: path, encoding: .utf8))["bypass"])
    let asker = BypassAsker("stories260K", directory: SharedMaterial.path("models/stories260K"))
    let sample = "train=150 test=60 split=head max-tokens=96 dataset=stories"
    for variant in reference["variants"]?.arrayValue ?? [] where variant["fit"]?.stringValue != "sampled" {
      func flag(_ name: String) -> String { variant[name]?.boolValue == true ? "on" : "off" }
      let fit = variant["fit"]?.stringValue == "all" ? "text" : "all"
      let text =
        "<<bypass \(variant["from"]?.intValue ?? 0)->\(variant["to"]?.intValue ?? 0) fit=\(fit) "
        + "intercept=\(flag("intercept")) keep-first=\(flag("keep_first")) \(sample)>>"
      let result = try asker.result(text)
      try expectPerplexity(result, reference, variant, text)
      try expectShare(
        result["agreement"], variant["agreement"], of: try #require(reference["scored_tokens"]?.doubleValue), text)
    }
  }
}

/// What stands in for the blocks, and what is refused.
@Suite struct BypassTests {
  private static let sample = "train=60 test=20 split=head max-tokens=48"

  @Test func aSparseMapHasAsManySourcesAsAsked() throws {
    let asker = BypassAsker("atlas-llama")
    func perplexity(_ more: String) throws -> Double {
      let result = try asker.result("<<bypass 6->9 \(more) train=300 test=40 split=head>>")
      return try #require(result["perplexity"]?["bypassed"]?.doubleValue)
    }
    #expect(try abs(perplexity("by=sparse top=128") / perplexity("by=map") - 1) < 1e-6, "all sources are the whole map")
    let sparse = try asker.result("<<bypass 6->9 by=sparse top=4 \(Self.sample)>>")
    #expect(sparse["weights"]?.intValue == 4 * 128)
    let skip = try asker.result("<<bypass 6->9 by=skip \(Self.sample)>>")
    #expect(skip["weights"]?.intValue == 0)
    let cost = 9 * BypassParityTests.block + 262_144
    #expect(skip["cost"]?["bypassed"]?.doubleValue == cost)
  }

  @Test func theClockIsNoPartOfAResult() throws {
    let asker = BypassAsker("atlas-gpt2")
    #expect(try asker.result("<<bypass 2->4 \(Self.sample)>>")["measured"] == JSONValue.null)
    let timed = try asker.result("<<bypass 2->4 measure=time \(Self.sample)>>")
    for name in ["full", "bypassed"] { #expect((timed["measured"]?[name]?.doubleValue ?? 0) > 0) }
  }

  @Test(arguments: [
    ("<<bypass>>", "'bypass' needs a span"), ("<<bypass 3->8 auto>>", "'bypass' takes a span or auto, not both"),
    ("<<bypass 8->3>>", "the span 8->3 leaves no block out"), ("<<bypass 3->8 top=4>>", "'top' means nothing here"),
    ("<<bypass 3->8 budget=5%>>", "'budget' means nothing here"),
    ("<<bypass auto measure=time>>", "'measure' means nothing here"),
    ("<<bypass 3->8 by=skip fit=text>>", "'fit' means nothing here"),
    ("<<generate \"a\" n=50>>", "'n' means nothing here"), ("<<generate>>", "'generate' needs a prompt"),
    ("<<generate \"a\" lens=mat>>", "lens=mat needs texts to fit its maps to"),
  ]) func whatMeansNothingIsRefused(text: String, message: String) throws {
    let asker = BypassAsker("atlas-gpt2")
    #expect(try asker.faults(text).contains(message))
  }

  @Test func spansAndModelsThatCannotBe() throws {
    let asker = BypassAsker("atlas-gpt2")
    let above = try asker.failure("<<bypass 3->9 \(Self.sample)>>")
    #expect(above.contains("ends above the last depth of 'atlas-gpt2', 8"))
    let bert = BypassAsker("atlas-bert")
    #expect(try bert.failure("<<bypass 1->3 \(Self.sample)>>").contains("lets every position see later ones"))
  }

  @Test(arguments: ["bypass 2->4 by=skip", "bypass auto train=20 test=10", "generate \"Once upon\" tokens=2"])
  func aCanonicalTextIsReadBack(text: String) throws {
    let asker = BypassAsker("atlas-gpt2")
    let evaluation = try asker.evaluate("<<\(text)>>")
    #expect(try asker.faults("<<\(evaluation.bound.canonicalText)>>") == [])
    #expect(try asker.evaluate("<<\(evaluation.bound.canonicalText)>>").key == evaluation.key)
  }

  @Test func figuresAreDrawn() throws {
    let asker = BypassAsker("atlas-gpt2")
    let evaluation = try asker.evaluate("<<bypass auto budget=10% \(Self.sample)>>")
    for language in Language.allCases {
      #expect(evaluation.exhibit(in: language).kind == .figure)
      #expect(!evaluation.exhibit(in: language).notes.isEmpty)
    }
  }
}

/// Asks one model of `bypass` and `generate`.
struct BypassAsker {
  let evaluator: Evaluator
  private let model: String

  init(_ model: String, directory: String? = nil) {
    self.model = model
    let book = Book(
      models: [ModelEntry(name: model, source: .path(directory ?? ProjectRoot.asset("models/" + model)))],
      datasets: [
        DatasetEntry(name: "atlas", path: ProjectRoot.asset("texts/atlas.txt")),
        DatasetEntry(name: "last-word", path: ProjectRoot.asset("texts/last-word.jsonl"), format: .jsonl),
        DatasetEntry(
          name: "stories", path: SharedMaterial.path("data/tinystories-wikitext-snippets/tinystories_1000.json"),
          format: .json),
      ])
    evaluator = Evaluator(bench: Workbench(book: book, storeDirectory: nil))
  }

  private func bind(_ text: String) throws -> (bound: Bound?, faults: [String]) {
    let scope = BindingScope(
      models: [model], datasets: ["atlas", "last-word", "stories"], model: model, dataset: "atlas", seed: 42)
    let directive = try #require(DirectiveParser.parse(directive: text).0)
    let (bound, faults) = DirectiveBinder(schemas: Registry.standard.schemas, scope: scope).bind(directive)
    return (bound, (faults + (bound.map { Registry.standard.faults(of: $0) } ?? [])).map(\.message))
  }

  func faults(_ text: String) throws -> [String] { try bind(text).faults }

  func evaluate(_ text: String) throws -> Evaluation {
    let (bound, faults) = try bind(text)
    #expect(faults == [], "\(text)")
    return try evaluator.evaluate(try #require(bound).source)
  }

  func result(_ text: String) throws -> JSONValue { .object(try evaluate(text).result) }

  func failure(_ text: String) throws -> String {
    do { _ = try evaluate(text) } catch let error as EngineError { return error.message }
    return ""
  }
}
