import Diagnostics
import Directives
import Markdown
import Testing

/// `$…$` and `$$…$$` in prose: what is a formula, what stays a dollar, where faults are said to be.
@Suite struct FormulaTests {
  private func annotations(_ html: String) -> [String] {
    html.split(separator: "application/x-tex\">").dropFirst().map { String($0.prefix { $0 != "<" }) }
  }

  @Test(arguments: [
    ("a $R^2$ b", ["R^2"]), ("$a_1 * b_2 * c$", ["a_1 * b_2 * c"]), ("($x$), $y$.", ["x", "y"]),
    ("costs $5 and $6", []), ("from $5 to $10 or $20", []), ("US$5 and C$5", []), (#"\$a$ and \$b\$"#, []),
    ("$5-$10", []), ("$ a$", []), ("$a $", []), ("`$a$` and ``$b$``", []), ("    x\n\n~~~\n$a$\n~~~", []),
    ("a <!-- $a$ --> $b$", ["b"]), (#"$\$5$"#, [#"\$5"#]), (#"$a \\ b$"#, []), ("$`a_b`$ $c$", ["a_b", "c"]),
    ("a $x +\ny$ b", ["x +\ny"]), ("a $x\n\ny$ b", []), ("- $a$\n- $b$", ["a", "b"]), ("$a\n- b$", []),
    ("*$a$* [$b$](x) **c$d$**", ["a", "d"]), ("# $R^2$ rises", ["R^2"]), ("| $a|b$ |", ["a|b"]),
    ("$x$2", []), ("a$x$b", ["x"]), ("$x$$y$", ["x", "y"]), ("~~$a$~~", ["a"]),
  ])
  func dollarsAndFormulas(text: String, formulas: [String]) {
    let reading = Reading(text)
    #expect(annotations(reading.html) == formulas)
    #expect(reading.isWellFormed)
  }

  @Test func displayedFormulasStandAlone() {
    let text = "Here\n$$\na = b\n$$\nand $$c$$ then\n\n> q\n> $$\n> d \\\\\n> > e\n> $$\n\n- item\n  $$f$$\n  more\n"
    let reading = Reading(text)
    #expect(
      annotations(reading.html).map { $0.filter { !$0.isWhitespace } } == ["a=b", "c", "f"] || reading.faults != [])
    #expect(reading.html.contains("<p>Here</p>\n<div class=\"equation\""))
    #expect(reading.html.contains("<p>and</p>\n<div class=\"equation\""))
    #expect(reading.html.contains("<p>then</p>"))
    #expect(reading.isWellFormed)
  }

  @Test func anchorsMakeNumbers() {
    let reading = Reading("$$a$$ {#eq-a}\n\n$$b$$\n\n$$c \\tag{*}$$ {#eq-c}\n\n```math id=eq-d\nd\n```\n\nSee <<v x>>.")
    #expect(reading.body.equations.map(\.id) == ["eq-a", nil, "eq-c", "eq-d"])
    #expect(reading.body.equations.map(\.isNumbered) == [true, false, false, true])
    #expect(reading.body.items == [.equation(0), .equation(1), .equation(2), .equation(3)])
    #expect(reading.html.contains("<div class=\"equation\" id=\"eq-a\""))
    #expect(reading.html.contains("<span class=\"equation-tag\">(*)</span>"))
    #expect(reading.faults == [])
    var labels = AuthorLabels()
    labels.equations = [0: 1, 3: 2]
    let printed = reading.body.render(labels: labels).html.html
    #expect(
      printed.contains("<span class=\"number\">(1)</span>") && printed.contains("<span class=\"number\">(2)</span>"))
    #expect(Reading("# A {#x}\n\n$$a$$ {#x}").faults == ["3:1: error: the anchor 'x' is given twice"])
    #expect(Reading("$$a$$ {#a/b}").faults.first?.contains("'a/b' is not an anchor") == true)
  }

  @Test func faultsStandAtTheirPlaces() {
    #expect(Reading("a $\\foo{x}$").faults == ["1:4: error: unknown command '\\foo'"])
    #expect(Reading("<<v x>> a\n\n日 $b \\foo$").faults == ["3:6: error: unknown command '\\foo'"])
    #expect(Reading("x\n\n$$\na\n\\foo\n$$\n\n$\\bar x$").faults == ["5:1: error: unknown command '\\foo'"])
    #expect(Reading("> $$\n> \\foo\n> $$").faults == ["2:3: error: unknown command '\\foo'"])
    // What stands behind a formula of several lines is still found on its line.
    #expect(Reading("a $x\n+ y$ b\n\n[^1]").faults == ["4:1: error: footnote '1' is not defined"])
    #expect(Reading("a\n$$\nb\n$$\nc\n\n<b>").faults.first?.hasPrefix("7:1: warning: raw HTML") == true)
    #expect(
      Reading("| $$a$$ | b |\n|---|---|\n| c | d |").faults
        == ["1:3: error: a displayed formula stands in a paragraph, not in a heading, a table or a caption"])
  }

  @Test(arguments: [
    ("a $ \\frac{1}{2}$ b", "1:3"), ("$$\n\\frac{1}{2}\n\nx", "1:1"), ("the $\\alpha\n\nrest", "1:5"),
  ])
  func formulasThatDoNotEndAreFaults(text: String, place: String) {
    #expect(Reading(text).faults == ["\(place): error: a formula begins here and does not end"])
  }

  @Test func restoredWhereItIsCode() {
    let reading = Reading("`a $x$ ~~b~~ [@c]`\n\n```\n$$\ny\n$$\n~~z~~\n```\n\n[l](<a$b$c>)")
    #expect(reading.html.contains("<code>a $x$ ~~b~~ [@c]</code>"))
    #expect(reading.html.contains("<code>$$\ny\n$$\n~~z~~\n</code>"))
    #expect(reading.html.contains("href=\"a$b$c\""))
  }

  @Test func hostileTextsEndInTime() {
    for part in ["$a ", "$$a ", "$$", "$", "`", "``$", "[@a ", "~~a ", "$$\n", "> $$\n> ", "<!--", "- $$x$$ "] {
      let reading = Reading(String(repeating: part, count: 4_000))
      #expect(!reading.html.isEmpty || part == "<!--")
    }
  }
}
