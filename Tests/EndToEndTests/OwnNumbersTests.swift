import Foundation
import JSONText
import Testing

/// Numbers of an author's own: read, drawn, reached, archived, verified.
@Suite struct OwnNumbersTests {
  private static let csv = """
    layer,model,accuracy,val loss
    0,a,0.10,3.5
    1,a,0.35,2.25
    0,b,0.20,3.0
    1,b,,2.0

    """

  private func book() throws -> BookFolder {
    let book = try BookFolder()
    try book.write(Self.csv, to: "book/results.csv")
    return book
  }

  @Test func aPageOfTheAuthorsOwnNumbers() throws {
    let book = try book()
    let outcome = try book.render(
      """
      <<plot results.csv x=layer y=accuracy by=model id=fig-own>>

      <<table results.csv columns="model,val loss" rows=2>>

      <<value plot.series[0].max results.csv x=layer y=accuracy by=model>> and
      <<expect table.columns.accuracy[2] results.csv = 0.20>>.
      """)
    #expect(outcome.status == 0, "\(outcome.errors)")
    let page = book.page()
    #expect(page.contains("<data value=\"0.35\""))
    #expect(page.contains("The first 2 of 4 rows; all of them are in <code>results.csv</code>."))
    #expect(page.contains("One place has no number."))
    #expect(try book.run("verify", "site/t.html", "--book", "book").status == 0)
    #expect(try book.run("verify", "site/t.html", "--recompute", "--book", "book").status == 0)
    // Elsewhere, where neither the book nor the file is.
    let alone = try book.run("verify", "site/t.html", "--seal-only", "--book", "none")
    #expect(alone.output.contains("what it shows is what the results in it give"), "\(alone.output)")
    try book.write(
      Data(page.replacing("0.350", with: "0.450").utf8).map { $0 }, to: "site/t.html")
    #expect(try book.run("verify", "site/t.html", "--book", "book").status == 1)
  }

  @Test func anotherFileIsAnotherResult() throws {
    let book = try book()
    let before = try JSON.parse(book.ask("<<table results.csv>>").output)
    try book.write(Self.csv.replacing("0.35", with: "0.36"), to: "book/results.csv")
    let after = try JSON.parse(book.ask("<<table results.csv>>").output)
    #expect(before["result"]?["columns"]?["accuracy"]?[1]?.doubleValue == 0.35)
    #expect(after["result"]?["columns"]?["accuracy"]?[1]?.doubleValue == 0.36)
  }

  @Test func aFileBesideTheTemplateComesFirst() throws {
    let book = try book()
    try book.write("x,y\n1,2\n", to: "book/deep/results.csv")
    try book.write("<<value table.rows results.csv>>", to: "book/deep/t.md")
    let outcome = try book.run("render", "book/deep/t.md")
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(book.page("deep/t").contains("<data value=\"1\""))
    #expect(try book.run("verify", "site/deep/t.html", "--book", "book").status == 0)
  }

  @Test(arguments: [
    ("<<plot results.csv x=layr y=accuracy by=model>>", "'results.csv' has no column 'layr'"),
    ("<<plot results.csv x=layer y=model>>", "'results.csv', line 2: 'model' is 'a', which is no number"),
    ("<<plot results.csv x=layer y=accuracy>>", "'results.csv', line 2 and line 4: both are at layer = 0"),
    ("<<plot results.csv x=layer>>", "'plot' needs 'y'"),
    ("<<table absent.csv>>", "no such file"), ("<<table layerbook.yaml>>", "is no table"),
    ("<<table broken.csv>>", "'broken.csv': 2:3: a quote is opened here and never closed"),
    ("<<value table.columns.acc[0] results.csv>>", "'table.columns' has no 'acc'"),
    ("<<value table.columns.model[0] results.csv>>", "is not one number"),
    ("<<expect table.columns.accuracy[0] results.csv > 0.5>>", "does not hold: found 0.1"),
  ])
  func checkFindsWhatRenderingWouldRefuse(directive: String, message: String) throws {
    let book = try book()
    try book.write("a,b\n1,\"x\n", to: "book/broken.csv")
    try book.write(directive, to: "book/t.md")
    let checked = try book.run("check", "book/t.md")
    #expect(checked.status == 2)
    #expect(checked.errors.contains(message), "\(checked.errors)")
    #expect(checked.errors.contains("book/t.md:1:"))
    #expect(try book.run("render", "book/t.md").status != 0)
  }

  @Test func theArchiveKeepsTheFile() throws {
    let book = try book()
    try book.write("<<table results.csv>>", to: "book/t.md")
    let outcome = try book.run("archive", "add", "--book", "book", "book/t.md")
    #expect(outcome.status == 0, "\(outcome.errors)")
    let kept = try #require(book.files(below: "archive").first { $0.hasSuffix("-results.csv") })
    #expect(book.bytes("archive/" + kept) == Data(Self.csv.utf8))
    #expect(try book.run("archive", "verify").status == 0)
  }
}
