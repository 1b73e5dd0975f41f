import Files
import Results
import TestSupport
import Testing

@Suite struct ResultStoreMaintenanceTests {
  private func entryPath(_ store: ResultStore, _ number: Int) -> String {
    let hex = exampleKey(number).hex
    return "\(store.directory)/result/\(hex.prefix(2))/\(hex).entry"
  }

  @Test func emptyStoreHasNothing() throws {
    let folder = try TemporaryDirectory()
    let store = ResultStore(directory: folder.path + "/none")
    #expect(try store.status() == ResultStore.Status())
    #expect(try store.clean(olderThan: 0, maxBytes: 0) == ResultStore.CleanReport())
    #expect(try store.verify() == ResultStore.VerifyReport())
  }

  @Test func cleanByAgeKeepsWhatWasUsed() throws {
    let folder = try TemporaryDirectory()
    let clock = TestClock()
    let store = ResultStore(directory: folder.path) { clock.now }
    for number in 0..<4 { try store.put(exampleKey(number), exampleResult(number)) }
    clock.advance(seconds: 40 * 86_400)
    #expect(store.lookup(exampleKey(2)) != nil)
    let report = try store.clean(olderThan: 30 * 86_400)
    #expect(report.removed == 3)
    #expect(report.kept == 1)
    #expect(store.lookup(exampleKey(2)) != nil)
    #expect(store.lookup(exampleKey(1)) == nil)
  }

  @Test func cleanBySizeDropsTheLeastRecentlyUsed() throws {
    let folder = try TemporaryDirectory()
    let store = ResultStore(directory: folder.path)
    for number in 0..<4 {
      try store.put(exampleKey(number), exampleResult(0, floats: 1000))
      setModified(entryPath(store, number), seconds: 1_700_000_000 + number * 1000)
    }
    #expect(store.lookup(exampleKey(0)) != nil)
    let half = try store.status().bytes / 2
    let report = try store.clean(maxBytes: half)
    #expect(report.removed == 2)
    #expect(report.keptBytes <= half)
    #expect((0..<4).filter { store.lookup(exampleKey($0)) != nil } == [0, 3])
  }

  @Test func journalsThatNobodyTookUpGoWithAge() throws {
    let folder = try TemporaryDirectory()
    let clock = TestClock()
    let store = ResultStore(directory: folder.path) { clock.now }
    try createDirectory(folder.path + "/captures")
    try AtomicFile.write([1, 2, 3], to: folder.path + "/captures/abc.journal")
    #expect(try store.clean(maxBytes: 1 << 40).abandoned == 0)
    clock.advance(seconds: 40 * 86_400)
    #expect(try store.clean(olderThan: 50 * 86_400).abandoned == 0)
    #expect(try store.clean(olderThan: 30 * 86_400).abandoned == 1)
    #expect(try listing(folder.path + "/captures") == [])
  }

  @Test func clockGoingBackwardsHarmsNothing() throws {
    let folder = try TemporaryDirectory()
    let clock = TestClock()
    let store = ResultStore(directory: folder.path) { clock.now }
    try store.put(exampleKey(1), exampleResult(1))
    clock.now = 0
    #expect(store.lookup(exampleKey(1)) != nil)
    #expect(try store.clean(olderThan: 1).kept == 1)
    #expect(store.value(for: exampleKey(1)) { exampleResult(2) }.wasHit)
  }

  @Test func abandonedFilesAreFoundAndRemoved() throws {
    let folder = try TemporaryDirectory()
    let clock = TestClock()
    let store = ResultStore(directory: folder.path) { clock.now }
    try store.put(exampleKey(1), exampleResult(1))
    let shard = parentDirectory(of: entryPath(store, 1))
    // No process has a number this high (the limit is 2^22); process 1 always runs.
    try AtomicFile.write([1], to: shard + "/.layerbook-99999999-1.partial")
    try AtomicFile.write([1], to: shard + "/.layerbook-1-1.partial")
    #expect(try store.status().abandoned == 0)
    clock.advance(seconds: 120)
    #expect(try store.status().abandoned == 1)
    #expect(try store.clean().abandoned == 1)
    #expect(isFile(shard + "/.layerbook-1-1.partial"))
    #expect(store.lookup(exampleKey(1)) != nil)
  }

  @Test func verifyReadsEverything() throws {
    let folder = try TemporaryDirectory()
    let store = ResultStore(directory: folder.path)
    for number in 0..<3 { try store.put(exampleKey(number), exampleResult(number, floats: 100)) }
    #expect(try store.verify() == ResultStore.VerifyReport(checked: 3, damaged: []))
    var bytes = try readFile(entryPath(store, 1))
    bytes[100] ^= 1
    try AtomicFile.write(bytes, to: entryPath(store, 1))
    let report = try store.verify()
    #expect(report.checked == 3)
    #expect(report.damaged.map(\.code) == [.damaged])
    #expect(try store.status().entries == 2)
  }
}
