import Diagnostics
import Foundation
import JSONText
import Reports
import Results
import Testing

/// What a page says of itself, and what becomes of it when it is altered.
@Suite struct SealedPageTests {
  static let text = """
    # Movement

    <<convergence n=6 id=fig-move tol=1%>>

    The score is <<value convergence.score n=6 digits=4>>, its last step <<value convergence.distance[-1] n=6>>.
    """

  @Test func pageCarriesItsResults() throws {
    let page = try #require(try PageBook().render(Self.text).0)
    #expect(PageManifest.verify(page: page.bytes).isSound)
    let entry = try #require(page.manifest.entries.first)
    #expect(page.manifest.entries.count == 1)
    #expect(entry.id == "fig-move")
    #expect(entry.line == 3)
    #expect(entry.tolerance == "1%")
    #expect(entry.printed.map(\.path) == ["result.score", "result.distance[-1]"])
    let report = PageManifest.verify(page: page.bytes)
    #expect(report.checkedResults == 1)
    #expect(report.checkedPrinted == 2)
  }

  @Test func storeConfirmsThePage() throws {
    let book = try PageBook()
    let page = try #require(try book.render(Self.text).0)
    let report = PageManifest.verify(page: page.bytes, store: ResultStore(directory: book.directory.path + "/store"))
    #expect(report.confirmedByStore == 1)
  }

  @Test func alteredNumberIsFound() throws {
    let page = try #require(try PageBook().render(Self.text).0)
    let printed = try #require(page.manifest.entries.first?.printed.first?.text)
    let altered = String(decoding: page.bytes, as: UTF8.self).replacingOccurrences(of: ">\(printed)<", with: ">9.9999<")
    #expect(PageManifest.verify(page: Array(altered.utf8)).findings.map(\.code) == [.page])
  }

  @Test func pageIsTheSameTwiceAndComputesOnce() throws {
    let book = try PageBook()
    let first = try #require(try book.render(Self.text).0)
    let second = try #require(try book.render(Self.text, isFrozen: true).0)
    #expect(first.bytes == second.bytes)
    #expect(second.evaluations.allSatisfy { $0.wasHit })
  }

  @Test func changedProseComputesNothing() throws {
    let book = try PageBook()
    _ = try book.render(Self.text)
    let page = try #require(try book.render(Self.text + "\n\nMore words.\n", isFrozen: true).0)
    #expect(page.evaluations.allSatisfy { $0.wasHit })
  }

  @Test func everyMissIsListedWhereNothingMayBeComputed() throws {
    let (page, faults) = try PageBook().render(Self.text, isFrozen: true)
    #expect(page == nil)
    #expect(faults.compactMap(\.position?.line) == [3, 5, 5])
    #expect(faults.allSatisfy { $0.message.hasPrefix("--frozen: the store has no result of <<convergence small") })
  }

  @Test func recordTellsWhatChanged() throws {
    let book = try PageBook()
    let page = try #require(try book.render(Self.text).0)
    let (template, _) = try book.template(
      Self.text.replacingOccurrences(of: "<<convergence n=6", with: "<<convergence n=5"))
    let slots = try template.slots(book.evaluator())
    let previous = try #require(RunRecord(slots: slots).counterparts(in: page.record)[0])
    let explanation = Explanation(slots[0], previous: previous, isStored: false)
    #expect("\(explanation)" == "miss: settings.n 6 → 5")
    #expect(slots[0].inputs["model"]?["checkpoint"]?["tokenizer.json"]?.stringValue?.count == 64)
  }
}
