import Diagnostics
import Directives
import Markdown
import Testing

/// Notations of other tools, which would be printed as they stand, and text that only looks like them.
@Suite struct ForeignNotationTests {
  private func faults(_ text: String) -> [String] {
    let scan = DirectiveParser.scan(SourceFile(path: "t.md", text: text))
    let body = MarkdownBody.parse(scan, options: MarkdownOptions(), isInline: isInlineInTests)
    return body.diagnostics.map { $0.headline.replacing("t.md:", with: "") }
  }

  @Test(arguments: [
    (#"As \cite{sun2024} says"#, #"1:4: error: '\cite' is LaTeX, which is known between dollars only"#),
    (#"See~\ref{fig:a}."#, #"1:5: error: '\ref' is LaTeX, which is known between dollars only"#),
    ("a\n\n\\newpage\n\nb", #"3:1: error: '\newpage' is LaTeX, which is known between dollars only"#),
    (#"an \alpha and \emph{b}"#, #"1:15: error: '\emph' is LaTeX, which is known between dollars only"#),
    ("so^[an aside] it is", "1:3: error: a footnote within a sentence is not known"),
    ("![[a.png]]", "1:1: error: '![[' is no image here"),
    ("a\n\n[TOC]", "3:1: error: '[TOC]' is printed as it stands"),
    ("see [the text][none] there", "1:5: error: no link is defined as 'none'"),
    ("for {{ page.title }} here", "1:5: error: '{{' begins a command of another tool"),
    ("{% include x %}", "1:1: error: '{%' begins a command of another tool"),
    ("H~2~O", "1:2: error: '~2~' is no subscript here"), ("an x^2^ b", "1:5: error: '^2^' is no superscript here"),
    ("a ==marked word== b", "1:3: error: '==' marks nothing here"),
    ("!!! note\n    b", "1:1: error: '!!!' begins no callout here"),
    ("`{python} 1 + 1`", "1:1: error: braces in code are for code that runs, and a page shows code and runs none"),
  ])
  func isSaid(text: String, fault: String) {
    #expect(faults(text) == [fault])
  }

  @Test(arguments: [
    #"\alpha, C:\section and a\newpage"#, "hidden[0][1] and x[i][j]", "a == b and c == d", "[j]: b\n\nsee [i][j]",
    "10~20~30", "2^10 and 2^20", "about ~5~ish", "Wow!!! note", "the set {{1}, {2}} is", "[TOC] is what it was called",
    "`x^2^`, `\\cite{a}`, `{x}` and `[a][b]`", "an escaped \\[a][b], \\^[c] and \\\\cite{a}",
  ])
  func isText(text: String) { #expect(faults(text) == []) }
}
