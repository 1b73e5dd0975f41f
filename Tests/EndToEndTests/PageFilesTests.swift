import Foundation
import Testing

/// The files beside a page: there with it, the same each time, gone when their exhibit goes.
@Suite struct PageFilesTests {
  private static let csv = "x,y\n" + (0..<60).map { "\($0),\($0 * 2)\n" }.joined()

  @Test func everyExhibitHasItsNumbersAndItsDrawing() throws {
    let book = try BookFolder()
    try book.write(Self.csv, to: "book/own.csv")
    let template = """
      <<convergence n=5 id=fig-a>>

      <<table own.csv rows=3 id=tbl-b>>

      <<convergence n=5>> <<plot own.csv y=y>>
      """
    #expect(try book.render(template).status == 0)
    let names = book.files(below: "site/t.files")
    #expect(names.count == 7)
    #expect(names.contains("fig-a.csv") && names.contains("fig-a.svg") && names.contains("tbl-b.csv"))
    for name in names { #expect(book.page().contains("href=\"t.files/\(name)\"")) }
    // The whole table, though three rows of it are shown.
    let numbers = String(decoding: try #require(book.bytes("site/t.files/tbl-b.csv")), as: UTF8.self)
    #expect(numbers.split(whereSeparator: \.isNewline).count == 61)
    let drawing = String(decoding: try #require(book.bytes("site/t.files/fig-a.svg")), as: UTF8.self)
    #expect(drawing.hasPrefix("<svg ") && !drawing.contains("class="))
    #expect(try book.run("verify", "site/t.html", "--book", "book").status == 0)
    // The same again, byte by byte; what is missing comes back.
    let before = names.map { book.bytes("site/t.files/\($0)") }
    try FileManager.default.removeItem(atPath: book.path + "/site/t.files/fig-a.csv")
    #expect(try book.render(template).status == 0)
    #expect(names.map { book.bytes("site/t.files/\($0)") } == before)
    #expect(try book.run("archive", "add", "--book", "book", "book/t.md").status == 0)
    #expect(book.files(below: "archive").contains { $0.hasSuffix("t.files/fig-a.svg") })
    // An exhibit that goes takes its files along; what somebody else put there stays.
    try book.write("mine", to: "site/t.files/notes.txt")
    #expect(try book.render("<<table own.csv id=tbl-b>>").status == 0)
    #expect(book.files(below: "site/t.files") == ["notes.txt", "tbl-b.csv"])
  }
}
