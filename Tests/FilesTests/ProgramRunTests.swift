import Files
import Foundation
import TestSupport
import Testing

@Suite struct ProgramRunTests {
  private func run(
    _ script: String, seconds: Int = 20, limit: Int = 1 << 20, in folder: TemporaryDirectory
  ) throws -> ProgramRun.Outcome {
    try "asked\n".write(toFile: folder.path + "/input", atomically: true, encoding: .utf8)
    return try ProgramRun(
      ["sh", "-c", script], in: folder.path, input: folder.path + "/input", environment: ["EXTRA": "a b"],
      seconds: seconds, outputLimit: limit
    ).run()
  }

  @Test func bothStreamsTheFolderAndTheEnvironment() throws {
    let folder = try TemporaryDirectory()
    let outcome = try run("cat; pwd; echo \"$EXTRA\"; echo no >&2; exit 3", in: folder)
    let place = URL(fileURLWithPath: folder.path).resolvingSymlinksInPath().path
    #expect(String(decoding: outcome.output, as: UTF8.self).hasPrefix("asked\n"))
    #expect(String(decoding: outcome.output, as: UTF8.self).contains(URL(fileURLWithPath: place).lastPathComponent))
    #expect(String(decoding: outcome.output, as: UTF8.self).hasSuffix("a b\n"))
    #expect(String(decoding: outcome.complaints, as: UTF8.self) == "no\n")
    #expect(outcome.end == .exited(3))
  }

  @Test func muchOutputArrivesWhole() throws {
    let outcome = try run("head -c 900000 /dev/zero; head -c 900000 /dev/zero >&2", in: TemporaryDirectory())
    #expect(outcome.end == .exited(0))
    #expect(outcome.output.count == 900_000)
    #expect(outcome.complaints.count == 4096)
  }

  @Test func limitsEndIt() throws {
    #expect(try run("yes", limit: 1000, in: TemporaryDirectory()).end == .tooMuchOutput)
    let before = Date()
    #expect(try run("sleep 60", seconds: 1, in: TemporaryDirectory()).end == .outOfTime)
    #expect(try run("kill -TERM $$", in: TemporaryDirectory()).end == .killed(signal: SIGTERM))
    #expect(Date().timeIntervalSince(before) < 30)
  }

  /// What a program leaves running would hold the pipe open.
  @Test func itsChildrenEndWithIt() throws {
    let before = Date()
    let outcome = try run("sleep 60 & echo done", in: TemporaryDirectory())
    #expect(outcome.end == .exited(0))
    #expect(outcome.output == Array("done\n".utf8))
    #expect(Date().timeIntervalSince(before) < 30)
  }

  @Test func aProgramThatIsNotThere() throws {
    let folder = try TemporaryDirectory()
    try "".write(toFile: folder.path + "/input", atomically: true, encoding: .utf8)
    #expect {
      try ProgramRun(
        ["no-such-program"], in: folder.path, input: folder.path + "/input", seconds: 1, outputLimit: 1
      ).run()
    } throws: { "\($0)".hasPrefix("cannot start 'no-such-program'") }
  }

  @Test func aScratchFolderGoesWithItsOwner() throws {
    var path = ""
    do {
      let folder = try ScratchFolder()
      path = folder.path
      try "x".write(toFile: folder.file("a"), atomically: false, encoding: .utf8)
      #expect(FileManager.default.fileExists(atPath: path + "/a"))
    }
    #expect(!FileManager.default.fileExists(atPath: path))
  }
}
