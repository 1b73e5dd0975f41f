import JSONText
import TestSupport
import Testing

/// What the writer prints.
struct WritingTests {
  let value: JSONValue = [
    "b": [1, 2.5, nil], "a": ["x": true, "empty": .object([:]), "none": []], "é": "line\n\u{1}\"\\/\u{7F}",
  ]

  @Test func compact() {
    let expected = #"{"b":[1,2.5,null],"a":{"x":true,"empty":{},"none":[]},"é":"line\n\u0001\"\\/"# + "\u{7F}\"}"
    #expect(JSON.write(value) == expected)
    #expect(JSON.size(of: value) == expected.utf8.count)
  }

  @Test(arguments: [nil, true, [], .object([:]), "\t\u{8}\u{B}", [[], ["a": -0.5]], "é東"] as [JSONValue])
  func sizeIsThatOfTheText(value: JSONValue) { #expect(JSON.size(of: value) == JSON.write(value).utf8.count) }

  @Test func pretty() {
    let expected = """
      {
        "b": [
          1,
          2.5
        ],
        "a": {
          "x": true,
          "empty": {},
          "none": []
        }
      }
      """
    #expect(
      JSON.write(["b": [1, 2.5], "a": ["x": true, "empty": .object([:]), "none": []]], pretty: true) == expected)
  }

  @Test func canonicalSortsNamesByTheirBytes() {
    let value: JSONValue = ["z": 1, "\u{10000}": 2, "\u{FFFF}": 3, "": 4, "Z": 5, "zz": 6]
    #expect(JSON.canonical(value) == "{\"\":4,\"Z\":5,\"z\":1,\"zz\":6,\"\u{FFFF}\":3,\"\u{10000}\":2}")
  }

  @Test(arguments: [
    ("1", "1"), ("1.0", "1"), ("10e-1", "1"), ("-0", "0"), ("-0.0", "0"), ("0.10", "0.1"), ("1E3", "1000"),
    ("123456789012345678901234567890", "123456789012345678901234567890"), ("1e16", "1e+16"), ("1e-7", "1e-07"),
    ("0.30000000000000004", "0.30000000000000004"), ("1e999", "1e999"), ("9007199254740993", "9007199254740993"),
  ])
  func canonicalNumbers(text: String, expected: String) throws {
    #expect(JSON.canonical(try JSON.parse(text)) == expected)
  }

  @Test func numbersThatAreNoneBecomeNull() {
    #expect(JSON.write([.double(.nan), .double(.infinity), .double(nil), .double(0.1)]) == "[null,null,null,0.1]")
    #expect(JSONNumber(Double.nan) == nil)
    #expect(JSON.write(.doubles([1, .nan])) == "[1.0,null]")
  }

  @Test func doublesReadBackToTheSameBits() throws {
    var generator = DamageGenerator(seed: 7)
    for _ in 0..<20_000 {
      let number = Double(bitPattern: generator.next())
      guard number.isFinite else { continue }
      #expect(try JSON.parse(JSON.write(.double(number))).doubleValue?.bitPattern == number.bitPattern)
      #expect(try JSON.parse(JSON.canonical(.double(number))).doubleValue == number)
    }
  }

  @Test func objectsChangeByName() {
    var object: JSONObject = ["a": 1, "b": 2]
    for index in 0..<20 { object["n\(index)"] = .int(index) }
    object["a"] = 9
    object["n3"] = nil
    object["missing"] = nil
    #expect(object.count == 21)
    #expect(object["a"] == 9)
    #expect(object["n3"] == nil)
    #expect(object["n19"] == 19)
    #expect(object.keys.prefix(3) == ["a", "b", "n0"])
    let isNew = object.append(0, forKey: "n7")
    #expect(!isNew)
    #expect(JSONValue.object(["x": 1, "y": 2]) == .object(["y": 2, "x": 1]))
    #expect(JSONValue.object(["x": 1, "y": 2]) != .object(["y": 2, "z": 1]))
  }
}
