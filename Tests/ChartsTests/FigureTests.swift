import ChartSamples
import Charts
import Testing

struct FigureTests {
  @Test func panelsAreMarked() {
    let frame = FigureFrame(
      id: "fig-x", label: "Figure 3. ", caption: "Two.",
      charts: [(SampleCharts.convergence, "one"), (SampleCharts.bars, "two")])
    let html = frame.html().html
    #expect(html.contains("<strong>Figure 3. </strong>Two."))
    #expect(html.contains("<b>(a)</b> one") && html.contains("<b>(b)</b> two"))
    // The numbers stand apart, and a button of the figure opens them, as another puts each drawing over the page.
    let data = frame.data().html
    for mark in ["a", "b"] {
      #expect(html.contains("popovertarget=\"fig-x\u{B7}data-\(mark)\">Data (\(mark))</button>"))
      #expect(data.contains("<section id=\"fig-x\u{B7}data-\(mark)\" popover=\"\""))
      #expect(data.contains("<caption>Data of Figure 3 (\(mark))</caption>"))
      #expect(html.contains("id=\"fig-x\u{B7}z-\(mark)\" popover=\"\""))
    }
    #expect(FigureFrame.letter(0) == "a" && FigureFrame.letter(25) == "z" && FigureFrame.letter(26) == "aa")
  }

  @Test func longDataIsCutAndSaysSo() {
    let rows = (0..<1000).map { [DataTable.Cell.number(Double($0)), .number(0.5)] }
    let panel = FigureFrame.Panel(drawing: .empty, data: DataTable(columns: ["a", "b"], rows: rows))
    let html = FigureFrame(id: "f", label: "", caption: .empty, panels: [panel]).data().html
    #expect(html.contains("Shown are 22 of 1000 rows and 2 of 2 columns; the CSV file of the figure has all."))
    #expect(DrawingReader(html).elements["tr"] == 23)
    #expect(html.utf8.count < 2_000)
  }

  @Test func tablesMarkTheBestAndExplainTheUndefined() {
    let html = SampleCharts.table.html().html
    #expect(DrawingReader(html).isWellFormed)
    #expect(html.contains("<td class=\"num\"><strong>0.901</strong></td>"))
    #expect(html.contains("<td class=\"num\"><strong>−0.100</strong></td>"))
    #expect(html.contains("<td class=\"num undef\">undefined</td>"))
    #expect(html.contains("<th scope=\"row\">bert &lt;base&gt;</th>"))
    #expect(html.contains("neither zero nor left out"))
    #expect(html.contains("131\u{202F}072"))
  }

  @Test func csvQuotes() {
    let table = DataTable(columns: ["a,b", "c\"d"], rows: [[.text("x\ny"), .number(1e-7)], [.blank, .number(nil)]])
    #expect(table.csv == "\"a,b\",\"c\"\"d\"\r\n\"x\ny\",1e-07\r\n,\r\n")
  }

  @Test func csvHasPlainNames() {
    let table = DataTable(columns: ["word", "found", "rate", "lost", "rate"], rows: [])
    #expect(table.csv == "word,found,found: rate,lost,lost: rate\r\n")
    var chart = LineChart(
      title: "Movement by block", x: Axis("block, all of them", column: "block"),
      y: Axis("movement (log axis)", column: "movement", isLogarithmic: true),
      series: [LineSeries("a", values: [1]), LineSeries("b", values: [1, 2])])
    #expect(chart.data(words: .english).csv == "series,block,movement\r\na,0,1\r\nb,0,1\r\nb,1,2\r\n")
    chart.nameTitle = "model"
    #expect(chart.data(words: .english).columns == ["model", "block", "movement"])
    let axes = (1...3).map { Axis("PC \($0) (\(60 / $0)%)", column: "PC \($0)") }
    let space = SpacePaths(title: "", axes: axes, paths: [])
    #expect(space.data(words: .english).columns == ["position", "PC 1", "PC 2", "PC 3"])
    #expect(space.svg(in: PlotContext(idPrefix: "f")).html.contains("PC 2 (30%)"))
  }
}

/// Drawings that are no figures of their own, and figures with other numbers behind them.
struct SparklineTests {
  @Test func wordSizedCurvesKeepGapsAndSayTheirValues() {
    let svg = Sparkline(values: [0, 1, nil, 0.5, .nan, 2], range: 0...1).svg(name: "a <b>").html
    let reader = DrawingReader(svg)
    #expect(reader.isWellFormed && reader.ids.isEmpty)
    #expect(svg.contains("a &lt;b&gt;") && svg.contains("0.500"))
    #expect(svg.split(separator: "M").count - 1 == 3, "three stretches")
    #expect(reader.elements["circle"] == 2)
    #expect(DrawingReader(Sparkline(values: [], range: 0...0).svg(name: "").html).isWellFormed)
  }

  @Test func cellsSayWhatTheirNotesSay() {
    let chart = HeatmapChart(
      title: "t",
      panels: [.init("", CellMatrix([[0.5, 0.25]]), texts: ["a", "b"], notes: ["first <note>", "second"])],
      rows: .numbers("depth", 0..<1), columns: .numbers("token", 0..<2), scale: ColorScale("p"))
    let svg = chart.svg(in: PlotContext(idPrefix: "f")).html
    #expect(svg.contains("<title>first &lt;note&gt;</title>") && svg.contains("<title>second</title>"))
    let numbers = DataTable(columns: ["a"], rows: [[.number(1)]])
    #expect(ChartWithData(chart, data: numbers).data(words: .english) == numbers)
    #expect(ChartWithData(chart, data: numbers).svg(in: PlotContext(idPrefix: "f")).html == svg)
  }
}
