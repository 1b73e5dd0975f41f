import Foundation
import Testing

/// What a page says once: settings, explanations, colours.
@Suite struct SharedSettingsTests {
  private static let text = """
    <<convergence n=6>>

    <<convergence n=8>>

    <<convergence n=6 position=last>>

    <<convergence bert n=6>>
    """

  private static func lines(_ page: String) -> [String] {
    page.components(separatedBy: "<p class=\"provenance").dropFirst().map {
      String($0.prefix { $0 != "\n" }).replacingOccurrences(of: "<[^>]+>", with: "", options: .regularExpression)
    }
  }

  @Test func aPageSaysOnceWhatMostExhibitsShare() throws {
    let page = try SmallBook().render("---\nmodel: gpt\n---\n" + Self.text).0
    let lines = Self.lines(page)
    #expect(lines.count == 5)
    #expect(lines[0].contains("Unless a figure or table says otherwise: model gpt"))
    #expect(lines[0].contains("data atlas") && lines[0].contains("texts 6") && lines[0].contains("seed 42"))
    #expect(!lines[1].contains("model") && !lines[1].contains("texts"))
    #expect(lines[2].contains("texts 8") && !lines[2].contains("model"))
    #expect(lines[4].contains("model bert") && !lines[4].contains("data atlas"))
  }

  @Test func aSingleFigureSaysAll() throws {
    let lines = Self.lines(try SmallBook().render("<<convergence n=6>>").0)
    #expect(lines.count == 1)
    #expect(lines[0].contains("model bert") && lines[0].contains("data atlas"))
  }

  @Test func whatUndefinedMeansIsSaidOnce() throws {
    let page = try SmallBook().render(
      "---\nmodel: bert\n---\n<<heatmap r2 mean n=30 position=random solver=ridge>>\n\n<<heatmap r2 max n=30 position=eos solver=ridge>>\n\n<<heatmap r2 dims n=30 position=eos solver=ridge>>"
    ).0
    #expect(page.components(separatedBy: "it is left out of the statistics").count <= 2)
  }

  @Test func aCaptionWithoutAFullStopIsClosed() throws {
    let book = try SmallBook()
    let english = try book.render("<<convergence n=6 caption=\"How far *each* block moves\">>").0
    #expect(english.contains("How far <em>each</em> block moves. bert: S"))
    let japanese = try book.render("---\nlang: ja\n---\n<<convergence n=6 caption=\"ブロックごとの動き\">>").0
    #expect(japanese.contains("ブロックごとの動き。bert: S"))
    let closed = try book.render("<<convergence n=6 caption=\"It moves (a little).\">>").0
    #expect(closed.contains("It moves (a little). bert: S"))
  }

  @Test func aModelKeepsItsColour() throws {
    let page = try SmallBook().render("<<convergence gpt n=6>>\n\n<<convergence bert vs=gpt n=6>>").0
    let figures = page.components(separatedBy: "<figure")
    #expect(
      figures[2].contains("class=\"mk c1\">bert") || figures[2].contains("class=\"mk c1 hl\">bert")
        || figures[2].contains("c1 d1"))
    #expect(figures[1].contains("<g class=\"c0\">"))
  }
}
