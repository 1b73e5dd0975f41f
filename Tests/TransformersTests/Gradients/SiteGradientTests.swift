import Files
import JSONText
import TestSupport
import Testing
import Transformers

/// Gradients at patterns, norm inputs and norm scales against PyTorch's autograd in float64; see
/// Tests/Generators/site_gradients.py.
@Suite struct SiteGradientTests {
  static let references: JSONObject = {
    guard let bytes = try? readFile(ProjectRoot.fixture("gradients/sites.json")) else { return JSONObject([]) }
    return (try? JSON.parse(bytes))?.objectValue ?? JSONObject([])
  }()
  static let sites = [Site.pattern] + NormPlace.allCases.flatMap { [Site.normInput($0), .normScale($0)] }

  @Test func theFixtureIsThere() { #expect(Self.references.count == 5) }

  @Test(arguments: references.map(\.key)) func gradientsEqualAutograd(_ name: String) throws {
    let reference = try #require(Self.references[name])
    let isFirst = ["gpt2", "llama", "bert"].contains(name)
    let parameters = try ParameterList(try Model.open(ProjectRoot.fixture(isFirst ? name : "families/" + name)))
    let ids = try #require(reference["ids"]?.arrayValue).compactMap { $0.intValue }
    let found = try gradients(parameters, ids)
    let blocks = try #require(reference["blocks"]?.arrayValue).compactMap { $0.objectValue }
    #expect(blocks.count == parameters.model.configuration.blocks)
    var (worst, count) = (0.0, 0)
    for (block, expected) in blocks.enumerated() {
      for site in Self.sites where site.exists(in: parameters.model.configuration.plans[block]) {
        let values = try #require(found["\(site) \(block)"])
        let numbers = try #require(expected["\(site)".replacing("Transformers.NormPlace.", with: "")]?.arrayValue)
        let norm = values.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
        let (expectedNorm, largest) = (try #require(numbers[0].doubleValue), try #require(numbers[2].doubleValue))
        let value = Double(values[try #require(numbers[1].intValue)])
        worst = max(worst, abs(norm - expectedNorm) / expectedNorm, abs(value - largest) / abs(largest))
        count += 1
      }
    }
    #expect(worst < 1e-4 && count == blocks.reduce(0) { $0 + $1.count })
    print("gradients at sites of \(name): \(count), largest relative difference \(worst)")
  }

  /// All gradients at the sites, row after row, of the summed cross-entropy of token (37 i + 5) mod V at position i.
  private func gradients(_ parameters: ParameterList, _ ids: [Int]) throws -> [String: [Float]] {
    let run = try ReverseRun(parameters, texts: [ids])
    let (last, vocabulary) = (run.levels.upperBound, parameters.model.configuration.vocabulary)
    let head = try parameters.gradient(
      of: .crossEntropy(tokens: ids.indices.map { ($0 * 37 + 5) % vocabulary }), at: run.state(last))
    var found: [String: [Float]] = [:]
    try run.backward(
      from: [last: head.states],
      taps: Self.sites.map { site in
        .read(site) { visit, gradient in found["\(site) \(visit.block)"] = gradient.values }
      })
    return found
  }
}
