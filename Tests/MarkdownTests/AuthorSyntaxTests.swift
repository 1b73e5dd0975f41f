import Diagnostics
import Directives
import Markdown
import Testing

/// What authors of other tools write: supported, or diagnosed at its place.
@Suite struct AuthorSyntaxTests {
  /// A text among one image and one other template.
  private func read(_ text: String, words: MarkdownWords = .english) -> (body: MarkdownBody, html: String) {
    let surroundings = MarkdownSurroundings(
      image: { path in
        path == "a.png"
          ? .success(PageImage(address: "data:image/png;base64,AA==", size: (4, 2)))
          : .failure(MarkdownRefusal("no file '\(path)'"))
      }, template: { $0 == "other.md" || $0 == "ja/x.md" ? nil : MarkdownRefusal("no template '\($0)'") })
    let scan = DirectiveParser.scan(SourceFile(path: "t.md", text: text))
    let options = MarkdownOptions(words: words)
    let body = MarkdownBody.parse(scan, options: options, surroundings: surroundings, isInline: isInlineInTests)
    let html = body.render().html.html
    #expect(WellFormedness.check("<body>" + html + "</body>"))
    return (body, html)
  }

  private func faults(_ text: String) -> [String] {
    read(text).body.diagnostics.map { $0.headline.replacing("t.md:", with: "") }
  }

  @Test(arguments: [
    ("~~a *b* c~~", "<p><del>a <em>b</em> c</del></p>\n"),
    ("a ~~b~~ c ~~d~~", "<p>a <del>b</del> c <del>d</del></p>\n"),
    ("about ~~ 5", "<p>about ~~ 5</p>\n"), ("~~5 km", "<p>~~5 km</p>\n"), ("~a~", "<p>~a~</p>\n"),
    (#"\~~a~~"#, "<p>~~a~~</p>\n"), ("*a ~~b* c~~", "<p><em>a ~~b</em> c~~</p>\n"),
  ])
  func strikethrough(text: String, html: String) {
    #expect(read(text).html == html)
    #expect(faults(text) == [])
  }

  @Test func tasks() {
    let html = read("- [ ] a\n- [x] b\n- [y] c").html
    #expect(html.contains("<li><span class=\"task\" role=\"img\" aria-label=\"to do\">☐</span> a</li>"))
    #expect(html.contains("aria-label=\"done\">☑</span> b</li>"))
    #expect(html.contains("<li>[y] c</li>"))
    #expect(read("1. [X] a", words: .japanese).html.contains("aria-label=\"済み\""))
  }

  @Test func callouts() {
    let html = read("> [!NOTE]\n> a *b*\n>\n> - c\n\n> [!warning] Mind **this**\n> d\n\n> e").html
    #expect(
      html.contains(
        "<div class=\"callout note\" role=\"note\">\n<p class=\"callout-title\">\nNote\n</p>\n<p>a <em>b</em></p>\n<ul>"
      ))
    #expect(html.contains("<p class=\"callout-title\">\nMind <strong>this</strong>\n</p>\n<p>d</p>\n</div>"))
    #expect(html.contains("<blockquote>\n<p>e</p>"))
    #expect(read("> [!TIP]\n> a", words: .japanese).html.contains("callout-title\">\nヒント\n</p>"))
    #expect(read("> [!TIP]\n>\n> <<b x>>").body.groups.count == 1)
    #expect(faults("> [!NOET]\n> x") == ["1:1: error: unknown callout 'NOET'"])
  }

  @Test func tableCaptions() {
    let table = "| a | b |\n|---|---|\n| 1 | 2 |\n"
    for text in [table + ": What *it* says {#tbl-x}", table + "\n: What *it* says {#tbl-x}\n"] {
      let (body, html) = read(text)
      #expect(body.tables == [AuthorTable(id: "tbl-x", caption: "What *it* says")])
      #expect(html.contains("id=\"tbl-x\"><caption>What <em>it</em> says</caption>"))
      #expect(!html.contains(": What") && body.diagnostics.isEmpty)
    }
    #expect(read(table + "\n: One\n\nrest").html.contains("<p>rest</p>"))
    #expect(faults(table + "\n: One {.wide}") == ["3:1: error: a table's caption takes {#id}, found '.wide'"])
    #expect(faults("Term\n: text").first?.contains("the caption of a table, and no table stands above it") == true)
  }

  @Test func faultsOfCaptionsStandAtTheCaption() {
    let reading = Reading("---\ntitle: a\n---\n| a |\n|---|\n| 1 |\n: One {.wide}")
    #expect(reading.faults == ["7:1: error: a table's caption takes {#id}, found '.wide'"])
  }

  @Test func images() {
    let (body, html) = read(
      "![A *b* $x$](a.png \"The `c`\"){#fig-a width=half}\n\n![d](a.png){width=40%}\n\nin ![e](a.png) text")
    #expect(body.images.map(\.id) == ["fig-a", nil] && body.images.map(\.caption) == ["The `c`", nil])
    #expect(body.images.map(\.isNumbered) == [true, false])
    #expect(body.items == [.image(0), .image(1)])
    #expect(
      html.contains(
        "<figure id=\"fig-a\" class=\"image half\"><img src=\"data:image/png;base64,AA==\" alt=\"A b x\" width=\"4\" "
          + "height=\"2\"/><figcaption>The <code>c</code></figcaption></figure>"))
    #expect(
      html.contains(
        "<figure class=\"image\"><img src=\"data:image/png;base64,AA==\" alt=\"d\" width=\"4\" height=\"2\" style=\"width:40%\"/></figure>"
      ))
    #expect(
      html.contains("<p>in <img src=\"data:image/png;base64,AA==\" alt=\"e\" width=\"4\" height=\"2\"/> text</p>"))
    #expect(body.diagnostics.isEmpty)
    let high = read("![d](a.png){height=40}\n\nin ![e](a.png){width=30% height=20} text").html
    #expect(high.contains("height=\"2\" style=\"height:40px;object-fit:contain\"/></figure>"))
    #expect(high.contains("style=\"width:30%;height:20px;object-fit:contain\"/> text"))
  }

  @Test(arguments: [
    ("![](a.png)", "1:1: error: the image 'a.png' has no text for those who do not see it"),
    ("x\n\n![a](b.png)", "3:6: error: no file 'b.png'"),
    (
      "![a](https://x.org/b.png)",
      "1:1: error: the image 'https://x.org/b.png' stands on another machine, and a page loads nothing"
    ),
    ("![a](a.png){width=4em}", "1:1: error: 'width' must be half, wide, full or from 5% to 100%, found '4em'"),
    ("![a](a.png){.big}", "1:1: error: an image takes #id, width=… and height=…, found '.big'"),
    ("![a](a.png){with=half}", "1:1: error: an image takes #id, width=… and height=…, found 'with'"),
    (
      "![a](a.png){height=4em}", "1:1: error: 'height' must be a number of pixels from 10 to 2000, found '4em'"
    ),
    (
      #"a \(x^2\) b"#, #"1:3: error: '\(…\)' is no formula here: Markdown takes the backslashes away"#
    ),
    (
      "x\n\n> \\[\n> E = m c\n> \\]\n", #"3:3: error: '\[…\]' is no formula here: Markdown takes the backslashes away"#
    ),
    (#"so \[\alpha\] is"#, #"1:4: error: '\[…\]' is no formula here: Markdown takes the backslashes away"#),
    ("| a |\n|---|\n| \\(x\\) |", #"3:3: error: '\(…\)' is no formula here: Markdown takes the backslashes away"#),
    ("a ![a](a.png){#b}", "1:3: error: an image in a sentence takes no id: it is no figure"),
    ("::: note\nx\n:::", "1:1: error: blocks between ':::' are not known"),
    ("{{< video x >}}", "1:1: error: '{{<' begins a command of another tool"),
    ("[x](y){.button}", "1:7: error: attributes such as '{.button}' are known behind images and captions only"),
    ("a [x]{.smallcaps} b", "1:6: error: attributes such as '{.smallcaps}' are known behind images and captions only"),
    ("# A {.unnumbered}", "1:5: error: attributes such as '{.unnumbered}' are known behind images and captions only"),
    ("a b {width=50%}", "1:5: error: attributes such as '{width=50%}' are known behind images and captions only"),
    ("a *b* c {.lead #x}", "1:9: error: attributes such as '{.lead #x}' are known behind images and captions only"),
    ("a {.lead} b", "1:3: error: attributes such as '{.lead}' are known behind images and captions only"),
    ("- a {#x .y} b", "1:5: error: attributes such as '{#x .y}' are known behind images and captions only"),
    ("> a {width=50%} b", "1:5: error: attributes such as '{width=50%}' are known behind images and captions only"),
    ("# a {#x} b", "1:5: error: attributes such as '{#x}' are known behind images and captions only"),
    ("| a {.lead} b |\n|---|", "1:5: error: attributes such as '{.lead}' are known behind images and captions only"),
    ("`{.lead}` a {.lead} b", "1:13: error: attributes such as '{.lead}' are known behind images and captions only"),
    (
      "![a](a.png) {width=50%}",
      "1:1: error: a blank stands between this image and its attributes, which would be text"
    ),
    ("x\n\nTable: Caption {#tbl-x}", "3:1: error: 'Table:' begins no caption here: it would be printed as it stands"),
    (
      "| a |\n|---|\n| 1 |\nTable: Caption",
      "4:1: error: 'Table:' begins no caption here: it would be printed as it stands"
    ),
    (
      "x\n\\begin{align*}\na &= b \\\\\n\\end{align*}",
      "2:1: error: '\\begin{align*}' is LaTeX, which is known between dollars only"
    ),
    ("As @sun2024 says, a@b2024.org", "1:4: error: '@sun2024' cites a work where there is no bibliography"),
    ("See @fig-one.", "1:5: error: '@fig-one' is how another tool refers to a figure, table or formula"),
    ("a@fig-one.org [@tbl-x]", "1:15: error: '@tbl-x' is how another tool refers to a figure, table or formula"),
    (
      "```{python}\nx\n```",
      "1:1: error: braces behind a fence are for code that runs, and a page shows code and runs none"
    ),
    ("see [x](third.md)", "1:9: error: no template 'third.md'"),
  ])
  func whatIsNotKnownIsSaid(text: String, fault: String) {
    #expect(faults(text).first == fault)
  }

  @Test func everyAttributeIsFoundAtItsPlace() {
    let attributes = "error: attributes such as '{.lead}' are known behind images and captions only"
    #expect(
      faults(#"a {.lead} *b {.lead}* \{.lead} {.lead}"#) == ["1:3: ", "1:14: ", "1:32: "].map { $0 + attributes })
  }

  @Test(arguments: [
    ("a {.lead} b", "for emphasis write"), ("a {width=50%} b", "an image takes"),
    ("a {#x} b", "an anchor {#id} stands"),
    ("# a {.x}", "a heading takes {#id} alone"),
  ])
  func attributesSayHowItIsDoneHere(text: String, way: String) throws {
    let fault = try #require(read(text).body.diagnostics.first)
    #expect(fault.hints.count == 2 && fault.hints[0].hasPrefix(way) && fault.hints[1].contains("write it as code"))
  }

  @Test func faultsOfImagesStandAtTheImage() {
    let text = "![a](a.png)\n[l](a.png) ![](a.png) b\n![](x.svg) ![c](y.png)\n![c][r]\n\n[r]: z.png"
    let nothing = "has no text for those who do not see it"
    #expect(
      faults(text) == [
        "2:12: error: the image 'a.png' \(nothing)", "3:1: error: the image 'x.svg' \(nothing)",
        "3:5: error: no file 'x.svg'", "3:17: error: no file 'y.png'", "4:1: error: no file 'z.png'",
      ])
    #expect(
      faults("| a |\n|---|\n| b ![](a.png) |\n| ![](a.png) |") == [
        "3:5: error: the image 'a.png' \(nothing)", "4:3: error: the image 'a.png' \(nothing)",
      ])
  }

  @Test func linksToTemplatesLeadToPages() {
    let html = read("[a](other.md) [b](other.md#part) [c](ja/x.md) [d](https://x.org/y.md) [e](#f)").html
    for target in ["other.html", "other.html#part", "ja/x.html", "https://x.org/y.md", "#f"] {
      #expect(html.contains("href=\"\(target)\""))
    }
  }

  @Test(arguments: [
    #"\{{< x"#, #"\::: a"#, "`{{< x`", "a {b} c", "{x=1}", "$5 {a}", "`:::`", #"\[not a link\] and \[1\]"#, #"`\(x\)`"#,
    #"a \( b"#, #"\\(x\\)"#, "a set {x=1}", #"a \{.lead}"#, "a {1, 2} b {x} c {-} d {.5} e", "{} a {# b} c {. d}",
    #"a \{.lead} b"#, "`{.lead}` b", "$\\text{.lead}$ b", "$x_{.lead}$ b", "```\na {.lead} b\n```",
    "{a=b} c {.x, y} d", #"`\begin{align}`"#, #"\\begin{align}"#, "Table 1: a",
    #"Table\: a"#,
    "```python\nx\n```", "$$\\begin{aligned}a\\end{aligned}$$", #"x \[snake_case\]"#,
  ])
  func whatIsMeantAsTextStays(text: String) { #expect(faults(text) == []) }

  @Test func footnotesStandEverywhere() {
    let text =
      "# H[^1]\n\n- a[^2]\n\n> b[^1]\n\n| c[^3] |\n|---|\n| d |\n: e[^4]\n\n[^1]: one $x$\n[^2]: two ~~y~~\n\n[^3]: three\n\n[^4]: four"
    let (body, html) = read(text)
    #expect(body.diagnostics.isEmpty)
    for number in 1...4 {
      #expect(html.contains("href=\"#footnote-\(number)\"") && html.contains("id=\"footnote-\(number)\""))
    }
    #expect(html.contains("<del>y</del>") && html.contains("<mi>x</mi>"))
    #expect(read("a[^1]\n\n[^1]: b", words: .japanese).html.contains("aria-label=\"本文に戻る\""))
  }
}
