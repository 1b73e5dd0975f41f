import ChartSamples
import Charts
import Foundation
import Testing

struct HeatmapTests {
  private static func image(_ chart: HeatmapChart) throws -> (width: Int, height: Int, rgba: [UInt8]) {
    let reader = DrawingReader(chart.svg(in: PlotContext(idPrefix: "f")).html)
    let address = try #require(reader.images.first?["href"])
    let payload = String(address.dropFirst("data:image/png;base64,".count))
    let bytes = try #require(Base64.decode(payload))
    #expect(Data(bytes) == Data(base64Encoded: payload))
    return try #require(IndexedPNG.decode(bytes))
  }

  @Test(arguments: [false, true], Palette.allCases)
  func everyPixelIsItsValue(startsAtBottom: Bool, palette: Palette) throws {
    let matrix = SampleCharts.dimensions(rows: 24, columns: 200)
    let scale = ColorScale("v", palette: palette, range: -0.2...0.8)
    let chart = HeatmapChart(
      title: "t", matrix: matrix, rows: .numbers("", 0..<24), columns: .numbers("", 0..<200), scale: scale,
      startsAtBottom: startsAtBottom)
    let image = try Self.image(chart)
    #expect(image.width == 200 && image.height == 24)
    for row in 0..<24 {
      for column in 0..<200 {
        let at = ((startsAtBottom ? 23 - row : row) * 200 + column) * 4
        let pixel = Array(image.rgba[at..<(at + 4)])
        guard let value = matrix.value(row, column) else {
          #expect(pixel[3] == 0)
          continue
        }
        let color = palette.color(level: Palette.level(of: value, in: -0.2...0.8))
        #expect(pixel == [color.red, color.green, color.blue, 255])
      }
    }
  }

  @Test func allLevelsFitIntoOneImage() throws {
    let values = (0..<Palette.levels).map { Optional((Double($0) + 0.5) / Double(Palette.levels)) } + [nil]
    let matrix = CellMatrix(rows: 16, columns: 16, values: values)
    let chart = HeatmapChart(
      title: "t", matrix: matrix, rows: .numbers("", 0..<16), columns: .numbers("", 0..<16),
      scale: ColorScale("v", range: 0...1))
    let image = try Self.image(chart)
    let colors = Set(stride(from: 0, to: image.rgba.count, by: 4).map { Array(image.rgba[$0..<($0 + 4)]) })
    // Some neighbours of the table are equal in eight bits.
    #expect(colors.count > 250)
  }

  @Test func levelsCoverTheRange() {
    #expect(Palette.level(of: 0, in: 0...1) == 0)
    #expect(Palette.level(of: 1, in: 0...1) == 254)
    #expect(Palette.level(of: 0.5, in: 0...1) == 127)
    #expect(Palette.level(of: -9, in: 0...1) == 0)
    #expect(Palette.level(of: 9, in: 0...1) == 254)
    #expect(Palette.viridis.color(level: 0).hex == "#440154")
    #expect(Palette.viridis.color(level: 254).hex == "#fde725")
    #expect(Palette.puOr.color(level: 127).hex == "#f6f6f7" || Palette.puOr.color(level: 127).hex == "#f7f7f6")
  }

  @Test func binsByEveryRule() {
    let matrix = CellMatrix([[1, 2, 6, nil, nil, nil, 4, 5, 9]])
    let expected: [BinningRule: [Double?]] = [
      .mean: [3, nil, 6], .maximum: [6, nil, 9], .minimum: [1, nil, 4], .median: [2, nil, 5],
    ]
    for rule in BinningRule.allCases {
      let binned = matrix.binColumns(to: 3, rule: rule)
      #expect((0..<3).map { binned.matrix.value(0, $0) } == expected[rule])
      #expect(binned.matrix[0, 1] == .undefined)
      #expect(binned.labels == ["0–2", "3–5", "6–8"])
    }
    #expect(matrix.binColumns(to: 3).note() == "each column shows the mean of 3 neighbouring columns")
    #expect(matrix.binColumns(to: 3, rule: .maximum).note(.japanese) == "各列は隣接する3列の最大値")
    #expect(matrix.binColumns(to: 20).note().isEmpty)
  }

  @Test func binningPrefersEvenCounts() {
    func count(_ columns: Int, _ limit: Int) -> Int {
      CellMatrix(rows: 1, columns: columns, values: Array(repeating: 1, count: columns)).binColumns(to: limit).ranges
        .count
    }
    #expect(count(768, 256) == 256)
    #expect(count(1600, 256) == 200)
    #expect(count(4096, 256) == 256)
    #expect(count(1021, 256) == 256)
    let uneven = CellMatrix(rows: 1, columns: 11, values: (0..<11).map(Double.init)).binColumns(to: 4)
    #expect(uneven.ranges.flatMap { Array($0) } == Array(0..<11))
    #expect(uneven.note() == "each column shows the mean of 2 to 3 neighbouring columns")
  }

  @Test func cutRangesSaySo() {
    let svg = SampleCharts.both.svg(in: PlotContext(idPrefix: "f")).html
    #expect(svg.contains(">≤0</text>"))
    #expect(svg.contains("Colours are limited to the range 0.00 to 1.00"))
    let free = SampleCharts.difference.svg(in: PlotContext(idPrefix: "f")).html
    #expect(!free.contains("≤") && !free.contains("≥"))
  }

  @Test func blankAndUndefinedDiffer() {
    let matrix = CellMatrix([[1, nil], [0.5, 1]]).blankBelowDiagonal()
    let chart = HeatmapChart(
      title: "t", matrix: matrix, rows: .numbers("from", 0..<2), columns: .numbers("to", 0..<2), scale: ColorScale("r²")
    )
    let svg = chart.svg(in: PlotContext(idPrefix: "f")).html
    #expect(svg.contains("undefined") && svg.contains("<pattern"))
    #expect(chart.data(words: .english).csv == "from \\ to,0,1\r\n0,1,\r\n1,,1\r\n")
    #expect(!SampleCharts.both.svg(in: PlotContext(idPrefix: "f")).html.contains("<pattern"))
  }

  @Test func wideMapsKeepHoverTextsOut() {
    let wide = SampleCharts.dimensionMap.chart.svg(in: PlotContext(idPrefix: "f")).html
    #expect(DrawingReader(wide).titles.count == 1)
    let small = SampleCharts.rowOfMeans.svg(in: PlotContext(idPrefix: "f")).html
    #expect(DrawingReader(small).titles.contains("mean, 0→1: undefined"))
  }
}
