import Markup
import Testing

struct CSVTextTests {
  @Test func quotesAsRFC4180Says() {
    let fields: [CSVText.Field] = [
      .text("a,b"), .text("say \"x\""), .text("two\r\nlines"), .text(""), .empty, .text(" lead"), .text("trail "),
      .bare("1e-07"), .text("=1+1"),
    ]
    let lines: [String] = [
      "\"c,1\"", "\"a,b\"", "\"say \"\"x\"\"\"", "\"two\r\nlines\"", "\"\"", "", "\" lead\"", "\"trail \"", "1e-07",
      "=1+1",
    ]
    #expect(CSVText.table(columns: ["c,1"], rows: fields.map { [$0] }) == lines.map { $0 + "\r\n" }.joined())
  }

  @Test func fieldsOfARowAreSeparatedByCommas() {
    #expect(CSVText.table(columns: ["a", "b"], rows: [[.bare("1"), .empty]]) == "a,b\r\n1,\r\n")
    #expect(CSVText.table(columns: [], rows: []) == "\r\n")
  }
}
