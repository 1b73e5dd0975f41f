import Foundation
import Glibc
import JSONText
import Testing

@Suite(.serialized) struct ComputeCommandTests {
  private static let template = SmallReport.template(150, title: "Shared out")

  @Test func planComputeAndRenderMakeThePageThatRenderMakes() throws {
    let book = try BookFolder()
    let page = try book.undisturbedPage(Self.template)
    for (store, shards) in [("a", "1"), ("b", "3")] {
      let lines = try book.plan("--store", store, "--shards", shards)
      let outcomes = try book.outcomes(try book.startWorker("--store", store))
      #expect(outcomes.map(\.key) == lines.map(\.key) && outcomes.allSatisfy { $0.outcome == "computed" })
      #expect(outcomes.map(\.entries).reduce(0, +) == book.entries(store).count)
      #expect(try book.frozenPage(store) == page, "\(shards) shards")
      // Lines of an old plan are no mistake: what they name is there.
      #expect(try book.outcomes(try book.startWorker("--store", store)).allSatisfy { $0.outcome == "stored" })
      // An empty plan, and nothing to do about it.
      #expect(try book.plan("--store", store, "--shards", shards).isEmpty)
      #expect(try book.outcomes(try book.startWorker("--store", store)).isEmpty)
      #expect(book.files(below: store + "/claims") == [])
    }
  }

  @Test func twoWorkersComputeNothingTwice() throws {
    let book = try BookFolder()
    let page = try book.undisturbedPage(Self.template)
    for round in 0..<5 {
      let store = "stores/\(round)"
      let lines = try book.plan("--store", store, "--shards", "4")
      // Both have the whole plan: whoever is later at a line waits, and finds it stored.
      let workers = try (0..<2).map { _ in try book.startWorker("--store", store) }
      let outcomes = try workers.map(book.outcomes)
      for outcome in outcomes { #expect(outcome.map(\.key) == lines.map(\.key)) }
      #expect(outcomes.flatMap { $0 }.map(\.entries).reduce(0, +) == book.entries(store).count, "\(round)")
      #expect(try book.frozenPage(store) == page, "\(round)")
    }
  }

  @Test func theWorkOfAKilledWorkerIsDoneByAnother() throws {
    let book = try BookFolder()
    let page = try book.undisturbedPage(Self.template)
    var moments = Moments(within: 300_000)
    for round in 0..<12 {
      let store = "stores/\(round)"
      let lines = try book.plan("--store", store, "--shards", "3")
      let other = try book.startWorker("--store", store)
      let worker = try book.startWorker("--store", store)
      usleep(useconds_t(moments.next()))
      kill(worker.process.processIdentifier, SIGKILL)
      moments.note(isStopped: try Program.finish(worker).status == SIGKILL)
      #expect(try book.outcomes(other).map(\.key) == lines.map(\.key), "\(moments)")
      #expect(try book.frozenPage(store) == page, "\(moments)")
      #expect(try book.run("cache", "verify", "--store", store).output.hasSuffix(" 0 damaged\n"), "\(moments)")
    }
    #expect(moments.stopped > 2)
  }

  /// A claim of another machine, as this one sees it: last heard of so many seconds ago.
  private static func claim(_ key: String, in book: BookFolder, heard seconds: Int) throws -> String {
    let folder = "book/.layerbook/claims/result-\(key)"
    try book.write("", to: folder + "/elsewhere~17~another-boot~1")
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    time.tv_sec -= seconds
    #expect(utimensat(AT_FDCWD, "\(book.path)/\(folder)/elsewhere~17~another-boot~1", [time, time], 0) == 0)
    return folder
  }

  @Test func aClaimOfAnotherMachineHoldsAsLongAsItIsHeardOf() throws {
    let book = try BookFolder()
    try book.write("<<convergence n=8>>\n", to: "book/t.md")
    let key = try #require(try book.plan().first).key
    // Given up a minute ago.
    _ = try Self.claim(key, in: book, heard: 61)
    #expect(try WorkLine.all(try book.run("compute", "--book", "book", key).output).map(\.outcome) == ["computed"])
    #expect(book.files(below: "book/.layerbook/claims") == [])
    try book.remove("book/.layerbook/result")
    // Heard of just now: waited for, and given back.
    let folder = try Self.claim(key, in: book, heard: 0)
    let waiting = try book.startWorker()
    usleep(700_000)
    #expect(waiting.process.isRunning && book.entries() == [])
    try book.remove(folder)
    #expect(try book.outcomes(waiting).map(\.outcome) == ["computed"])
    try book.remove("book/.layerbook/result")
    // Not heard of again: taken over when the minute is over.
    _ = try Self.claim(key, in: book, heard: 59)
    #expect(try book.outcomes(try book.startWorker()).map(\.outcome) == ["computed"])
    #expect(book.files(below: "book/.layerbook/claims") == [])
  }

  @Test func keysThatNameNothing() throws {
    let book = try BookFolder()
    try book.write("<<convergence n=8>>\n\n<<convergence llama n=8>>\n", to: "book/t.md")
    let lines = try book.plan()
    let key = lines[0].key
    let wrong = String(key.prefix(11)) + (key.hasSuffix("0") ? "1" : "0")
    for text in ["xyz", "1234567", key + "0", "g" + key.dropFirst()] {
      let outcome = try book.run("compute", "--book", "book", text)
      #expect(outcome.status == 2 && outcome.errors.contains("is no key: 8 to 64 of the digits"), "\(outcome.errors)")
    }
    if !key.hasPrefix(wrong) {
      let outcome = try book.run("compute", "--book", "book", wrong)
      #expect(outcome.status == 2 && outcome.errors.contains("did you mean '\(key.prefix(12))'"), "\(outcome.errors)")
    }
    let unknown = try book.run("compute", "--book", "book", String(repeating: "0", count: 64))
    #expect(unknown.status == 2 && unknown.errors.contains("hint: `layerbook plan` lists"), "\(unknown.errors)")
    #expect(try book.run("compute", "--book", "book").status == 2)
    #expect(try book.run("compute", "--book", "book", "-", key).status == 2)
    for (input, message) in [
      ("{", "line 1 of standard input: "), ("\n{\"key\": \"12\"}", "line 2 of standard input: it has no \"key\""),
      ("{\"key\": \"\(key)\"}", "it names no \"template\""),
      ("{\"key\": \"\(key)\", \"template\": \"book/t.md\", \"shards\": 0}", "\"shards\" is no number"),
      ("{\"key\": \"\(key)\", \"template\": \"book/none.md\"}", "cannot read the template"),
    ] {
      try book.write(input, to: "lines")
      let outcome = try Program.finish(try book.startWorker(plan: "lines"))
      #expect(outcome.status == 2 && outcome.errors.contains(message), "\(outcome.errors)")
    }
    // A plan whose template has changed since.
    try book.write("<<convergence n=9>>\n", to: "book/t.md")
    let old = try Program.finish(try book.startWorker())
    #expect(old.status == 2 && old.errors.contains("has changed since the plan was made: plan again"), "\(old.errors)")
    #expect(book.entries() == [])
  }

  @Test func whatFailsKeepsNothingElseFromBeingDone() throws {
    let book = try BookFolder()
    // The atlas has not so many texts, which only reading them tells.
    try book.write("<<convergence n=900000>>\n\n<<convergence n=8>>\n", to: "book/t.md")
    #expect(try book.plan().count == 2)
    let outcome = try Program.finish(try book.startWorker())
    #expect(outcome.status == 1, "\(outcome.errors)")
    #expect(outcome.errors.contains("book/t.md:1:") && outcome.errors.contains("1 of 2 keys could not be computed"))
    #expect(try WorkLine.all(outcome.output).map(\.outcome) == ["computed"])
    #expect(try book.plan().count == 1)
  }
}
