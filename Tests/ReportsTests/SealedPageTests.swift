import Books
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
    #expect(PageAudit.verify(page: page.bytes).isSound)
    let entry = try #require(page.manifest.entries.first)
    #expect(page.manifest.entries.count == 1)
    #expect(entry.id == "fig-move")
    #expect(entry.line == 3)
    #expect(entry.tolerance == "1%")
    #expect(entry.printed.map(\.path) == ["result.score", "result.distance[-1]"])
    let report = PageAudit.verify(page: page.bytes)
    #expect(report.checkedResults == 1)
    #expect(report.checkedPrinted == 2)
  }

  @Test func storeConfirmsThePage() throws {
    let book = try PageBook()
    let page = try #require(try book.render(Self.text).0)
    let report = PageAudit.verify(page: page.bytes, store: ResultStore(directory: book.directory.path + "/store"))
    #expect(report.confirmedByStore == 1)
  }

  @Test func alteredNumberIsFound() throws {
    let page = try #require(try PageBook().render(Self.text).0)
    let printed = try #require(page.manifest.entries.first?.printed.first?.text)
    let altered = String(decoding: page.bytes, as: UTF8.self).replacingOccurrences(of: ">\(printed)<", with: ">9.9999<")
    #expect(PageAudit.verify(page: Array(altered.utf8)).findings.map(\.code) == [.page, .page])
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

  @Test func aMissIsListedWithItsPlacesWhereNothingMayBeComputed() throws {
    let (page, faults) = try PageBook().render(Self.text, isFrozen: true)
    #expect(page == nil)
    #expect(faults.compactMap(\.position?.line) == [3])
    #expect(faults.first?.hints.last?.hasPrefix("the same at ") == true)
    #expect(faults.first?.hints.last?.split(separator: ",").count == 2)
    #expect(faults.allSatisfy { $0.message.hasPrefix("--frozen: the store has no result of <<convergence small") })
  }

  @Test func recordTellsWhatChanged() throws {
    let book = try PageBook()
    let page = try #require(try book.render(Self.text).0)
    let (template, _) = try book.template(
      Self.text.replacingOccurrences(of: "<<convergence n=6", with: "<<convergence n=5"))
    let (slots, absent) = template.slots(book.evaluator())
    #expect(absent.isEmpty)
    let previous = try #require(RunRecord(slots: slots).counterparts(in: page.record)[0])
    let explanation = Explanation(slots[0], previous: previous, isStored: false)
    #expect("\(explanation)" == "miss: settings.n 6 → 5")
    #expect(slots[0].inputs["model"]?["checkpoint"]?["tokenizer.json"]?.stringValue?.count == 64)
  }

  // MARK: - Forgery

  /// A page without its manifest.
  private func bare(_ page: RenderedPage) throws -> String {
    let text = String(decoding: page.bytes, as: UTF8.self)
    let opening = String(PageManifest.placeholder.dropLast("</script>".count))
    let start = try #require(text.range(of: opening)?.upperBound)
    let end = try #require(text.range(of: "</script>", range: start..<text.endIndex)?.lowerBound)
    return String(text[..<start] + text[end...])
  }

  /// A page in which something was replaced and every digest computed again, as a forger would.
  private func forged(_ page: RenderedPage, _ old: String, _ new: String) throws -> [UInt8] {
    let bare = try bare(page)
    #expect(bare.contains(old))
    return try page.manifest.seal(page: Array(bare.replacingOccurrences(of: old, with: new).utf8))
  }

  private func reprint(_ book: PageBook, _ page: [UInt8], isFrozen: Bool = true) throws -> PageReprint {
    try PageReprint.compare(
      page, manifest: PageManifest(page: page), book: book.book, evaluator: book.evaluator(isFrozen: isFrozen)
    ).reprint
  }

  @Test func aForgedNumberIsFoundFromThePageAlone() throws {
    let page = try #require(try PageBook().render(Self.text).0)
    let printed = try #require(page.manifest.entries.first?.printed.first?.text)
    let codes = { (bytes: [UInt8]) in PageAudit.verify(page: bytes).findings.map(\.code) }
    #expect(codes(page.bytes) == [])
    #expect(codes(try forged(page, ">\(printed)</data>", ">9.9999</data>")) == [.page])
    #expect(codes(try forged(page, "<data value=\"0", "<data value=\"1")) == [.page, .page])
    let extra = "<p>A <data value=\"0.5\">0.50</data></p></main>"
    #expect(codes(try forged(page, "</main>", extra)) == [.page])
  }

  @Test(arguments: [
    ("<figcaption><strong>Figure 1. </strong>Movement", "<figcaption><strong>Figure 1. </strong>Stillness"),
    ("texts <b>6</b>", "texts <b>600</b>"), ("The score is", "The great score is"), ("<svg ", "<svg data-x=\"1\" "),
  ])
  func everythingElseForgedIsFoundByMakingThePageAgain(old: String, new: String) throws {
    let book = try PageBook()
    let page = try #require(try book.render(Self.text).0)
    #expect(try reprint(book, page.bytes) == .same)
    let bytes = try forged(page, old, new)
    #expect(PageAudit.verify(page: bytes).isSound)
    guard case .differs(let place) = try reprint(book, bytes) else {
      Issue.record("the forgery was not found")
      return
    }
    #expect(place.hasPrefix("from byte "))
  }

  @Test(arguments: [
    ("<figcaption><strong>Figure 1. </strong>Movement", "<figcaption><strong>Figure 1. </strong>Stillness"),
    ("texts <b>6</b>", "texts <b>600</b>"), ("The score is", "The great score is"),
  ])
  func whatIsForgedIsFoundFromTheRecordAlone(old: String, new: String) throws {
    let book = try PageBook()
    let page = try #require(try book.render(Self.text).0)
    // No model, no data, no store: the names are those of the record.
    let sound = PageReprint.fromRecord(page.bytes, manifest: page.manifest, book: Book())
    #expect(sound.reprint == .same)
    #expect(sound.taken == [])
    let bytes = try forged(page, old, new)
    guard case .differs = PageReprint.fromRecord(bytes, manifest: page.manifest, book: Book()).reprint else {
      Issue.record("the forgery was not found")
      return
    }
    // Another version claimed is no way around it.
    var older = page.manifest
    older.version = "0.0.1"
    guard case .differs = PageReprint.fromRecord(bytes, manifest: older, book: Book()).reprint else {
      Issue.record("the claim hid the forgery")
      return
    }
  }

  @Test func anExhibitWhoseResultIsNotThereIsTakenAsItStands() throws {
    let page = try #require(try PageBook().render("# T\n\n<<convergence n=6 id=fig-move>>\n").0)
    var manifest = page.manifest
    manifest.entries[0].result = nil
    let again = PageReprint.fromRecord(page.bytes, manifest: manifest, book: Book())
    #expect(again.reprint == .same)
    #expect(again.taken == ["fig-move"])
    let number = try #require(try PageBook().render("# T\n\nS = <<value convergence.score n=6>>.\n").0)
    manifest = number.manifest
    manifest.entries[0].result = nil
    let unknown = PageReprint.fromRecord(number.bytes, manifest: manifest, book: Book()).reprint
    #expect(unknown == .impossible("the page has the digest of this result only"))
  }

  @Test(arguments: [
    ("</main>", "<script>alert(1)</script></main>"), ("<main ", "<main onclick=\"alert(1)\" "),
    ("</main>", "<a href=\"java&#115;cript:alert(1)\">x</a></main>"),
    ("</main>", "<a href=\"javascript&colon;alert(1)\">x</a></main>"),
    ("</main>", "<a href=\"&Tab;javascript:alert(1)\">x</a></main>"),
    ("</main>", "<img src=\"https://example.org/x.png\"/></main>"), ("</main>", "<iframe></iframe></main>"),
    ("</style>", "@import \"x.css\";</style>"), ("<p>", "<p style=\"background:url(https://example.org)\">"),
    ("</main>", "<a href=\"javascript:alert(1)\">x</a></main>"), ("</main>", "<!-- --></main>"),
    ("</main>", "<p class='x'>y</p></main>"),
  ])
  func markupThatNoPageHasIsFoundWhateverMadeThePage(old: String, new: String) throws {
    let page = try #require(try PageBook().render(Self.text).0)
    #expect(PageAudit.verify(page: page.bytes).isSound)
    #expect(PageAudit.verify(page: try forged(page, old, new)).findings.map(\.code).contains(.page))
  }

  @Test func aPageThatCannotBeMadeAgainSaysWhy() throws {
    let book = try PageBook()
    let page = try #require(try book.render(Self.text).0)
    let elsewhere = try PageBook()
    guard case .impossible(let reason) = try reprint(elsewhere, page.bytes) else {
      Issue.record("an empty store gave a page")
      return
    }
    #expect(reason.hasPrefix("--frozen: the store has no result of"))
    #expect(try reprint(elsewhere, page.bytes, isFrozen: false) == .same)
  }

  @Test func settingsOfTheCommandLineArePartOfThePage() throws {
    let book = try PageBook()
    let path = book.directory.path + "/page.md"
    try Data("<<convergence>>\n".utf8).write(to: URL(fileURLWithPath: path))
    let template = try #require(
      ReportTemplate.read(path: path, book: book.book, settings: [("n", "4"), ("title", "T")]).0)
    let page = try #require(ReportRenderer(evaluator: book.evaluator(), version: "test").render(template).0)
    #expect(try PageManifest(page: page.bytes).settings.map(\.key) == ["n", "title"])
    #expect(try reprint(book, page.bytes) == .same)
  }

  @Test func numbersOfResultsKeptByDigestAreCheckedAgainstTheStore() throws {
    let book = try PageBook()
    let page = try #require(try book.render(Self.text).0)
    var manifest = page.manifest
    manifest.entries[0].result = nil
    let bare = Array(try bare(page).utf8)
    let store = ResultStore(directory: book.directory.path + "/store")
    let alone = PageAudit.verify(page: try manifest.seal(page: bare))
    #expect(alone.checkedPrinted == 0 && alone.uncheckedPrinted == 2 && alone.isSound)
    #expect(PageAudit.verify(page: try manifest.seal(page: bare), store: store).checkedPrinted == 2)
    manifest.entries[0].printed[0].text = "0.1234"
    let findings = PageAudit.verify(page: try manifest.seal(page: bare), store: store).findings
    #expect(findings.map(\.code).contains(.printed))
  }
}
