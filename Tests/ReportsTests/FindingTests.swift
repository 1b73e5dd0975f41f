import Foundation
import FoundationXML
import Reports
import TestSupport
import Testing

/// What a page says first, and how its numbers open.
@Suite struct FindingTests {
  static let text = """
    ---
    title: Movement
    finding: >
      The score is <<value convergence.score n=6 digits=2>>, and the last movement stays below one half
      (<<expect convergence.distance[-1] n=6 < 0.5>>).
    abstract: It moves by <<value convergence.distance[0] n=6>> at first, <<spark convergence.distance n=6>>.
    ---
    # Text

    Again <<value convergence.score n=6 digits=4>>.
    """

  private func page(_ text: String) throws -> String {
    let (page, faults) = try PageBook().render(text)
    #expect(faults.isEmpty, "\(faults)")
    return String(decoding: try #require(page).bytes, as: UTF8.self)
  }

  @Test func findingAndAbstractCarryNumbers() throws {
    let html = try page(Self.text)
    let reader = PageReader(html)
    #expect(reader.isWellFormed && reader.doubledIDs.isEmpty && reader.danglingReferences.isEmpty)
    let box = try #require(
      html.split(separator: "<section class=\"finding\">").last?.split(separator: "</section>").first)
    #expect(box.contains("<h2>Finding</h2><p>The score is"))
    #expect(box.contains("class=\"claim pass\""))
    #expect(reader.elements["data"] == 4)
    #expect(html.contains("<meta name=\"description\" content=\"The score is 0."))
    #expect(html.contains("<meta property=\"og:title\" content=\"Movement\"/>"))
    #expect(PageAudit.verify(page: Array(html.utf8)).isSound)
  }

  /// One row of one result for all its numbers, with every digit, its directive and its digests.
  @Test func numbersOpenTheRowOfTheirResult() throws {
    let html = try page(Self.text)
    #expect(html.components(separatedBy: "popovertarget=\"r\u{B7}0\"").count == 6)
    let row = try #require(
      html.split(separator: "<li id=\"r\u{B7}0\" popover=\"\">").last?.split(separator: "</li>").first)
    let exact = try #require(html.firstMatch(of: /<data value="([0-9.]+)">/)?.1)
    #expect(exact.count > 8)
    #expect(row.contains("<p>convergence.score <b>\(exact)</b></p>"))
    #expect(row.contains("(&lt; 0.5)</b>"))
    #expect(row.contains("&lt;&lt;convergence small dataset=texts"))
    #expect(row.contains("engine convergence"))
  }

  @Test func aNumberHasOneLineForAllThatIsClaimedOfIt() throws {
    let score = "convergence.score n=6"
    let html = try page("# T\n\n<<value \(score)>> <<expect \(score) > 0.1>> <<expect \(score) < 2>>.\n")
    let line = try #require(html.firstMatch(of: /<p>convergence\.score <b>[0-9.]+ (.*?)<\/b><\/p>/)?.1)
    #expect(line == "(&gt; 0.1) (&lt; 2)")
    #expect(html.components(separatedBy: "<p>convergence.score <b>").count == 2)
  }

  /// A line may end at a button, but not between a bracket and its number.
  @Test func marksStayWithTheirNumber() throws {
    let html = try page("# T\n\nA (<<value convergence.score n=6>>), <<value convergence.score n=6>> b.\n")
    #expect(html.contains("A <span class=\"w\">(<button class=\"n\" "))
    #expect(html.contains("</data></button>),</span> <button class=\"n\" "))
    #expect(html.contains("</data></button> b.</p>"))
  }

  @Test func theCurveHasItsValuesInWords() throws {
    let html = try page(Self.text)
    let curve = try #require(html.firstMatch(of: /<svg [^>]*class="plot spark c0"[^>]*>/)?.0)
    #expect(curve.contains("role=\"img\" aria-label=\"convergence.distance: 0."))
    #expect(curve.split(separator: ", ").count == 8)
  }

  @Test func aClaimInTheFindingIsChecked() throws {
    let (page, faults) = try PageBook().render(
      "---\nfinding: The score is <<expect convergence.score n=6 > 2>>.\n---\n# T\n")
    #expect(page == nil)
    let fault = try #require(faults.first)
    #expect(fault.message.hasPrefix("the claim convergence.score > 2 does not hold"))
    #expect(fault.headline.contains("page.md:2:"))
  }

  @Test(arguments: [
    ("finding: A <<value convergense.score>>.", 2, 20, "unknown directive 'convergense'"),
    ("finding: >\n  One line,\n  <<value convergence.skore n=6>>.", 4, 11, "'convergence' has no 'skore'"),
    ("abstract: A <<spark convergence.score n=6>>.", 2, 21, "'convergence.score' is no list of numbers"),
    (
      "finding: <<convergence n=6>>", 2, 10,
      "<<convergence>> is a figure or a table: the finding takes words and numbers"
    ),
    ("title: <<value convergence.score>>", 2, 8, "directives are not looked for in titles"),
  ])
  func faultsStandAtTheirPlace(matter: String, line: Int, column: Int, message: String) throws {
    let (_, faults) = try PageBook().template("---\n\(matter)\n---\n# T\n")
    let fault = try #require(faults.first)
    #expect(fault.message == message)
    #expect(fault.position?.line == line && fault.position?.column == column)
  }

  @Test func citationAndRunningTitle() throws {
    let html = try page(
      "---\ntitle: A \"b\" \\ </style>&c\nauthors: [A. B., C]\ndate: 2026-11-21\nabstract: Words.\n---\n# T\n")
    #expect(XMLParser(data: Data(html.utf8)).parse())
    for name in [
      "citation_author\" content=\"A. B.", "citation_author\" content=\"C", "citation_language\" content=\"en",
    ] {
      #expect(html.contains("<meta name=\"\(name)\"/>"))
    }
    #expect(html.contains("<meta name=\"citation_publication_date\" content=\"2026/11/21\"/>"))
    #expect(html.contains("@page{@top-left{content:\"A \u{201D}b\u{201D} \u{2216} \u{2039}/style\u{203A}\u{FF06}c\"}}"))
    #expect(PageAudit.verify(page: Array(html.utf8)).isSound)
  }
}
