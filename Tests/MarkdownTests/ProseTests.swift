import Diagnostics
import Directives
import Markdown
import Testing

@Suite struct ProseTests {
  @Test(arguments: [
    ("a -- b ... \"c\"", "<p>a – b … “c”</p>\n"),
    ("a  \nb", "<p>a<br />\nb</p>\n"), ("---", "<hr />\n"),
    ("![a \"b\" <c>](x.png \"t&\")", "<p><img src=\"x.png\" alt=\"a “b” &lt;c&gt;\" title=\"t&amp;\" /></p>\n"),
    ("[x](javascript:alert(1))", "<p><a href=\"\">x</a></p>\n"),
    (
      "[x](<JaVaScRiPt:alert(1)>) [y](vbscript:a) [z](data:text/html,b)",
      "<p><a href=\"\">x</a> <a href=\"\">y</a> <a href=\"\">z</a></p>\n"
    ),
    ("a &#8; &#xFFFE; b", "<p>a \u{FFFD} \u{FFFD} b</p>\n"),
    ("x <script>alert(1)</script> ]]>", "<p>x &lt;script&gt;alert(1)&lt;/script&gt; ]]&gt;</p>\n"),
    (
      "<script>\nalert(1)\n</script>",
      "<pre class=\"raw-html\"><code>&lt;script&gt;\nalert(1)\n&lt;/script&gt;\n</code></pre>\n"
    ),
    ("```\"><script>\nx\n```", "<pre><code class=\"language-&quot;&gt;&lt;script&gt;\">x\n</code></pre>\n"),
    ("<!-- a --> <!-- b -->", ""), ("a<!---->b", "<p>ab</p>\n"),
  ])
  func prints(text: String, html: String) {
    let reading = Reading(text)
    #expect(reading.html == html)
    #expect(reading.isWellFormed)
  }

  // MARK: - Headings

  @Test func headingsGetAnchors() {
    let reading = Reading(
      "# Mean R² -- *per* step\n\n## Mean R² -- per step\n\n## 層の間 `h_l`\n\n## S = <<v x>>\n\n## ...\n\n## A {#own}\n\n## own\n\n## own-2"
    )
    #expect(
      reading.headings.map(\.id) == [
        "mean-r-per-step", "mean-r-per-step-2", "層の間-h_l", "s", "section", "own", "own-2", "own-2-2",
      ])
    #expect(reading.headings[3].text == "S = v0")
    #expect(reading.headings[5].text == "A")
    #expect(reading.html.contains("<h1 id=\"mean-r-per-step\">Mean R² – <em>per</em> step</h1>"))
    #expect(reading.html.contains("<h2 id=\"own\">A</h2>"))
    #expect(reading.html.contains("<h2 id=\"s\">S = <data>v0</data></h2>"))
    #expect(reading.isWellFormed && reading.faults == [])
  }

  @Test func sectionsAreNumbered() {
    let options = MarkdownOptions(numbersSections: true, headingShift: 1, reservedIDs: ["b"])
    let reading = Reading("# A\n\n## B\n\n## C\n\n#### D\n\n# E", options: options)
    #expect(reading.headings.map(\.number) == ["1", "1.1", "1.2", "1.2.0.1", "2"])
    #expect(reading.headings.map(\.level) == [2, 3, 3, 5, 2])
    #expect(reading.headings[1].id == "b-2")
    #expect(reading.html.contains("<h3 id=\"b-2\"><span class=\"section-number\">1.1</span> B</h3>"))
  }

  @Test func anchorsAreChecked() {
    #expect(Reading("# a {#x}\n\n# b {#x}").faults == ["3:1: error: the anchor 'x' is given twice"])
    #expect(
      Reading("# a {#x y}").faults == [
        "1:1: error: 'x y' is not an anchor; expected letters, digits, '-', '_', '.' and ':'"
      ])
  }

  // MARK: - Formulas

  @Test func formulasInText() {
    let reading = Reading("so $`h_l`$ and $`a*b*c`$.")
    #expect(reading.html.contains("<msub><mi>h</mi><mi>l</mi></msub>"))
    #expect(reading.html.hasPrefix("<p>so <math>") && reading.html.hasSuffix("</math>.</p>\n"))
    #expect(!reading.html.contains("$") && !reading.html.contains("<em>"))
    #expect(reading.isWellFormed)
    #expect(Reading("costs $5 and `x`").html == "<p>costs $5 and <code>x</code></p>\n")
  }

  @Test func formulasOnTheirOwn() {
    let reading = Reading("```math\nR^2 \\tag{1}\n```")
    #expect(reading.html.hasPrefix("<div class=\"equation\" tabindex=\"0\"><math display=\"block\">"))
    #expect(reading.html.contains("<span class=\"equation-tag\">(1)</span></div>"))
  }

  @Test func faultsOfFormulasHavePlaces() {
    #expect(Reading("é $`a`$ and\n  $`x \\foo`$").faults == ["2:7: error: unknown command '\\foo'"])
    #expect(Reading("> ```math\n> a\n>  b \\foo\n> ```").faults == ["3:6: error: unknown command '\\foo'"])
    #expect(Reading("| $`\\foo`$ |\n|---|").faults == ["1:5: error: unknown command '\\foo'"])
  }

  // MARK: - Tables

  @Test func tablesArePrinted() {
    let reading = Reading("a | b\n:-- | :-:\n*x* | - y\n`p|q` | \\| z\n")
    #expect(
      reading.html
        == "<div class=\"scroll\" tabindex=\"0\"><table class=\"author-table\"><thead><tr><th scope=\"col\" style=\"text-align:left\">a</th><th scope=\"col\" style=\"text-align:center\">b</th></tr></thead><tbody><tr><td style=\"text-align:left\"><em>x</em></td><td style=\"text-align:center\">- y</td></tr><tr><td style=\"text-align:left\"><code>p|q</code></td><td style=\"text-align:center\">| z</td></tr></tbody></table></div>\n"
    )
    #expect(Reading("a | b\n--- | --- | ---").html.hasPrefix("<p>"))
    #expect(Reading("a | b\nc | d").html.hasPrefix("<p>"))
    #expect(
      Reading("| \"a\" | 1. | # h | + |\n|--|--|--|--|").html.contains(
        "<th scope=\"col\">“a”</th><th scope=\"col\">1.</th><th scope=\"col\"># h</th><th scope=\"col\">+</th>"))
    #expect(Reading("| | b |\n|--|--|\n| c | d |").html.contains("<tr><td></td><th scope=\"col\">b</th></tr>"))
  }

  @Test func fencedTablesAreChecked() {
    #expect(
      Reading("```table\nx\n```").faults == [
        "1:1: error: not a table: expected a head, a row such as |---|---: and as many cells in each"
      ])
    #expect(
      Reading("```table titel=x\na|b\n-|-\n```").faults == [
        "1:1: error: a table takes caption=\"…\" and id=…, found 'titel'"
      ])
    let inQuote = Reading("> ~~~table caption=\"$`x`$\"\n> a|b\n> -|-\n> 1|<<v>>\n> ~~~")
    #expect(inQuote.faults == [] && inQuote.placements == ["inline"] && inQuote.html.contains("<caption><math>"))
  }

  // MARK: - Footnotes

  @Test func footnotesAreNumberedAsReferredTo() {
    let reading = Reading("a[^b] c[^a] d[^b]\n\n[^a]: one\n[^b]: two *words* <<v>>\nand more\n\n`[^x]` \\[^y]")
    #expect(reading.faults == [])
    #expect(reading.placements == ["inline"])
    #expect(
      reading.html.hasPrefix(
        "<p>a<sup class=\"footnote-reference\"><a id=\"footnote-1-back\" href=\"#footnote-1\" role=\"doc-noteref\">1</a></sup>"
      ))
    #expect(reading.html.contains("<p><code>[^x]</code> [^y]</p>"))
    #expect(
      reading.html.contains(
        "<li id=\"footnote-1\"><p>two <em>words</em> <data>v0</data>\nand more <a href=\"#footnote-1-back\""))
    #expect(reading.html.contains("<li id=\"footnote-2\"><p>one <a"))
    #expect(reading.isWellFormed)
  }

  @Test func footnotesAreChecked() {
    #expect(Reading("a[^x]").faults == ["1:2: error: footnote 'x' is not defined"])
    #expect(Reading("a\n\n[^x]: b").faults == ["3:1: error: footnote 'x' is never referred to"])
    #expect(
      Reading("a[^x]\n\n[^x]: b\n\n[^x]: c").faults == ["5:1: error: footnote 'x' is defined twice"])
    #expect(Reading("<<v 日本>>[^x]").faults == ["1:9: error: footnote 'x' is not defined"])
    #expect(Reading("```\n[^x]: b\n```").faults == [])
  }

  // MARK: - Other texts

  @Test func captions() {
    let (html, faults) = MarkdownText.inline(
      Spanned("*R²* of $`h_l`$ <script> \"x\"\n- y", span: SourceSpan(lower: 0, upper: 1), file: nil))
    #expect(html.html.hasPrefix("<em>R²</em> of <math>"))
    #expect(html.html.hasSuffix(" &lt;script&gt; “x” - y"))
    #expect(faults.map(\.message) == ["raw HTML is shown as text"])
    #expect(MarkdownText.inline("a\u{E000}0\u{E001}").html == "a\u{FFFD}0\u{FFFD}")
    #expect(MarkdownText.inline("").html == "")
    #expect(MarkdownText.inline("<<value x>>").html == "&lt;&lt;value x&gt;&gt;")
    let file = SourceFile(path: "t.md", text: "abstract: $`\\foo`$")
    let (_, wrong) = MarkdownText.blocks(Spanned("x\n\n$`\\foo`$", span: SourceSpan(lower: 10, upper: 18), file: file))
    #expect(wrong.map(\.headline) == ["t.md:1:11: error: unknown command '\\foo'"])
  }
}
