import Foundation
import Glibc
import TestSupport
import Testing

/// `kill -9` at any moment: what was there before stays, and the next run ends as if nothing had happened.
@Suite(.serialized) struct KillTests {
  @Test func aKilledRenderLosesNothing() throws {
    let book = try BookFolder()
    let templates = [20, 21].map { SmallReport.template($0) }
    let pages = try templates.map(book.undisturbedPage)
    #expect(pages[0] != pages[1])
    // From one store everything has to be computed, from the other only the page and its record are written.
    for template in templates { #expect(try book.render(template, "--store", "full").status == 0) }
    var cold = Moments(within: try BookFolder.time { try book.renderAgain() })
    var warm = Moments(within: try BookFolder.time { try book.renderAgain("--store", "full", "--out", "warm") })
    for round in 0..<50 {
      let (before, after) = (pages[1 - round % 2], pages[round % 2])
      let isCold = round % 5 < 2
      if isCold { try book.remove("book/.layerbook") }
      let arguments = ["render", "book/t.md", "--store", isCold ? "book/.layerbook" : "full"]
      try book.write(templates[round % 2], to: "book/t.md")
      let outcome = try book.run(arguments, signal: SIGKILL, after: isCold ? cold.next() : warm.next())
      if isCold { cold.note(isStopped: outcome.status != 0) } else { warm.note(isStopped: outcome.status != 0) }
      let moments = "\(isCold ? "cold" : "warm") \(isCold ? cold : warm)"
      #expect([0, SIGKILL].contains(outcome.status), "\(moments): \(outcome.errors)")
      let page = book.bytes("site/t.html")
      #expect(page == before || page == after, "\(moments)")
      let next = try Program.run(arguments, in: book.path)
      #expect(next.status == 0 && next.errors == "", "\(moments): \(next.errors)")
      #expect(book.bytes("site/t.html") == after, "\(moments)")
    }
    #expect(cold.stopped > 5 && warm.stopped > 10)
    for store in ["book/.layerbook", "full"] {
      #expect(try book.run("cache", "verify", "--store", store).output.hasSuffix(" 0 damaged\n"))
    }
    try Self.expectNothingHalfWritten(book)
  }

  /// Half-written files are left alone for a minute, since their writers may be on another machine; then they go.
  private static func expectNothingHalfWritten(_ book: BookFolder) throws {
    guard ShiftedClock.isPossible else { return }
    let later = try ShiftedClock.environment(seconds: 120, in: book)
    try book.write(SmallReport.template(22), to: "book/t.md")
    for store in ["book/.layerbook", "full"] {
      let outcome = try Program.run(["render", "book/t.md", "--store", store], in: book.path, environment: later)
      #expect(outcome.status == 0, "\(outcome.errors)")
      let clean = ["cache", "clean", "--older", "30d", "--store", store]
      #expect(try Program.run(clean, in: book.path, environment: later).status == 0)
    }
    #expect(book.partials(below: ".") == [])
    #expect(book.files(below: "site").filter { !$0.hasPrefix("t.files") } == ["t.html"])
  }

  @Test func aKilledArchiveAddLeavesNoHalfVersion() throws {
    let book = try BookFolder()
    for texts in [20, 21] { #expect(try book.render(SmallReport.template(texts)).status == 0) }
    #expect(try book.archive().status == 0)
    try book.write(SmallReport.template(20), to: "book/t.md")
    var moments = Moments(within: try BookFolder.time { try book.archive() })
    for round in 0..<50 {
      let before = book.versions()
      // The title is new each time, so that there is always a version to make.
      try book.write(SmallReport.template(20 + round % 2, title: "Round \(round)"), to: "book/t.md")
      let outcome = try book.run(["archive", "add", "book/t.md"], signal: SIGKILL, after: moments.next())
      moments.note(isStopped: outcome.status != 0)
      #expect([0, SIGKILL].contains(outcome.status), "\(moments): \(outcome.errors)")
      #expect(Set(before).isSubset(of: book.versions()), "\(moments)")
      let next = try book.archive()
      #expect(next.status == 0 && next.errors == "", "\(moments): \(next.errors)")
      #expect(book.versions().count == before.count + 1, "\(moments)")
      #expect(book.partials(below: "archive") == [], "\(moments)")
    }
    #expect(moments.stopped > 10)
    let report = try book.run("archive", "verify")
    #expect(report.status == 0, "\(report.errors)")
    #expect(report.output == (1...52).map { "t/00\($0 < 10 ? "0" : "")\($0): sound\n" }.joined())
  }

  @Test func aKilledCaptureKeepsTheLastFile() throws {
    let book = try BookFolder()
    func arguments(_ texts: Int, _ out: String) -> [String] {
      ["capture", "--book", "book", "--model", "gpt", "--dataset", "atlas", "--position", "last", "--n", "\(texts)"]
        + ["--out", out]
    }
    let whole = try [40, 41].map { texts in
      #expect(try Program.run(arguments(texts, "whole") + ["--store", "none"], in: book.path).status == 0)
      return try #require(book.bytes("whole"))
    }
    #expect(whole[0] != whole[1])
    var moments = Moments(within: try BookFolder.time { try Program.run(arguments(41, "states"), in: book.path) })
    for round in 0..<12 {
      let (before, after) = (whole[1 - round % 2], whole[round % 2])
      let outcome = try book.run(arguments(40 + round % 2, "states"), signal: SIGKILL, after: moments.next())
      moments.note(isStopped: outcome.status != 0)
      let file = book.bytes("states")
      #expect(file == before || file == after, "\(moments)")
      let next = try Program.run(arguments(40 + round % 2, "states"), in: book.path)
      #expect(next.status == 0, "\(moments): \(next.errors)")
      #expect(book.bytes("states") == after, "\(moments)")
    }
    #expect(moments.stopped > 2)
    guard ShiftedClock.isPossible else { return }
    let later = try ShiftedClock.environment(seconds: 120, in: book)
    #expect(try Program.run(arguments(40, "states"), in: book.path, environment: later).status == 0)
    #expect(book.partials(below: ".") == [])
  }
}

/// Ctrl-C, sent once the run has something to lose.
@Suite(.serialized) struct InterruptTests {
  @Test func anInterruptedRenderLeavesTheLastPage() throws {
    let book = try BookFolder()
    let (first, second) = (SmallReport.template(20), SmallReport.template(400))
    let pages = try [first, second].map(book.undisturbedPage)
    #expect(try book.render(first).status == 0)
    try book.write(second, to: "book/t.md")
    // The digests of the inputs are the first thing kept; more than a second of work is still to come.
    var moments = Moments(within: 100_000)
    for _ in 0..<8 {
      try book.remove("book/.layerbook")
      let outcome = try book.run(
        ["render", "book/t.md", "--threads", "1"], signal: SIGINT, after: moments.next()
      ) { !$0.files(below: "book/.layerbook").isEmpty }
      #expect(outcome.status == 130, "\(moments): \(outcome.output)\(outcome.errors)")
      #expect(book.files(below: "site").filter { !$0.hasPrefix("t.files") } == ["t.html"], "\(moments)")
      #expect(book.bytes("site/t.html") == pages[0], "\(moments)")
      #expect(book.partials(below: "book/.layerbook") == [], "\(moments)")
      #expect(try book.run("cache", "verify", "--book", "book").output.hasSuffix(" 0 damaged\n"))
    }
    #expect(try book.renderAgain().status == 0)
    #expect(book.bytes("site/t.html") == pages[1])
  }

  @Test func anInterruptedArchiveAddLeavesNoVersion() throws {
    let book = try BookFolder()
    #expect(try book.render(SmallReport.template(20)).status == 0)
    #expect(try book.archive().status == 0)
    var moments = Moments(within: 20_000)
    for round in 0..<12 {
      let before = book.versions()
      try book.write(SmallReport.template(20, title: "Round \(round)"), to: "book/t.md")
      let outcome = try book.run(["archive", "add", "book/t.md"], signal: SIGINT, after: moments.next()) {
        !$0.partials(below: "archive").isEmpty
      }
      let isInterrupted = outcome.status == 130
      moments.note(isStopped: isInterrupted)
      #expect(isInterrupted || outcome.status == 0, "\(moments): \(outcome.errors)")
      #expect(try book.run("archive", "verify").status == 0, "\(moments)")
      // The signal may have come after the version was in its place.
      #expect(book.versions().count == before.count + 1 || isInterrupted, "\(moments)")
      #expect(Set(before).isSubset(of: book.versions()), "\(moments)")
    }
    #expect(moments.stopped > 0)
    // Even an add that finds its content archived already clears away what the interrupted ones began.
    try book.write(SmallReport.template(20), to: "book/t.md")
    #expect(!(try book.archive().output.hasSuffix("  new\n")))
    #expect(book.partials(below: "archive") == [])
  }

  @Test func anInterruptedCaptureLeavesTheLastFile() throws {
    let book = try BookFolder()
    try book.write("the last good file", to: "states")
    let outcome = try book.run(
      ["capture", "--book", "book", "--model", "gpt", "--dataset", "atlas", "--position", "all", "--n", "600"]
        + ["--threads", "1", "--out", "states"], signal: SIGINT, after: 10_000
    ) { book in book.files(below: ".").contains { $0.hasPrefix(".layerbook-") } }
    #expect(outcome.status == 130, "\(outcome.errors)")
    #expect(book.bytes("states") == Data("the last good file".utf8))
    #expect(book.partials(below: ".") == [])
  }
}

extension BookFolder {
  /// The names of the versions of the report.
  func versions() -> [String] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: path + "/archive/t")) ?? []
    return names.filter { !$0.hasPrefix(".") }.sorted()
  }
}
