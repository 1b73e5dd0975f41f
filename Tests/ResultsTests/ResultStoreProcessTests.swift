import Files
import Foundation
import Glibc
import Results
import TestSupport
import Testing

@Suite(.serialized) struct ResultStoreProcessTests {
  @Test func nothingIsLostInFiftyKills() throws {
    let folder = try TemporaryDirectory()
    let store = folder.path + "/store"
    var random = SystemRandomNumberGenerator()
    var safe = 0
    for _ in 0..<50 {
      let process = try TortureProgram.start(["put", store, "\(safe)", "1000"])
      usleep(useconds_t.random(in: 2_000...40_000, using: &random))
      process.kill()
      // Every number printed was safely kept before the kill.
      let (output, status) = process.finish()
      #expect(status == SIGKILL)
      safe += output.split(separator: "\n").count
      let check = try TortureProgram.run(["check", store, "\(safe)"])
      #expect(check.output == "right \(safe) missing 0 wrong 0 warnings 0\n")
    }
    #expect(safe > 0)
    // The next run goes on where the killed ones stopped, and half-written files do not stay.
    #expect(try TortureProgram.run(["put", store, "\(safe)", "3"]).status == 0)
    let later = systemStoreClock() + 120_000_000_000
    let kept = ResultStore(directory: store) { later }
    #expect(try kept.verify().damaged == [])
    _ = try kept.clean()
    #expect(try kept.status().abandoned == 0)
    for shard in try listing(store + "/result") {
      for name in try listing("\(store)/result/\(shard)") { #expect(name.hasSuffix(".entry")) }
    }
  }

  @Test func killedOwnerLeavesNoLock() throws {
    let folder = try TemporaryDirectory()
    let (store, log) = (folder.path + "/store", folder.path + "/log")
    for _ in 0..<10 {
      let process = try TortureProgram.start(["value", store, "2000", log])
      usleep(useconds_t.random(in: 3_000...30_000))
      process.kill()
      _ = process.finish()
    }
    #expect(try listing(store + "/locks").count <= 10)
    let next = try TortureProgram.run(["value", store, "40", log])
    #expect(next.status == 0)
    #expect(next.output == "")
    #expect(try TortureProgram.run(["check", store, "40"]).output == "right 40 missing 0 wrong 0 warnings 0\n")
    _ = try ResultStore(directory: store).clean()
    #expect(try listing(store + "/locks") == [])
  }

  @Test func twoProcessesComputeEachResultOnce() throws {
    let folder = try TemporaryDirectory()
    for round in 0..<20 {
      let (store, log) = ("\(folder.path)/store-\(round)", "\(folder.path)/log-\(round)")
      let processes = try (0..<2).map { _ in try TortureProgram.start(["value", store, "8", log]) }
      for process in processes {
        let (output, status) = process.finish()
        #expect(status == 0)
        #expect(output == "")
      }
      let computed = String(decoding: try readFile(log), as: UTF8.self).split(separator: "\n").compactMap { Int($0) }
      #expect(computed.sorted() == Array(0..<8))
      #expect(try ResultStore(directory: store).verify() == ResultStore.VerifyReport(checked: 8))
    }
  }
}
