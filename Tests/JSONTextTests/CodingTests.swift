import JSONText
import Testing

@Suite struct CodingTests {
  struct Point: Codable, Equatable {
    @Field("where") var layer = 0
    @Field("how well") var r2: Double? = nil
  }

  struct Sample: Codable, Equatable {
    @Field("movement, [L]") var distance: [Double?] = []
    @Field("mean over positions") var scorePerToken: Double? = nil
    @Field("some points") var top: [Point] = []
    @Field("by name") var byName: [String: [Int]] = [:]
    @Field("exact") var factors: [JSONNumber] = []
    @OptionalField("only sometimes") var mat: [[Double?]]? = nil
    @Field("a switch") var isOn = false
    @Field("words") var text = ""
  }

  private let sample = Sample(
    distance: [0.5, nil], top: [Point(layer: 1, r2: 0.25), Point(layer: 2)],
    byName: ["L3.N5": [1], "10": [2], "5": []],
    factors: [1, 10], isOn: true, text: "é\n")

  @Test func writesMembersInOrderAndNilAsNull() throws {
    #expect(
      JSON.write(try JSON.encode(sample))
        == #"{"distance":[0.5,null],"score_per_token":null,"top":[{"layer":1,"r2":0.25},{"layer":2,"r2":null}],"#
        + #""by_name":{"10":[2],"5":[],"L3.N5":[1]},"factors":[1,10],"is_on":true,"text":"é\n"}"#)
  }

  @Test func readsBackWhatItWrote() throws {
    var full = sample
    full.mat = [[1, nil], []]
    for value in [sample, full, Sample()] {
      let json = try JSON.encode(value)
      #expect(try JSON.decode(Sample.self, from: JSON.parse(JSON.write(json))) == value)
      #expect(json["mat"] == nil || value.mat != nil)
    }
  }

  @Test func keepsEveryBitOfANumber() throws {
    let numbers = [0.1, 1e-300, 123_456_789.123_456_79, -0.0, .leastNonzeroMagnitude, 1.797_693_134_862_315_7e308, 3]
    let back = try JSON.decode([Double].self, from: JSON.parse(JSON.write(try JSON.encode(numbers))))
    #expect(back.map(\.bitPattern) == numbers.map(\.bitPattern))
    #expect(JSON.write(try JSON.encode([1.0, 2.5])) == "[1.0,2.5]")
  }

  @Test(arguments: [Double.nan, .infinity, -.infinity]) func whatIsNoNumberIsAnErrorWithItsPlace(value: Double) {
    #expect {
      try JSON.encode(Sample(top: [Point(), Point(r2: value)]))
    } throws: { error in
      guard case EncodingError.invalidValue(_, let context) = error else { return false }
      return context.codingPath.map(\.stringValue) == ["top", "[1]", "r2"]
    }
    #expect(throws: EncodingError.self) { try JSON.encode([[value]]) }
    #expect(throws: EncodingError.self) { try JSON.encode([Double?.some(value)]) }
  }

  @Test(arguments: [
    (#"{"layer":1}"#, "r2"), (#"{"layer":null,"r2":1}"#, "layer"), (#"{"layer":1.5,"r2":1}"#, "layer"),
    (#"{"layer":99999999999999999999,"r2":1}"#, "layer"), (#"{"layer":1,"r2":"x"}"#, "r2"), ("[]", ""), ("7", ""),
  ])
  func whatDoesNotFitIsAnErrorWithItsPlace(text: String, place: String) throws {
    let json = try JSON.parse(text)
    #expect {
      try JSON.decode(Point.self, from: json)
    } throws: { error in
      switch error as? DecodingError {
      case .keyNotFound(let key, _): key.stringValue == place
      case .typeMismatch(_, let context), .valueNotFound(_, let context):
        context.codingPath.map(\.stringValue).joined(separator: ".") == place
      default: false
      }
    }
  }

  struct Curve: Codable, Equatable {
    struct Point: Equatable, NumberRow {
      @Field("across") var x = 0.0
      @Field("up") var y = 0.0

      init(x: Double, y: Double) { (self.x, self.y) = (x, y) }

      init?(row member: (String) -> Double?) {
        guard let x = member("x"), let y = member("y") else { return nil }
        self.init(x: x, y: y)
      }
    }

    @RowsField("points") var points: [Point] = []
  }

  @Test func readsRowsOfNumbersAsItReadsAnyStructure() throws {
    let curve = Curve(points: [.init(x: 1, y: 0.1), .init(x: -2e300, y: .leastNonzeroMagnitude)])
    let json = try JSON.encode(curve)
    #expect(JSON.write(json) == #"{"points":[{"x":1.0,"y":0.1},{"x":-2e+300,"y":5e-324}]}"#)
    #expect(try JSON.decode(Curve.self, from: JSON.parse(JSON.write(json))) == curve)
    for (text, place) in [
      (#"[{"x":1}]"#, ["points", "[0]"]), (#"[{"x":1,"y":2},{"x":1,"y":"2"}]"#, ["points", "[1]", "y"]),
    ] {
      #expect {
        try JSON.decode(Curve.self, from: JSON.parse(#"{"points":\#(text)}"#))
      } throws: { error in
        switch error as? DecodingError {
        case .keyNotFound(_, let context)?, .typeMismatch(_, let context)?:
          return context.codingPath.map(\.stringValue) == place
        default: return false
        }
      }
    }
  }

  @Test func documentsEveryFieldByItsPath() throws {
    let lines = try JSON.documentation(of: sample)
    #expect(
      lines.map(\.path) == [
        "distance", "score_per_token", "top", "top[].layer", "top[].r2", "by_name", "factors", "is_on", "text",
      ])
    #expect(lines.first { $0.path == "top[].r2" }?.text == "how well")
  }

  @Test func aPathIsWalkedTheSameWayByAll() throws {
    let path = try #require(ValuePath("top[-1].layer"))
    #expect(path.value(in: try JSON.encode(sample))?.intValue == 2)
    #expect {
      try ValuePath(steps: [.member("top"), .index(2)]).walk(try JSON.encode(sample), named: "it")
    } throws: { ($0 as? PathFault<JSONValue>)?.message == "'it.top' has 2 entries, and [2] is none of them" }
  }
}
