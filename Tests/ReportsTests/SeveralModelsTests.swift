import Foundation
import JSONText
import Reports
import Results
import Testing

/// Several models in one directive, and figures of another size.
@Suite struct SeveralModelsTests {
  private static func messages(_ text: String) throws -> [String] { try SmallBook().render(text).1.map(\.message) }

  @Test func linesAreLaidOver() throws {
    let (page, faults) = try SmallBook().render("<<convergence models=gpt,bert n=6 id=fig-both>>")
    #expect(faults.isEmpty)
    #expect(page.contains("gpt: S =") && page.contains("bert: S ="))
    #expect(!page.contains("class=\"panel\""))
    let versus = try SmallBook().render("<<convergence gpt vs=bert n=6 id=fig-both>>").0
    func figure(_ page: String) -> String {
      page.components(separatedBy: "</figure>")[0].components(separatedBy: "<figure")[1]
    }
    #expect(figure(page) == figure(versus))
  }

  @Test func mapsStandSideBySide() throws {
    let (page, faults) = try SmallBook().render(
      "<<heatmap r2 mat models=gpt,bert n=60 position=random caption=\"Two models\">>")
    #expect(faults.isEmpty)
    #expect(page.components(separatedBy: "class=\"panel\"").count == 3)
    #expect(page.contains("<b>(a)</b> gpt</p>") && page.contains("<b>(b)</b> bert</p>"))
    #expect(page.contains("Two models. "))
    #expect(PageAudit.verify(page: Array(page.utf8)).isSound)
  }

  @Test func tablesAreJoined() throws {
    let page = try SmallBook().render("<<heatmap r2 mat models=gpt,bert n=60 position=random as=table>>").0
    #expect(page.components(separatedBy: "<th scope=\"row\">gpt</th>").count == 10)
    #expect(page.components(separatedBy: "<th scope=\"row\">bert</th>").count == 8)
  }

  @Test func aPageOfSeveralModelsIsMadeAgainFromItsRecord() throws {
    let book = try SmallBook()
    let page = Array(
      try book.render(
        "<<heatmap r2 mat models=gpt,bert n=60 position=random width=wide height=200>>\n\n<<convergence models=gpt,bert n=6>>"
      ).0.utf8)
    let manifest = try PageManifest(page: page)
    #expect(PageReprint.fromRecord(page, manifest: manifest, book: book.book).reprint == .same)
    let forged = String(decoding: page, as: UTF8.self).replacingOccurrences(
      of: "<b>(a)</b> gpt", with: "<b>(a)</b> bert")
    #expect(PageReprint.fromRecord(Array(forged.utf8), manifest: manifest, book: book.book).reprint != .same)
  }

  @Test func whatCannotBeMeantIsSaid() throws {
    #expect(
      try Self.messages("<<convergence gpt models=gpt,bert>>") == ["'models' names every model: write 'gpt' among them"]
    )
    #expect(try Self.messages("<<convergence models=gpt,gpt>>") == ["the model 'gpt' is named twice"])
    #expect(try Self.messages("<<smodel models=gpt,bert>>").first?.contains("unknown key 'models'") == true)
    #expect(
      try Self.messages("<<value convergence.score models=gpt,bert>>").first?.contains("unknown key 'models'") == true)
    #expect(
      try Self.messages("<<convergence width=huge>>") == ["'width' must be one of half, wide, full, found 'huge'"])
    #expect(
      try Self.messages("<<convergence height=10>>") == ["'height' must be a whole number from 60 to 1200, found '10'"])
    #expect(
      try Self.messages("<<convergence as=table height=200>>") == ["'height' is for figures, and this is a table"])
    #expect(try Self.messages("<<smodel width=half>>") == ["'width' is for figures, and this is a table"])
  }

  @Test func panelsShareTheWidth() throws {
    let text = "<<convergence n=6 width=half>> <<convergence n=8>>"
    #expect(try Self.messages(text) == ["figures side by side share the page's width"])
    let wide = try SmallBook().render("<<convergence n=6 width=wide>> <<convergence n=8>>")
    #expect(wide.1.isEmpty && wide.0.contains("class=\"panels wide\""))
  }

  @Test func lensesAreLaidOverAndTheirTablesJoined() throws {
    let chart = try SmallBook().render("<<lens entropy models=gpt,bert n=5>>")
    #expect(chart.1.isEmpty && !chart.0.contains("class=\"panel\""))
    #expect(chart.0.contains(">gpt</text>") && chart.0.contains(">bert</text>"))
    let table = try SmallBook().render("<<lens entropy models=gpt,bert n=5 as=table>>").0
    #expect(table.components(separatedBy: "<th scope=\"row\">bert</th>").count == 8)
  }

  @Test func figuresAreDrawnAtTheirSize() throws {
    func page(_ keys: String) throws -> String { try SmallBook().render("<<convergence n=6 \(keys)>>").0 }
    #expect(try page("width=half").contains("class=\"half\"") && page("width=half").contains("viewBox=\"0 0 380 "))
    #expect(try page("width=wide").contains("class=\"wide\"") && page("width=wide").contains("viewBox=\"0 0 760 "))
    #expect(try page("width=full").contains("viewBox=\"0 0 600 "))
    #expect(try page("height=400").contains("viewBox=\"0 0 600 4"))
  }
}
