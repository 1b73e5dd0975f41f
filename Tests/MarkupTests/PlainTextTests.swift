import Markup
import Testing

struct PlainTextTests {
  @Test(arguments: [
    ("R² &lt;mean&gt;", "R² <mean>"), ("a<sub>1</sub> &amp; b", "a1 & b"), ("&#39;&quot;&#x4E2D;", "'\"中"),
    ("AT&T", "AT&T"), ("&unknown;", "&unknown;"), ("&#1114112;", "&#1114112;"), ("a<b", "a"), ("&", "&"), ("", ""),
  ])
  func isWhatAReaderSees(html: String, text: String) {
    #expect(TrustedMarkup(verbatim: html).plainText == text)
  }

  @Test(arguments: ["<p>&amp;lt; \"x\" 'y'</p>", "日本語 & é", ""])
  func undoesEscaping(text: String) {
    #expect(TrustedMarkup(text: text).plainText == text)
  }
}
