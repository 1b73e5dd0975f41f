import JSONText
import TestSupport
import Testing

/// Linear shortcuts against an independent program in float64, on its own samples.
@Suite struct ShortcutParityTests {
  @Test(arguments: ["atlas-llama", "atlas-gpt2"]) func lensesOfDecoders(name: String) throws {
    try expectLenses(ShortcutReference(embedded: name))
  }

  @Test func lensesOfAMaskedModel() throws { try expectLenses(ShortcutReference(masked: "atlas-bert")) }

  @Test(.enabled(if: SharedMaterial.isPresent)) func lensesOfAPublishedModel() throws {
    try expectLenses(ShortcutReference(shared: "stories260K"))
  }

  @Test(arguments: ["atlas-llama", "atlas-gpt2"]) func submodulesOfDecoders(name: String) throws {
    try expectSubmodules(ShortcutReference(embedded: name))
  }

  @Test(.enabled(if: SharedMaterial.isPresent)) func submodulesOfAPublishedModel() throws {
    try expectSubmodules(ShortcutReference(shared: "stories260K"))
  }

  private func expectLenses(_ reference: ShortcutReference) throws {
    let precision = try reference.ask("precision")
    let surprisal = try reference.ask("surprisal")
    for lens in ["mat", "id"] {
      let expected = reference.json[lens]
      for k in ["1", "5", "10"] {
        try reference.expectPrecision(precision[lens]?[k], expected?["precision"]?[k], "\(lens) precision@\(k)")
      }
      try reference.expectSurprisal(surprisal[lens], expected?["surprisal"], "\(lens) surprisal")
    }
    let floor = try #require(reference.json["floor"]?.doubleValue)
    #expect(abs((surprisal["floor"]?.doubleValue ?? .nan) - floor) < 1e-5 * floor)
    let heatmap = try reference.ask("heatmap r2 both")
    for lens in ["mat", "id"] {
      let (found, expected) = (heatmap[lens], reference.json["r2"]?[lens])
      for source in try #require(expected?.arrayValue).indices {
        try reference.expectEqual(
          found?[source], expected?[source], within: { 2e-4 * max(1, abs($0)) }, "\(lens) r2[\(source)]")
      }
    }
  }

  private func expectSubmodules(_ reference: ShortcutReference) throws {
    let plain = try reference.ask("submodules precision")
    let affine = try reference.ask("submodules surprisal intercept=on")
    for name in ["attention", "ffn", "norms", "block", "block_chain"] {
      try expectCurve(plain[name], reference.json["submodules"]?[name], reference, name)
    }
    for name in ["attention", "ffn", "norms"] {
      let expected = reference.json["submodules"]?[name + "_intercept"]
      try expectCurve(affine[name], expected, reference, name + " with intercept")
    }
  }

  private func expectCurve(
    _ found: JSONValue?, _ expected: JSONValue?, _ reference: ShortcutReference, _ name: String
  ) throws {
    for (member, k) in [("precision", "1"), ("precision5", "5"), ("precision10", "10")] {
      try reference.expectPrecision(found?[member], expected?["precision"]?[k], "\(name) precision@\(k)")
    }
    try reference.expectSurprisal(found?["surprisal"], expected?["surprisal"], "\(name) surprisal")
  }
}
