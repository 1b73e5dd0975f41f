import ChartSamples
import Charts
import Foundation
import Markup
import Reports
import Testing

/// Renders every sample into one page when LAYERBOOK_GALLERY names a file, to be looked at by people.
struct Gallery {
  static let provenance = [
    ProvenanceItem("model", "atlas-gpt2"), ProvenanceItem("data", "atlas"), ProvenanceItem("position", "last"),
    ProvenanceItem("n", "256"), ProvenanceItem("seed", "42"), ProvenanceItem("norm", "recompute"),
    ProvenanceItem("result", "9f2c41ab77d0", isCode: true),
  ]

  static func page() -> PageSkeleton {
    var number = 0
    var data = TrustedMarkup.empty
    func figure(_ charts: [any Chart], _ caption: TrustedMarkup, subs: [TrustedMarkup] = []) -> TrustedMarkup {
      number += 1
      let items = charts.enumerated().map { (chart: $1, caption: subs.indices.contains($0) ? subs[$0] : .empty) }
      let frame = FigureFrame(
        id: "fig-\(number)", label: "Figure \(number). ", caption: caption, charts: items, provenance: provenance)
      data = data + frame.data()
      return frame.html()
    }
    var body = text
    body = body + figure([SampleCharts.convergence], "Distance <i>D</i> between successive states, mean of 64 tokens.")
    body = body + figure([SampleCharts.precision], "Precision@k of shortcuts.")
    body =
      body
      + figure(
        [SampleCharts.surprisal, SampleCharts.perplexity], "Two panels.",
        subs: ["surprisal, 95 % bootstrap band", "perplexity, logarithmic"])
    body = body + figure([SampleCharts.earlyExit], "Early exit (thick) and fixed exit (thin).")
    body = body + SampleCharts.table.html()
    body = body + figure([SampleCharts.both], "Maps from one state to a later one.")
    body = body + figure([SampleCharts.difference], "Difference.")
    body = body + figure([SampleCharts.rowOfMeans], "One statistic.")
    body = body + figure([SampleCharts.rowOfManyMeans], "One statistic, 32 layers.")
    body =
      body
      + figure(
        [SampleCharts.dimensionMap.chart], TrustedMarkup(text: "R² per dimension; \(SampleCharts.dimensionMap.note)."))
    body = body + figure([SampleCharts.logitLens], "Logit lens.")
    body = body + figure([SampleCharts.heads], "Heads.")
    body = body + figure([SampleCharts.wideWords], "Words.")
    body =
      body
      + figure(
        [SampleCharts.rowOfMeans, SampleCharts.difference, SampleCharts.convergence], "Three panels.",
        subs: ["mean", "difference", "distance"])
    body = body + figure([SampleCharts.paths(500, steps: 31, dimensions: 4096)], "Paths, 500.")
    body = body + figure([SampleCharts.paths(60, steps: 12, dimensions: 96)], "Paths, 60.")
    body = body + figure([SampleCharts.bars, SampleCharts.stack], "Bars.", subs: ["grouped", "stacked"])
    body = body + figure([SampleCharts.lying], "Lying bars.")
    body = body + figure([SampleCharts.trajectory], "Trajectory.")
    body = body + japanese
    var page = PageSkeleton(title: "What happens between the layers of a small Transformer", body: body)
    page.subtitle = "A gallery of every drawing, with made-up numbers"
    page.authors = ["A. Author", "B. Author"]
    page.date = "2026-11-21"
    page.abstract = "<p>Every chart of the module with realistic values, so that overlaps and cut text are seen.</p>"
    page.headings = [
      .init(level: 2, id: "one", title: "1 Text and values"), .init(level: 3, id: "two", title: "1.1 A subsection"),
      .init(level: 2, id: "three", title: "2 日本語の段落"),
    ]
    page.appendix = data
    page.provenance = "<p>Made by hand.</p>"
    page.manifest = "{\"a\": \"</script>\"}"
    return page
  }

  static let text: TrustedMarkup = """
    <h2 id="one">1 Text and values</h2>
    <p>The score is <data value="0.8613" title="convergence llama-1b">0.861</data>, which is more than the
    <span class="claim pass">0.56</span> expected and less than <span class="claim fail">0.95</span>. A link to
    <a href="#fig-1">Figure 1</a> and to <a href="https://example.org/paper">a paper</a>; code such as <code>h_l</code>.
    Prose needs to be long enough to see how lines break, how wide the column is, and whether the face is pleasant to read at
    length, which is what a report is for.<sup><a href="#fn-1">1</a></sup></p>
    <p>An equation: <math display="block"><mrow><msub><mi>D</mi><mi>l</mi></msub><mo>=</mo><mfrac><mn>1</mn><mi>π</mi></mfrac>
    <mi>arccos</mi><mfrac><mrow><msub><mi>h</mi><mi>l</mi></msub><mo>·</mo><msub><mi>h</mi><mi>L</mi></msub></mrow>
    <mrow><mo>‖</mo><msub><mi>h</mi><mi>l</mi></msub><mo>‖</mo></mrow></mfrac></mrow></math></p>
    <h3 id="two">1.1 A subsection</h3>
    <blockquote><p>A quotation.</p></blockquote>
    <pre><code>layerbook ask 'convergence llama-1b' --format json</code></pre>
    <div class="error" role="alert"><b>unknown directive 'heatmp'</b><pre>&lt;&lt;heatmp r2 mean&gt;&gt;\n  ^~~~~~</pre></div>
    """

  static let japanese: TrustedMarkup = """
    <h2 id="three">2 日本語の段落</h2>
    <div lang="ja"><p>残差ストリームの状態は層を通過するごとに少しずつ最終状態へ近づいていく。本節では、各層の隠れ状態が最終層の隠れ状態と
    どれほど離れているかを角度で測り、収束の度合いを一つの数値にまとめる。「収束」とは、距離が単調に減少することを意味する。</p></div>
    <section class="footnotes"><ol><li id="fn-1"><p>A note at the end.</p></li></ol></section>
    """

  @Test(.enabled(if: ProcessInfo.processInfo.environment["LAYERBOOK_GALLERY"] != nil))
  func write() throws {
    let path = try #require(ProcessInfo.processInfo.environment["LAYERBOOK_GALLERY"])
    try Self.page().html().write(toFile: path, atomically: true, encoding: .utf8)
  }
}
