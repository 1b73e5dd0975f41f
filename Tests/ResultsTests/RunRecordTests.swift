import JSONText
import Results
import TestSupport
import Testing

@Suite struct RunRecordTests {
  private let digest = String(repeating: "1a", count: 32)
  private let other = String(repeating: "9f", count: 32)

  private func slot(_ directive: String, line: Int = 1, weights: String? = nil, n: Int = 500) -> RunRecord.Slot {
    RunRecord.Slot(
      directive: directive, line: line,
      inputs: ["directive": .string(directive), "model": ["weights": .string(weights ?? digest)], "n": .int(n)])
  }

  @Test func namesTheComponentsThatChanged() {
    let old: JSONObject = ["engine": 1, "model": ["weights": .string(digest), "config": "c"], "gone": true]
    let new: JSONObject = ["engine": 1, "model": ["weights": .string(other), "config": "c"], "n": 1000]
    let changes = InputChange.list(previous: old, current: new)
    #expect(
      changes.map(\.description) == [
        "model.weights 1a1a1a1a1a1a → 9f9f9f9f9f9f", "n (none) → 1000", "gone true → (none)",
      ])
    #expect(InputChange.list(previous: ["a": 1.0], current: ["a": 1]) == [])
    #expect(
      InputChange.list(previous: ["a": [1, 2]], current: ["a": [1, 3]]).map(\.description) == ["a [1,2] → [1,3]"])
  }

  @Test func explainsHitsAndMisses() {
    let now = slot("heatmap r2 mean")
    #expect(Explanation(now, previous: nil, isStored: true).description == "hit")
    #expect(
      Explanation(now, previous: nil, isStored: false).description
        == "miss: this template has not had the directive before")
    #expect(
      Explanation(now, previous: slot("heatmap r2 mean", weights: other, n: 100), isStored: false).description
        == "miss: model.weights 9f9f9f9f9f9f → 1a1a1a1a1a1a; n 100 → 500")
    #expect(Explanation(now, previous: now, isStored: false) == .gone)
  }

  @Test func findsDirectivesAgainAfterEdits() {
    let old = RunRecord(slots: [slot("pca", line: 3), slot("convergence", line: 5), slot("convergence", line: 9)])
    let new = RunRecord(slots: [
      slot("convergence", line: 2), slot("pca dims=3", line: 4), slot("convergence", line: 8), slot("smodel", line: 10),
    ])
    #expect(new.counterparts(in: old).map { $0?.line } == [5, 3, 9, nil])
  }

  @Test func aNewDirectiveTakesNoOthersCounterpart() {
    let old = RunRecord(slots: [
      slot("convergence llama n=30", line: 1), slot("convergence gpt n=40", line: 2),
      slot("heatmap r2 mat gpt", line: 3),
    ])
    let new = RunRecord(slots: [
      slot("convergence llama n=55", line: 1), slot("convergence llama n=30", line: 2),
      slot("convergence gpt n=41", line: 3), slot("heatmap r2 mean gpt", line: 4),
    ])
    #expect(new.counterparts(in: old).map { $0?.line } == [nil, 1, 2, 3])
    // All of a document's directives ask another model: that is what changed.
    let other = RunRecord(slots: [slot("convergence bert n=30"), slot("heatmap r2 mat bert")])
    #expect(other.counterparts(in: old).map { $0?.line } == [1, 3])
  }

  @Test func survivesTheDisk() throws {
    let folder = try TemporaryDirectory()
    let store = ResultStore(directory: folder.path)
    let record = RunRecord(slots: [slot("pca"), slot("heatmap r2 mean", line: 7)])
    #expect(RunRecord.load(template: "a.md", from: store) == nil)
    try record.save(template: "a.md", in: store)
    #expect(RunRecord.load(template: "a.md", from: store) == record)
    #expect(RunRecord.load(template: "b.md", from: store) == nil)
    // Records are no entries of the store.
    #expect(try store.status().entries == 0)
    #expect(try store.clean(maxBytes: 0).removed == 0)
    #expect(RunRecord.load(template: "a.md", from: store) == record)
  }
}
