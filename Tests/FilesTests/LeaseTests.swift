import Files
import Foundation
import Glibc
import Synchronization
import TestSupport
import Testing

@Suite struct LeaseTests {
  /// A claim as another machine leaves it, last heard of so many seconds ago.
  private func claim(_ path: String, heard seconds: Int, boot: String = "another-boot") throws {
    try createDirectory(path)
    let file = "\(path)/elsewhere~17~\(boot)~1"
    try AtomicFile.write([], to: file)
    touch(file, modified: currentTime() - Int64(seconds) * 1_000_000_000)
  }

  @Test func oneHasItUntilItIsGivenBack() throws {
    let folder = try TemporaryDirectory()
    let path = folder.path + "/work"
    let lease = try #require(try Lease.take(path, isAloneHere: false))
    #expect(try Lease.take(path, isAloneHere: false) == nil)
    #expect(try listing(folder.path) == ["work"])
    lease.release()
    #expect(try listing(folder.path) == [])
    let next = try #require(try Lease.take(path, isAloneHere: false))
    next.release()
    #expect(throws: FileError.self) { _ = try Lease.take(folder.path + "/none/work", isAloneHere: false) }
  }

  @Test func anEmptyFolderClaimsNothing() throws {
    let folder = try TemporaryDirectory()
    try createDirectory(folder.path + "/work")
    let lease = try #require(try Lease.take(folder.path + "/work", isAloneHere: false))
    lease.release()
    #expect(try listing(folder.path) == [])
  }

  @Test func aSilentOwnerLosesIt() throws {
    let folder = try TemporaryDirectory()
    let path = folder.path + "/work"
    try claim(path, heard: 50)
    #expect(try Lease.take(path, isAloneHere: true) == nil)
    try claim(path, heard: 70)
    let lease = try #require(try Lease.take(path, isAloneHere: false))
    #expect(try listing(path).count == 1 && !listing(path)[0].hasPrefix("elsewhere"))
    // The old one's time is not taken for the new one's.
    #expect(try Lease.take(path, isAloneHere: false) == nil)
    lease.release()
    #expect(try listing(folder.path) == [])
  }

  @Test func aDeadOwnerOfThisKernelLosesItAtOnce() throws {
    let folder = try TemporaryDirectory()
    let path = folder.path + "/work"
    let bytes = try readFile("/proc/sys/kernel/random/boot_id")
    try claim(
      path, heard: 0, boot: String(decoding: bytes, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines))
    // Whoever has not made sure that it is dead waits.
    #expect(try Lease.take(path, isAloneHere: false) == nil)
    let lease = try #require(try Lease.take(path, isAloneHere: true))
    lease.release()
  }

  @Test func whoIsTakenOverRemovesNothing() throws {
    let folder = try TemporaryDirectory()
    let path = folder.path + "/work"
    let slow = try #require(try Lease.take(path, isAloneHere: false))
    touch(path + "/" + (try listing(path)[0]), modified: currentTime() - 70_000_000_000)
    let next = try #require(try Lease.take(path, isAloneHere: false))
    slow.release()
    #expect(try listing(path).count == 1)
    next.release()
    #expect(try listing(folder.path) == [])
  }

  @Test func ofManyOneTakesItOver() throws {
    let folder = try TemporaryDirectory()
    for round in 0..<40 {
      let path = "\(folder.path)/work-\(round)"
      if round % 2 == 0 { try claim(path, heard: 70) }
      let taken = Mutex<[Lease]>([])
      DispatchQueue.concurrentPerform(iterations: 8) { _ in
        if let lease = try? Lease.take(path, isAloneHere: false) { taken.withLock { $0.append(lease) } }
      }
      let leases = taken.withLock { $0 }
      #expect(leases.count == 1, "\(round)")
      for lease in leases { lease.release() }
    }
    #expect(try listing(folder.path) == [])
  }

  @Test func abandonedOnesAreCleanedAway() throws {
    let folder = try TemporaryDirectory()
    try claim(folder.path + "/old", heard: 70)
    try claim(folder.path + "/young", heard: 5)
    try createDirectory(folder.path + "/empty")
    let lease = try #require(try Lease.take(folder.path + "/mine", isAloneHere: false))
    Lease.removeAbandoned(in: folder.path)
    #expect(try listing(folder.path) == ["mine", "young"])
    lease.release()
    Lease.removeAbandoned(in: folder.path + "/none")
  }
}
