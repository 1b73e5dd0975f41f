import JSONText
import TestSupport
import Testing

/// Texts that are not JSON: each must be refused with its place and reason, and none may crash.
struct HostileTextTests {
  @Test(arguments: [
    ("", "1:1: expected a value, found the end of the text"),
    (" \n ", "2:2: expected a value, found the end of the text"),
    ("{", "1:2: expected a member name in quotes, found the end of the text"),
    ("[1,", "1:4: expected a value, found the end of the text"),
    ("[1 2]", "1:4: expected ',' or ']', found '2'"),
    ("[1,]", "1:4: expected a value, found ']'"),
    ("[,1]", "1:2: expected a value, found ','"),
    ("{\"a\":1,}", "1:8: expected a member name in quotes, found '}'"),
    ("{\"é\" 1}", "1:6: expected ':' after the member name, found '1'"),
    ("{a:1}", "1:2: expected a member name in quotes, found 'a'"),
    ("{\"a\":1,\n \"b\":2,\n \"a\":3}", "3:2: duplicate member name 'a'"),
    ("1 1", "1:3: expected the end of the text, found '1'"),
    ("[1]]", "1:4: expected the end of the text, found ']'"),
    ("tru", "1:1: expected 'true', found 't'"),
    ("nul", "1:1: expected 'null', found 'n'"),
    ("NaN", "1:1: expected a value, found 'N'"),
    ("'a'", "1:1: expected a value, found '''"),
    ("01", "1:1: a number may not start with 0 and another digit"),
    ("-", "1:2: expected a digit, found the end of the text"),
    ("-x", "1:2: expected a digit, found 'x'"),
    ("1.", "1:3: expected a digit, found the end of the text"),
    ("1.e3", "1:3: expected a digit, found 'e'"),
    ("1e+", "1:4: expected a digit, found the end of the text"),
    ("+1", "1:1: expected a value, found '+'"),
    ("\"abc", "1:5: the string that starts at byte 0 has no closing quote"),
    ("\"a\\", "1:4: expected an escape sequence, found the end of the text"),
    ("\"a\nb\"", "1:3: control character 0x0A in a string must be escaped"),
    (#""\x""#, "1:2: 'x' after a backslash is no escape sequence"),
    (#""\u12g4""#, "1:6: expected four hexadecimal digits after \\u, found 'g'"),
    (#""\u12"#, "1:6: expected four hexadecimal digits after \\u, found the end of the text"),
    (#""\ud800""#, "1:2: an escaped surrogate without its other half is no character"),
    (#""a\udc00b""#, "1:3: an escaped surrogate without its other half is no character"),
    (#""\ud800\u0041""#, "1:2: an escaped surrogate without its other half is no character"),
    ("\u{FEFF}{}", "1:1: the text starts with a byte order mark"),
    ("[1]\u{0}", "1:4: expected the end of the text, found byte 0x00"),
    ("/* */ 1", "1:1: expected a value, found '/'"),
  ])
  func refuses(text: String, message: String) {
    let error = #expect(throws: JSONError.self) { try JSON.parse(text) }
    #expect(error?.description == message)
  }

  @Test(arguments: [
    [0x80], [0xC0, 0x80], [0xC3], [0xE0, 0x80, 0x80], [0xED, 0xA0, 0x80], [0xE2, 0x82], [0xF0, 0x80, 0x80, 0x80],
    [0xF4, 0x90, 0x80, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xFF], [0xF0, 0x9F, 0x98], [0xE2, 0x28, 0xA1],
  ])
  func refusesWhatIsNotUTF8(bytes: [UInt8]) {
    for closing in [[UInt8(ascii: "\"")], []] {
      let error = #expect(throws: JSONError.self) { try JSON.parse([UInt8(ascii: "\"")] + bytes + closing) }
      #expect(error?.code == .invalidUTF8)
      #expect(error?.offset == 1)
    }
  }

  @Test func refusesDeepNestingInsteadOfOverflowingTheStack() {
    let error = #expect(throws: JSONError.self) { try JSON.parse(String(repeating: "[", count: 5_000_000)) }
    #expect(error?.description == "1:129: more than 128 nested arrays and objects")
    #expect(throws: JSONError.self) { try JSON.parse(String(repeating: #"{"a":"#, count: 100_000)) }
  }

  @Test func aNameInAMessageIsCutAndEscaped() {
    let name = "\\n" + String(repeating: "x", count: 500)
    let error = #expect(throws: JSONError.self) { try JSON.parse("{\"\(name)\":1,\"\(name)\":2}") }
    #expect(error?.message == "duplicate member name '\\n" + String(repeating: "x", count: 79) + "'")
  }

  /// Changes, drops, doubles and cuts bytes of a valid text: the reader must answer, and what it accepts must survive
  /// being written and read again.
  @Test func survivesSeededMutations() throws {
    let seed = Array(#"{"a":[1,-2.5e3,"x\u00e9\ud83d\ude00é😀",true,null],"b":{"c":{"d":[[],{}]}},"e":"\"\\"}"#.utf8)
    var generator = DamageGenerator(seed: 20_240_607)
    var accepted = 0
    for _ in 0..<60_000 {
      var bytes = seed
      for _ in 0..<Int.random(in: 1...4, using: &generator) { mutate(&bytes, using: &generator) }
      guard let value = try? JSON.parse(bytes) else { continue }
      accepted += 1
      for text in [JSON.write(value), JSON.write(value, pretty: true)] { #expect(try JSON.parse(text) == value) }
      let canonical = JSON.canonical(value)
      #expect(JSON.canonical(try JSON.parse(canonical)) == canonical)
    }
    #expect(accepted > 1_000)
  }

  private func mutate(_ bytes: inout [UInt8], using generator: inout DamageGenerator) {
    guard !bytes.isEmpty else { return }
    let place = Int.random(in: 0..<bytes.count, using: &generator)
    switch Int.random(in: 0..<5, using: &generator) {
    case 0: bytes[place] = UInt8.random(in: 0...255, using: &generator)
    case 1: bytes.remove(at: place)
    case 2: bytes.insert(bytes[Int.random(in: 0..<bytes.count, using: &generator)], at: place)
    case 3: bytes.removeSubrange(place...)
    default: bytes[place] = Array("0123456789{}[]\",:\\.eE+-tfnu ".utf8).randomElement(using: &generator) ?? 0
    }
  }
}
