import Foundation
import JSONText
import TestSupport
import Testing

/// The pull reader.
struct ScannerTests {
  @Test func readsOnlyWhatIsAskedFor() throws {
    var scanner = JSONScanner(Array(#"{"skip": [1, {"a": "\n"}], "ids": [3, 4], "last": "x", "off": false}"#.utf8))
    var ids: [Int] = []
    var keys: [String] = []
    var last: [UInt8] = []
    try scanner.beginObject()
    while let key = try scanner.nextKey() {
      keys.append(key)
      switch key {
      case "ids":
        try scanner.beginArray()
        while try scanner.nextElement() { ids.append(try scanner.readInteger()) }
      case "last": try scanner.readString(appendingTo: &last)
      default: try scanner.skipValue()
      }
    }
    try scanner.finish()
    #expect(keys == ["skip", "ids", "last", "off"])
    #expect(ids == [3, 4])
    #expect(last == Array("x".utf8))
  }

  @Test func saysWhichTypeItFound() {
    var scanner = JSONScanner(Array(" \"text\"".utf8))
    let error = #expect(throws: JSONError.self) { try scanner.readInteger() }
    #expect(error?.description == "1:2: expected a number, found a string")
  }

  @Test(arguments: [
    "1.0", "1e3", "9223372036854775808", "123456789012345678901234567890123456789012345678901234567890",
  ])
  func refusesNumbersThatAreNoIntegers(text: String) {
    var scanner = JSONScanner(Array(text.utf8))
    let error = #expect(throws: JSONError.self) { try scanner.readInteger() }
    #expect(error?.message == "expected a whole number of at most 64 bits, found \(text.prefix(40))")
  }

  @Test func peekLeavesTheValueUnread() throws {
    var scanner = JSONScanner(Array("[null, -5]".utf8))
    #expect(try scanner.peek() == .array)
    try scanner.beginArray()
    #expect(try scanner.nextElement())
    #expect(try scanner.peek() == .null)
    try scanner.readNull()
    #expect(try scanner.nextElement())
    #expect(try scanner.readInteger() == -5)
    #expect(try !scanner.nextElement())
    try scanner.finish()
  }

  /// The bound is loose (other work may share the machine); the bench prints the real time.
  @Test(.enabled(if: SharedMaterial.isPresent))
  func readsALargeTokenizerFileQuickly() throws {
    let url = URL(fileURLWithPath: SharedMaterial.path("tokenizers/llama3/tokenizer.json"))
    let bytes = [UInt8](try Data(contentsOf: url))
    let clock = ContinuousClock()
    var shortest = Duration.seconds(60)
    for _ in 0..<5 {
      let time = try clock.measure {
        var scanner = JSONScanner(bytes)
        try scanner.skipValue()
        try scanner.finish()
      }
      shortest = min(shortest, time)
    }
    print("scanned \(bytes.count) bytes in \(shortest)")
    #expect(bytes.count > 8_000_000)
    #expect(shortest < .milliseconds(300))
  }
}
