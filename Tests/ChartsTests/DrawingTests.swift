import ChartSamples
import Charts
import Foundation
import TestSupport
import Testing

/// What holds for every drawing.
struct DrawingTests {
  static let samples: [(name: String, chart: any Chart)] = [
    ("convergence", SampleCharts.convergence), ("precision", SampleCharts.precision),
    ("surprisal", SampleCharts.surprisal), ("perplexity", SampleCharts.perplexity),
    ("early-exit", SampleCharts.earlyExit), ("both", SampleCharts.both), ("difference", SampleCharts.difference),
    ("row", SampleCharts.rowOfMeans), ("long-row", SampleCharts.rowOfManyMeans),
    ("dimensions", SampleCharts.dimensionMap.chart), ("logit-lens", SampleCharts.logitLens),
    ("heads", SampleCharts.heads), ("words", SampleCharts.wideWords),
    ("paths", SampleCharts.paths(40, steps: 12, dimensions: 96)),
    ("many-paths", SampleCharts.paths(500, steps: 31, dimensions: 4096)), ("bars", SampleCharts.bars),
    ("stack", SampleCharts.stack), ("lying-bars", SampleCharts.lying), ("trajectory", SampleCharts.trajectory),
    ("space", SampleCharts.space), ("ranges", SampleCharts.ranges), ("named", SampleCharts.named),
    ("tokens", SampleCharts.tokens),
  ]

  static let names = samples.map(\.name)

  static func chart(_ name: String) throws -> any Chart { try #require(samples.first { $0.name == name }).chart }

  @Test(arguments: names, [PlotSize.full, .half, .third, .wide])
  func isWellFormedAndComplete(name: String, size: PlotSize) throws {
    let svg = try Self.chart(name).svg(in: PlotContext(idPrefix: "fig-\(name)", size: size)).html
    let reader = DrawingReader(svg)
    #expect(reader.isWellFormed)
    #expect(Set(reader.ids).count == reader.ids.count)
    #expect(reader.ids.allSatisfy { $0.hasPrefix("fig-\(name)\u{B7}") })
    #expect(Set(reader.references).isSubset(of: Set(reader.ids)))
    #expect(svg.contains("role=\"img\""))
    #expect(reader.elements["title", default: 0] >= 1 && reader.elements["desc"] == 1)
    #expect(!svg.contains("-0\"") && !svg.contains("nan") && !svg.contains("inf\""))
  }

  @Test(arguments: names, [PlotSize.full, .half, .third, .wide])
  func labelsKeepApart(name: String, size: PlotSize) throws {
    let svg = try Self.chart(name).svg(in: PlotContext(idPrefix: "f", size: size)).html
    // The size of the phone's enlarged text is the hard case; on a desk there are more labels of a smaller size.
    let phone = size == .full ? 15.0 : size == .wide ? 19 : 12
    let narrow = DrawingReader(svg, font: phone, isNarrow: true, width: TextWidth.width)
    #expect(narrow.collisions.isEmpty, "\(name) \(size): \(narrow.collisions)")
    let desk = DrawingReader(svg, font: size == .full || size == .wide ? 10.5 : 12, width: TextWidth.width)
    #expect(desk.collisions.isEmpty, "\(name) \(size): \(desk.collisions)")
  }

  @Test(arguments: names, [PlotSize.full, .half, .third, .wide])
  func textIsLegibleOnAPhone(name: String, size: PlotSize) throws {
    let svg = try Self.chart(name).svg(in: PlotContext(idPrefix: "f", size: size)).html
    let reader = DrawingReader(svg, font: size == .full ? 15 : size == .wide ? 19 : 12, isNarrow: true)
    // 400 CSS pixels, less a margin of 16 on either side.
    #expect(reader.smallestText * 368 / reader.viewBox[2] >= 9, "\(name) \(size): \(reader.smallestText)")
  }

  @Test(arguments: names)
  func aHeightIsTakenAndNotScaledTo(name: String) throws {
    let chart = try Self.chart(name)
    func box(_ height: Double?) -> [Double] {
      DrawingReader(chart.svg(in: PlotContext(idPrefix: "f", height: height)).html).viewBox
    }
    // What lies has no height of its own, and at some heights names stand in a legend.
    guard !["lying-bars", "tokens", "early-exit"].contains(name) else { return }
    #expect(box(500)[2] == box(nil)[2] && abs(box(500)[3] - box(300)[3] - 200) < 2, "\(box(500)), \(box(300))")
  }

  @Test(arguments: ["convergence", "precision", "ranges", "perplexity", "paths"])
  func labelsKeepApartInALowFigure(name: String) throws {
    let svg = try Self.chart(name).svg(in: PlotContext(idPrefix: "f", height: 60)).html
    let reader = DrawingReader(svg, font: 15, isNarrow: true, width: TextWidth.width)
    #expect(reader.collisions.isEmpty, "\(reader.collisions)")
  }

  @Test(arguments: names)
  func isDeterministic(name: String) throws {
    let chart = try Self.chart(name)
    let context = PlotContext(idPrefix: "f", size: .full, words: .japanese)
    #expect(chart.svg(in: context) == chart.svg(in: context))
    #expect(chart.data(words: .english) == chart.data(words: .english))
  }

  @Test(arguments: names)
  func staysSmall(name: String) throws {
    let bytes = try Self.chart(name).svg(in: PlotContext(idPrefix: "fig-1")).html.utf8.count
    let limits = [
      "convergence": 5_000, "surprisal": 5_500, "row": 5_000, "both": 25_000, "dimensions": 25_000, "heads": 25_000,
      "logit-lens": 25_000, "many-paths": 60_000,
    ]
    #expect(bytes <= limits[name, default: 25_000], "\(name): \(bytes)")
  }

  @Test(arguments: names.filter { $0 != "many-paths" })
  func looksAsBefore(name: String) throws {
    var svg = try Self.chart(name).svg(in: PlotContext(idPrefix: "fig")).html
    // The compressed bytes belong to zlib; PNGTests looks at the pixels.
    while let start = svg.range(of: "base64,"), let end = svg[start.upperBound...].firstIndex(of: "\"") {
      svg.replaceSubrange(start.lowerBound..<end, with: "png")
    }
    let text = svg.replacingOccurrences(of: "><", with: ">\n<") + "\n"
    #expect(try Snapshot.difference(text, "ChartsTests/Snapshots/\(name).svg") == nil)
  }

  @Test func descriptionsSpeakOfTheData() {
    let svg = SampleCharts.convergence.svg(in: PlotContext(idPrefix: "f")).html
    #expect(svg.contains("llama-1b, distilled: from 0."))
    #expect(svg.contains("lowest 0.03"))
    let map = SampleCharts.rowOfMeans.svg(in: PlotContext(idPrefix: "f")).html
    #expect(map.contains("1 by 12 cells, lowest 0.3"))
    #expect(map.contains("1 value undefined."))
  }
}
