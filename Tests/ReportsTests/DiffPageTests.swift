import Foundation
import FoundationXML
import JSONText
import Reports
import Results
import Testing

/// The page of a comparison.
@Suite struct DiffPageTests {
  private static func set(_ label: String, _ value: Double, _ directive: String = "heatmap <b>") -> ResultSet {
    let result: JSONValue = ["mat": .array([.array([1, .double(value)]), .array([.null, 1])])]
    return ResultSet(
      label: label,
      entries: [
        .init(
          id: "fig-1", directive: directive, inputs: ["n": .double(value)], result: result,
          valueDigest: valueDigest(of: result).hex)
      ], prose: "Text \(value)")
  }

  @Test func changedMapIsDrawn() {
    let diff = ResultDiff(old: Self.set("old", 0.5), new: Self.set("new", 0.75))
    let html = DiffPage(diff: diff, generator: "test").html
    #expect(XMLParser(data: Data(html.utf8)).parse())
    #expect(html.contains("Changed beyond tolerance."))
    #expect(html.contains("1 of 4 values changed, 1 beyond exact."))
    #expect(html.contains("Change of mat, new minus old."))
    #expect(html.contains("data:image/png;base64,"))
    #expect(html.contains("heatmap &lt;b&gt;"))
    #expect(html.contains("- Text 0.5"))
  }

  @Test func nothingChanged() {
    let diff = ResultDiff(old: Self.set("old", 0.5), new: Self.set("new", 0.5))
    let html = DiffPage(diff: diff, generator: "test").html
    #expect(html.contains("Within tolerance."))
    #expect(!html.contains("data:image/png"))
  }
}
