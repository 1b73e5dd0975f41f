import Foundation
import TestSupport
import Testing

@Suite struct PageTests {
  static func reader(_ text: String) throws -> PageReader {
    let (html, faults) = try SmallBook().render(text)
    #expect(faults.map { $0.rendered() } == [])
    let page = PageReader(html)
    #expect(page.isWellFormed)
    #expect(page.doubledIDs == [])
    #expect(page.danglingReferences == [])
    #expect(page.externalResources == [])
    #expect(html.utf8.count < 150_000)
    return page
  }

  @Test func figuresTablesAndEquationsAreCountedApart() throws {
    let page = try Self.reader(
      """
      # One {#one}

      See <<ref depth>>, <<ref numbers>>, <<ref formula>> and <<ref second>>.

      <<convergence n=5 id=depth>>

      <<convergence n=5 as=table id=numbers>>

      <<equation movement id=formula>>

      <<convergence gpt n=5 id=second>>

      """)
    let links = page.links.filter { !$0.text.hasPrefix("Skip") && $0.text != "One" }.map { "\($0.target) \($0.text)" }
    #expect(links.prefix(4) == ["#depth Figure 1", "#numbers Table 1", "#formula Equation (1)", "#second Figure 2"])
    #expect(
      page.captions.filter { $0.hasPrefix("Figure ") || $0.hasPrefix("Table ") }.map { $0.prefix(9) } == [
        "Figure 1.", "Table 1. ", "Figure 2.",
      ])
  }

  @Test func neighboursArePanelsOfOneFigure() throws {
    let page = try Self.reader(
      """
      <<convergence n=5 id=left>> <<convergence gpt n=5 id=right>>

      Compare <<ref left>> with <<ref right>>.

      """)
    #expect(page.elements["figure"] == 1)
    #expect(page.elements["svg"] == 2)
    // The second panel has no element of its own: its reference leads to the figure.
    #expect(page.links.filter { $0.text == "Figure 1" }.map(\.target) == ["#left", "#left"])
    #expect(page.captions.contains { $0.hasPrefix("Figure 1. Panels (a) and (b).") })
  }

  @Test func panelsSayWhatIsTheirsAlone() throws {
    let (html, _) = try SmallBook().render("<<convergence n=5>> <<convergence gpt n=5>>\n")
    // What both share is said once; what one has alone stands behind its letter.
    #expect(html.components(separatedBy: "texts <b>5</b>").count == 2)
    #expect(html.contains("(a) model <b>bert") && html.contains("(b) model <b>gpt"))
    #expect(html.contains("(a) bert: S = ") && html.contains("(b) gpt: S = "))
  }

  @Test func japanesePagesCountInJapanese() throws {
    let page = try Self.reader(
      """
      ---
      title: 収束
      lang: ja
      ---
      <<ref depth>>と<<ref numbers>>と<<ref formula>>を見よ。

      <<convergence n=5 id=depth>>

      <<convergence n=5 as=table id=numbers>>

      <<equation convergence id=formula>>

      """)
    #expect(page.links.filter { $0.target.hasPrefix("#") && $0.target != "#text" }.map(\.text) == ["図1", "表1", "式(1)"])
    #expect(page.captions.contains { $0.hasPrefix("図1：各ブロックにおける隠れ状態の移動量") })
    #expect(page.captions.contains { $0.hasPrefix("表1：") })
  }

  @Test func captionsAreMarkdownAndNeverMarkup() throws {
    let (html, _) = try SmallBook().render(
      #"<<convergence n=5 caption="The *movement* of `h`, <script>alert(1)</script>">>"# + "\n")
    #expect(html.contains("The <em>movement</em> of <code>h</code>, &lt;script&gt;alert(1)&lt;/script&gt;"))
    #expect(PageReader(html).isWellFormed)
  }

  @Test func valuesStandInSentencesListsTablesAndHeadings() throws {
    let page = try Self.reader(
      """
      # S of <<value convergence.score n=5 digits=2>>

      - **<<value convergence.score n=5>>**

      | model | S |
      |---|---|
      | bert | <<value convergence.score n=5>> |
      | gpt | <<value convergence.score gpt n=5 style=percent digits=0>> |

      `<<value literal>>` and \\<<value literal>>

      """)
    #expect((page.elements["data"] ?? 0) >= 4)
  }

  @Test func settingsReachDirectives() throws {
    let template = "---\nparams: {n: 5, who: gpt}\n---\n<<convergence {who}>>\n"
    let (html, faults) = try SmallBook().render(template)
    #expect(faults.isEmpty)
    #expect(html.contains("gpt dataset=atlas final=pre max-tokens=128 n=5 position=all seed=42"))
    let (other, _) = try SmallBook().render(template, settings: [("who", "bert"), ("n", "6"), ("seed", "7")])
    #expect(other.contains("bert dataset=atlas final=pre max-tokens=128 n=6 position=all seed=7"))
  }

  @Test func everyFaultIsListedAndNothingRendered() throws {
    let (html, faults) = try SmallBook().render("<<value convergence.distance[99] n=5>>\n\n<<convergence n=99999>>\n")
    #expect(html == "")
    #expect(
      faults.map(\.message) == [
        "'convergence.distance' has 6 entries, and [99] is none of them",
        "dataset 'atlas' has only 2000 usable texts, and 99999 are asked for",
      ])
    #expect(faults.map { $0.position?.line } == [1, 3])
  }

  @Test(arguments: ["text", "layerbook-manifest"])
  func anIdIsGivenOnce(id: String) throws {
    let (_, faults) = try SmallBook().render("# A heading\n\n<<convergence n=5 id=\(id)>>\n")
    #expect(faults.map(\.message) == ["the id '\(id)' is already taken on this page"])
  }
}
