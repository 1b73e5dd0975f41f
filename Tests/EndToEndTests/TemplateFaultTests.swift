import Foundation
import Testing

/// A wrong template: what is said of it, word for word.
struct WrongTemplate: Sendable, CustomTestStringConvertible {
  var testDescription: String
  var template: String
  var errors: String

  static let all: [WrongTemplate] = [
    WrongTemplate(
      testDescription: "unknown directive", template: "# A\n\n<<convergense n=20>>\n",
      errors: """
        book/t.md:3:3: error: unknown directive 'convergense'
          <<convergense n=20>>
            ^~~~~~~~~~~
          hint: did you mean 'convergence'?
          hint: write '\\<<' for literal text
        1 error

        """),
    WrongTemplate(
      testDescription: "unknown model", template: "# 東京\n\n<<convergence gptt n=20>>\n",
      errors: """
        book/t.md:3:15: error: unknown model 'gptt'
          <<convergence gptt n=20>>
                        ^~~~
          hint: did you mean 'gpt'?
        1 error

        """),
    WrongTemplate(
      testDescription: "unknown key", template: "<<convergence n=20 positon=last>>\n",
      errors: """
        book/t.md:1:20: error: unknown key 'positon' of 'convergence'
          <<convergence n=20 positon=last>>
                             ^~~~~~~
          hint: did you mean 'position' or 'pos'?
        1 error

        """),
    WrongTemplate(
      testDescription: "unknown keyword", template: "<<heatmap r2 meen>>\n",
      errors: """
        book/t.md:1:14: error: unknown keyword or model 'meen'
          <<heatmap r2 meen>>
                       ^~~~
          hint: did you mean 'mean'?
        1 error

        """),
    WrongTemplate(
      testDescription: "unknown choice", template: "<<convergence position=lst>>\n",
      errors: """
        book/t.md:1:24: error: 'position' must be one of last, eos, random, mask, all, found 'lst'
          <<convergence position=lst>>
                                 ^~~
          hint: did you mean 'last'?
        1 error

        """),
    WrongTemplate(
      testDescription: "unknown dataset", template: "text\r\n\r\n<<convergence dataset=atlass>>\r\n",
      errors: """
        book/t.md:3:23: error: unknown dataset 'atlass'
          <<convergence dataset=atlass>>
                                ^~~~~~
          hint: did you mean 'atlas'?
        1 error

        """),
    WrongTemplate(
      testDescription: "block in running text", template: "See <<convergence n=20>> here.\n",
      errors: """
        book/t.md:1:5: error: block directive 'convergence' must stand alone in its paragraph
          See <<convergence n=20>> here.
              ^~~~~~~~~~~~~~~~~~~~
        1 error

        """),
    WrongTemplate(
      testDescription: "quote that is not closed", template: "<<convergence caption=\"a>>\n",
      errors: """
        book/t.md:1:23: error: quote is not closed
          <<convergence caption="a>>
                                ^
          hint: inside quotes write \\" for a quote
        1 error

        """),
    WrongTemplate(
      testDescription: "key given twice", template: "<<convergence n=20 n=30>>\n",
      errors: """
        book/t.md:1:20: error: key 'n' is given twice
          <<convergence n=20 n=30>>
                             ^
        1 error

        """),
    WrongTemplate(
      testDescription: "front matter", template: "---\nmodle: bert\n---\n<<convergence n=20>>\n",
      errors: """
        book/t.md:2:1: error: unknown key 'modle' of the front matter
          modle: bert
          ^~~~~
          hint: did you mean 'model'?
        1 error

        """),
    WrongTemplate(
      testDescription: "parameter", template: "---\nparams: {nobdy: bert}\n---\n<<convergence {nobody}>>\n",
      errors: """
        book/t.md:4:15: error: unknown parameter 'nobody'
          <<convergence {nobody}>>
                        ^~~~~~~~
          hint: did you mean 'nobdy'?
        1 error

        """),
    WrongTemplate(
      testDescription: "parameter nobody reads", template: "---\nparams: {positon: last}\n---\n<<convergence n=20>>\n",
      errors: """
        book/t.md:2:19: error: nothing takes 'positon': it is no key of a directive, and no directive holds {positon}
          params: {positon: last}
                            ^~~~
          hint: did you mean 'position' or 'pos'?
        1 error

        """),
    WrongTemplate(
      testDescription: "directive that is not closed", template: "See <<convergence n=20\n",
      errors: """
        book/t.md:1:5: error: '<<convergence' is not a directive: '>>' is missing on its line
          See <<convergence n=20
              ^~~~~~~~~~~~~
          hint: write '\\<<convergence' for literal text
        1 error

        """),
    WrongTemplate(
      testDescription: "quantity that leads nowhere", template: "S = <<value convergence.scor n=20>>.\n",
      errors: """
        book/t.md:1:13: error: 'convergence' has no 'scor'
          S = <<value convergence.scor n=20>>.
                      ^~~~~~~~~~~~~~~~
          hint: did you mean 'score' or 'score_per_token'?
        1 error

        """),
    WrongTemplate(
      testDescription: "dataset beside captured states", template: "<<convergence captured dataset=atlas>>\n",
      errors: """
        book/t.md:1:24: error: 'dataset' has no meaning here: captured is captured states
          <<convergence captured dataset=atlas>>
                                 ^~~~~~~
          hint: the texts are those the states were captured from; capture again for others
        1 error

        """),
    WrongTemplate(
      testDescription: "reference to nothing", template: "<<convergence n=20 id=depth>>\n\nSee <<ref dept>>.\n",
      errors: """
        book/t.md:3:11: error: nothing on this page has the id 'dept'
          See <<ref dept>>.
                    ^~~~
          hint: did you mean 'depth'?
        1 error

        """),
    WrongTemplate(
      testDescription: "every fault of a run, in the order of the page",
      template: "<<convergence n=0>>\n\n<<earlyexit 195%>>\n\n<<convergence id=text>>\n",
      errors: """
        book/t.md:1:17: error: 'n' must be a whole number from 1, found '0'
          <<convergence n=0>>
                          ^
        book/t.md:3:13: error: 'target' must be a percentage from 0.1% to 100%, such as 95%, found '195%'
          <<earlyexit 195%>>
                      ^~~~
        book/t.md:5:18: error: the id 'text' is already taken on this page
          <<convergence id=text>>
                           ^~~~
        3 errors

        """),
  ]
}

@Suite struct TemplateFaultTests {
  static let last = """
    preview with the faults in their places: site/t.preview.html
    some pages were not written; the last good ones stay

    """

  @Test(arguments: WrongTemplate.all)
  func aWrongTemplateIsExplainedAndLeavesTheLastGoodPage(_ wrong: WrongTemplate) throws {
    let book = try BookFolder()
    #expect(try book.render("# Good\n\nText.\n").status == 0)
    let good = try #require(book.bytes("site/t.html"))
    let outcome = try book.render(wrong.template)
    #expect(outcome.status == 2)
    #expect(outcome.errors == wrong.errors + Self.last)
    #expect(outcome.output == "")
    #expect(book.bytes("site/t.html") == good)
    let check = try book.run("check", "book/t.md")
    #expect(check.status == 2)
    #expect(check.errors == wrong.errors)
  }

  @Test func aTemplateThatIsNotTextIsRefused() throws {
    let book = try BookFolder()
    try book.write([0x23, 0x20, 0xFF, 0x0A], to: "book/t.md")
    let outcome = try book.run("render", "book/t.md")
    #expect(outcome.status == 2)
    #expect(outcome.errors.hasPrefix("book/t.md:1:3: error: not valid UTF-8: byte 0xFF\n"))
    #expect(book.bytes("site/t.html") == nil)
  }

  @Test func anEmptyTemplateIsAnEmptyPage() throws {
    let book = try BookFolder()
    #expect(try book.render("").status == 0)
    #expect(book.page().hasPrefix("<!DOCTYPE html>"))
  }

  @Test func oneWrongTemplateDoesNotStopTheOthers() throws {
    let book = try BookFolder()
    try book.write("# A\n", to: "book/a.md")
    try book.write("<<foo>>\n", to: "book/b.md")
    try book.write("# C\n", to: "book/ja/c.md")
    let outcome = try book.run("render", "--book", "book")
    #expect(outcome.status == 2)
    #expect(book.files(below: "site") == ["a.html", "b.preview.html", "index.html", "ja", "ja/c.html"])
  }

  @Test func namesOnTheCommandLineAreChecked() throws {
    let book = try BookFolder()
    let model = try book.ask("convergence", "--model", "gptt")
    #expect(model.status == 2)
    #expect(
      model.errors
        == "error: 'gptt' is neither a model of the book nor a checkpoint folder\n  hint: did you mean 'gpt'?\n")
    let set = try book.render("<<convergence n=20>>\n", "--set", "model=brt")
    #expect(set.status == 2)
    #expect(set.errors.hasPrefix("error: unknown model 'brt'\n  hint: did you mean 'bert'?\n"))
    #expect(try book.ask("convergence", "--set", "n").errors == "error: --set needs key=value, found 'n'\n")
    let misspelt = try book.render("<<convergence n=20>>\n", "--set", "positon=last")
    #expect(misspelt.status == 2)
    #expect(misspelt.errors.hasPrefix("error: --set: nothing takes 'positon'"))
    #expect(misspelt.errors.contains("hint: did you mean 'position' or 'pos'?"))
    #expect(try book.ask("convergence", "--set", "positon=last").status == 2)
    #expect(try book.run("nosuch").status == 2)
    #expect(try book.ask("convergence", format: "xml").status == 2)
    #expect(try book.ask("<<ref a>>").status == 2)
  }
}
