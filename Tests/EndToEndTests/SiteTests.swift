import Files
import Foundation
import Testing

/// The site that several templates make together.
@Suite struct SiteTests {
  private func book() throws -> BookFolder {
    let book = try BookFolder()
    try book.write(
      "---\ntitle: A\nfinding: S is <<value convergence.score n=6>>.\n---\n# T\n\n<<convergence n=6>>\n",
      to: "book/a.md")
    try book.write("---\ntitle: あ\nlang: ja\n---\n# T\n\n<<convergence n=6>>\n", to: "book/ja/a.md")
    return book
  }

  @Test func renderEndsByNamingTheList() throws {
    let book = try book()
    let all = try book.run("render", "--book", "book", "--out", "site")
    #expect(all.status == 0, "\(all.errors)")
    #expect(all.output.hasSuffix("\nsite/index.html  1 report\n"))
    let list = book.page("index")
    #expect(list.contains("href=\"a.html\"") && list.contains("href=\"ja/a.html\""))
    #expect(book.page("ja/a").contains("href=\"../a.html\" hreflang=\"en\""))
    // One page alone says the same as with the others, and the list stays whole.
    let one = try book.run("render", "book/a.md", "--out", "site")
    #expect(one.output.hasPrefix("site/a.html is up to date\n"))
    #expect(book.page("index") == list)
  }

  @Test func theListIsVerifiedFromItsPages() throws {
    let book = try book()
    _ = try book.run("render", "--book", "book", "--out", "site")
    for list in ["site/index.html", "site/ja/index.html", "site/a.html", "site/ja/a.html"] {
      let sound = try book.run("verify", list, "--book", "book")
      #expect(sound.status == 0, "\(list) \(sound.output) \(sound.errors)")
    }
    try book.write(book.page("index").replacingOccurrences(of: "S is", with: "S was"), to: "site/index.html")
    let forged = try book.run("verify", "site/index.html", "--book", "book")
    #expect(forged.status == 1)
    #expect(forged.errors.contains("the list is not what the pages that it names give"))
  }

  /// A render that remembers what the lists were made of makes them again where they, or what they show, have changed.
  @Test func listsFollowTheirPagesThoughTheyAreRemembered() throws {
    let book = try book()
    func render() throws { #expect(try book.run("render", "--book", "book", "--out", "site").status == 0) }
    try render()
    let list = book.page("index")
    try book.write(list.replacingOccurrences(of: "S is", with: "S was"), to: "site/index.html")
    try render()
    #expect(book.page("index") == list)
    try book.write("---\ntitle: B\n---\n# T\n\nMore.\n\n<<convergence n=6>>\n", to: "book/a.md")
    try render()
    #expect(book.page("index").contains(">B</a>") && !book.page("index").contains("S is"))
    // What no list shows changes no list.
    let before = try fileStatus(book.path + "/site/index.html")
    try book.write("---\ntitle: B\n---\n# T\n\nOther words.\n\n<<convergence n=6>>\n", to: "book/a.md")
    try render()
    #expect(try fileStatus(book.path + "/site/index.html") == before)
    try FileManager.default.removeItem(atPath: book.path + "/site/ja/a.html")
    #expect(try book.run("render", "book/a.md", "--out", "site").status == 0)
    #expect(!book.page("index").contains("ja/a.html\" hreflang"))
  }

  @Test func aBookOfOneTemplateHasNoList() throws {
    let book = try BookFolder()
    let outcome = try book.render("# T\n\n<<convergence n=6>>\n")
    #expect(outcome.status == 0)
    #expect(!outcome.output.contains("index.html"))
  }

  @Test func aCurveIsAskedForAsNumbers() throws {
    let book = try BookFolder()
    let lines = try book.run("ask", "--book", "book", "<<spark convergence.distance n=6>>")
    #expect(lines.output.split(separator: "\n").count == 8)
    let json = try book.run("ask", "--book", "book", "spark convergence.distance n=6", "--format", "json")
    #expect(json.output.contains("\"values\": ["))
    let wrong = try book.run("ask", "--book", "book", "spark convergence.score n=6")
    #expect(wrong.status == 2 && wrong.errors.contains("is no list of numbers"))
  }
}
