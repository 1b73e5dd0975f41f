import JSONText
import Testing

@Suite struct ValuePathTests {
  private let result: JSONValue = [
    "score": 0.5, "distance": [1, 2, 3], "mat": ["1": [[10, 11], [12, 13]], "curve": [["layers": 7]]],
  ]

  @Test(arguments: [
    ("score", "0.5"), ("distance[0]", "1"), ("distance[-1]", "3"), ("mat.1[1][0]", "12"), ("mat.curve[0].layers", "7"),
    ("distance", "[1,2,3]"),
  ])
  func finds(path: String, expected: String) throws {
    let path = try #require(ValuePath(path))
    #expect(path.value(in: result).map { JSON.write($0) } == expected)
  }

  @Test(arguments: ["distance[3]", "distance[-4]", "score[0]", "nothing", "mat.curve.layers", "distance.0"])
  func findsNothing(path: String) throws { #expect(try #require(ValuePath(path)).value(in: result) == nil) }

  @Test(arguments: ["", ".", "a.", ".a", "a[", "a[]", "a[x]", "a[1", "[1]", "a[1]b", "a]", "a..b"])
  func refuses(path: String) {
    // "a]" is an odd member name, not a broken path.
    #expect(ValuePath(path) == nil)
  }

  @Test func printsAsWritten() { #expect(ValuePath("mat.1[1][-2].x")?.description == "mat.1[1][-2].x") }
}
