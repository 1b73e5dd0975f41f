import Foundation
import Reports
import Results
import TestSupport
import Testing

/// The lists of a site's reports.
@Suite struct SiteIndexTests {
  /// A page of one figure, as a template of a book gives it.
  private static func page(_ title: String, language: String = "en") throws -> [UInt8] {
    let text = """
      ---
      title: \(title)
      lang: \(language)
      finding: The score is <<expect convergence.score n=6 > 0.1>>, see <<ref fig-move>>.
      ---
      # T

      <<convergence n=6 id=fig-move>>

      <<equation convergence>>

      <<convergence n=6 as=table>>
      """
    return try #require(try PageBook().render(text).0).bytes
  }

  @Test func aCardHasFindingNumbersAndFigure() throws {
    let index = SiteIndex(pages: [(path: "a.html", bytes: try Self.page("A & B"))], version: "1", theme: "")
    #expect(index.lists.map(\.path) == ["index.html"])
    let html = String(decoding: index.lists[0].bytes, as: UTF8.self)
    let reader = PageReader(html)
    #expect(reader.isWellFormed && reader.doubledIDs.isEmpty && reader.danglingReferences.isEmpty)
    #expect(html.contains("<h2><a href=\"a.html\">A &amp; B</a></h2>"))
    #expect(html.contains("1 report, 2 figures and tables, 1 claim checked"))
    #expect(html.contains(" convergence.score &gt; 0.1</li>"))
    // The finding's sentence has neither buttons nor links, which lead nowhere on this page.
    #expect(reader.elements["button"] == nil)
    #expect(html.contains(" see Figure 1.</p>"))
    #expect(reader.elements["svg"] == 1 && reader.elements["desc"] == nil)
    #expect(html.contains("<svg aria-hidden=\"true\""))
    // At the size of a card no word in it could be read.
    #expect(reader.elements["text"] == nil)
  }

  @Test func editionsAreOneReport() throws {
    let pages = [
      (path: "a.html", bytes: try Self.page("A")), (path: "b.html", bytes: try Self.page("B")),
      (path: "ja/a.html", bytes: try Self.page("あ", language: "ja")),
    ]
    let index = SiteIndex(pages: pages, version: "1", theme: "")
    #expect(index.count == 2)
    #expect(index.lists.map(\.path) == ["index.html", "ja/index.html"])
    let (english, japanese) = (
      String(decoding: index.lists[0].bytes, as: UTF8.self), String(decoding: index.lists[1].bytes, as: UTF8.self)
    )
    #expect(english.contains("<a class=\"edition\" href=\"ja/a.html\" hreflang=\"ja\" lang=\"ja\">日本語</a>"))
    #expect(english.contains("<link rel=\"alternate\" hreflang=\"ja\" href=\"ja/index.html\"/>"))
    #expect(japanese.contains("<h2><a href=\"a.html\">あ</a></h2>"))
    #expect(japanese.contains("<li lang=\"en\">") && japanese.contains("<h2><a href=\"../b.html\">B</a></h2>"))
    #expect(SiteIndex.pages(of: index.lists[0].bytes) == ["a.html", "b.html", "ja/a.html"])
    #expect(SiteIndex.pages(of: index.lists[1].bytes) == ["a.html", "../b.html", "../a.html"])
    // Whatever the order in which pages are found.
    #expect(SiteIndex(pages: pages.reversed(), version: "1", theme: "").lists.map(\.bytes) == index.lists.map(\.bytes))
  }

  /// A page that was altered could bring a script into the list.
  @Test func whatNoPageHasIsNotTaken() throws {
    let page = String(decoding: try Self.page("A"), as: UTF8.self)
    let forged = page.replacingOccurrences(of: "</h1>", with: "<script>alert(1)</script></h1>")
    #expect(SiteIndex(pages: [(path: "a.html", bytes: Array(forged.utf8))], version: "1", theme: "").lists.isEmpty)
    #expect(
      SiteIndex(pages: [(path: "a.html", bytes: Array("<h1>A</h1>".utf8))], version: "1", theme: "").lists.isEmpty)
  }

  @Test func linksToOtherPagesArePartOfThePage() throws {
    let book = try PageBook()
    let (template, _) = try book.template("# T\n\n<<convergence n=6>>\n")
    let renderer = ReportRenderer(evaluator: book.evaluator(), version: "test")
    renderer.site = PageManifest.Site(
      index: "../index.html", editions: [.init(language: "ja", address: "../ja/a.html")])
    let page = try #require(renderer.render(template).0)
    let html = String(decoding: page.bytes, as: UTF8.self)
    #expect(html.contains("<a href=\"../index.html\">All reports</a>"))
    #expect(html.contains("<a href=\"../ja/a.html\" hreflang=\"ja\" lang=\"ja\">日本語</a>"))
    #expect(html.contains("<link rel=\"alternate\" hreflang=\"ja\" href=\"../ja/a.html\"/>"))
    #expect(PageAudit.verify(page: page.bytes).isSound)
    let again = PageReprint.compare(
      page.bytes, manifest: try PageManifest(page: page.bytes), book: book.book,
      evaluator: book.evaluator(isFrozen: true))
    #expect(again.reprint == .same)
  }

  @Test(arguments: [
    "<link rel=\"stylesheet\" href=\"x.css\"/>", "<link rel=\"alternate\" hreflang=\"ja\" href=\"javascript:x\"/>",
    "<button formaction=\"https://example.org\">x</button>", "<button onclick=\"x\">y</button>",
  ])
  func linksAndButtonsDoNothingElse(markup: String) throws {
    let page = try #require(try PageBook().render("# T\n\n<<convergence n=6>>\n").0)
    let text = String(decoding: page.bytes, as: UTF8.self).replacingOccurrences(of: "</main>", with: markup + "</main>")
    #expect(
      PageAudit.verify(page: Array(text.utf8)).findings.contains {
        $0.code == .page && "\($0)".contains("which no page has")
      })
  }
}
