import ChartSamples
import Charts
import Testing

@Suite struct SVGStackTests {
  @Test func drawingsKeepTheirSizeOneBelowTheOther() throws {
    let context = PlotContext(idPrefix: "f")
    let parts = [SampleCharts.both, SampleCharts.difference].enumerated().map { index, chart in
      SVGStack.Part(heading: "model \(index)", drawing: chart.svg(in: PlotContext(idPrefix: "f\(index)")))
    }
    let svg = SVGStack.svg(parts, in: context, title: "R²").html
    let reader = DrawingReader(svg)
    #expect(reader.isWellFormed && Set(reader.ids).count == reader.ids.count)
    #expect(svg.matches(of: /<svg [^>]*width="600" height="\d+" viewBox="0 0 600 \d+"/).count == 2)
    let heights = svg.matches(of: /viewBox="0 0 600 (\d+)"/).compactMap { Double($0.output.1) }
    #expect(heights.count == 3 && heights[0] > heights[1] + heights[2])
  }
}
