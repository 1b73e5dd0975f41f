import Files
import Foundation
import Glibc
import Results
import TestSupport
import Testing

@Suite struct ResultStoreFaultTests {
  private func entryPath(_ store: ResultStore, _ key: ResultKey) -> String {
    "\(store.directory)/result/\(key.hex.prefix(2))/\(key.hex).entry"
  }

  @Test func everyCutIsNoticed() throws {
    let folder = try TemporaryDirectory()
    let store = ResultStore(directory: folder.path)
    let path = entryPath(store, exampleKey(1))
    try store.put(exampleKey(1), exampleResult(1, floats: 5))
    let whole = try readFile(path)
    for count in stride(from: 0, to: whole.count, by: 3) {
      try AtomicFile.write(Array(whole[..<count]), to: path, durable: false)
      #expect(store.lookup(exampleKey(1)) == nil)
      #expect(store.takeWarnings().map(\.code) == [.damaged])
      #expect(!isFile(path))
    }
    try AtomicFile.write(whole + [0], to: path, durable: false)
    #expect(store.lookup(exampleKey(1)) == nil)
  }

  @Test func everyAlteredByteIsNoticed() throws {
    let folder = try TemporaryDirectory()
    let path = entryPath(ResultStore(directory: folder.path), exampleKey(1))
    try ResultStore(directory: folder.path).put(exampleKey(1), exampleResult(1, floats: 5))
    let whole = try readFile(path)
    for place in whole.indices {
      var altered = whole
      altered[place] ^= 0x20
      try AtomicFile.write(altered, to: path, durable: false)
      let store = ResultStore(directory: folder.path)
      // Padding before a blob carries nothing: only who checks the whole entry reads it.
      let isPadding = (8..<64).contains(place)
      #expect((store.lookup(exampleKey(1)) != nil) == isPadding, "byte \(place)")
      if isPadding { #expect(try store.verify().damaged.count == 1, "byte \(place)") }
    }
  }

  @Test func damagedEntryIsComputedAgain() throws {
    let folder = try TemporaryDirectory()
    let store = ResultStore(directory: folder.path)
    let path = entryPath(store, exampleKey(1))
    try store.put(exampleKey(1), exampleResult(1))
    try AtomicFile.write(Array(try readFile(path).dropLast(10)), to: path)
    let answer = store.value(for: exampleKey(1)) { exampleResult(1) }
    #expect(!answer.wasHit)
    let name = exampleKey(1).hex + ".entry"
    #expect(
      store.takeWarnings().map(\.description) == [
        "store entry '\(name)' is damaged (its end is missing); it was thrown away"
      ])
    #expect(store.lookup(exampleKey(1)) != nil)
  }

  @Test func entryOfAnotherKeyIsNoHit() throws {
    let folder = try TemporaryDirectory()
    let store = ResultStore(directory: folder.path)
    try store.put(exampleKey(1), exampleResult(1))
    let path = entryPath(store, exampleKey(2))
    try createDirectory(parentDirectory(of: path))
    try AtomicFile.write(try readFile(entryPath(store, exampleKey(1))), to: path)
    #expect(store.lookup(exampleKey(2)) == nil)
    #expect(store.takeWarnings().first?.description.contains("it was computed from other inputs") == true)
  }

  @Test func folderInPlaceOfAnEntryIsPutUpWith() throws {
    let folder = try TemporaryDirectory()
    let store = ResultStore(directory: folder.path)
    try createDirectory(entryPath(store, exampleKey(1)))
    #expect(store.lookup(exampleKey(1)) == nil)
    #expect(!store.value(for: exampleKey(1)) { exampleResult(1) }.wasHit)
    #expect(store.takeWarnings().map(\.code) == [.unreadable, .unreadable, .unreadable, .notKept])
    // A pipe would keep a reader waiting for ever.
    let pipe = entryPath(store, exampleKey(2))
    try createDirectory(parentDirectory(of: pipe))
    #expect(mkfifo(pipe, 0o600) == 0)
    #expect(store.lookup(exampleKey(2)) == nil)
    #expect(store.takeWarnings().map(\.code) == [.unreadable])
  }

  @Test func storeThatCannotBeWrittenStillComputes() throws {
    let folder = try TemporaryDirectory()
    // A file where the folder should be: refused even for root, whom permissions do not stop.
    try AtomicFile.write([1], to: folder.path + "/file")
    let store = ResultStore(directory: folder.path + "/file/store")
    for _ in 0..<2 {
      let answer = store.value(for: exampleKey(1)) { exampleResult(1, floats: 3) }
      #expect(!answer.wasHit)
      #expect(try answer.result[blob: "states"]?.floats() == [1, 2, 3])
    }
    let warnings = store.takeWarnings()
    #expect(warnings.map(\.code) == [.notKept, .notKept])
    #expect(
      warnings.first?.description
        == "cannot keep a result in the store: cannot create folder '\(folder.path)/file': file exists; "
        + "going on without keeping it")
  }

  @Test(.enabled(if: MountedFolder.isPossible)) func readOnlyStoreAnswers() throws {
    let folder = try TemporaryDirectory()
    let disk = try folder.mount("disk", megabytes: 4)
    try ResultStore(directory: disk.path).put(exampleKey(1), exampleResult(1))
    try disk.makeReadOnly()
    let store = ResultStore(directory: disk.path)
    #expect(store.value(for: exampleKey(1)) { exampleResult(9) }.wasHit)
    #expect(!store.value(for: exampleKey(2)) { exampleResult(2) }.wasHit)
    #expect(store.takeWarnings().map(\.code) == [.notKept])
  }

  @Test(.enabled(if: MountedFolder.isPossible)) func fullDiskLosesNothingAndLeavesNothing() throws {
    let folder = try TemporaryDirectory()
    let disk = try folder.mount("disk", megabytes: 2)
    let store = ResultStore(directory: disk.path)
    var kept = 0
    for number in 0..<8 {
      let answer = store.value(for: exampleKey(number)) { exampleResult(number, floats: 100_000) }
      #expect(try answer.result[blob: "states"]?.floats()?.count == 100_000)
      if store.takeWarnings().isEmpty { kept += 1 }
    }
    #expect((1..<8).contains(kept))
    #expect(try store.status().entries == kept)
    #expect(try store.verify().damaged == [])
    let error = #expect(throws: StoreError.self) {
      try store.put(exampleKey(100), exampleResult(1, floats: 1_000_000))
    }
    #expect(error?.code == .full)
    #expect(error?.description.hasSuffix("no space left on device") == true)
    // What was there can still be read, and freed space is used again.
    #expect(store.lookup(exampleKey(0)) != nil)
    #expect(try store.clean(maxBytes: 0).removed == kept)
    try store.put(exampleKey(100), exampleResult(1, floats: 100_000))
  }
}
