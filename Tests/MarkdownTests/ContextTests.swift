import Diagnostics
import Directives
import Foundation
import Markdown
import Testing

/// Where directives stand, context by context: what libcmark alone would do with them is quite different.
@Suite struct ContextTests {
  @Test(arguments: [
    ("<<h r2 mean>>", ["block 0"], "<figure>B0: &lt;&lt;h r2 mean&gt;&gt;</figure>"),
    ("  <<h>>  ", ["block 0"], "<figure>B0: &lt;&lt;h&gt;&gt;</figure>"),
    ("<<a>> <<b>>", ["block 0", "block 0"], "<figure>B0: &lt;&lt;a&gt;&gt;|&lt;&lt;b&gt;&gt;</figure>"),
    ("<<a>>\n<<b>>", ["block 0", "block 0"], "<figure>B0: &lt;&lt;a&gt;&gt;|&lt;&lt;b&gt;&gt;</figure>"),
    (
      "<<a>>\n\n<<b>>", ["block 0", "block 1"],
      "<figure>B0: &lt;&lt;a&gt;&gt;</figure>\n<figure>B1: &lt;&lt;b&gt;&gt;</figure>"
    ),
    ("S is <<v x 95%>>.", ["inline"], "<p>S is <data>v0</data>.</p>"),
    ("<<v x>>", ["inline"], "<p><data>v0</data></p>"),
    (
      "**<<v>>** a<<v>>b _<<v>>_", ["inline", "inline", "inline"],
      "<p><strong><data>v0</data></strong> a<data>v1</data>b <em><data>v2</data></em></p>"
    ),
    ("\"<<v>>\" <<v>>'s", ["inline", "inline"], "<p>“<data>v0</data>” <data>v1</data>’s</p>"),
    (
      "- <<a>>\n- x <<v>>", ["block 0", "inline"],
      "<ul>\n<li>\n<figure>B0: &lt;&lt;a&gt;&gt;</figure>\n</li>\n<li>x <data>v1</data></li>\n</ul>"
    ),
    ("> <<a>>", ["block 0"], "<blockquote>\n<figure>B0: &lt;&lt;a&gt;&gt;</figure>\n</blockquote>"),
    ("`<<a r2>>`", ["code"], "<p><code>&lt;&lt;a r2&gt;&gt;</code></p>"),
    ("```\n<<a 95%>>\n```", ["code"], "<pre><code>&lt;&lt;a 95%&gt;&gt;\n</code></pre>"),
    ("```x <<a>>\ny\n```", ["code"], "<pre><code class=\"language-x\">y\n</code></pre>"),
    ("a <!-- <<a>> --> b", ["comment"], "<p>a  b</p>"),
    ("<!--\n<<a>>\n-->", ["comment"], ""),
    (
      "![see <<v>>](data:image/png;base64,AA==)", ["inline"],
      "<figure class=\"image\"><img src=\"data:image/png;base64,AA==\" alt=\"see v0\"/></figure>"
    ),
    ("[see <<v>>](x)", ["inline"], "<p><a href=\"x\">see v0</a></p>"),
    ("\\<<v lit>>", ["literal"], "<p>&lt;&lt;v lit&gt;&gt;</p>"),
    ("\\\\<<v>>", ["inline"], "<p>\\<data>v0</data></p>"),
    ("`\\<<v>>`", ["code"], "<p><code>\\&lt;&lt;v&gt;&gt;</code></p>"),
    ("a <<v \"x *y* `z`\">>", ["inline"], "<p>a <data>v0</data></p>"),
    (
      "<<v x>>\u{301}<<v y>>\u{FE0F}", ["inline", "inline"],
      "<p><data>v0</data>\u{301}<data>v1</data>\u{FE0F}</p>"
    ),
    ("x\r\n<<v>>\r\ny", ["inline"], "<p>x\n<data>v0</data>\ny</p>"),
    ("<<zzunknown>>", ["block 0"], "<figure>B0: &lt;&lt;zzunknown&gt;&gt;</figure>"),
    ("a <<zzunknown>>", ["inline"], "<p>a <data>zzunknown0</data></p>"),
    ("1 << 3, x << y", [], "<p>1 &lt;&lt; 3, x &lt;&lt; y</p>"),
    (
      "| <<v>> | b |\n|---|--:|\n| <<v>> | `a|b` |", ["inline", "inline"],
      "<div class=\"scroll\" tabindex=\"0\"><table class=\"author-table\"><thead><tr><th scope=\"col\"><data>v0</data></th><th scope=\"col\" style=\"text-align:right\">b</th></tr></thead><tbody><tr><td><data>v1</data></td><td style=\"text-align:right\"><code>a|b</code></td></tr></tbody></table></div>"
    ),
  ])
  func places(text: String, placements: [String], html: String) {
    let reading = Reading(text)
    #expect(reading.placements == placements)
    #expect(reading.html == (html.isEmpty ? "" : html + "\n"))
    #expect(reading.faults == [])
    #expect(reading.isWellFormed)
  }

  @Test(arguments: [
    ("S <<h r2>> x", ["misplaced"], ["1:3: error: block directive 'h' must stand alone in its paragraph"]),
    ("# <<h>>", ["misplaced"], ["1:3: error: block directive 'h' must stand alone in its paragraph"]),
    ("<<h>> <<v>>", ["misplaced", "inline"], ["1:1: error: block directive 'h' must stand alone in its paragraph"]),
    ("a\n\n> x\n> <<h>>", ["misplaced"], ["4:3: error: block directive 'h' must stand alone in its paragraph"]),
    ("[x](<<<v>>>)", ["linkTarget"], ["1:6: error: a directive is not allowed in a link target or title"]),
    ("[x](y \"<<v>>\")", ["linkTarget"], ["1:8: error: a directive is not allowed in a link target or title"]),
    ("<http://x.y/<<v>>>", ["linkTarget"], ["1:13: error: a directive is not allowed in a link target or title"]),
    (
      "t\n\n[ref]: <<v>> \"t\"", ["noEffect"],
      ["3:8: error: directive 'v' has no effect here: it stands in a link reference definition"]
    ),
    (
      "<div>\n<<h>>\n</div>", ["rawHTML"],
      ["1:1: warning: raw HTML is shown as text", "2:1: warning: not run: it stands inside raw HTML"]
    ),
    (
      "a <b x=\"<<v>>\">c</b>", ["rawHTML"],
      ["1:3: warning: raw HTML is shown as text", "1:9: warning: not run: it stands inside raw HTML"]
    ),
    (
      "<div>\n\n<<h>>\n\n</div>", ["block 0"],
      ["1:1: warning: raw HTML is shown as text", "5:1: warning: raw HTML is shown as text"]
    ),
    ("- x\n\n      <<h>>", ["code"], ["3:7: warning: not run: the line is indented so far that it is code"]),
    ("x <<y and", ["unclosed"], ["1:3: error: '<<y' is not a directive: '>>' is missing on its line"]),
    ("x <<zzy and", ["unclosed"], ["1:3: warning: '<<zzy' is not a directive: '>>' is missing on its line"]),
    ("`cat <<EOF`", ["code"], []),
    ("```sh\ncat <<EOF\n```", ["code"], []),
    ("<!-- open\n<<h>>\n\n# more", ["comment"], ["1:1: error: comment is not closed: everything after it is lost"]),
    (
      "| a |\n|---|\n| <<h>> |", ["misplaced"],
      ["3:3: error: block directive 'h' must stand alone in its paragraph"]
    ),
    (
      "| a |\n|---|\n| b | <<v>> |", ["noEffect"],
      [
        "3:1: error: this row has more cells than the head of its table",
        "3:7: error: directive 'v' has no effect here: it stands in a link reference definition",
      ]
    ),
    ("$`a <<v>>`$", ["code"], []),
    (
      "---\ntitle: x\n---\n\na <<h>>", ["misplaced"],
      ["5:3: error: block directive 'h' must stand alone in its paragraph"]
    ),
    (
      "\u{FEFF}a\r\n\r\nb <<h>>\r\n", ["misplaced"],
      ["3:3: error: block directive 'h' must stand alone in its paragraph"]
    ),
  ])
  func reports(text: String, placements: [String], faults: [String]) {
    let reading = Reading(text)
    #expect(reading.placements == placements)
    #expect(reading.faults == faults)
    #expect(reading.isWellFormed)
  }

  /// Sources that CommonMark alone would take apart: the directive stays whole.
  @Test(arguments: [
    "<<v r2>0.9>>", "<<v k=*3* 95%>>", "<<v [x](y)>>", "<<v x&lt;y 9%>>", "<<v \"x -- y\" 95%>>", "<<v a_b_c d_e_f>>",
    "<<v \\*>>", "<<v <b> >>", "<<v \"![x](y)\">>", "<<v http://x.y>>", "<<v a@b.cc>>", "<<v \"<!-- c -->\">>",
    "<<v ~x~ *>>", "<<v $x$>>", "<<v |>>", "<<v 「日本」>>", "<<v #x>>", "<<v - >>", "<<v {#x}>>", "<<v [^1]>>",
  ])
  func staysWhole(source: String) {
    for text in ["a \(source) b", "**\(source)**", "> \(source)", "1. \(source)", "# \(source)"] {
      let reading = Reading(text)
      #expect(reading.placements == ["inline"], "\(text)")
      #expect(reading.body.scan.marks[0].source == source)
      #expect(reading.html.contains("<data>v0</data>"), "\(text)")
      #expect(reading.faults == [], "\(text)")
    }
    #expect(Reading("`\(source)`").html.contains("<code>"))
    #expect(Reading("```\n\(source)\n```").placements == ["code"])
  }

  @Test func missingResultsAreShown() {
    let scan = DirectiveParser.scan(SourceFile(path: "t", text: "<<h a>>\n\nx <<v \"<b>\">>"))
    let body = MarkdownBody.parse(scan, isInline: isInlineInTests)
    #expect(
      body.render().html.html
        == "<p><code class=\"directive-error\">&lt;&lt;h a&gt;&gt;</code></p>\n<p>x <code class=\"directive-error\">&lt;&lt;v \"&lt;b&gt;\"&gt;&gt;</code></p>\n"
    )
  }

  @Test func itemsComeInDocumentOrder() {
    let reading = Reading(
      "<<a>>\n\n| x |\n|---|\n| 1 |\n\n```table id=t caption=\"*c*\"\n| y |\n|---|\n```\n\n<<b>> <<c>>")
    #expect(reading.body.items == [.group(0), .table(0), .table(1), .group(1)])
    #expect(reading.body.tables[1] == AuthorTable(id: "t", caption: "*c*"))
    #expect(reading.html.contains("<caption><em>c</em></caption>"))
    #expect(reading.faults == [])
  }
}
