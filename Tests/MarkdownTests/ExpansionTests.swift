import Diagnostics
import Directives
import Markdown
import Testing

/// Parts, loops, conditions and parameters: the text they give, and where faults in it are said to be.
@Suite struct ExpansionTests {
  private func expand(
    _ text: String, parts: [String: String] = [:], parameters: [String: String] = [:], decisions: [String: Bool] = [:]
  ) -> TemplateExpansion {
    TemplateExpansion(
      SourceFile(path: "t.md", text: text), bodyStartsAt: 0,
      parameters: parameters.map { Parameter(name: $0.key, text: $0.value) }, decisions: decisions
    ) { path in
      parts[path].map { .success(SourceFile(path: path, text: $0)) } ?? .failure(MarkdownRefusal("no file '\(path)'"))
    }
  }

  private func text(_ expansion: TemplateExpansion) -> String {
    String(decoding: expansion.file.bytes, as: UTF8.self)
  }

  @Test(arguments: [
    ("a {x} b", "a y b"), ("`{x}` $x_{x}$ \\{x}", "`{x}` $x_{x}$ \\{x}"), ("{other} {x", "{other} {x"),
    ("{star}", "a\\*b\\*"), ("<<b n={x}>> {x}", "<<b n={x}>> y"),
    ("~~~\n{x}\n~~~\n<!-- {x} -->", "~~~\n{x}\n~~~\n<!-- {x} -->"),
    ("[a]({x}.md) ![b]({x}.png){#fig-{x}}", "[a](y.md) ![b](y.png){#fig-y}"),
  ])
  func parametersStandInProse(source: String, expected: String) {
    #expect(text(expand(source, parameters: ["x": "y", "star": "a*b*"])) == expected)
  }

  @Test(arguments: [
    ("a {whoo}", ["1:3: error: '{whoo}' is no parameter and would be printed as it is"]),
    ("<<include p.md>>\n", ["p.md:2:1: error: '{hwo}' is no parameter and would be printed as it is"]),
    (
      "<<each model=a,b>>\n{model} {modle}\n<<end>>",
      ["2:9: error: '{modle}' is no parameter and would be printed as it is"]
    ),
    ("{other} {wh} `{whoo}` $x_{whoo}$ \\{whoo} {model}\n\n```\n{whoo}\n```\n<!-- {whoo} -->", []),
  ])
  func namesNearToParametersAreSlips(source: String, faults: [String]) {
    let expansion = expand(source, parts: ["p.md": "x\n{hwo}\n"], parameters: ["who": "us"])
    #expect(expansion.diagnostics.map { $0.headline.replacing("t.md:", with: "") } == faults)
    #expect(expansion.diagnostics.allSatisfy { $0.hints.first?.hasPrefix("did you mean") == true })
  }

  @Test func partsComeIn() {
    let expansion = expand(
      "a\n<<include p.md>>\nb\n", parts: ["p.md": "one\n\n<<include q.md>>\n", "q.md": "two {x}"],
      parameters: ["x": "3"])
    #expect(text(expansion) == "a\none\n\ntwo 3\nb\n" && expansion.diagnostics.isEmpty)
    #expect(expansion.usedParameters == ["x"])
    let scan = DirectiveParser.scan(expand("a\n\n<<include p.md>>\n", parts: ["p.md": "x\n\n  <<b>>"]).file)
    let fault = scan.directives[0].diagnostic(at: scan.directives[0].nameSpan, "wrong")
    #expect(fault.headline == "p.md:3:5: error: wrong")
    #expect(scan.directives[0].line == 3, "the line of the template on which the part comes in")
    let plain = SourceFile(path: "t.md", text: "nothing here")
    #expect(
      TemplateExpansion(plain, bodyStartsAt: 0, parameters: []) { _ in .failure(MarkdownRefusal("")) }.file === plain)
  }

  @Test func loopsTurn() {
    let expansion = expand("<<each m=a,b>>\n## {m}\n\n<<c {m} id=c-{m}>>\n<<end>>\nz")
    #expect(text(expansion) == "## a\n\n<<c a id=c-a>>\n## b\n\n<<c b id=c-b>>\nz")
    let scan = DirectiveParser.scan(expansion.file)
    #expect(scan.directives.map(\.line) == [4, 4])
    let last = scan.directives[1]
    #expect(last.diagnostic(at: last.arguments[1].span, "x").headline == "t.md:4:9: error: x")
    #expect(text(expand("<<each n={all}>>{n};<<end>>", parameters: ["all": "1,2,3"])) == "1;2;3;")
    #expect(text(expand("<<each a=1,2>><<each b=x,y>>{a}{b} <<end>><<end>>")) == "1x 1y 2x 2y ")
  }

  @Test func conditionsChoose() {
    let source = "a\n<<if c.score {m} > 0.5>>\nyes\n<<else>>\nno\n<<end>>\nz"
    #expect(text(expand(source)) == "a\nyes\nz")
    #expect(text(expand(source, decisions: ["/1": false])) == "a\nno\nz")
    let nested = expand(
      "<<if a.x > 1>>p<<if b.y < 2>>q<<end>><<else>>r<<if c.z = 3>>s<<end>><<end>>", decisions: ["/1": false])
    #expect(text(nested) == "rs")
    #expect(nested.conditions.map(\.id) == ["/1", "/1-/1"])
    #expect(nested.conditions.map(\.within) == [[:], ["/1": false]])
    #expect(nested.conditions[1].directive.source == "<<if c.z = 3>>")
    let loop = expand("<<each m=a,b>><<if c.x {m} > 1>>{m}<<end>><<end>>")
    #expect(loop.conditions.map(\.directive.source) == ["<<if c.x a > 1>>", "<<if c.x b > 1>>"])
    #expect(Set(loop.conditions.map(\.id)).count == 2)
  }

  @Test(arguments: [
    ("<<include a.md b>>", "1:1: error: <<include>> takes one path"),
    ("x <<include a.md>>", "1:3: error: <<include …>> stands alone on its line"),
    ("<<include b.md>>", "1:11: error: no file 'b.md'"),
    ("<<if a.b > 1>>", "1:1: error: <<if …>> has no <<end>>"),
    ("<<each a=1>>{a}", "1:1: error: <<each …>> has no <<end>>"),
    ("<<end>>", "1:1: error: <<end>> ends nothing"), ("<<else>>", "1:1: error: <<else>> ends nothing"),
    ("<<each a=1,2>>x<<end>>", "1:1: error: nothing in this loop holds {a}: every turn would be the same"),
    ("<<each a=1,1>>{a}<<end>>", "1:10: error: '1' is given twice"),
    ("<<each a=\"1,b c\">>{a}<<end>>", "1:10: error: 'b c' is no value of a loop"),
    ("<<each 1>>{a}<<end>>", "1:1: error: <<each>> takes a name and its values"),
    ("<<if a.b > 1>>x<<else>>y<<else>>z<<end>>", "1:25: error: a second <<else>>"),
    ("<<each a=1>>{a}<<else>>y<<end>>", "1:16: error: <<else>> belongs to an <<if …>>"),
    ("<<include loop.md>>", "loop.md:1:11: error: a part that includes itself: loop.md → loop.md"),
    ("<<include front.md>>", "1:11: error: 'front.md' has front matter, and a part has none of its own"),
    ("<<include bad.md>>", "bad.md:3:1: error: <<if …>> has no <<end>>"),
  ])
  func faultsStandAtTheirPlaces(source: String, fault: String) {
    let parts = [
      "a.md": "x", "loop.md": "<<include loop.md>>", "front.md": "---\na: b\n---\n", "bad.md": "x\n\n<<if a.b > 1>>",
    ]
    #expect(expand(source, parts: parts).diagnostics.first?.headline.replacing("t.md:", with: "") == fault)
  }

  @Test func whatIsCodeStays() {
    let source = "`<<include a.md>>`\n\n```\n<<each x=1>>\n```\n\\<<if a.b > 1>>\n<!-- <<end>> -->"
    let expansion = expand(source, parameters: ["q": "r"])
    #expect(text(expansion) == source && expansion.diagnostics.isEmpty)
  }

  @Test func textForOneMedium() {
    let expansion = expand("a\n<<if print>>\nb\n<<else>>\nc\n<<end>>\nd <<if screen>>e<<end>> f")
    let reading = Reading(text(expansion))
    #expect(reading.faults == [] && expansion.diagnostics.isEmpty)
    #expect(
      reading.html
        == "<p>a</p>\n<div class=\"print-only\">\n<p>b</p>\n</div>\n<div class=\"screen-only\">\n<p>c</p>\n</div>\n"
        + "<p>d <span class=\"screen-only\">e</span> f</p>\n")
    #expect(Reading("- <<if print>>\n\nb <<end>>").faults.first?.contains("has no counterpart") == true)
    #expect(Reading("- <<if print>>\n\nb <<end>>").isWellFormed)
  }

  @Test func hostileTemplatesEndInTime() {
    for part in [
      "<<if a.b > 1>>", "<<each a=1,2>>{a}", "<<include a.md>>\n", "<<end>>", "{x}", "<<if print>>", "{", "<<else>>",
    ] {
      let expansion = expand(String(repeating: part, count: 1_000), parts: ["a.md": "y\n"], parameters: ["x": "y"])
      #expect(expansion.file.bytes.count < 16 << 20)
    }
    let growing = (0..<16).map { "<<each a\($0)=1,2,3,4,5,6,7,8,9>>" }.joined() + (0..<16).map { "{a\($0)}" }.joined()
    #expect(
      expand(growing + String(repeating: "<<end>>", count: 16)).diagnostics.first?.message.contains("grows beyond")
        == true)
  }
}
