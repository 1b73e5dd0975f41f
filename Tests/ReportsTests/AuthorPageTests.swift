import Blocks
import Diagnostics
import Files
import Foundation
import Reports
import Results
import TestSupport
import Testing

/// Pages of templates that name files beside themselves: what they carry, that they are made again, what a forger finds.
@Suite struct AuthorPageTests {
  private let svg = """
    <svg xmlns="http://www.w3.org/2000/svg" width="20" height="10"><rect width="9" height="9" onclick="x()"/></svg>
    """
  private let bibliography = "@misc{sun, author = {Sun, Li}, title = {One}, year = 2024, doi = {10.1/x}}"

  private func book() throws -> PageBook {
    let book = try PageBook()
    try AtomicFile.write(Array(svg.utf8), to: book.directory.path + "/pic.svg")
    try AtomicFile.write(Array(bibliography.utf8), to: book.directory.path + "/refs.bib")
    try AtomicFile.write(Array("A part by {who} [@sun].\n".utf8), to: book.directory.path + "/_part.md")
    try AtomicFile.write(Array("# x\n".utf8), to: book.directory.path + "/other.md")
    return book
  }

  private let template = """
    ---
    bibliography: refs.bib
    params: {who: us}
    ---
    $$a^2$$ {#eq-a}

    ![A box](pic.svg "The box"){#fig-b}

    | a |
    |---|
    | $x$ |
    : Caption {#tbl-c}

    <<include _part.md>>

    <<ref eq-a>>, <<ref fig-b>>, <<ref tbl-c>>, <<equation movement id=eq-m>> [o](other.md)

    """.replacing(" <<equation movement id=eq-m>>", with: "").replacing(
      "[o](other.md)\n", with: "[o](other.md)\n\n<<equation movement id=eq-m>>\n\nSee <<ref eq-m>>.\n")

  @Test func everythingIsNumberedAndCarried() throws {
    let book = try book()
    let (page, faults) = try book.render(template)
    #expect(!faults.hasErrors, "\(faults)")
    let html = String(decoding: try #require(page).bytes, as: UTF8.self)
    for text in [
      ">Equation (1)</a>", ">Equation (2)</a>", ">Figure 1</a>", ">Table 1</a>", "A part by us (<a href=\"#ref-sun\"",
      "https://doi.org/10.1/x", "href=\"other.html\"", "<strong>Figure 1. </strong>The box",
    ] { #expect(html.contains(text), "\(text)") }
    #expect(page?.manifest.attachments.map(\.path) == ["_part.md", "pic.svg", "refs.bib"])
    #expect(page?.files.archived.map(\.path) == ["_part.md", "pic.svg", "refs.bib"])
    #expect(!html.contains("onclick"))
    #expect(try book.template(template).1.contains { $0.message.contains("left out of the image 'pic.svg': onclick") })
    // A file that changes makes another page.
    try AtomicFile.write(Array(svg.replacing("9", with: "8").utf8), to: book.directory.path + "/pic.svg")
    #expect(try book.render(template).0?.bytes != page?.bytes)
  }

  @Test func aPageIsMadeAgainWithoutItsFiles() throws {
    let book = try book()
    let page = try #require(try book.render(template).0)
    #expect(PageAudit.verify(page: page.bytes).findings == [])
    for name in ["pic.svg", "refs.bib", "_part.md", "other.md"] {
      try FileManager.default.removeItem(atPath: book.directory.path + "/" + name)
    }
    let manifest = try PageManifest(page: page.bytes)
    let again = PageReprint.compare(
      page.bytes, manifest: manifest, book: book.book, evaluator: book.evaluator(isFrozen: true))
    #expect(again.reprint == .same)
    #expect(PageReprint.fromRecord(page.bytes, manifest: manifest, book: book.book).reprint == .same)
  }

  @Test func forgedImagesPartsAndWorksAreFound() throws {
    let book = try book()
    let page = try #require(try book.render(template).0)
    let manifest = try PageManifest(page: page.bytes)
    func sealed(_ change: (String) -> String, _ edit: (inout PageManifest) -> Void = { _ in }) throws -> [UInt8] {
      var forged = manifest
      edit(&forged)
      let around = String(decoding: try PageManifest.surroundings(of: page.bytes), as: UTF8.self)
      return try forged.seal(page: Array(change(around).utf8))
    }
    func verdict(_ page: [UInt8]) throws -> Bool {
      guard PageAudit.verify(page: page).isSound else { return false }
      let manifest = try PageManifest(page: page)
      return PageReprint.fromRecord(page, manifest: manifest, book: book.book).reprint == .same
    }
    #expect(try verdict(try sealed { $0 }))
    let other = Data("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"20\" height=\"10\"><g/></svg>".utf8)
    let hostile = Data("<svg xmlns=\"http://www.w3.org/2000/svg\"><script>x</script></svg>".utf8)
    for bytes in [other, hostile] {
      let forged = try sealed { page in
        page.replacing(/src="data:[^"]*"/, with: "src=\"data:image/svg+xml;base64,\(bytes.base64EncodedString())\"")
      }
      #expect(try !verdict(forged))
    }
    #expect(try !verdict(try sealed { $0.replacing("alt=\"A box\"", with: "alt=\"\"") }))
    #expect(try !verdict(try sealed { $0.replacing("A part by us", with: "A part by them") }))
    #expect(try !verdict(try sealed { $0.replacing("Sun, L. (2024)", with: "Moon, L. (2024)") }))
    #expect(try !verdict(try sealed({ $0 }) { $0.attachments[0].text = "Nothing" }))
    #expect(try !verdict(try sealed({ $0 }) { $0.attachments.removeAll() }))
  }

  @Test func conditionsAreDecidedByNumbersAndEveryBranchIsChecked() throws {
    let book = try book()
    let high = "<<if convergence.score n=4 > -1>>\n\nhigh\n\n<<else>>\n\nlow\n\n<<end>>\n"
    let (page, faults) = try book.render("# a\n\n" + high)
    let html = String(decoding: page?.bytes ?? [], as: UTF8.self)
    #expect(faults.isEmpty && html.contains("high") && !html.contains("<p>low"))
    let (other, _) = try book.render("# a\n\n" + high.replacing("> -1", with: "> 2"))
    let low = try #require(other)
    #expect(String(decoding: low.bytes, as: UTF8.self).contains("<p>low</p>"))
    #expect(PageAudit.verify(page: low.bytes).findings == [])
    let manifest = try PageManifest(page: low.bytes)
    #expect(PageReprint.fromRecord(low.bytes, manifest: manifest, book: book.book).reprint == .same)
    // A fault in the branch that is not taken, and one in a condition.
    let wrong = try book.template(high.replacing("low", with: "<<convergense>>")).1
    #expect(wrong.map(\.message) == ["unknown directive 'convergense'"])
    #expect(try book.template("<<if convergence.scor > 1>>x<<end>>").1.first?.message.contains("scor") == true)
    #expect(try book.template("<<if convergence.score>>x<<end>>").1.first?.message.contains("needs a claim") == true)
  }

  @Test func loopsRunOverModelsAndFaultsInPartsStandThere() throws {
    let book = try book()
    let (page, faults) = try book.render(
      "<<each model=small>>\n## {model}\n\nscore <<value convergence.score {model} n=4>>, <<ref fig-{model}>>\n\n"
        + "<<convergence {model} n=4 id=fig-{model}>>\n<<end>>\n")
    #expect(faults.isEmpty, "\(faults)")
    #expect(page?.exhibits == 1 && page?.manifest.entries.isEmpty == false)
    try AtomicFile.write(Array("x\n\n<<convergense>>\n".utf8), to: book.directory.path + "/_bad.md")
    let fault = try book.template("a\n\n<<include _bad.md>>\n").1.first
    #expect(fault?.headline.hasSuffix("/_bad.md:3:3: error: unknown directive 'convergense'") ?? false)
    let escape = try book.template("<<include ../../../etc/passwd>>\n").1.first
    #expect(escape?.message.contains("leads out of the book's folder") == true)
  }

  /// One list for all that a page cites, at the end of its text.
  @Test func captionsFindingAndAbstractCite() throws {
    let book = try book()
    let bibliography = """
      @misc{sun, author = {Sun, Li}, title = {One}, year = 2024}
      @misc{sun2, author = {Sun, Li}, title = {Two}, year = 2024}
      @misc{ng, author = {Ng, A}, title = {Three}, year = 2020}
      """
    try AtomicFile.write(Array(bibliography.utf8), to: book.directory.path + "/refs.bib")
    let (page, faults) = try book.render(
      """
      ---
      bibliography: refs.bib
      finding: As @sun says.
      abstract: Text [-@sun].
      ---
      No work here.

      <<convergence n=6 caption="After [see @sun2, p. 3]" id=fig-a>>
      """)
    #expect(!faults.hasErrors, "\(faults)")
    let bytes = try #require(page).bytes
    let html = String(decoding: bytes, as: UTF8.self)
    for text in [
      "<p>As Sun (<a href=\"#ref-sun\" role=\"doc-biblioref\">2024a</a>) says.</p>",
      "Text (<a href=\"#ref-sun\" role=\"doc-biblioref\">2024a</a>).",
      "After (see <a href=\"#ref-sun2\" role=\"doc-biblioref\">Sun, 2024b</a>, p. 3)", "<li id=\"ref-sun\">",
      "<li id=\"ref-sun2\">", ".references{",
    ] { #expect(html.contains(text), "\(text)") }
    #expect(html.components(separatedBy: "class=\"references\"").count == 2)
    #expect(!html.contains("ref-ng"))
    #expect(PageAudit.verify(page: bytes).findings == [])
    let manifest = try PageManifest(page: bytes)
    #expect(PageReprint.fromRecord(bytes, manifest: manifest, book: book.book).reprint == .same)
    let wrong = try book.template(
      "---\nbibliography: refs.bib\nfinding: As @sun and [@sum] say.\n---\n<<convergence n=6 caption=\"[@ng2]\">>\n"
    ).1
    #expect(wrong.map(\.message) == ["no work has the key 'sum'", "no work has the key 'ng2'"])
  }

  @Test(arguments: ["@you", "a@sun24.org", "`@sun24`", "\\@sun24", "<https://x.org/@sun24>", "5@24"])
  func whatIsNoKeyStays(text: String) throws {
    #expect(try book().template("---\nbibliography: refs.bib\n---\na \(text)\n").1.map(\.message) == [])
  }

  @Test func linksLeadToWhatThePageHas() throws {
    let text = """
      ---
      finding: see [x](#nop)
      bibliography: refs.bib
      ---
      # Part one

      ## 章 二

      [a](#part-one) [b](#章-二) [c](#%E7%AB%A0-%E4%BA%8C) [d](#text) [e](#top) [f](#) [g](#tbl-x) [h](#ref-sun)
      [i](#references) [j](#fig-a) [k](#footnote-1), [@sun] and [l](#nope) [m](#part-one "t").[^1]

      | a [n](#tbl-y) |
      |---|
      : Caption {#tbl-x}

      <<convergence n=6 id=fig-a>>

      [^1]: one
      """
    let faults = try book().template(text).1
    #expect(faults.map(\.message) == ["nop", "nope", "tbl-y"].map { "nothing on this page has the id '\($0)'" })
    #expect(faults.map { $0.position?.line } == [2, 10, 12])
  }

  @Test func linksLeadToWhatOtherPagesHave() throws {
    let book = try book()
    let folder = book.directory.path
    try AtomicFile.write(Array("# Part\n\n<<include _p.md>>\n\n[back](part.md#part)\n".utf8), to: folder + "/part.md")
    try AtomicFile.write(Array("![a](pic.svg){#fig-a}\n".utf8), to: folder + "/_p.md")
    let branch = "<<if convergence.score n=6 > 0.5>>\n# A\n<<end>>\n"
    try AtomicFile.write(Array(branch.utf8), to: folder + "/branch.md")
    let faults = try book.template(
      "[a](part.md#part) [b](part.md#fig-a) [c](part.md#prat) [d](branch.md#a) [e](branch.md#b)\n"
    ).1
    #expect(faults.map(\.message) == ["nothing on the page of 'part.md' has the id 'prat'"])
    #expect(faults.first?.hints == ["did you mean 'part'?"] && faults.first?.position?.column == 42)
  }

  @Test(arguments: [
    ("---\nbibliography: reffs.bib\n---\nx", "no file 'reffs.bib'", "did you mean 'refs.bib'?"),
    ("---\nbibliography: refs.bib\n---\n[@suun]", "no work has the key 'suun'", "did you mean 'sun'?"),
    ("---\nbibliography: refs.bib\n---\nAs @sun24 says", "no work has the key 'sun24'", "did you mean 'sun'?"),
    (
      "x [@sun]", "'[@sun]' cites a work where there is no bibliography",
      "name a file in the front matter: bibliography: references.bib"
    ),
    ("![a](pic.svgg)", "no file 'pic.svgg'", "did you mean 'pic.svg'?"),
    (
      "---\nlang: fr\n---\nx", "'lang' must be en or ja, found 'fr'",
      "labels and captions exist in English and Japanese only"
    ),
    ("# Part\n\n[x](#prat)", "nothing on this page has the id 'prat'", "did you mean 'part'?"),
    ("[x](othr.md)", "no template 'othr.md' to link to", "did you mean 'other.md'?"),
    ("![a](/etc/passwd)", "'/etc/passwd' is no path relative to the template", ""),
  ])
  func whatIsNotThereIsSaid(text: String, message: String, hint: String) throws {
    let faults = try book().template(text).1
    #expect(faults.first?.message == message)
    if !hint.isEmpty { #expect(faults.first?.hints.first == hint) }
  }
}
