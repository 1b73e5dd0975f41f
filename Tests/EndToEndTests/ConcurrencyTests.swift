import Foundation
import Testing

/// Runs at the same time, sharing everything they may share.
@Suite(.serialized) struct ConcurrencyTests {
  @Test func twoRendersShareTheWorkAndThePage() throws {
    let book = try BookFolder()
    let templates = [20, 21].map { SmallReport.template($0) }
    let pages = try templates.map(book.undisturbedPage)
    for round in 0..<20 {
      try book.write(templates[round % 2], to: "book/t.md")
      // Two rounds in a row share a store, so that one finds what the other template left there.
      let store = "stores/\(round / 2)"
      let started = try (0..<2).map { _ in
        try Program.start(["render", "book/t.md", "--store", store, "--threads", "1"], in: book.path)
      }
      let outcomes = try started.map(Program.finish)
      for outcome in outcomes { #expect(outcome.status == 0 && outcome.errors == "", "\(round): \(outcome.errors)") }
      #expect(book.bytes("site/t.html") == pages[round % 2], "\(round)")
      // Whoever comes second waits for the first one's result and does not compute it again.
      #expect(outcomes.compactMap(SmallReport.computed).reduce(0, +) == SmallReport.results, "\(round): \(outcomes)")
      #expect(book.partials(below: ".") == [])
    }
    #expect(book.files(below: "site").filter { !$0.hasPrefix("t.files") } == ["t.html"])
    #expect(try book.run("cache", "verify", "--store", "stores/0").output.hasSuffix(" 0 damaged\n"))
  }

  @Test func addsAtTheSameTimeMakeOneVersion() throws {
    let book = try BookFolder()
    #expect(try book.render(SmallReport.template(20)).status == 0)
    for round in 0..<10 {
      try book.write(SmallReport.template(20, title: "Round \(round)"), to: "book/t.md")
      let started = try (0..<3).map { _ in try Program.start(["archive", "add", "book/t.md"], in: book.path) }
      let outcomes = try started.map(Program.finish)
      for outcome in outcomes { #expect(outcome.status == 0 && outcome.errors == "", "\(round): \(outcome.errors)") }
      #expect(outcomes.filter { $0.output.hasSuffix("  new\n") }.count == 1, "\(round): \(outcomes)")
      #expect(book.versions().count == round + 1)
    }
    #expect(try book.run("archive", "verify").status == 0)
    #expect(book.partials(below: "archive") == [])
  }

  @Test func aStoreMayBeCleanedWhileItIsUsed() throws {
    let book = try BookFolder()
    let page = try book.undisturbedPage(SmallReport.template(20))
    for round in 0..<5 {
      let started = try Program.start(["render", "book/t.md"], in: book.path)
      while started.process.isRunning {
        let clean = try book.run("cache", "clean", "--all", "--book", "book")
        #expect(clean.status == 0, "\(round): \(clean.errors)")
      }
      let outcome = try Program.finish(started)
      #expect(outcome.status == 0, "\(round): \(outcome.errors)")
      #expect(book.bytes("site/t.html") == page, "\(round)")
      try book.remove("site")
    }
  }
}
