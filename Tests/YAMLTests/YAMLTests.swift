import Diagnostics
import Testing
import YAML

@Suite struct YAMLTests {
  private func parse(_ text: String) -> (YAMLValue?, [Diagnostic]) {
    YAMLDocument.parse(SourceFile(path: "t.yaml", text: text))
  }

  @Test func scalarsStayWhatWasWritten() throws {
    let (value, faults) = parse("a: no\nb: 1e3\nc: '2026-01-01'\nd: ~\ne:\n- 12:30\n")
    let entries = try #require(value?.entries)
    #expect(faults.isEmpty)
    #expect(entries.map(\.key) == ["a", "b", "c", "d", "e"])
    #expect(entries.prefix(3).map(\.value.text) == ["no", "1e3", "2026-01-01"])
    #expect(entries[3].value.isNull && entries[3].value.wording == "nothing")
    #expect(entries[4].value.items?.map(\.text) == ["12:30"])
  }

  @Test func placesAreThoseOfTheBytes() throws {
    let file = SourceFile(path: "t.yaml", text: "日本: é\nquoted: \"a b\"\n")
    let entries = try #require(YAMLDocument.parse(file).0?.entries)
    #expect(file.text(entries[0].keySpan) == "日本")
    #expect(file.text(entries[0].value.span) == "é")
    #expect(file.text(entries[1].value.span) == "\"a b\"")
  }

  @Test func everyFaultOfAMapIsReported() throws {
    let value = try #require(parse("take: many\nformat: linse\nflag: yes\ntyop: 1\n").0)
    var reader = YAMLMapReader(value, of: "dataset 'a'")
    #expect(reader.int("take", in: 1...9) == nil)
    #expect(reader.choice("format", of: ["lines", "json"]) == nil)
    #expect(reader.bool("flag") == nil)
    reader.require("path")
    #expect(
      reader.finish().map(\.message) == [
        "'take' must be a whole number from 1 to 9, found 'many'", "'format' must be lines or json, found 'linse'",
        "'flag' must be true or false, found 'yes'", "dataset 'a' needs the key 'path'",
        "unknown key 'tyop' of dataset 'a'",
      ])
  }

  @Test(arguments: [
    ("a: 1\na: 2\n", "key 'a' is given twice"), ("a: *b\n", "not valid YAML: found undefined alias"),
    ("? [x]\n: 1\n", "a key must be text, found a list"),
    ("a: [1\n", "not valid YAML: did not find expected ',' or ']'"),
  ])
  func whatIsNoPlainYAMLIsOneFault(text: String, message: String) {
    let (value, faults) = parse(text)
    #expect(value == nil)
    #expect(faults.map(\.message) == [message])
  }

  @Test func aliasesCannotMultiply() {
    let rows = (1..<12).map { "a\($0): &a\($0) [*a\($0 - 1), *a\($0 - 1), *a\($0 - 1)]" }
    let (value, faults) = parse((["a0: &a0 [x, x, x]"] + rows).joined(separator: "\n"))
    #expect(value == nil && faults.map(\.message) == ["more than 100000 values; aliases may not multiply"])
  }
}
