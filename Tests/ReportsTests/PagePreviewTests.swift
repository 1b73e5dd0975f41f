import Foundation
import FoundationXML
import Reports
import Testing

/// What stands beside the last good page when a template has faults.
@Suite struct PagePreviewTests {
  @Test func faultStandsAtItsDirective() throws {
    let html = try PageBook().preview("<<convergense>>\n\nText & more.\n\n<<convergence n=6>>\n")
    #expect(html.contains("<title>Preview: page</title>"))
    #expect(html.contains("This is a preview, not a report: 1 error"))
    #expect(html.contains("<code>&lt;&lt;convergense&gt;&gt;</code><pre>unknown directive 'convergense'"))
    // A typing error must not start an engine.
    #expect(html.contains("<pre>not computed yet</pre>"))
    #expect(html.contains("Text &amp; more."))
  }

  @Test func previewIsWellFormed() throws {
    let html = try PageBook().preview(
      "<<convergence caption=\"<script>]]>\" n=x>>\n\nA <<value convergence.nothing>>\n")
    #expect(XMLParser(data: Data(html.utf8)).parse())
    #expect(!html.contains("<script>"))
  }

  @Test func failedClaimSaysWhatWasExpectedAndFound() throws {
    let book = try PageBook()
    let text = "The score is <<value convergence.score n=6 expect=\"> 2\">>.\n"
    let (page, faults) = try book.render(text)
    #expect(page == nil)
    let fault = try #require(faults.first)
    #expect(fault.message.contains("the claim convergence.score > 2 does not hold: expected > 2, found 0."))
    #expect(fault.message.contains("from <<convergence small dataset=texts"))
    #expect(fault.message.contains("(model small "))
    #expect(fault.message.contains(", data texts "))
    #expect(fault.position?.line == 1)
    #expect(try book.preview(text).contains("class=\"directive-error\""))
  }

  @Test func claimThatHoldsIsShownAsChecked() throws {
    let page = try PageBook().render("The score is <<value convergence.score n=6 expect=\"> 0\">>.\n").0
    let html = String(decoding: try #require(page).bytes, as: UTF8.self)
    #expect(html.contains("class=\"claim pass\""))
  }
}
