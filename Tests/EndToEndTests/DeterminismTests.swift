import Foundation
import TestSupport
import Testing

@Suite struct DeterminismTests {
  static let template = """
    ---
    title: Same bytes
    ---
    S is <<value convergence.score n=40>>.

    <<convergence gpt vs=bert n=40>> <<heatmap r2 mean bert solver=ridge n=60>>

    <<heatmap r2 dims bert train=24 test=8>>

    <<earlyexit 90% n=80>>

    <<heatmap r2 both n=60 as=table>>

    """

  @Test func theSameInputsGiveTheSameBytes() throws {
    let book = try BookFolder()
    let cold = try book.render(Self.template, "--threads", "1")
    #expect(cold.status == 0, "\(cold.errors)")
    #expect(cold.output.hasPrefix("site/t.html  4 figures and tables, 6 results computed, "))
    let page = try #require(book.bytes("site/t.html"))
    let again = try book.render(Self.template)
    #expect(again.output == "site/t.html is up to date\n")
    #expect(again.errors == "")
    let warm = try book.render(Self.template, "--out", "warm")
    #expect(warm.output.hasPrefix("warm/t.html  4 figures and tables, nothing to compute, "))
    #expect(book.bytes("warm/t.html") == page)
    let threads = try book.render(Self.template, "--threads", "2", "--store", "other", "--out", "threads")
    #expect(threads.output.contains("6 results computed"))
    #expect(book.bytes("threads/t.html") == page)
    let none = try book.render(Self.template, "--store", "none", "--memory", "300K", "--out", "none")
    #expect(none.status == 0, "\(none.errors)")
    #expect(book.bytes("none/t.html") == page)
  }

  @Test func aPageStandsOnItsOwn() throws {
    let book = try BookFolder()
    #expect(try book.render(Self.template).status == 0)
    let bytes = try #require(book.bytes("site/t.html"))
    #expect(bytes.count < 150_000)
    let page = PageReader(book.page())
    #expect(page.isWellFormed)
    #expect(page.doubledIDs == [])
    #expect(page.danglingReferences == [])
    #expect(page.externalResources == [])
    #expect(page.elements["figure"] == 4)
    #expect(!book.page().contains(book.path))
  }
}
