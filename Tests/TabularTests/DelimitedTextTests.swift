import Tabular
import Testing

@Suite struct DelimitedTextTests {
  private func read(_ text: String, _ separator: DelimitedText.Separator = .comma) throws -> DelimitedText {
    try DelimitedText(reading: Array(text.utf8), separator: separator)
  }

  /// What Python 3.13's `csv.reader` makes of the same text, but that it calls an empty field an empty text.
  @Test func readsWhatTheStandardAllows() throws {
    let table = try read("a,b,c\r\n1,\"two, \"\"2\"\"\r\nlines\",\r\n,\"\", x \r\n")
    #expect(table.columns == ["a", "b", "c"])
    #expect(table.rows.map(\.fields) == [["1", "two, \"2\"\r\nlines", nil], [nil, "", " x "]])
    #expect(table.rows.map(\.line) == [2, 4])
  }

  @Test(arguments: ["x\n1\n2\n", "x\r\n1\r\n2", "x\r1\r2\r", "\u{FEFF}x\n1\n2"])
  func lineEndsAndTheByteOrderMark(text: String) throws {
    let table = try read(text)
    #expect(table.columns == ["x"])
    #expect(table.rows.map(\.fields) == [["1"], ["2"]])
    #expect(table.rows.map(\.line) == [2, 3])
  }

  @Test func blankLines() throws {
    #expect(try read("a,b\n\n1,2\n\n").rows.map(\.fields) == [["1", "2"]])
    #expect(try read("a\n\n1\n").rows.map(\.fields) == [[nil], ["1"]])
    #expect(try read("a,b\n").rows.isEmpty)
  }

  @Test func tabsSeparateAndQuotesInsideAreLetters() throws {
    let table = try read("a\tb\n5\" disk\t\"x\ty\"\n", .tab)
    #expect(table.rows.map(\.fields) == [["5\" disk", "x\ty"]])
  }

  @Test func columnsWithoutAName() throws {
    let table = try read(",x\n0,1\n")
    #expect(table.columns == ["column 1", "x"])
    #expect(table.index(ofColumn: "x") == 1)
    #expect(table.index(ofColumn: "y") == nil)
  }

  @Test(arguments: [
    ("", "the table is empty"),
    ("a,b\n1,2\n3\n", "line 3: 1 field where the header names 2 columns"),
    ("a,b\n1,2,3\n", "line 2: 3 fields where the header names 2 columns"),
    ("a,a\n", "line 1: two columns are called 'a'"),
    ("a,b\n1,5\" disk\n", "2:4: a quote inside a field"),
    ("a,b\n1,\"x\"y\n", "2:6: text behind a closing quote"),
    ("a,b\né,\"x\ny\n", "2:3: a quote is opened here and never closed"),
  ])
  func saysWhatIsWrongAndWhere(text: String, message: String) {
    #expect { try self.read(text) } throws: { "\($0)" == message }
  }

  @Test(arguments: [
    ([0x61, 0x2C, 0x62, 0x0A, 0x31, 0x2C, 0xE9], "2:3: the field is not UTF-8"),
    ([0x61, 0x0A, 0x22, 0xE9, 0x0A, 0x22], "2:1: the field is not UTF-8"),
  ])
  func refusesWhatIsNotUTF8(bytes: [UInt8], message: String) {
    #expect { try DelimitedText(reading: bytes) } throws: { "\($0)" == message }
  }
}
