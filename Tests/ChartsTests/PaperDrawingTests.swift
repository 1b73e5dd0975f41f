import ChartSamples
import Charts
import Foundation
import Testing

/// Drawings for papers: nothing in them asks for a style sheet.
@Suite struct PaperDrawingTests {
  @Test(arguments: DrawingTests.names) func everythingStandsInAttributes(name: String) throws {
    let drawing = try DrawingTests.chart(name).svg(in: PlotContext(idPrefix: "fig"))
    let text = PaperDrawing.svg(drawing)
    let reader = DrawingReader(text)
    #expect(reader.isWellFormed)
    for word in ["class=", "style=", "var(", "currentColor", "<style", "transparent", "em\"", "\u{B7}"] {
      #expect(!text.contains(word), "\(word)")
    }
    #expect(text.hasPrefix("<svg xmlns=\"http://www.w3.org/2000/svg\""))
    #expect(text.contains(" width=\"") && text.contains(" height=\""))
    for address in text.split(separator: "url(#").dropFirst() {
      #expect(text.contains("id=\"\(address.prefix { $0 != ")" })\""), "\(address.prefix(20))")
    }
    // What is read of a drawing and written again is all of it.
    #expect(reader.elements["text", default: 0] >= DrawingReader(drawing.html).elements["text", default: 0])
  }

  @Test func everyRuleOfTheStyleSheetIsUnderstood() {
    #expect(StyleRules(ChartStyle.css, variables: ChartStyle.light).unread == [])
  }

  @Test func rulesApplyAsInABrowser() {
    let rules = StyleRules(
      ".p{font:12px/1 x}.p .a{fill:var(--k);stroke:red}.p .w .a{stroke:blue}.p .a.b{fill:none}@media x{.p{color:y}}b{c:d}",
      variables: "--k:#123")
    #expect(rules.declarations(["a"], above: [["p"]]) == ["fill": "#123", "stroke": "red"])
    #expect(rules.declarations(["a"], above: [["p"], ["w"]])["stroke"] == "blue")
    #expect(rules.declarations(["a", "b"], above: [["p"]])["fill"] == "none")
    #expect(rules.declarations(["a"], above: []) == [:])
    #expect(rules.unread == ["b"])
  }

  @Test func cellsAreRectangles() {
    let chart = HeatmapChart(
      title: "t", matrix: CellMatrix([[0, 1], [1, nil]]), rows: .numbers("r", 0..<2), columns: .numbers("c", 0..<2),
      scale: ColorScale("v", range: 0...1))
    let text = PaperDrawing.svg(chart.svg(in: PlotContext(idPrefix: "fig")))
    #expect(!text.contains("<image"))
    #expect(text.contains("fill=\"#440154\"") && text.contains("fill=\"#fde725\""))
    #expect(text.contains("fill=\"url(#fig-h)\""))
  }

  @Test func aHaloIsATextOfItsOwn() {
    let text = PaperDrawing.svg(SampleCharts.surprisal.svg(in: PlotContext(idPrefix: "fig")))
    #expect(text.components(separatedBy: "stroke-width=\"4\"").count > 1)
    #expect(!text.contains("paint-order"))
  }
}
