import Files
import Glibc
import JSONText
import Results
import TestSupport
import Testing

@Suite struct ResultStoreTests {
  @Test func keepsJSONAndBlobs() throws {
    let folder = try TemporaryDirectory()
    let store = ResultStore(directory: folder.path + "/store")
    #expect(store.lookup(exampleKey(1)) == nil)
    #expect(!isDirectory(store.directory))
    let kept = try store.put(exampleKey(1), exampleResult(1, floats: 1000))
    #expect(try kept[blob: "states"]?.floats() == (0..<1000).map { Float($0) + 1 })

    // Another process: nothing is known about the entry yet.
    let found = try #require(ResultStore(directory: store.directory).lookup(exampleKey(1)))
    #expect(found.value == exampleResult(1).value)
    #expect(found.valueDigest == exampleResult(1).valueDigest)
    #expect(try found[blob: "states"]?.floats() == (0..<1000).map { Float($0) + 1 })
    #expect(found[blob: "other"] == nil)
    #expect(store.lookup(exampleKey(1), kind: .maps) == nil)
    #expect(store.lookup(exampleKey(2)) == nil)
    #expect(store.takeWarnings().isEmpty)
  }

  @Test func memberOrderAndDigitsSurvive() throws {
    let folder = try TemporaryDirectory()
    let store = ResultStore(directory: folder.path)
    let value = try JSON.parse(#"{"z":0.1,"a":1e-300,"m":[12345678901234567890,-0.0]}"#)
    try store.put(exampleKey(1), StoredResult(value: value))
    let found = try #require(store.lookup(exampleKey(1)))
    #expect(JSON.write(found.value) == JSON.write(value))
  }

  @Test func streamedBlobsArriveWhole() throws {
    let folder = try TemporaryDirectory()
    let store = ResultStore(directory: folder.path)
    let streamed = Blob(name: "s") { sink in
      for piece in 0..<100 { try [UInt8](repeating: UInt8(piece), count: 1001).withUnsafeBytes(sink) }
    }
    let kept = try store.put(exampleKey(1), StoredResult(value: nil, blobs: [Blob(name: "odd", bytes: [7]), streamed]))
    #expect(try kept[blob: "s"]?.bytes() == (0..<100).flatMap { [UInt8](repeating: UInt8($0), count: 1001) })
    #expect(try kept[blob: "odd"]?.bytes() == [7])
    #expect(try kept[blob: "odd"]?.floats() == nil)
  }

  @Test func failingProducerKeepsNothing() throws {
    struct Broken: Error {}
    let folder = try TemporaryDirectory()
    let store = ResultStore(directory: folder.path)
    let blob = Blob(name: "s") { sink in
      try [1, 2, 3].withUnsafeBytes(sink)
      throw Broken()
    }
    #expect(throws: StoreError.self) { try store.put(exampleKey(1), StoredResult(value: nil, blobs: [blob])) }
    #expect(store.lookup(exampleKey(1)) == nil)
    #expect(try store.status().entries == 0)
    #expect(try listing(folder.path + "/result/" + exampleKey(1).hex.prefix(2)) == [])
  }

  @Test func valueComputesOnce() throws {
    let folder = try TemporaryDirectory()
    let store = ResultStore(directory: folder.path)
    let first = store.value(for: exampleKey(1)) { exampleResult(1) }
    let second = store.value(for: exampleKey(1)) {
      Issue.record("computed twice")
      return exampleResult(2)
    }
    #expect(!first.wasHit)
    #expect(second.wasHit)
    #expect(first.result.value == second.result.value)
    #expect(store.counts == ResultStore.Counts(hits: 1, computed: 1))
    #expect(try listing(folder.path + "/locks") == [])
  }

  @Test func failedComputationIsPassedOnAndUnlocks() throws {
    struct Failed: Error, Equatable {}
    let folder = try TemporaryDirectory()
    let store = ResultStore(directory: folder.path)
    #expect(throws: Failed()) { try store.value(for: exampleKey(1)) { throw Failed() } }
    #expect(store.value(for: exampleKey(1)) { exampleResult(1) }.wasHit == false)
  }

  @Test func computationMayAskForOthers() throws {
    let folder = try TemporaryDirectory()
    let store = ResultStore(directory: folder.path)
    let outer = store.value(for: exampleKey(1)) {
      let states = store.value(for: exampleKey(1), kind: .states) { exampleResult(5, floats: 10) }
      return StoredResult(value: ["inner": states.result.value])
    }
    #expect(outer.result.value["inner"] == exampleResult(5).value)
    #expect(try store.status().kinds.map(\.kind) == ["result", "states"])
  }

  @Test func threadsShareOneComputation() async throws {
    let folder = try TemporaryDirectory()
    let store = ResultStore(directory: folder.path)
    await withTaskGroup { group in
      for _ in 0..<8 {
        group.addTask {
          for number in 0..<20 {
            let answer = store.value(for: exampleKey(number)) {
              usleep(300)
              return exampleResult(number, floats: 100)
            }
            #expect(answer.result.value == exampleResult(number).value)
          }
        }
      }
    }
    #expect(store.counts.computed == 20)
    #expect(store.takeWarnings().isEmpty)
  }

  @Test func hitTakesLessThanAMillisecond() throws {
    let folder = try TemporaryDirectory()
    let store = ResultStore(directory: folder.path)
    let values = JSONValue.doubles((0..<200).map { Double($0) / 7 })
    for number in 0..<20 { try store.put(exampleKey(number), StoredResult(value: ["distance": values])) }
    let fresh = ResultStore(directory: folder.path)
    let clock = ContinuousClock()
    // The best of five rounds: other tests run beside this one.
    let best = (0..<5).map { _ in
      clock.measure { for number in 0..<20 { #expect(fresh.lookup(exampleKey(number)) != nil) } }
    }.min()
    #expect(try #require(best) / 20 < .milliseconds(1))
  }
}
