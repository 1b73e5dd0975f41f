import Diagnostics
import Testing

@Suite struct QuotableTests {
  @Test(arguments: [
    ("plain", "plain"), ("東京 é 👍", "東京 é 👍"), ("\u{1B}[31m", #"\u{1b}[31m"#), ("a\nb\u{7F}", #"a\u{a}b\u{7f}"#),
    ("\u{9B}2J", #"\u{9b}2J"#), ("\u{202E}gnp.exe", #"\u{202e}gnp.exe"#), ("a\u{2028}b", #"a\u{2028}b"#),
    ("\u{200B}", #"\u{200b}"#), ("", ""),
  ])
  func showsWhatATerminalWouldObey(text: String, shown: String) {
    #expect(quotable(text) == shown)
  }

  @Test func cutsLongTexts() {
    #expect(quotable("abcdef", limit: 6) == "abcdef" && quotable("abcdefg", limit: 6) == "abcdef…")
  }
}
