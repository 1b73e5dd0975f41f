import JSONText
import Results
import Testing

@Suite struct ResultDiffTests {
  private func entry(
    _ directive: String, id: String = "fig-1", _ result: JSONValue?, inputs: JSONObject = [:], tol: String? = nil
  ) -> ResultSet.Entry {
    ResultSet.Entry(
      id: id, directive: directive, inputs: inputs, result: result,
      valueDigest: valueDigest(of: result ?? .string(directive)).hex,
      tolerance: tol.flatMap { Tolerance($0) } ?? .exact)
  }

  private func diff(_ old: [ResultSet.Entry], _ new: [ResultSet.Entry], tolerance: Tolerance? = nil) -> ResultDiff {
    ResultDiff(
      old: ResultSet(label: "r/0001", entries: old, prose: "a\nb\nc\n"),
      new: ResultSet(label: "r/0002", entries: new, prose: "a\nB\nc\n"), tolerance: tolerance)
  }

  @Test func findsTheLargestChange() throws {
    let comparison = ValueComparison(
      old: ["d": [1, 2, 4, nil], "n": 3], new: ["d": [1, 2.5, 2, 0], "n": 3.0])
    #expect(comparison.cells == 5)
    #expect(comparison.changes.map(\.path.description) == ["d[1]", "d[2]", "d[3]"])
    #expect(comparison.changes.map(\.absolute) == [0.5, -2, nil])
    #expect(comparison.changes.map(\.relative) == [0.25, -0.5, nil])
    #expect(comparison.largest?.path.description == "d[2]")
    #expect(comparison.largest?.line == "d[2] 4 → 2 (Δ -2, -50 %)")
  }

  @Test func sizesOfASampleAreNoResultAndNamesHaveNoSize() {
    let wide = Tolerance(absolute: 1, relative: 0)
    func result(_ dim: Int, _ score: Double, texts: Int) -> JSONValue {
      ["result": ["score": .double(score), "sources": [["dim": .int(dim)]]], "facts": ["texts": .int(texts)]]
    }
    let sizes = ValueComparison(old: result(1, 0.5, texts: 40), new: result(1, 0.75, texts: 41), tolerance: wide)
    #expect(sizes.changes.map(\.path.description) == ["result.score"])
    #expect(sizes.beyond == 0)
    let names = ValueComparison(old: result(102, 0.5, texts: 40), new: result(8, 0.75, texts: 40), tolerance: wide)
    #expect(names.changes.map(\.path.description) == ["result.score", "result.sources[0].dim"])
    #expect(names.largest?.path.description == "result.score")
    #expect(names.beyond == 1)
  }

  @Test func shapesAndTypesThatChangeAreBeyondAnyTolerance() {
    let wide = Tolerance(absolute: 1e9, relative: 1e9)
    #expect(ValueComparison(old: [1, 2], new: [1, 2, 3], tolerance: wide).beyond == 1)
    #expect(ValueComparison(old: [1, 2, 3], new: [1, 2], tolerance: wide).beyond == 1)
    #expect(ValueComparison(old: [1], new: [1, nil], tolerance: wide).beyond == 1)
    #expect(ValueComparison(old: ["a": nil], new: [:], tolerance: wide).beyond == 1)
    #expect(ValueComparison(old: ["a": 1], new: ["b": 1], tolerance: wide).beyond == 2)
    #expect(ValueComparison(old: nil, new: 0, tolerance: wide).beyond == 1)
    #expect(ValueComparison(old: "x", new: "y", tolerance: wide).beyond == 1)
    #expect(ValueComparison(old: [1], new: ["a": 1], tolerance: wide).beyond == 1)
    #expect(ValueComparison(old: 9_007_199_254_740_993, new: 9_007_199_254_740_992).beyond == 1)
  }

  @Test(arguments: [
    ("0.01", 1.0, 1.009, true), ("0.01", 1, 1.02, false), ("1%", 200, 201.9, true), ("1%", 200, 203, false),
    ("0", 1, 1, true), ("0", 1, 1.0000000001, false), ("1%", 0, 0.0001, false), ("5%", -100, -104, true),
  ])
  func tolerances(text: String, old: Double, new: Double, isAccepted: Bool) throws {
    #expect(try #require(Tolerance(text)).accepts(old: old, new: new) == isAccepted)
  }

  @Test(arguments: ["", "%", "-1", "nan", "inf", "1 %x", "a"]) func noTolerance(text: String) {
    #expect(Tolerance(text) == nil)
  }

  @Test func withinToleranceIsNoFailure() {
    let old = entry("convergence", ["score": 0.5])
    let near = entry("convergence", ["score": 0.5001], tol: "1%")
    #expect(!diff([old], [near]).isBeyond)
    #expect(diff([old], [near], tolerance: .exact).isBeyond)
    #expect(diff([old], [near]).summary == "1 of 1 results changed, 0 beyond tolerance; prose changed")
  }

  @Test func directivesComeAndGo() {
    let a = entry("pca", id: "fig-1", [1])
    let b = entry("convergence", id: "fig-2", [2])
    #expect(diff([a], [a, b]).added.map(\.id) == ["fig-2"])
    #expect(diff([a, b], [b]).removed.map(\.id) == ["fig-1"])
    #expect(diff([a], [a, b]).isBeyond)
    // The same text is found under another number, and an edited directive by its id.
    let moved = diff([a, b], [entry("convergence", id: "fig-1", [2]), entry("pca", id: "fig-2", [1])])
    #expect(!moved.isBeyond)
    let edited = diff([entry("pca n=1", id: "mine", [1])], [entry("pca n=2", id: "mine", [1])])
    #expect(edited.pairs.map(\.oldDirective) == ["pca n=1"])
  }

  @Test func textShowsEverything() {
    let old = entry("convergence", ["distance": [1, 0.5]], inputs: ["model": ["weights": "a"]])
    let new = entry("convergence", ["distance": [1, 0.25]], inputs: ["model": ["weights": "b"]], tol: "0.1")
    let gone = entry("pca", id: "fig-2", [1])
    #expect(
      diff([old, gone], [new]).text() == """
        old: r/0001
        new: r/0002

        convergence  [fig-1]
          input: model.weights a → b
          1 of 2 values changed, 1 beyond ±0.1
          largest change: distance[1] 0.5 → 0.25 (Δ -0.25, -50 %)
          ! distance[1] 0.5 → 0.25 (Δ -0.25, -50 %)

        pca  [fig-2]
          removed

        prose
            a
          - b
          + B
            c
            

        1 of 1 results changed, 1 beyond tolerance; 1 removed; prose changed

        """)
  }

  @Test func jsonHoldsEveryChange() throws {
    let json = diff([entry("a", [1, 2])], [entry("a", [1, 3])]).json
    #expect(json["beyond_tolerance"] == true)
    #expect(json["directives"]?[0]?["changes"]?[0]?["path"] == "[1]")
    #expect(json["directives"]?[0]?["changes"]?[0]?["absolute"]?.doubleValue == 1)
    #expect(json["directives"]?[0]?["cells_changed"] == 1)
    #expect(try JSON.parse(JSON.write(json)) == json)
  }

  @Test func digestOnlyResultsAreStillCompared() {
    let left = entry("a", nil)
    var right = left
    #expect(!diff([left], [right]).isBeyond)
    right.valueDigest = valueDigest(of: 1).hex
    #expect(diff([left], [right]).isBeyond)
    #expect(diff([left], [right]).text().contains("result changed; only its digest is at hand"))
  }

  @Test func mapsOfMatrices() {
    let maps = DeltaMap.maps(
      old: ["r2": ["mean": [[1, nil], [0.5, 1]]], "row": [1, 2], "other": [[1]]],
      new: ["r2": ["mean": [[1, 2], [0.25, 3]]], "row": [1, 3], "other": [[1, 2]]])
    #expect(maps.map(\.path.description) == ["r2.mean"])
    #expect(maps.first?.values == [0, nil, -0.25, 2])
    #expect(maps.first?.rows == 2)
    #expect(maps.first?.largest == 2)
  }

  @Test func proseDiffIsShort() {
    let old = (1...20).map { "line \($0)" }.joined(separator: "\n")
    let new = old.split(separator: "\n").filter { $0 != "line 10" }.joined(separator: "\n") + "\nmore"
    #expect(
      ProseDiff(old: old, new: new).lines.map(\.marked) == [
        "@ 7 lines", "  line 8", "  line 9", "- line 10", "  line 11", "  line 12", "@ 6 lines", "  line 19",
        "  line 20", "+ more",
      ])
    #expect(ProseDiff(old: old, new: old).isEmpty)
    #expect(!ProseDiff(old: "é", new: "e\u{301}").isEmpty)
  }
}
