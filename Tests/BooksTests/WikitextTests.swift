import Books
import Files
import JSONText
import TestSupport
import Testing

@Suite struct WikitextTests {
  @Test func pagesBeginAtHeadingsOfTheFirstLevel() {
    let text = " \n = Robert = \n \n He said . \n = = Career = = \n More . \n = Two = \n Text . \n"
    let pages = WikitextPages.pages(of: text)
    #expect(pages == [" = Robert = \n \n He said . \n = = Career = = \n More . ", " = Two = \n Text . \n"])
    #expect(WikitextPages.pages(of: "no heading\nat all") == nil)
  }

  @Test func spacesOfTheTokeniserAreTakenBack() {
    for (page, written) in [
      ("a @-@ b 1 @,@ 000 2 @.@ 5", "a-b 1,000 2.5"),
      ("He said : no ; yes . And ! So ? Well , then", "He said: no; yes. And! So? Well, then"),
      ("( a ) [ b ] { c }", "(a) [b] {c}"), ("\" quoted \" and ' more '", "\"quoted\" and 'more'"),
      ("= = Career = =", "== Career =="), ("= = = Early = = =", "=== Early ==="), ("20 ° C", "20°C"),
      ("a N b", "a 1 b"),
      ("Robert 's dogs ' tails", "Robert's dogs' tails"), ("end \n next", "end\nnext"),
      ("( never closed", "( never closed"),
    ] { #expect(WikitextPages.detokenised(page) == written) }
  }

  @Test func wordsAreCountedInTheOriginal() {
    for (page, count) in [("a b c", 3), (" a b ", 4), ("a  \n b", 2), ("", 1), (" ", 2)] {
      #expect(WikitextPages.words(in: page) == count, "\(page)")
    }
  }

  /// The strings that the reference program scored.
  @Test(.enabled(if: SharedMaterial.isPresent)) func pagesAgreeWithTheReference() throws {
    let text = String(decoding: try readFile(SharedMaterial.path("data/wikitext-2/test.txt")), as: UTF8.self)
    let pages = try #require(WikitextPages.pages(of: text)).prefix(4)
    let wanted = try JSON.parse(try readFile(SharedMaterial.path("reference/atlas-llama/lens.json")))["wikitext"]
    #expect(pages.reduce(0) { $0 + WikitextPages.words(in: $1) } == wanted?["words"]?.intValue)
    #expect(pages.reduce(0) { $0 + $1.utf8.count } == wanted?["bytes"]?.intValue)
    let digests = pages.map { sha256(Array(WikitextPages.detokenised($0).utf8)).hex }
    #expect(digests == wanted?["per_page"]?.arrayValue?.map { $0["detokenised_sha256"]?.stringValue })
  }
}
