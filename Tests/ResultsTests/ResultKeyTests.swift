import JSONText
import Results
import Testing

@Suite struct ResultKeyTests {
  @Test func digestIsThatOfTheCanonicalText() {
    // printf '%s' '{"a":1,"b":[1.5,null]}' | sha256sum
    let key = ResultKey(inputs: ["b": [1.5, nil], "a": 1])
    #expect(key.canonical == #"{"a":1,"b":[1.5,null]}"#)
    #expect(key.hex == "993a7a2ceb877d40fc4b026f38d1b9d56ea47505ed09b616e4ac8f06d00883b0")
  }

  @Test func orderOfMembersAndSpellingOfNumbersDoNotMatter() throws {
    let left = try JSON.parse(#"{"n":1000,"seed":42,"tol":0.10}"#).objectValue
    let right = try JSON.parse(#"{"seed":42,"tol":1e-1,"n":1e3}"#).objectValue
    #expect(ResultKey(inputs: try #require(left)) == ResultKey(inputs: try #require(right)))
  }

  static let different: [(JSONObject, JSONObject)] = [
    (["n": 1], ["n": 2]), (["n": 1], ["n": "1"]), (["n": nil], [:]), (["é": 1], ["e\u{301}": 1]),
    (["a": ["b": 1]], ["a": ["b": 1, "c": nil]]),
  ]

  @Test(arguments: different)
  func anyDifferenceGivesAnotherKey(left: JSONObject, right: JSONObject) {
    #expect(ResultKey(inputs: left) != ResultKey(inputs: right))
  }

  @Test func valueDigestIgnoresOrderOnly() {
    #expect(valueDigest(of: ["a": 1, "b": 2]) == valueDigest(of: ["b": 2, "a": 1]))
    #expect(valueDigest(of: [1, 2]) != valueDigest(of: [2, 1]))
  }
}
