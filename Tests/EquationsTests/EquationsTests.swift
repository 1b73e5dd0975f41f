import Diagnostics
import Equations
import Foundation
import Testing

#if canImport(FoundationXML)
  import FoundationXML
#endif

/// Collects the leaves of a piece of MathML without its annotation; nil where it is not well-formed.
private final class Leaves: NSObject, XMLParserDelegate {
  private var texts: [String] = []
  private var element = ""

  static func of(_ xml: String) -> String? {
    let leaves = Leaves()
    let parser = XMLParser(data: Data(xml.utf8))
    parser.delegate = leaves
    guard parser.parse() else { return nil }
    return leaves.texts.filter { !["\u{2061}", "\u{2063}"].contains($0) }.joined(separator: " ")
  }

  func parser(
    _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
    attributes: [String: String] = [:]
  ) {
    element = name
    if ["mi", "mn", "mo", "mtext"].contains(name) { texts.append("") }
  }

  func parser(_ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?) {
    element = ""
  }

  func parser(_ parser: XMLParser, foundCharacters string: String) {
    if ["mi", "mn", "mo", "mtext"].contains(element) { texts[texts.count - 1] += string }
  }
}

/// The MathML between `<semantics>` and the annotation.
private func body(_ tex: String, display: Bool = false) -> String {
  let html = Equation(tex: tex, isDisplay: display).markup.html
  guard let start = html.range(of: "<semantics>"), let end = html.range(of: "<annotation") else { return html }
  return String(html[start.upperBound..<end.lowerBound])
}

@Suite struct EquationTests {
  @Test(arguments: goldenLeaves)
  func agreesWithAnIndependentConverter(tex: String, leaves: String) {
    let equation = Equation(tex: tex, isDisplay: true)
    #expect(equation.faults.isEmpty)
    let found = Leaves.of(equation.markup.html)
    #expect(found?.unicodeScalars.elementsEqual(leaves.unicodeScalars) == true, "found \(found ?? "nothing")")
  }

  @Test(arguments: [
    ("x", "<mi>x</mi>"),
    ("-x", "<mrow><mo form=\"prefix\">−</mo><mi>x</mi></mrow>"),
    ("a-b", "<mrow><mi>a</mi><mo>−</mo><mi>b</mi></mrow>"),
    ("\\frac12", "<mfrac><mn>1</mn><mn>2</mn></mfrac>"),
    (
      "x_{i-1}^2",
      "<msubsup><mi>x</mi><mrow><mi>i</mi><mo lspace=\"0\" rspace=\"0\">−</mo><mn>1</mn></mrow><mn>2</mn></msubsup>"
    ),
    (
      "\\sum_i x",
      "<mrow><munder><mo lspace=\"0\" rspace=\"0.1667em\">∑</mo><mi>i</mi></munder><mi>x</mi></mrow>"
    ),
    ("\\int_0 x", "<mrow><msub><mo lspace=\"0\" rspace=\"0.1667em\">∫</mo><mn>0</mn></msub><mi>x</mi></mrow>"),
    (
      "2\\log x",
      "<mrow><mn>2</mn><mspace width=\"0.1667em\"/><mi>log</mi><mo>\u{2061}</mo><mspace width=\"0.1667em\"/><mi>x</mi></mrow>"
    ),
    (
      "\\log(x)",
      "<mrow><mi>log</mi><mo>\u{2061}</mo><mo stretchy=\"false\">(</mo><mi>x</mi><mo stretchy=\"false\">)</mo></mrow>"
    ),
    (
      "\\max_i",
      "<munder><mo movablelimits=\"true\" form=\"prefix\" lspace=\"0\" rspace=\"0\">max</mo><mi>i</mi></munder>"
    ),
    ("\\Gamma\\alpha", "<mrow><mi mathvariant=\"normal\">Γ</mi><mi>α</mi></mrow>"),
    (
      "\\mathbf{W}\\mathbb{E}\\mathcal{L}\\mathrm{d}",
      "<mrow><mi>𝐖</mi><mi>𝔼</mi><mi>ℒ</mi><mi mathvariant=\"normal\">d</mi></mrow>"
    ),
    (
      "\\operatorname{d}x",
      "<mrow><mi mathvariant=\"normal\">d</mi><mo>\u{2061}</mo><mspace width=\"0.1667em\"/><mi>x</mi></mrow>"
    ),
    (
      "\\left(\\frac a b\\right]",
      "<mrow><mo form=\"prefix\" stretchy=\"true\">(</mo><mfrac><mi>a</mi><mi>b</mi></mfrac><mo form=\"postfix\" stretchy=\"true\">]</mo></mrow>"
    ),
    ("\\text{a b}", "<mtext>a\u{A0}b</mtext>"),
    ("\\hat y", "<mover accent=\"true\"><mi>y</mi><mo stretchy=\"false\">ˆ</mo></mover>"),
    ("a<b", "<mrow><mi>a</mi><mo>&lt;</mo><mi>b</mi></mrow>"),
    ("", "<mrow></mrow>"),
  ])
  func writesCore(tex: String, expected: String) { #expect(body(tex) == expected) }

  @Test func keepsTheSource() {
    let html = Equation(tex: "a < b & \"c\" ]]>").markup.html
    #expect(html.contains("class=\"equation-error\""), "& stands outside an environment")
    let fine = Equation(tex: "a<b", isDisplay: true)
    #expect(fine.markup.html.hasPrefix("<math display=\"block\"><semantics>"))
    #expect(fine.markup.html.contains("<annotation encoding=\"application/x-tex\">a&lt;b</annotation>"))
    #expect(Equation(tex: "x \\tag{3}").tag == "3")
  }

  @Test(arguments: [
    ("\\frca{a}{b}", 0, 5, "unknown command '\\frca'", ["did you mean '\\frac'?"]),
    ("a + \\foobarbaz", 4, 14, "unknown command '\\foobarbaz'", []),
    ("日 \\sqrtt x", 4, 10, "unknown command '\\sqrtt'", ["did you mean '\\sqrt'?"]),
    ("{a", 0, 1, "'{' is not closed", []),
    ("a}", 1, 2, "'}' without '{'", []),
    ("a & b", 2, 3, "'&' outside an environment such as aligned", []),
    ("{a & b}", 3, 4, "'&' outside an environment such as aligned", []),
    ("\\left( a", 0, 5, "'\\left' without '\\right'", []),
    ("a \\right)", 2, 8, "'\\right' has nothing to belong to", []),
    ("\\left a \\right)", 0, 5, "expected a delimiter such as ( or \\{ here", []),
    ("x^a^b", 3, 4, "two superscripts on one base", ["write {…} around the first"]),
    ("x_a_b", 3, 4, "two subscripts on one base", ["write {…} around the first"]),
    ("\\frac{a}", 0, 5, "an argument is missing here", []),
    ("x^", 1, 2, "an argument is missing here", []),
    ("\\begin{matrx}a\\end{matrx}", 7, 12, "unknown environment 'matrx'", ["did you mean 'matrix'?"]),
    ("\\begin{cases} a", 0, 6, "'\\begin{cases}' without '\\end{cases}'", []),
    ("\\begin{cases}a\\end{matrix}", 0, 6, "'\\begin{cases}' without '\\end{cases}'", []),
    ("\\begin{array}{lx}a\\end{array}", 14, 16, "columns of 'array' must be l, c or r, found 'x'", []),
    ("95%", 2, 3, "'%' begins a comment in TeX", ["write \\% for a percent sign"]),
    ("a $b$", 2, 3, "'$' is not allowed inside a formula", ["write \\$ for a dollar sign"]),
    ("a\\", 1, 2, "backslash at the end of the formula", []),
    ("\\text{a \\frac}", 8, 10, "commands are not supported in text", []),
    ("\\text a", 0, 5, "'\\text' needs a text in braces", []),
    ("\\limits", 0, 7, "'\\limits' must follow an operator such as \\sum", []),
    ("\\not a", 0, 4, "'\\not' must stand before a relation such as = or \\in", []),
  ])
  func reportsAtTheColumn(tex: String, lower: Int, upper: Int, message: String, hints: [String]) {
    let faults = Equation(tex: tex).faults
    #expect(faults.first?.message == message)
    #expect(faults.first?.span == SourceSpan(lower: lower, upper: upper))
    if !hints.isEmpty { #expect(faults.first?.hints.first?.hasPrefix(String(hints[0].dropLast(2))) == true) }
  }

  @Test func faultsBecomeDiagnostics() {
    let file = SourceFile(path: "t.md", text: "see $`a \\foox`$")
    let equation = Equation(tex: "a \\foox")
    let start = 6
    let diagnostic = equation.faults[0].diagnostic(in: file, startingAt: start)
    #expect(diagnostic.headline == "t.md:1:9: error: unknown command '\\foox'")
  }

  @Test func hostileTextsAreHarmless() {
    for text in [
      "{", "\\left(", "x^{", "\\sqrt{", "\\frac", "\\begin{cases}", "^", "'", "&", "\\displaystyle ", "\\sqrt[",
    ] {
      let equation = Equation(tex: String(repeating: text, count: 20_000))
      #expect(Leaves.of(equation.markup.html) != nil)
    }
    #expect(Equation(tex: String(repeating: "{", count: 81) + String(repeating: "}", count: 81)).faults.count == 1)
    #expect(Equation(tex: String(repeating: "{", count: 50) + "x" + String(repeating: "}", count: 50)).faults.isEmpty)
  }

  /// Random pieces of TeX: whatever comes out is well-formed.
  @Test func randomFormulasAreWellFormed() {
    let pieces = [
      "a", "1", "+", "-", "\\frac", "{", "}", "^", "_", "'", "\\left(", "\\right)", "\\sum", "\\log", "&", "\\\\", "<",
      "\\begin{cases}", "\\end{cases}", "\\text{x<y}", "\\hat", "\\sqrt[3]", "\\mathbf", "|", "\\middle|", "\\limits",
      "\\big", "\\displaystyle", "日", "\u{301}", "\u{1}", "\"", "\\operatorname*{a}", "\\not", "\\binom", " ", "\\",
    ]
    var state: UInt64 = 1
    for _ in 0..<3_000 {
      var tex = ""
      for _ in 0..<12 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        tex += pieces[Int(state >> 33) % pieces.count]
      }
      let equation = Equation(tex: tex, isDisplay: true)
      #expect(Leaves.of(equation.markup.html) != nil, "\(tex)")
      for fault in equation.faults { #expect(fault.span.upper <= tex.utf8.count, "\(tex)") }
    }
  }
}
