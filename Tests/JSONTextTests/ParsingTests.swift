import JSONText
import Testing

/// What `JSON.parse` accepts and the values it gives.
struct ParsingTests {
  @Test func readsEveryKindOfValue() throws {
    let value = try JSON.parse(#" {"a": [1, -2.5e3, true, false, null], "b": {"c": "d"}, "e": {}, "f": []} "#)
    #expect(value["a"]?[0]?.intValue == 1)
    #expect(value["a"]?[1]?.doubleValue == -2500)
    #expect(value["a"]?[2]?.boolValue == true)
    #expect(value["a"]?[3]?.boolValue == false)
    #expect(value["a"]?[4]?.isNull == true)
    #expect(value["b"]?["c"]?.stringValue == "d")
    #expect(value["e"]?.objectValue?.isEmpty == true)
    #expect(value["f"]?.arrayValue == [])
    #expect(value["a"]?[9] == nil)
    #expect(value["z"] == nil)
  }

  @Test func keepsTheOrderOfMembers() throws {
    let names = (0..<30).map { "name\(29 - $0)" }
    let text = "{" + names.map { "\"\($0)\":0" }.joined(separator: ",") + "}"
    #expect(try JSON.parse(text).objectValue?.keys == names)
  }

  @Test(arguments: [
    (#""\"\\\/\b\f\n\r\t""#, "\"\\/\u{8}\u{C}\n\r\t"), (#""\u0041\u00e9\u20AC""#, "Aé€"),
    (#""\ud83d\ude00x""#, "😀x"), (#""a\u0000b""#, "a\0b"), ("\"é😀\u{7F}\u{FFFD}\"", "é😀\u{7F}\u{FFFD}"), ("\"\"", ""),
  ])
  func readsStrings(text: String, expected: String) throws {
    let read = try #require(try JSON.parse(text).stringValue)
    #expect(Array(read.utf8) == Array(expected.utf8))
    let again = JSON.write(.string(expected))
    #expect(try JSON.parse(again).stringValue.map { Array($0.utf8) } == Array(expected.utf8))
  }

  @Test func canonicallyEqualNamesAreDifferentKeys() throws {
    let value = try JSON.parse(#"{"\u00e9": 1, "e\u0301": 2}"#)
    #expect(value.objectValue?.count == 2)
    #expect(value["\u{E9}"]?.intValue == 1)
    #expect(value["e\u{301}"]?.intValue == 2)
    #expect(JSONValue.string("\u{E9}") != .string("e\u{301}"))
  }

  @Test func numbersKeepTheirText() throws {
    let texts = ["0", "-0", "1.10", "1E+2", "123456789012345678901234567890", "1e-400", "1e400"]
    for text in texts { #expect(JSON.write(try JSON.parse(text)) == text) }
    #expect(try JSON.parse("9223372036854775807").intValue == .max)
    #expect(try JSON.parse("-9223372036854775808").intValue == .min)
    #expect(try JSON.parse("9223372036854775808").intValue == nil)
    #expect(try JSON.parse("1.0").intValue == nil)
    #expect(try JSON.parse("1e400").doubleValue == nil)
    #expect(try JSON.parse("0.1").doubleValue == 0.1)
  }

  @Test func depthUpToTheLimitIsRead() throws {
    let text = String(repeating: "[", count: 128) + String(repeating: "]", count: 128)
    #expect(JSON.write(try JSON.parse(text)) == text)
    #expect(throws: JSONError.self) { try JSON.parse("[" + text + "]") }
  }
}
