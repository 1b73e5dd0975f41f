import Foundation
import Testing

/// The files beside a page: there with it, the same each time, gone when their exhibit goes.
@Suite struct PageFilesTests {
  private static let csv = "x,y\n" + (0..<60).map { "\($0),\($0 * 2)\n" }.joined()

  /// The name of the file of an exhibit: its id, a digest, its ending.
  private func name(_ id: String, _ ending: String, in book: BookFolder) throws -> String {
    let names = book.files(below: "site/t.files").filter { $0.hasPrefix(id + "-") && $0.hasSuffix("." + ending) }
    #expect(names.count == 1)
    let name = try #require(names.first)
    #expect(name.count == id.count + 1 + 8 + 1 + ending.count)
    return name
  }

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
    for name in names { #expect(book.page().contains("href=\"t.files/\(name)\"")) }
    // The whole table, though three rows of it are shown.
    let table = try name("tbl-b", "csv", in: book)
    let numbers = String(decoding: try #require(book.bytes("site/t.files/" + table)), as: UTF8.self)
    #expect(numbers.split(whereSeparator: \.isNewline).count == 61)
    let drawing = String(
      decoding: try #require(book.bytes("site/t.files/" + name("fig-a", "svg", in: book))), as: UTF8.self)
    #expect(drawing.hasPrefix("<svg ") && !drawing.contains("class="))
    // The same again, byte by byte; what is missing comes back.
    let before = names.map { book.bytes("site/t.files/\($0)") }
    try FileManager.default.removeItem(atPath: book.path + "/site/t.files/" + name("fig-a", "csv", in: book))
    #expect(try book.render(template).status == 0)
    #expect(names.map { book.bytes("site/t.files/\($0)") } == before)
    #expect(try book.run("archive", "add", "--book", "book", "book/t.md").status == 0)
    #expect(book.files(below: "archive").contains { $0.contains("t.files/fig-a-") && $0.hasSuffix(".svg") })
    // An exhibit that goes takes its files along; what somebody else put there stays.
    try book.write("mine", to: "site/t.files/notes.txt")
    #expect(try book.render("<<table own.csv id=tbl-b>>").status == 0)
    #expect(book.files(below: "site/t.files").filter { !$0.hasPrefix("tbl-b-") } == ["notes.txt"])
    #expect(book.files(below: "site/t.files").count == 2)
  }

  /// Another result has other names, so that a page never meets the numbers of another.
  @Test func otherNumbersAreAnotherFile() throws {
    let book = try BookFolder()
    try book.write(Self.csv, to: "book/own.csv")
    #expect(try book.render("<<table own.csv rows=3 id=tbl-b>>").status == 0)
    let first = try name("tbl-b", "csv", in: book)
    #expect(try book.render("More words.\n\n<<table own.csv rows=3 id=tbl-b>>").status == 0)
    #expect(try name("tbl-b", "csv", in: book) == first)
    // A row that is not shown: the page's table is the same, the file is not.
    try book.write(Self.csv.replacingOccurrences(of: "59,118", with: "59,119"), to: "book/own.csv")
    #expect(try book.render("<<table own.csv rows=3 id=tbl-b>>").status == 0)
    #expect(try name("tbl-b", "csv", in: book) != first)
  }

  @Test func verifyLooksAtThem() throws {
    let book = try BookFolder()
    #expect(try book.render("<<convergence n=5 id=fig-a>>").status == 0)
    func verify(_ more: String...) throws -> Program.Outcome {
      try Program.run(["verify", "site/t.html", "--book", "book"] + more, in: book.path)
    }
    let sound = try verify()
    #expect(sound.status == 0 && sound.output.contains("2 files beside it made again: the same"), "\(sound.errors)")
    let file = "site/t.files/" + (try name("fig-a", "csv", in: book))
    let numbers = String(decoding: try #require(book.bytes(file)), as: UTF8.self)
    try book.write(numbers.replacingOccurrences(of: "0.", with: "1."), to: file)
    for more in [[], ["--seal-only"]] {
      let forged = try Program.run(["verify", "site/t.html", "--book", "book"] + more, in: book.path)
      #expect(forged.status == 1)
      #expect(forged.errors.contains("does not hold what its results give"))
    }
    try FileManager.default.removeItem(atPath: book.path + "/" + file)
    #expect(try verify().errors.contains("to which it links"))
    // A page that was sent to somebody stands alone.
    try FileManager.default.removeItem(atPath: book.path + "/site/t.files")
    let alone = try verify()
    #expect(alone.status == 0 && alone.output.contains("its 2 files of numbers and drawings are not beside it"))
  }
}
