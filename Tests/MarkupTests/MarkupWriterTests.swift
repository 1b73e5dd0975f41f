import Foundation
import FoundationXML
import Markup
import Testing

struct MarkupWriterTests {
  @Test func escapesByPlace() {
    let markup = MarkupWriter.make {
      $0.element("p", ["title": "a\"b<c>&\n", "class": nil]) {
        $0.text("</p><script>alert('1')</script> & \"q\"")
        $0.empty("br")
      }
    }
    #expect(
      markup.html
        == "<p title=\"a&quot;b&lt;c&gt;&amp;&#10;\">&lt;/p&gt;&lt;script&gt;alert('1')&lt;/script&gt; &amp; \"q\"<br/></p>"
    )
  }

  @Test func illegalCharactersBecomeReplacementMarks() {
    #expect(Escaping.text("a\u{0}b\u{B}c\u{FFFE}d\u{1F600}\t\n") == "a\u{FFFD}b\u{FFFD}c\u{FFFD}d\u{1F600}\t\n")
    #expect(Escaping.attribute("\u{1}\r\n") == "\u{FFFD}&#13;&#10;")
  }

  @Test func everyCharacterStaysWellFormed() {
    for code in UInt32(0)...0x2FF {
      guard let scalar = Unicode.Scalar(code) else { continue }
      let text = String(Character(scalar))
      let markup = MarkupWriter.make { $0.element("a", ["title": text]) { $0.text(text) } }
      #expect(XMLParser(data: Data(markup.html.utf8)).parse(), "U+\(code)")
    }
  }

  @Test(arguments: [
    ("javascript:alert(1)", "#"), (" java\nscript:alert(1)", "#"), ("JAVASCRIPT:x", "#"), ("vbscript:x", "#"),
    ("data:text/html,<b>", "#"), ("https://example.org/a?b=c:d", "https://example.org/a?b=c:d"), ("#fig-1", "#fig-1"),
    ("a/b:c", "a/b:c"), ("mailto:a@b.org", "mailto:a@b.org"),
    ("data:image/png;base64,AAAA", "data:image/png;base64,AAAA"),
    ("data:image/svg+xml;base64,AAAA", "#"),
  ])
  func addressesCannotRunCode(address: String, expected: String) {
    #expect(Escaping.address(address) == expected)
    let markup = MarkupWriter.make { $0.element("a", ["href": address], text: "x") }
    #expect(markup.html == "<a href=\"\(Escaping.attribute(expected))\">x</a>")
  }

  @Test func jsonCannotEndItsScript() {
    let json = Escaping.json("{\"a\":\"</script><!-- & \u{2028}\"}")
    #expect(json == "{\"a\":\"\\u003c/script\\u003e\\u003c!-- \\u0026 \\u2028\"}")
  }

  @Test func piecesJoin() {
    let pieces: [TrustedMarkup] = [TrustedMarkup(text: "<"), "<b>x</b>"]
    #expect(pieces.joined(separator: " & ").html == "&lt; &amp; <b>x</b>")
    #expect((TrustedMarkup(text: "&") + .empty).html == "&amp;")
  }
}
