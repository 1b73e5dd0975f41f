import JSONText
import Tabular
import Testing

@Suite struct RecordTableTests {
  private func read(_ text: String, _ format: RecordTable.Format) throws -> RecordTable {
    try RecordTable(reading: Array(text.utf8), as: format)
  }

  @Test(arguments: [
    ("a,b\n1,x\n,y\n", RecordTable.Format.csv), ("a\tb\n1\tx\n\ty\n", .tsv),
    (#"[{"a": "1", "b": "x"}, {"b": "y"}]"#, .json), ("{\"a\": \"1\", \"b\": \"x\"}\n\n{\"b\": \"y\"}\n", .jsonl),
  ])
  func fourSpellingsOfOneTable(text: String, format: RecordTable.Format) throws {
    let table = try read(text, format)
    #expect(table.columns == ["a", "b"])
    #expect(table.rows.map(\.cells) == [["1", "x"], [nil, "y"]])
  }

  @Test func placesAreThoseOfTheFile() throws {
    #expect(try read("a\n\"x\ny\"\nz\n", .csv).rows.map(\.place) == ["line 2", "line 4"])
    #expect(try read("{\"a\":1}\n\n{\"a\":2}", .jsonl).rows.map(\.place) == ["line 1", "line 3"])
    #expect(try read("[{\"a\":1}]", .json).rows.map(\.place) == ["element 0"])
  }

  @Test(arguments: [
    ("{\"a\":1}\n{\"a\":[1]}", RecordTable.Format.jsonl, "'a' in line 2 is an array: a table holds texts and numbers"),
    ("{\"a\":1}\n{\"a\":}", .jsonl, "2:6: not JSON"), ("{\"a\":1}", .json, "expected a JSON array of objects"),
    ("[1]", .json, "element 0 is no object but number"), ("PAR1....", .csv, "the file is a Parquet file"),
  ])
  func saysWhatIsWrongAndWhere(text: String, format: RecordTable.Format, message: String) {
    #expect { try self.read(text, format) } throws: { "\($0)".hasPrefix(message) }
  }

  @Test func knowsFilesThatAreNoText() {
    #expect(ForeignFormat([0x1F, 0x8B, 8]) == .gzip)
    #expect(ForeignFormat([0xFF, 0xFE, 0x61, 0]) == .utf16)
    #expect(ForeignFormat(Array("layer,accuracy".utf8)) == nil)
    #expect(RecordTable.Format(path: "a/b.tsv") == .tsv)
    #expect(RecordTable.Format(path: "a/b.txt") == nil)
  }
}
