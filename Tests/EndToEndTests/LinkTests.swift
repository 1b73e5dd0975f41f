import Foundation
import Testing

/// Symbolic links: followed where a user means them, refused where they would lead out of an archive.
@Suite struct LinkTests {
  private static func archived() throws -> BookFolder {
    let book = try BookFolder()
    #expect(try book.render(SmallReport.template(20)).status == 0)
    #expect(try book.archive().status == 0)
    return book
  }

  @Test func aLinkInAVersionIsFound() throws {
    let book = try Self.archived()
    let version = try #require(book.versions().first)
    try book.link("data/results/more.csv", below: "archive/t/\(version)", to: "/etc/hostname")
    let added = try book.run("archive", "verify")
    #expect(added.status == 1)
    #expect(added.errors.contains("t/0001: error: not a file: data/results/more.csv\n"), "\(added.errors)")
    try book.remove("archive/t/\(version)/data/results/more.csv")
    #expect(try book.run("archive", "verify").status == 0)
    // The very bytes that belong there, but kept elsewhere, where anyone may change them.
    let template = "archive/t/\(version)/data/template.md"
    try book.write(Array(try #require(book.bytes(template))), to: "elsewhere.md")
    try book.remove(template)
    try book.link("data/template.md", below: "archive/t/\(version)", to: book.path + "/elsewhere.md")
    let replaced = try book.run("archive", "verify")
    #expect(replaced.status == 1)
    #expect(replaced.errors.contains("t/0001: error: not a file: data/template.md\n"), "\(replaced.errors)")
    #expect(replaced.output == "t/0001: 1 contradiction\n")
  }

  @Test func aLinkedFolderInAVersionIsFound() throws {
    let book = try Self.archived()
    let results = "archive/t/\(try #require(book.versions().first))/data/results"
    try FileManager.default.moveItem(atPath: "\(book.path)/\(results)", toPath: book.path + "/elsewhere")
    try book.link(results, below: ".", to: book.path + "/elsewhere")
    let report = try book.run("archive", "verify")
    #expect(report.status == 1)
    #expect(report.errors.contains("error: not a file: data/results\n"), "\(report.errors)")
    #expect(report.errors.contains("error: missing: data/results/fig-1.json\n"), "\(report.errors)")
  }

  @Test func nothingIsArchivedThroughALink() throws {
    let book = try Self.archived()
    try FileManager.default.moveItem(atPath: book.path + "/archive/t", toPath: book.path + "/elsewhere")
    let before = book.files(below: "elsewhere")
    try book.link("t", below: "archive", to: book.path + "/elsewhere")
    try book.write(SmallReport.template(20, title: "Another"), to: "book/t.md")
    let outcome = try book.archive()
    #expect(outcome.status == 1)
    #expect(outcome.errors == "error: cannot archive into 'archive/t': it is a link, not a folder\n")
    #expect(book.files(below: "elsewhere") == before)
    #expect(try book.run("archive", "list").output == "")
  }

  @Test func aLinkedTemplateBelongsToTheBookItStandsIn() throws {
    let book = try BookFolder()
    let page = try book.undisturbedPage(SmallReport.template(20))
    try book.write(SmallReport.template(20), to: "elsewhere/real.md")
    try book.remove("book/t.md")
    try book.link("t.md", below: "book", to: "../elsewhere/real.md")
    #expect(try book.renderAgain().status == 0)
    #expect(book.bytes("site/t.html") == page)
    #expect(try book.archive().output.hasPrefix("archive/t/0001-"))
    // A link where a page belongs is replaced, and what it points to is left alone.
    try book.write("old", to: "elsewhere/page.html")
    try book.remove("site/t.html")
    try book.link("t.html", below: "site", to: "../elsewhere/page.html")
    #expect(try book.renderAgain().status == 0)
    #expect(book.bytes("elsewhere/page.html") == Data("old".utf8))
    #expect(book.bytes("site/t.html") == page)
    #expect(throws: (any Error).self) {
      try FileManager.default.destinationOfSymbolicLink(atPath: book.path + "/site/t.html")
    }
    #expect(book.files(below: "elsewhere") == ["page.html", "real.md"])
    // A link to nothing is a template that is not there.
    try book.remove("elsewhere/real.md")
    let dangling = try book.renderAgain()
    #expect(dangling.status == 2)
    #expect(dangling.errors.contains("cannot read the template: cannot open 'book/t.md': no such file or directory"))
    #expect(book.bytes("site/t.html") == page)
  }

  @Test func linksThatLeadBackEnd() throws {
    let book = try BookFolder()
    try book.write("# A\n", to: "book/a.md")
    try book.write("# B\n", to: "book/inner/b.md")
    try book.write("# C\n", to: "elsewhere/c.md")
    // Two of them would double the templates at every step.
    for name in ["back", "again"] { try book.link(name, below: "book", to: ".") }
    try book.link("up", below: "book/inner", to: "..")
    try book.link("linked", below: "book", to: "../elsewhere")
    #expect(try book.run("check", "--book", "book").output == "3 templates, 0 directives, no faults\n")
    #expect(try book.run("render", "--book", "book").status == 0)
    let pages = book.files(below: "site").filter { $0.hasSuffix(".html") }
    #expect(pages == ["a.html", "index.html", "inner/b.html", "linked/c.html"])
  }
}

extension BookFolder {
  /// Makes a symbolic link.
  func link(_ name: String, below folder: String, to target: String) throws {
    try FileManager.default.createSymbolicLink(atPath: "\(path)/\(folder)/\(name)", withDestinationPath: target)
  }
}
